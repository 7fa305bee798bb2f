"""Rebuild: new indices beside the serving ones, filled from the catalogue, brought up, compared, then promoted.

Deliveries go on meanwhile and are searchable in the serving indices: the drainer's lock is taken only for the last
changes, the gate and the promotion.  The old indices stay for going back.  Killed at any moment it leaves them serving;
the next rebuild goes on where this one had come to.
"""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive.catalogue.outbox import DeadLetter, IndexRebuild, OutboxRow
from archive.catalogue.records import Page, Record
from archive.clock import now
from archive.database import reading, writing
from archive.locks import ensure_held, held
from archive.outbox import Message, claim, last_seq
from indexer.comparing import compare, probe
from indexer.documents import build_documents
from indexer.drainer import INDICES, drain, draining, expand, replay
from indexer.writing import BatchWriter
from search.engines.protocol import Engine, EngineError
from search.plan import Nothing, Plan

LOCK = "rebuild"
PART = 2_000
DURABLE_PARTS = 10  # after so many parts a killed rebuild need not begin anew
SAMPLED, PROBED = 300, 60  # records that the gate compares whole, and asks for as a reader

Progress = Callable[[int, int], None]  # records written, of how many


def rebuild(engine: Engine, progress: Progress | None = None, *, anew: bool = False) -> dict[str, object]:
    """Makes both indices anew, or goes on with those of a rebuild that was killed (not with ``anew``).

    Waits for the drainer's lock, which the caller must not hold.  EngineError if another rebuild is under way, or the
    gate refuses: then the old indices go on serving.  Documents that the engine refused before and refuses again stay
    dead letters and do not stand in the way; one that was in the old index and is refused by the new one does.
    """
    with held(LOCK) as mine:
        if not mine:
            raise EngineError("một lần lập lại chỉ mục khác đang chạy")
        engine.repair()
        state = None if anew else _unfinished(engine)
        if state is None:
            state = _begin(engine)
        names = {"records": state.records, "pages": state.pages}
        with reading() as session:
            refused_before = _refused(session)
        try:
            with BatchWriter(engine, names) as writer:
                _fill(engine, writer, names, state, progress)
                _, at = replay(writer, state.start, lambda _: None)
            told = _finish(engine, names, at, refused_before)
        finally:
            engine.release()
        return told


def _unfinished(engine: Engine) -> IndexRebuild | None:
    """The rebuild that was killed, if its indices are there, of this schema, and not serving."""
    with writing() as session:
        state = session.get(IndexRebuild, 1)
        if state is None:
            return None
        names = {"records": state.records, "pages": state.pages}
        for index, name in names.items():
            if name not in engine.names(index) or name == engine.current(index):
                return None
            with suppress(EngineError):
                engine.query(Plan(index, Nothing(), size=0), name)
                continue
            return None
        # What was written behind the last durable part may be gone: it is written once more.
        state.done = session.scalar(select(func.count()).where(Record.id <= state.last)) or 0
        state.began_at, state.began_with = now(), state.done
        session.flush()
        session.expunge(state)
        return state


def _begin(engine: Engine) -> IndexRebuild:
    """Drops what a rebuild left half made, and begins: from here on the outbox keeps its rows."""
    for index in INDICES:
        for name in engine.names(index):
            if name not in {engine.current(index), engine.previous(index)}:
                engine.drop(name)
    # Where the serving one can still be brought up, going back to it is quick
    with draining() as mine, suppress(EngineError):
        if mine:
            drain(engine)
    names = {index: engine.create(index) for index in INDICES}
    claim()
    with writing() as session:
        state = IndexRebuild(
            id=1, **names, start=last_seq(session), last=0, done=0, began_with=0, began_at=now(),
            total=session.scalar(select(func.count()).select_from(Record)) or 0,
        )  # fmt: skip
        state = session.merge(state)
        session.flush()
        session.expunge(state)
        return state


def _fill(
    engine: Engine, writer: BatchWriter, names: dict[str, str], state: IndexRebuild, progress: Progress | None
) -> None:
    """Writes every record as it is by now, with the version ``start``: what changed later is replayed over it."""
    parts = 0
    while True:
        with reading() as session:
            rest = select(Record.id).where(Record.id > state.last).order_by(Record.id).limit(PART)
            ids = list(session.scalars(rest))
            for batch in build_documents(session, [(one, state.start) for one in ids]):
                writer.put(batch)
                session.expunge_all()
                state.done += len(batch)
                if progress:
                    progress(state.done, max(state.total, state.done))
        parts += 1
        if not ids:
            return
        with writing() as session:  # for whoever looks; what is durable is told below
            session.execute(update(IndexRebuild).values(done=state.done))
        state.last = ids[-1]
        if parts % DURABLE_PARTS == 0:
            writer.finish()
            ensure_held(LOCK)
            for name in names.values():
                engine.commit(name, 0)
            with writing() as session:
                session.merge(state)


def _finish(engine: Engine, names: dict[str, str], at: int, refused_before: set[int]) -> dict[str, object]:
    """The last changes, the gate, the promotion; nobody drains meanwhile."""
    with draining(wait=True):
        with BatchWriter(engine, names) as writer:
            _, at = replay(writer, at, lambda _: None)
            with reading() as session:  # what came since the last claim is in this view, too
                late = select(OutboxRow.record_id, OutboxRow.members).where(OutboxRow.seq.is_(None))
                messages = [Message(at, one, members) for one, members in session.execute(late)]
                for batch in build_documents(session, expand(session, messages)):
                    writer.put(batch)
                writer.finish()
                for name in names.values():
                    engine.commit(name, at)
                try:
                    found = _gate(session, engine, names, at, refused_before)
                except EngineError:
                    _forget()
                    raise
        ensure_held(LOCK)
        for index, name in names.items():
            engine.promote(index, name)
        _forget()
        drain(engine)
    return {"records": found["records"], "pages": found["pages"], **{f"{i}_index": n for i, n in names.items()}}


def _gate(session: Session, engine: Engine, names: dict[str, str], at: int, refused_before: set[int]) -> dict[str, int]:
    """The counts of the new indices; EngineError where they, a sample, or what readers get are not as they must be."""
    found = {index: engine.count(name) for index, name in names.items()}
    with reading() as fresh:
        refused = _refused(fresh) & refused_before
    wanted = _wanted(session, refused)
    if found != wanted:
        raise EngineError(f"chỉ mục mới không khớp danh mục (có {found}, cần {wanted}); vẫn dùng chỉ mục cũ")
    ids = list(session.scalars(select(Record.id).order_by(Record.id)))
    compared = compare(session, engine, names, ids[:: max(1, len(ids) // SAMPLED)], at)
    if compared.different:
        told = ", ".join(list(compared.different)[:5])
        raise EngineError(f"chỉ mục mới có mục khác danh mục ({told}); vẫn dùng chỉ mục cũ")
    closed = list(session.scalars(select(Record.id).where(Record.everyone_from_read > 0).limit(5_000)))
    asked = [many[:: max(1, len(many) // PROBED)] for many in (closed, ids)]
    if wrong := probe(session, engine, names["records"], [one for many in asked for one in many if one not in refused]):
        raise EngineError(f"chỉ mục mới sai quyền tiếp cận ({', '.join(wrong[:5])}); vẫn dùng chỉ mục cũ")
    return found


def _forget() -> None:
    with writing() as session:
        if state := session.get(IndexRebuild, 1):
            session.delete(state)


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
