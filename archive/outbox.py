"""The outbox: a change to the catalogue and its row here commit together; indices follow by ``seq`` (DESIGN section 8).

A message carries ids, never documents: whoever drains reads the truth, so a late message can only be out of date, and
the external version (``seq``) makes it lose.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.orm import Session

from archive.catalogue.outbox import OutboxCursor, OutboxRow, Veto


@dataclass(frozen=True, slots=True)
class Message:
    """A record to be indexed again; with ``members``, everything below it too."""

    seq: int
    record_id: int
    members: bool


_listeners: list[Callable[[], None]] = []  # told after a commit that announced something


def listen(listener: Callable[[], None] | None) -> None:
    """Has it called after every commit of this process that announced something (None: nobody any more).

    It is called in the committing thread and must neither raise nor wait long: the change stands already.
    """
    _listeners[:] = [listener] if listener else []


def announce(session: Session, record_ids: Sequence[int], *, members: bool = False) -> int:
    """Adds a row for each record to the running transaction; returns the last ``seq`` (0 if none)."""
    if not record_ids:
        return 0
    if _listeners and not session.info.get("announced"):
        session.info["announced"] = True
        event.listen(session, "after_commit", _tell, once=True)
    rows = [{"record_id": one, "members": members} for one in record_ids]
    session.execute(insert(OutboxRow), rows)
    return session.execute(select(func.max(OutboxRow.seq))).scalar() or 0


def _tell(session: Session) -> None:
    session.info.pop("announced", None)
    for listener in _listeners:
        listener()


def veto(session: Session, record: str, seq: int) -> None:
    """Keeps a record (public identifier) and all below it out of every answer until the indices confirm ``seq``."""
    session.merge(Veto(record=record, seq=seq))


def read_messages(session: Session, after: int, limit: int) -> list[Message]:
    """The next messages after a position, oldest first."""
    rows = session.scalars(select(OutboxRow).where(OutboxRow.seq > after).order_by(OutboxRow.seq).limit(limit))
    return [Message(row.seq, row.record_id, row.members) for row in rows]


def last_seq(session: Session) -> int:
    """The newest row that was ever written and not pruned, or the furthest cursor."""
    newest = session.execute(select(func.max(OutboxRow.seq))).scalar() or 0
    return max(newest, session.execute(select(func.max(OutboxCursor.position))).scalar() or 0)


def confirm(session: Session, positions: dict[str, int]) -> None:
    """Moves the cursors, lifts the vetoes that every index has confirmed and prunes what every index has passed."""
    for index, position in positions.items():
        session.merge(OutboxCursor(index=index, position=position))
    session.flush()
    passed = session.execute(select(func.min(OutboxCursor.position))).scalar() or 0
    session.execute(delete(Veto).where(Veto.seq <= passed))
    session.execute(delete(OutboxRow).where(OutboxRow.seq <= passed))


def positions(session: Session) -> dict[str, int]:
    """How far each index has come."""
    return {row.index: row.position for row in session.scalars(select(OutboxCursor))}
