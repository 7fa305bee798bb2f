"""The sweep: compares catalogue and indices record by record, and puts right what differs.

It works in parts, each under the drainer's lock, so that changes get in between; a sweep that is cut goes on where it
was.  What differs is announced anew and so written with a version higher than any before.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.among import among
from archive.catalogue.outbox import IndexSweep
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.outbox import announce
from indexer.comparing import Compared, compare
from indexer.drainer import INDICES, drain
from search.engines.protocol import Engine
from search.plan import All, Plan, Start

PART = 2_000
EXAMPLES = 20
LISTED = 1_000


def begin_sweep() -> IndexSweep:
    """The sweep that was not ended, or a new one."""
    with writing() as session:
        found = session.scalar(select(IndexSweep).where(IndexSweep.ended_at.is_(None)).limit(1))
        if found is None:
            found = IndexSweep(began_at=now(), last=0, checked=0, missing=0, outdated=0, foreign=0, examples=[])
            session.add(found)
            session.flush()
        session.expunge(found)
        return found


def sweep_part(engine: Engine, *, repair: bool = True) -> bool:
    """Compares the next records and repairs; True when that was the last part.  The caller holds the drainer's lock.

    Raises EngineError as the drainer does, and where an index is ahead of the catalogue.
    """
    drain(engine)
    own = begin_sweep()
    names = {index: engine.current(index) for index in INDICES}
    end = min(engine.position(name) for name in names.values())
    with reading() as session:
        ids = list(session.scalars(select(Record.id).where(Record.id > own.last).order_by(Record.id).limit(PART)))
        compared = compare(session, engine, names, ids, end) if ids else Compared()
        strangers = {} if ids else _strangers(session, engine, names)
    if repair and compared.different:
        with writing() as session:
            announce(session, [record_id for record_id, _, _ in compared.different.values()])
        drain(engine)
    if repair and strangers:
        _remove(engine, names, strangers)
    with writing() as session:
        row = session.get_one(IndexSweep, own.id)
        row.checked += compared.checked
        for _, _, how in compared.different.values():
            setattr(row, how, getattr(row, how) + 1)
        row.foreign += len(strangers)
        row.examples = [*row.examples, *compared.different, *strangers][:EXAMPLES]
        if ids:
            row.last = ids[-1]
        else:
            row.ended_at = now()
    return not ids


def sweep(engine: Engine, progress: Callable[[int, int], None] | None = None, *, repair: bool = True) -> IndexSweep:
    """A whole sweep (the rest of one that was cut); the caller holds the drainer's lock."""
    with reading() as session:
        total = session.scalar(select(func.count()).select_from(Record)) or 0
    own = begin_sweep()
    ended = False
    while not ended:
        ended = sweep_part(engine, repair=repair)
        with reading() as session:
            own = session.get_one(IndexSweep, own.id)
            session.expunge(own)
        if progress:
            progress(own.checked, total)
    return own


def last_sweep(session: Session) -> IndexSweep | None:
    """The newest sweep, ended or not."""
    return session.scalar(select(IndexSweep).order_by(IndexSweep.id.desc()).limit(1))


def _strangers(session: Session, engine: Engine, names: dict[str, str]) -> dict[str, int]:
    """Records of the indices that the catalogue has not, with the version in the index."""
    found: dict[str, int] = {}
    for index, name in names.items():
        for owners in _owners(engine, index, name):
            there = set(session.scalars(select(Record.public_id).where(among(Record.public_id, owners))))
            if gone := [one for one in owners if one not in there]:
                found |= {own: held.version for own, held in engine.states(name, gone).items()}
    return found


def _owners(engine: Engine, index: str, name: str) -> Iterator[list[str]]:
    """Every record of an index, in lots."""
    near, last = 0, ""
    while True:
        start = Start((last,), near) if last else None
        hits = [own for own, _ in engine.query(Plan(index, All(), size=LISTED, start=start), name).hits]
        if not hits:
            return
        yield list(dict.fromkeys(own.split(".")[0] for own in hits))
        near, last = near + len(hits), hits[-1]


def _remove(engine: Engine, names: dict[str, str], strangers: dict[str, int]) -> None:
    try:
        for name in names.values():
            engine.delete(name, strangers)
            engine.commit(name, engine.position(name))
    finally:
        engine.release()
