"""The bare OpenSearch: the bodies that the gateway sends, sent again by hand, and bulk requests of prepared bodies."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import urllib3


class BareOpenSearch:
    """Asks the gateway once to learn its bodies, then sends them alone, over one kept connection."""

    def __init__(self, home: Path) -> None:
        os.environ["VANKHO_HOME"] = str(home)
        from archive.settings import settings
        from bench.bare import Recorder
        from search.gateway import Gateway
        from vankho import wiring

        settings.cache_clear()
        wiring.search_engine.cache_clear()
        self._url, self._prefix = settings().opensearch_url, settings().index_prefix
        self._recorder = Recorder(wiring.search_engine())
        self._gateway = Gateway(self._recorder)  # type: ignore[arg-type]
        self._bodies: dict[str, list[tuple[str, bytes]]] = {}
        self._http = urllib3.PoolManager()

    def ask(self, question: str) -> float:
        """Seconds that the engine takes for all bodies of the question, answers read and parsed."""
        bodies = self._learn(question)
        start = time.perf_counter()
        for index, body in bodies:
            url = f"{self._url}/{self._prefix}-{index}/_search?request_cache=false"
            answer = self._http.request("POST", url, body=body, headers={"Content-Type": "application/json"})
            json.loads(answer.data)
        return time.perf_counter() - start

    def _learn(self, question: str) -> list[tuple[str, bytes]]:
        from archive.access import Viewer
        from bench.bare import own_plans
        from search.criteria import read_criteria
        from search.engines.opensearch.questions import request_body

        if question not in self._bodies:
            self._recorder.plans = []
            self._gateway.search(Viewer.anonymous(), read_criteria([("q", question)]))
            plans = own_plans(self._recorder.plans)
            self._bodies[question] = [(plan.index, json.dumps(request_body(plan)).encode()) for plan in plans]
        return self._bodies[question]


def measure_indexing() -> dict[str, Any]:
    """Outbox to index, against bulk requests of the same bodies into two such indices with as many connections.

    The installation (from the environment) must hold records; every one of them is announced again.
    """
    from sqlalchemy import select

    from archive.catalogue.records import Record
    from archive.database import reading, writing
    from archive.outbox import announce, claim
    from indexer.documents import build_documents
    from indexer.drainer import INDICES, drain
    from search.document import RecordPages
    from search.engines.opensearch.bulk import AT_ONCE, BULK_BYTES, Operation
    from search.engines.opensearch.bulk import writing as operation
    from search.engines.opensearch.mapping import source
    from search.engines.values import all_values, owner
    from vankho.wiring import search_engine

    engine = search_engine()
    at = claim()
    fresh = {index: engine.create(index) for index in INDICES}
    for index, name in fresh.items():
        engine.commit(name, at)
        engine.promote(index, name)
    with reading() as session:
        ids = list(session.scalars(select(Record.id).order_by(Record.id)))
    with writing() as session:
        announce(session, ids)
    start = time.perf_counter()
    written = drain(engine)
    ours = time.perf_counter() - start
    counted = {index: engine.count(name) for index, name in fresh.items()}

    bare = {index: engine.create(index) for index in INDICES}
    parts: dict[str, list[bytes]] = {index: [] for index in INDICES}
    waiting: dict[str, list[Operation]] = {index: [] for index in INDICES}

    def close(index: str) -> None:
        parts[index].append(b"".join(one.lines for one in waiting[index]))
        waiting[index].clear()

    with reading() as session:
        for batch in build_documents(session, [(one, at + 1) for one in ids]):
            for item in batch:
                if not item.record:
                    continue
                for index, one in (
                    ("records", item.record),
                    ("pages", RecordPages(item.public_id, item.seq, item.pages)),
                ):
                    for values in all_values(index, one):
                        body = source(index, values)
                        waiting[index].append(operation(bare[index], str(values["id"][0]), owner(one), at + 1, body))
                        if sum(len(lines.lines) for lines in waiting[index]) >= BULK_BYTES:
                            close(index)
    for index in INDICES:
        close(index)

    def send(index: str) -> None:
        client: Any = engine._writer  # type: ignore[attr-defined]

        def put(part: bytes) -> bool:
            return bool(client.bulk(body=part, filter_path="errors")["errors"])

        with ThreadPoolExecutor(AT_ONCE) as connections:
            assert not any(connections.map(put, filter(None, parts[index])))
        client.indices.refresh(index=bare[index])

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(send, INDICES))
    alone = time.perf_counter() - start
    assert {index: engine.count(name) for index, name in bare.items()} == counted
    for name in bare.values():
        engine.drop(name)
    return {
        "indexed": written,
        "outbox_to_index_s": round(ours, 1),
        "bare_bulk_s": round(alone, 1),
        "share_of_bare_speed": round(alone / ours, 2),
    }


if __name__ == "__main__":
    print(json.dumps(measure_indexing()))
