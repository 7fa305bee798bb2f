"""Rebuild: new indices beside the old ones, filled from the catalogue, compared, then promoted; the old ones stay.

Killed at any moment it leaves the old indices serving; half-made ones are dropped by the next rebuild.
"""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.outbox import DeadLetter
from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.outbox import claim, last_seq
from indexer.documents import build_documents
from indexer.drainer import INDICES, drain
from indexer.writing import BatchWriter
from search.engines.protocol import Engine, EngineError

PART = 2_000


def rebuild(engine: Engine, progress: Callable[[int, int], None] | None = None) -> dict[str, object]:
    """Makes both indices anew.  The caller holds the drainer's lock.  EngineError if the counts do not agree.

    Documents that the engine refused before and refuses again stay dead letters and do not stand in the way; one that
    was in the old index and is refused by the new one does.
    """
    engine.repair()
    for index in INDICES:
        for name in engine.names(index):
            if name not in {engine.current(index), engine.previous(index)}:
                engine.drop(name)
    with suppress(EngineError):  # where it can still be brought up, going back to it is quick
        drain(engine)
    names = {index: engine.create(index) for index in INDICES}
    claim()
    # Whatever has a number up to ``start`` is in this view; what is claimed later comes with a higher one, by drain.
    with reading() as session:
        refused_before = _refused(session)
        start, total = last_seq(session), session.scalar(select(func.count()).select_from(Record)) or 0
        last = done = 0
        while ids := list(session.scalars(select(Record.id).where(Record.id > last).order_by(Record.id).limit(PART))):
            with BatchWriter(engine, names) as writer:
                for batch in build_documents(session, [(one, start) for one in ids]):
                    writer.put(batch)
                    done += len(batch)
                    if progress:
                        progress(done, total)
                    session.expunge_all()
            last = ids[-1]
    with reading() as session:
        wanted = _wanted(session, _refused(session) & refused_before)
    for name in names.values():
        engine.commit(name, start)
    found = {index: engine.count(name) for index, name in names.items()}
    if found != wanted:
        engine.release()
        raise EngineError(f"chỉ mục mới không khớp danh mục (có {found}, cần {wanted}); vẫn dùng chỉ mục cũ")
    for index, name in names.items():
        engine.promote(index, name)
    drain(engine)
    return {"records": found["records"], "pages": found["pages"], **{f"{i}_index": n for i, n in names.items()}}


def _refused(session: Session) -> set[int]:
    return set(session.scalars(select(DeadLetter.record_id)))


def _wanted(session: Session, refused: set[int]) -> dict[str, int]:
    """How many documents each index must have, without the refused records."""
    shown = Record.allow_see != ""
    records = session.scalar(select(func.count()).select_from(Record).where(shown)) or 0
    pages = session.scalar(select(func.count()).select_from(Page).join(Record).where(shown, Page.text != "")) or 0
    for one in refused:
        own = select(func.count()).select_from(Record).where(Record.id == one, shown)
        records -= session.scalar(own) or 0
        text = select(func.count()).select_from(Page).join(Record).where(Record.id == one, shown, Page.text != "")
        pages -= session.scalar(text) or 0
    return {"records": records, "pages": pages}
