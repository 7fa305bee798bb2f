"""The drainer: takes from the outbox, reads the truth, writes both indices.  One at a time (a file lock).

The engine's own commit carries the position in the outbox, so a drainer killed at any moment goes on where the index
durably is; what it writes twice is the same.  The catalogue's cursors follow the engine's, never lead.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.catalogue.outbox import DeadLetter
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.locks import held
from archive.outbox import Message, confirm, last_seq, positions, read_messages
from archive.settings import settings
from indexer.documents import Indexed, build_documents
from search.document import RecordPages, Refusal
from search.engines.protocol import Engine, EngineError

INDICES = ("records", "pages")
MESSAGES = 5_000
COMMIT_CHARACTERS = 150_000_000

Progress = Callable[[int, int], None]  # position in the outbox, its end


def lock_path(home: Path | None = None) -> Path:
    """The lock that the drainer of this installation holds."""
    return (home or settings().home) / "drainer.lock"


@contextmanager
def draining() -> Iterator[bool]:
    """Holds the drainer's lock for the block; False if another process drains."""
    with held(lock_path()) as mine:
        yield mine


def ensure_indices(engine: Engine, confirmed: dict[str, int]) -> None:
    """Makes and promotes both indices of a new installation; EngineError where one was there and is lost.

    An empty index in its place would answer every reader with nothing, in silence.
    """
    for index in INDICES:
        if not engine.current(index):
            if confirmed.get(index):
                raise EngineError(f"chỉ mục {index} bị mất; hãy chạy: vankho index rebuild")
            engine.promote(index, engine.create(index))


def drain(engine: Engine, progress: Progress | None = None, stop: Callable[[], bool] | None = None) -> int:
    """Brings both indices to the end of the outbox; returns how many records were written.

    The caller holds the lock.  What the engine refuses becomes a dead letter; the rest goes on.  ``stop`` is asked
    after each lot of messages: what was written is committed, the rest stays in the outbox.
    """
    with reading() as session:
        confirmed = positions(session)
    ensure_indices(engine, confirmed)
    names = {index: engine.current(index) for index in INDICES}
    written = uncommitted = 0
    at = min(engine.position(name) for name in names.values())
    _refuse_lost(engine, names, confirmed)
    try:
        while True:
            with reading() as session:
                messages = read_messages(session, at, MESSAGES)
                end = last_seq(session)
                if not messages:
                    break
                wanted = expand(session, messages)
                for batch in build_documents(session, wanted):
                    write_batch(engine, names, batch)
                    written += len(batch)
                    uncommitted += sum(len(i.record.content) for i in batch if i.record)
                    if progress:
                        progress(_progress(batch, messages), end)
            at = messages[-1].seq
            if uncommitted >= COMMIT_CHARACTERS:
                _commit(engine, names, at)
                uncommitted = 0
            if stop and stop():
                break
        _commit(engine, names, at)
    finally:
        engine.release()
    return written


def _refuse_lost(engine: Engine, names: dict[str, str], confirmed: dict[str, int]) -> None:
    """EngineError where an index is behind what it confirmed.

    It was removed or replaced, and the rows that would fill it are pruned: draining would leave it empty, in silence.
    """
    for index, name in names.items():
        if engine.position(name) < confirmed.get(index, 0):
            raise EngineError(
                f"chỉ mục {name} bị mất hoặc cũ hơn danh mục ({engine.position(name)} < {confirmed[index]}); "
                "hãy chạy: vankho index rebuild"
            )


def expand(session: Session, messages: list[Message]) -> list[tuple[int, int]]:
    """Record ids with the version to write: each record once, the members of a record where the message says so."""
    wanted: dict[int, int] = {}
    for message in messages:
        wanted[message.record_id] = message.seq
    tops = {m.record_id: m.seq for m in messages if m.members}
    while tops:
        members, tops = _members(session, tops), {}
        for record_id, level, seq in members:
            wanted[record_id] = max(seq, wanted.get(record_id, 0))
            if level != "document":  # nothing lies below a document
                tops[record_id] = seq
    return list(wanted.items())


def _members(session: Session, above: dict[int, int]) -> list[tuple[int, str, int]]:
    """The direct members (id, level) of records, with their seq; asked in parts: databases limit parameters."""
    found = []
    ids = list(above)
    for start in range(0, len(ids), 500):
        statement = select(Record.id, Record.level, Record.parent_id).where(
            Record.parent_id.in_(ids[start : start + 500])
        )
        found += [(one, level, above[parent]) for one, level, parent in session.execute(statement) if parent]
    return found


def _progress(batch: list[Indexed], messages: list[Message]) -> int:
    return min(max(item.seq for item in batch), messages[-1].seq)


def write_batch(engine: Engine, names: dict[str, str], batch: list[Indexed]) -> None:
    """Writes a batch into the named indices; refused documents become dead letters, healed ones stop being so."""
    gone = {item.public_id: item.seq for item in batch if item.record is None}
    refusals: dict[str, list[Refusal]] = {
        "records": engine.write(names["records"], [item.record for item in batch if item.record]),
        "pages": engine.write(
            names["pages"], [RecordPages(i.public_id, i.seq, i.pages) for i in batch if i.record is not None]
        ),
    }
    # What was there of a refused record may be open where the record no longer is.
    outdated = {one.id.split(".")[0] for many in refusals.values() for one in many}
    if gone or outdated:
        for name in names.values():
            engine.delete(name, gone | {item.public_id: item.seq for item in batch if item.public_id in outdated})
    _bury(batch, refusals)


def _bury(batch: list[Indexed], refusals: dict[str, list[Refusal]]) -> None:
    by_id = {item.public_id: item for item in batch}
    refused = {(index, by_id[one.id.split(".")[0]].record_id): one for index, many in refusals.items() for one in many}
    with reading() as session:
        ids = [item.record_id for item in batch]
        healed = session.execute(select(DeadLetter.index, DeadLetter.record_id).where(DeadLetter.record_id.in_(ids)))
        known = set(healed)
    if not refused and not known:
        return
    with writing() as session:
        for index, record_id in known - set(refused):
            session.execute(delete(DeadLetter).where(DeadLetter.index == index, DeadLetter.record_id == record_id))
        for (index, record_id), refusal in refused.items():
            seq = by_id[refusal.id.split(".")[0]].seq
            letter = DeadLetter(index=index, record_id=record_id, seq=seq, reason=refusal.reason, at=now())
            session.merge(letter)


def _commit(engine: Engine, names: dict[str, str], position: int) -> None:
    for name in names.values():
        engine.commit(name, position)
    with writing() as session:
        confirm(session, {index: engine.position(name) for index, name in names.items()})
