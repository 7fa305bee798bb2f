"""Writing batches into both indices while the next ones are being built: an engine in another process has its own core.

Each index has threads of its own, as many as its engine takes batches at once; a record that is under way is settled
before it is written again, which keeps its order.  A few batches at most wait, so memory stays bounded.
"""

import gc
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy import delete, select

from archive.among import among
from archive.catalogue.outbox import DeadLetter
from archive.clock import now
from archive.database import reading, writing
from archive.locks import ensure_held
from indexer.documents import Indexed
from search.document import RecordPages, Refusal
from search.engines.protocol import Engine, Writable

#: Batches that are built and not yet written: enough for both indices to be busy though one is slower.
MOST_WAITING = 4
LOCK = "drainer"
#: So many new objects, and Python looks for cycles among them (700 otherwise): those of about 500 documents.
COLLECTED = 50_000


@dataclass(frozen=True, slots=True)
class _UnderWay:
    batch: list[Indexed]
    records: set[str]
    writes: dict[str, Future[list[Refusal]]]


class BatchWriter:
    """Takes batches; what goes wrong with one is raised by a later :meth:`put` or by :meth:`finish`."""

    def __init__(self, engine: Engine, names: dict[str, str]) -> None:
        self._engine, self._names = engine, names
        at_once = engine.batches_at_once
        self._threads = {index: ThreadPoolExecutor(at_once, thread_name_prefix=f"index-{index}") for index in names}
        self._under_way: deque[_UnderWay] = deque()
        self._thresholds = gc.get_threshold()
        self._froze = False

    def put(self, batch: list[Indexed]) -> None:
        """Hands a batch over, once few enough are waiting and none of them holds a record of it."""
        own = {item.public_id for item in batch}
        while len(self._under_way) >= MOST_WAITING or any(not own.isdisjoint(one.records) for one in self._under_way):
            self._settle(self._under_way.popleft())
        there = [item for item in batch if item.record]
        gone = {item.public_id: item.seq for item in batch if item.record is None}
        parts: dict[str, Sequence[Writable]] = {
            "records": [item.record for item in there if item.record],
            "pages": [RecordPages(item.public_id, item.seq, item.pages) for item in there],
        }
        writes = {
            index: self._threads[index].submit(self._write, name, parts[index], gone)
            for index, name in self._names.items()
        }
        self._under_way.append(_UnderWay(batch, own, writes))

    def finish(self) -> None:
        """Waits until all is written; refused documents become dead letters, healed ones stop being so."""
        while self._under_way:
            self._settle(self._under_way.popleft())

    def commit(self, position: int) -> None:
        """Waits until all is written, then commits both indices side by side."""
        self.finish()
        ensure_held(LOCK)
        commits = [self._threads[i].submit(self._engine.commit, name, position) for i, name in self._names.items()]
        for one in commits:
            one.result()

    def _write(self, name: str, part: Sequence[Writable], gone: dict[str, int]) -> list[Refusal]:
        refused = self._engine.write(name, part)
        if gone:
            self._engine.delete(name, gone)
        return refused

    def _settle(self, one: _UnderWay) -> None:
        refusals = {index: write.result() for index, write in one.writes.items()}
        # What was there of a refused record may be open where the record no longer is.
        outdated = {_owner(refusal) for many in refusals.values() for refusal in many}
        if gone := {item.public_id: item.seq for item in one.batch if item.public_id in outdated}:
            for index, name in self._names.items():
                self._threads[index].submit(self._engine.delete, name, gone).result()
        _bury(one.batch, refusals)

    def __enter__(self) -> Self:
        # What is loaded stays, documents are no cycles: looking through all of it again took a fifth of the time.
        # A process that set aside what it loaded (a server, at its start) keeps it so.
        self._froze = gc.get_freeze_count() == 0
        if self._froze:
            gc.freeze()
        gc.set_threshold(COLLECTED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            gc.set_threshold(*self._thresholds)
            if self._froze:
                gc.unfreeze()
            for thread in self._threads.values():
                thread.shutdown(wait=True, cancel_futures=True)


def _owner(refusal: Refusal) -> str:
    return refusal.id.split(".")[0]


def _bury(batch: list[Indexed], refusals: dict[str, list[Refusal]]) -> None:
    by_id = {item.public_id: item for item in batch}
    refused = {(index, by_id[_owner(one)].record_id): one for index, many in refusals.items() for one in many}
    with reading() as session:
        ids = [item.record_id for item in batch]
        healed = session.execute(select(DeadLetter.index, DeadLetter.record_id).where(among(DeadLetter.record_id, ids)))
        known = {(index, record_id) for index, record_id in healed}
    if not refused and not known:
        return
    with writing() as session:
        for index, record_id in known - set(refused):
            session.execute(delete(DeadLetter).where(DeadLetter.index == index, DeadLetter.record_id == record_id))
        for (index, record_id), refusal in refused.items():
            seq = by_id[_owner(refusal)].seq
            letter = DeadLetter(index=index, record_id=record_id, seq=seq, reason=refusal.reason, at=now())
            session.merge(letter)
