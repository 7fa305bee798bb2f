"""The engine protocol on OpenSearch; see search/engines/protocol.py for what each method promises."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from opensearchpy import OpenSearch

from search.document import Refusal
from search.engines.counting import Counting
from search.engines.opensearch.client import READ_SECONDS, WRITE_SECONDS, Address, Breaker, connect, explained
from search.engines.opensearch.names import Names
from search.engines.opensearch.questions import (
    counting_body,
    place_body,
    read_answer,
    read_buckets,
    read_place,
    request_body,
)
from search.engines.opensearch.writer import IndexWriter, grouped
from search.engines.protocol import Counted, EngineError, Health, Held, NoIndexError, Writable
from search.plan import Answer, Plan
from search.schema import INDICES

_CHECKED_SECONDS = 10.0  # for so long an index is taken to have the schema that it was seen to have


class OpenSearchEngine:
    """OpenSearch at an address, with the indices that begin with a prefix.

    Safe for threads; make it after a fork.  ``EngineError`` (a ``SearchDownError``) says that it does not answer.
    """

    #: The next batch is on its way before the outcome of this one is read, so OpenSearch never waits for us.
    batches_at_once = 2

    def __init__(self, address: Address, prefix: str = "vankho") -> None:
        self._reader: OpenSearch = connect(address, READ_SECONDS)
        self._writer: OpenSearch = connect(address, WRITE_SECONDS)
        self._names = Names(self._writer, prefix)
        self._asked_names = Names(self._reader, prefix)
        self._breaker = Breaker()
        self._writers: dict[str, IndexWriter] = {}
        self._checked: dict[str, float] = {}
        self._lock = threading.RLock()

    def create(self, index: str) -> str:
        """Makes a new empty index and gives its name."""
        with explained():
            return self._names.create(index)

    def write(self, name: str, batch: Sequence[Writable]) -> list[Refusal]:
        """Puts documents in; they are seen after the commit."""
        with explained():
            return self._writing(name).write(batch)

    def delete(self, name: str, gone: Mapping[str, int]) -> None:
        """Takes records out."""
        with explained():
            self._writing(name).delete(gone)

    def commit(self, name: str, position: int) -> None:
        """First what was written becomes visible (it is durable already), then the position is kept in the index."""
        self._writing(name).refresh()
        self._names.remember(name, position)

    def position(self, name: str) -> int:
        """The outbox position of the last commit."""
        return self._names.position(name)

    def release(self) -> None:
        """Forgets this process's writers."""
        with self._lock:
            self._writers.clear()

    def query(self, plan: Plan, name: str = "", counted: Counted | None = None) -> Answer:
        """Asks the current index, or the named one."""
        asked = name or self._names.alias(plan.index)
        if not (plan.facets and plan.size):
            answer = self._answer(plan, asked)
            if counted:
                counted(answer.buckets)
            return answer
        # Counted without an order beside the hits: as much work, and nobody waits for it.
        beside = Counting(lambda: read_buckets(plan, self._ask(plan, asked, counting_body(plan))), counted)
        return replace(self._answer(replace(plan, facets=()), asked), buckets=beside)

    def _answer(self, plan: Plan, asked: str) -> Answer:
        place = None
        if plan.start and plan.start.ids:
            place = read_place(plan, self._ask(plan, asked, place_body(plan)))
        return read_answer(plan, self._ask(plan, asked, request_body(plan, place)), place)

    def _ask(self, plan: Plan, asked: str, body: dict[str, Any]) -> dict[str, Any]:
        params = {"cancel_after_time_interval": f"{READ_SECONDS:.0f}s"}
        if plan.start:
            # Copies of an index score a little differently: a place and what stands behind it come from the same one.
            params["preference"] = "".join(plan.start.ids[:1]) or "first"
        with explained(), self._breaker.trying():
            self._check(plan.index, asked)
            answer: dict[str, Any] = self._reader.search(
                index=asked, body=body, allow_partial_search_results=False, request_cache=False, params=params
            )
        if answer.get("timed_out"):
            raise EngineError("OpenSearch chỉ kịp trả lời một phần (timed out)")
        return answer

    def versions(self, name: str, ids: Sequence[str]) -> dict[str, int]:
        """The committed versions of those of the records that are there."""
        key = "id" if self._names.index_of(name) == "records" else "record"
        asked = {"version": {"max": {"field": "version"}}}
        with explained():
            found = grouped(self._writer, name, key, list(ids), asked)
            return {own: int(told["version"]["value"]) for own, told in found}

    def states(self, name: str, ids: Sequence[str]) -> dict[str, Held]:
        """What is committed of those of the records that are there."""
        key = "id" if self._names.index_of(name) == "records" else "record"
        asked = {"version": {"max": {"field": "version"}}, "fingerprint": {"sum": {"field": "fingerprint"}}}
        with explained():
            return {
                own: Held(int(told["version"]["value"]), told["doc_count"], int(told["fingerprint"]["value"]))
                for own, told in grouped(self._writer, name, key, list(ids), asked)
            }

    def promote(self, index: str, name: str) -> None:
        """Makes the index current."""
        self._names.promote(index, name)

    def repair(self) -> None:
        """Takes away aliases that name several indices."""
        self._names.repair()

    def current(self, index: str) -> str:
        """The name of the current index, empty if there is none."""
        return self._names.current(index)

    def previous(self, index: str) -> str:
        """The name of the index before the current one, empty if there is none."""
        return self._names.previous(index)

    def names(self, index: str) -> list[str]:
        """Every physical index there is, oldest first."""
        return self._names.all(index)

    def drop(self, name: str) -> None:
        """Removes an index for good; the current one is refused."""
        self._names.drop(name)
        with self._lock:
            self._writers.pop(name, None)

    def count(self, name: str) -> int:
        """How many documents the index has."""
        self._names.check(name)
        with explained():
            return int(self._writer.count(index=name)["count"])

    def health(self) -> Health:
        """Asks for the state of the current indices and counts their documents, with a reader's patience."""
        found: dict[str, tuple[str, int]] = {}
        try:
            with explained(), self._breaker.trying():
                for index in INDICES:
                    if name := self._asked_names.current(index):
                        found[index] = (name, int(self._reader.count(index=name)["count"]))
        except EngineError as error:
            return Health(False, "opensearch", found, str(error))
        return Health(len(found) == len(INDICES), "opensearch", found)

    def _check(self, index: str, asked: str) -> None:
        """NoIndexError, WrongSchemaError; looked up once in a while."""
        now = time.monotonic()
        if now - self._checked.get(asked, -_CHECKED_SECONDS) < _CHECKED_SECONDS:
            return
        name = asked if asked != self._names.alias(index) else self._asked_names.current(index)
        if not name:
            raise NoIndexError(f"chưa có chỉ mục (no index yet): {index}")
        self._asked_names.check(name)
        self._checked[asked] = now

    def _writing(self, name: str) -> IndexWriter:
        with self._lock:
            if name not in self._writers:
                self._names.check(name)
                self._writers[name] = IndexWriter(self._writer, self._names.index_of(name), name)
            return self._writers[name]
