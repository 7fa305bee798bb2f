"""Going back to the index before the current one: first brought up to what the catalogue says now, then promoted.

An old index knows nothing of what was closed since; promoted as it is, it would count and show it.
"""

from collections.abc import Callable

from sqlalchemy import func, select

from archive.catalogue.records import Record
from archive.database import reading
from archive.outbox import claim, last_seq
from indexer.documents import build_documents
from indexer.drainer import INDICES, drain
from indexer.writing import BatchWriter
from search.engines.protocol import Engine, EngineError
from search.plan import Nothing, Plan

PART = 2_000


def roll_back(engine: Engine, progress: Callable[[int, int], None] | None = None) -> dict[str, object]:
    """Makes both former indices current again, with everything that changed since.  The caller holds the drainer's
    lock.  EngineError where there is no former index, or it was made by another version of the schema.

    Only what changed since is written.  Killed at any moment it leaves the
    current indices serving.
    """
    names = {index: engine.previous(index) for index in INDICES}
    if not all(names.values()):
        raise EngineError("không có chỉ mục trước nào để quay lại")
    for index, name in names.items():
        engine.query(Plan(index, Nothing(), size=0), name)  # WrongSchemaError
    drain(engine)  # so that the versions in the current indices are those of the catalogue
    written = 0
    claim()
    with reading() as session:
        start, total = last_seq(session), session.scalar(select(func.count()).select_from(Record)) or 0
        last = done = 0
        while part := session.execute(
            select(Record.id, Record.public_id).where(Record.id > last).order_by(Record.id).limit(PART)
        ).all():
            own = {public_id: number for number, public_id in part}
            different = _different(engine, names, list(own))
            with BatchWriter(engine, names) as writer:
                for batch in build_documents(session, [(own[one], start) for one in different]):
                    writer.put(batch)
            written += len(different)
            last, done = part[-1].id, done + len(part)
            if progress:
                progress(done, total)
    for name in names.values():
        engine.commit(name, start)
    for index, name in names.items():
        engine.promote(index, name)
    drain(engine)
    return {"written": written, **{f"{index}_index": name for index, name in names.items()}}


def _different(engine: Engine, names: dict[str, str], ids: list[str]) -> list[str]:
    """Those of the records that came, went or changed since an old index was last committed."""
    found = set[str]()
    for index, name in names.items():
        known = engine.position(name)  # an older version is in it; a rebuild gives all the version at which it began
        old, now = engine.versions(name, ids), engine.versions(engine.current(index), ids)
        found |= {one for one in ids if (one in old) != (one in now) or now.get(one, 0) > known}
    return [one for one in ids if one in found]
