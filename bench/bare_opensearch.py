"""The bare OpenSearch: the bodies that the gateway sends, sent again by hand with its own highlights, and bulk requests
of prepared bodies.

Our indices keep no texts, so what highlights asks a copy of the records' index that keeps them.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import urllib3


class BareOpenSearch:
    """Asks the gateway once to learn its bodies, then sends them alone, over one kept connection: ten hits of each,
    highlighted."""

    def __init__(self, home: Path) -> None:
        os.environ["VANKHO_HOME"] = str(home)
        from archive.settings import settings
        from bench.bare import Recorder
        from search.engines.protocol import Engine
        from search.gateway import Gateway
        from vankho import wiring

        settings.cache_clear()
        wiring.search_engine.cache_clear()
        self._url, self._copy = settings().opensearch_url, f"bare-{settings().index_prefix}"
        self._recorder = Recorder(wiring.search_engine())
        self._gateway = Gateway(cast(Engine, self._recorder))
        self._bodies: dict[str, list[bytes]] = {}
        self._http = urllib3.PoolManager()
        copy_with_sources(wiring.search_engine(), self._copy)

    def ask(self, question: str) -> float:
        """Seconds that the engine takes for all bodies of the question, answers read and parsed."""
        bodies = self.learn(question)
        start = time.perf_counter()
        for body in bodies:
            url = f"{self._url}/{self._copy}/_search?request_cache=false"
            answer = self._http.request("POST", url, body=body, headers={"Content-Type": "application/json"})
            json.loads(answer.data)
        return time.perf_counter() - start

    def learn(self, question: str) -> list[bytes]:
        """The bodies of a question, kept."""
        from archive.access import Viewer
        from bench.bare import SHOWN, own_plans
        from search.criteria import read_criteria
        from search.engines.opensearch.questions import request_body

        if question not in self._bodies:
            self._recorder.plans = []
            self._gateway.search(Viewer.anonymous(), read_criteria([("q", question)]))
            bodies = [request_body(plan) for plan in own_plans(self._recorder.plans)]
            bodies[-1] |= {"size": SHOWN, "highlight": _HIGHLIGHT}
            self._bodies[question] = [json.dumps(body).encode() for body in bodies]
        return self._bodies[question]


_HIGHLIGHT = {"fields": {"title.folded": {"number_of_fragments": 0}, "text.folded": {"fragment_size": 80}}}


def copy_with_sources(engine: Any, name: str) -> None:
    """Makes an index like that of the records, with their texts in it, unless there is one."""
    from search.engines.opensearch.mapping import index_body

    client = engine._writer
    if client.indices.exists(index=name):
        return
    body = index_body("records")
    body["mappings"]["_source"] = {"enabled": True}
    client.indices.create(index=name, body=body)
    for part in _prepared_parts(_record_ids())["records"]:
        assert not client.bulk(body=part.replace(_NAME, name.encode()), filter_path="errors")["errors"]
    client.indices.refresh(index=name)


def _record_ids(limit: int | None = None) -> list[int]:
    from sqlalchemy import select

    from archive.catalogue.records import Record
    from archive.database import reading

    with reading() as session:
        return list(session.scalars(select(Record.id).order_by(Record.id).limit(limit)))


def measure_indexing(limit: int | None = None, rounds: int = 1) -> dict[str, Any]:
    """Outbox to index, against bulk requests of the same bodies into two such indices with as many connections.

    The installation (from the environment) must hold records; every one of them (at most ``limit``) is announced again.
    The bare requests go once unmeasured, for OpenSearch's compiler; then both take turns.  Besides the seconds:
    milliseconds of processor time a record, ours and OpenSearch's, which other work on the machine hardly changes.
    """
    from archive.database import writing
    from archive.outbox import announce, claim
    from indexer.drainer import INDICES, drain
    from search.engines.opensearch.bulk import AT_ONCE
    from vankho.wiring import search_engine

    engine: Any = search_engine()
    client: Any = engine._writer
    ids = _record_ids(limit)
    parts, made = _prepared_parts(ids), set[str]()

    def ours() -> dict[str, int]:
        at = claim()
        fresh = {index: engine.create(index) for index in INDICES}
        for index, name in fresh.items():
            former = engine.current(index)
            engine.commit(name, at)
            engine.promote(index, name)
            if former in made:
                engine.drop(former)
            made.add(name)
        with writing() as session:
            announce(session, ids)
        spent("ours", lambda: drain(engine))
        return {index: engine.count(name) for index, name in fresh.items()}

    def bare(kind: str) -> dict[str, int]:
        fresh = {index: engine.create(index) for index in INDICES}
        named = {index: [one.replace(_NAME, name.encode()) for one in parts[index]] for index, name in fresh.items()}

        def put(part: bytes) -> bool:
            return bool(client.bulk(body=part, filter_path="errors")["errors"])

        def send(index: str) -> None:
            with ThreadPoolExecutor(AT_ONCE * engine.batches_at_once) as connections:
                assert not any(connections.map(put, named[index]))
            client.indices.refresh(index=fresh[index])

        with ThreadPoolExecutor(2) as threads:
            spent(kind, lambda: list(threads.map(send, INDICES)))
        found = {index: engine.count(name) for index, name in fresh.items()}
        for name in fresh.values():
            engine.drop(name)
        return found

    def engine_seconds() -> float:
        nodes = client.nodes.stats(metric="process")["nodes"].values()
        return sum(int(node["process"]["cpu"]["total_in_millis"]) for node in nodes) / 1_000

    sums: dict[str, list[float]] = {}

    def spent(kind: str, work: Callable[[], object]) -> None:
        before = (time.perf_counter(), time.process_time(), engine_seconds())
        work()
        after = (time.perf_counter(), time.process_time(), engine_seconds())
        sums[kind] = [a - b + c for a, b, c in zip(after, before, sums.get(kind, [0.0] * 3), strict=True)]

    bare("warming up")
    for _ in range(rounds):
        assert ours() == bare("bare")
    each = 1_000 / (len(ids) * rounds)
    return {
        "indexed": len(ids) * rounds,
        "outbox_to_index_s": round(sums["ours"][0], 1),
        "bare_bulk_s": round(sums["bare"][0], 1),
        "share_of_bare_speed": round(sums["bare"][0] / sums["ours"][0], 2),
        "ms_of_processor_a_record": {
            f"{kind}_{of}": round(sums[kind][at] * each, 3)
            for kind in ("ours", "bare")
            for at, of in ((1, "here"), (2, "in_opensearch"))
        },
        "load": round(os.getloadavg()[0], 1),
    }


_NAME = b"@index@"  # what prepared bodies have for the name of the index that they will go into


def _prepared_parts(ids: list[int]) -> dict[str, list[bytes]]:
    """Bodies of bulk requests for both indices, with versions above any that the outbox gives."""
    from archive.database import reading
    from indexer.documents import build_documents
    from indexer.drainer import INDICES
    from search.document import RecordPages
    from search.engines.opensearch.bulk import BULK_BYTES
    from search.engines.opensearch.bulk import writing as operation
    from search.engines.opensearch.mapping import source
    from search.engines.values import all_values, owner

    parts: dict[str, list[bytearray]] = {index: [bytearray()] for index in INDICES}
    version = 10**9
    with reading() as session:
        for item in (one for batch in build_documents(session, [(one, version) for one in ids]) for one in batch):
            if not item.record:
                continue
            pages = RecordPages(item.public_id, item.seq, item.pages)
            for index, one in (("records", item.record), ("pages", pages)):
                for values in all_values(index, one):
                    body = source(index, values)
                    made = operation(_NAME.decode(), str(values["id"][0]), owner(one), version, body)
                    if len(parts[index][-1]) >= BULK_BYTES:
                        parts[index].append(bytearray())
                    parts[index][-1] += made.lines
    return {index: [bytes(part) for part in many if part] for index, many in parts.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.bare_opensearch")
    parser.add_argument("--limit", type=int, help="records (all)")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps(measure_indexing(asked.limit, asked.rounds)))
