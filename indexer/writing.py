"""Writing batches into both indices while the next batch is being built: an engine in another process has its own core.

At most one batch is under way beside the one that is being built, so memory stays bounded and the order of batches is
kept.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from sqlalchemy import delete, select

from archive.catalogue.outbox import DeadLetter
from archive.clock import now
from archive.database import reading, writing
from indexer.documents import Indexed
from search.document import RecordPages, Refusal
from search.engines.protocol import Engine


class BatchWriter:
    """Takes batches; what goes wrong with one is raised by the next :meth:`put` or by :meth:`finish`."""

    def __init__(self, engine: Engine, names: dict[str, str]) -> None:
        self._engine, self._names = engine, names
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="index")
        self._under_way: tuple[list[Indexed], Future[list[Refusal]], Future[list[Refusal]]] | None = None

    def put(self, batch: list[Indexed]) -> None:
        """Hands a batch over, once the one before is written."""
        self.finish()
        records = [item.record for item in batch if item.record]
        pages = [RecordPages(item.public_id, item.seq, item.pages) for item in batch if item.record]
        self._under_way = (
            batch,
            self._threads.submit(self._engine.write, self._names["records"], records),
            self._threads.submit(self._engine.write, self._names["pages"], pages),
        )

    def finish(self) -> None:
        """Waits until all is written; refused documents become dead letters, healed ones stop being so."""
        if self._under_way is None:
            return
        batch, records, pages = self._under_way
        self._under_way = None
        refusals = {"records": records.result(), "pages": pages.result()}
        gone = {item.public_id: item.seq for item in batch if item.record is None}
        # What was there of a refused record may be open where the record no longer is.
        outdated = {_owner(one) for many in refusals.values() for one in many}
        gone |= {item.public_id: item.seq for item in batch if item.public_id in outdated}
        if gone:
            for name in self._names.values():
                self._engine.delete(name, gone)
        _bury(batch, refusals)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self._threads.shutdown(wait=True, cancel_futures=True)


def _owner(refusal: Refusal) -> str:
    return refusal.id.split(".")[0]


def _bury(batch: list[Indexed], refusals: dict[str, list[Refusal]]) -> None:
    by_id = {item.public_id: item for item in batch}
    refused = {(index, by_id[_owner(one)].record_id): one for index, many in refusals.items() for one in many}
    with reading() as session:
        ids = [item.record_id for item in batch]
        healed = session.execute(select(DeadLetter.index, DeadLetter.record_id).where(DeadLetter.record_id.in_(ids)))
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
