"""The drainer: takes from the outbox, reads the truth, writes both indices.  One at a time (archive.locks).

The engine's own commit carries the position in the outbox, so a drainer killed at any moment goes on where the index
durably is; what it writes twice is the same.  The catalogue's cursors follow the engine's, never lead.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.among import among
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.locks import held
from archive.outbox import Message, claim, confirm, last_seq, positions, read_messages
from indexer.documents import Indexed, build_documents
from indexer.writing import LOCK, BatchWriter
from search.engines.protocol import Engine, EngineError

INDICES = ("records", "pages")
MESSAGES = 5_000
COMMIT_CHARACTERS = 150_000_000

Progress = Callable[[int, int], None]  # position in the outbox, its end


@contextmanager
def draining(*, wait: bool = False) -> Iterator[bool]:
    """Holds the drainer's lock for the block; False if another process drains and not ``wait``."""
    with held(LOCK, wait=wait) as mine:
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
    at = min(engine.position(name) for name in names.values())
    _refuse_lost(engine, names, confirmed)
    try:
        with BatchWriter(engine, names) as writer:  # across the lots: no engine waits for the first batch of the next
            written, at = replay(writer, at, lambda to: _commit(engine, names, writer, to), progress, stop)
            _commit(engine, names, writer, at)
    finally:
        engine.release()
    return written


def replay(
    writer: BatchWriter,
    at: int,
    commit: Callable[[int], None],
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[int, int]:
    """Writes what the outbox holds after ``at``, lot by lot, ``commit`` being called when much has gathered; returns
    how many records were written and the position reached, which the caller commits."""
    written = uncommitted = 0
    while True:
        claim()
        with reading() as session:
            messages = read_messages(session, at, MESSAGES)
            end = last_seq(session)
            if not messages:
                return written, at
            for batch in build_documents(session, expand(session, messages)):
                writer.put(batch)
                written += len(batch)
                uncommitted += sum(len(i.record.content) for i in batch if i.record)
                if progress:
                    progress(_progress(batch, messages), end)
        at = messages[-1].seq
        if uncommitted >= COMMIT_CHARACTERS:
            commit(at)
            uncommitted = 0
        if stop and stop():
            return written, at


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
            among(Record.parent_id, ids[start : start + 500])
        )
        found += [(one, level, above[parent]) for one, level, parent in session.execute(statement) if parent]
    return found


def _progress(batch: list[Indexed], messages: list[Message]) -> int:
    return min(max(item.seq for item in batch), messages[-1].seq)


def _commit(engine: Engine, names: dict[str, str], writer: BatchWriter, position: int) -> None:
    writer.commit(position)
    with writing() as session:
        confirm(session, {index: engine.position(name) for index, name in names.items()})
