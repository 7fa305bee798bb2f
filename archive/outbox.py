"""The outbox: a change to the catalogue and its row here commit together; indices follow by ``seq`` (DESIGN section 8).

A message carries ids, never documents: whoever drains reads the truth, so a late message can only be out of date, and
the external version (``seq``) makes it lose.

Rows are *claimed*: a writer only inserts, and :func:`claim` gives the numbers.  A number taken by the writer itself
would be worth nothing: of two transactions the one with the lower number may commit last, and whoever reads on from
the higher one would lose it.  Claims come one after the other and each numbers what is committed when it begins, so
numbers become visible in the order in which they are given, and a row that commits later gets a later number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, event, exists, func, insert, select, update
from sqlalchemy.orm import Session

from archive.catalogue.outbox import IndexRebuild, OutboxClaim, OutboxCursor, OutboxRow, Veto
from archive.database import alone, reading, repeated

_BLIND = {"synchronize_session": False}  # the session holds none of these rows


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


def announce(session: Session, record_ids: Sequence[int], *, members: bool = False) -> None:
    """Adds a row for each record to the running transaction; a claim after its commit numbers them."""
    if not record_ids:
        return
    if _listeners and not session.info.get("announced"):
        session.info["announced"] = True
        event.listen(session, "after_commit", _tell, once=True)
    session.execute(insert(OutboxRow), [{"record_id": one, "members": members} for one in record_ids])


def _tell(session: Session) -> None:
    session.info.pop("announced", None)
    for listener in _listeners:
        listener()


def veto(session: Session, record: str) -> None:
    """Keeps a record (public identifier) and all below it out of every answer until the indices have the changes that
    this transaction announces."""
    session.execute(insert(Veto).values(record=record))


def claim() -> int:
    """Numbers every change that was committed before the call; returns the newest number ever given.

    Any process may call it, at any time.  One transaction, one snapshot: the rows and the vetoes of another
    transaction are seen together or not at all, so no veto gets a number below the change that it came with.
    """
    with reading() as session:
        if not _has_unclaimed(session):
            return last_seq(session)
    return repeated(_claim)


def _claim() -> int:
    with alone(OutboxClaim.__tablename__) as session:
        base = last_seq(session)
        place = func.row_number().over(order_by=OutboxRow.id)
        fresh = select(OutboxRow.id, (base + place).label("seq")).where(OutboxRow.seq.is_(None)).subquery()
        end = session.scalar(select(func.max(fresh.c.seq))) or base
        if end > base:
            numbered = update(OutboxRow).where(OutboxRow.id == fresh.c.id).values(seq=fresh.c.seq)
            session.execute(numbered, execution_options=_BLIND)
        session.execute(update(Veto).where(Veto.seq.is_(None)).values(seq=end), execution_options=_BLIND)
        session.merge(OutboxClaim(id=1, seq=end))
        return end


def read_messages(session: Session, after: int, limit: int) -> list[Message]:
    """The next claimed messages after a position, oldest first."""
    rows = session.execute(
        select(OutboxRow.seq, OutboxRow.record_id, OutboxRow.members)
        .where(OutboxRow.seq > after)
        .order_by(OutboxRow.seq)
        .limit(limit)
    )
    return [Message(seq, record_id, members) for seq, record_id, members in rows if seq is not None]


def last_seq(session: Session) -> int:
    """The newest number ever given; rows that are not claimed yet come after it."""
    given = session.execute(select(func.max(OutboxClaim.seq))).scalar() or 0
    return max(given, session.execute(select(func.max(OutboxCursor.position))).scalar() or 0)


def end_of_log(session: Session) -> int:
    """Where the log will end when everything that is committed has been claimed."""
    unclaimed = select(func.count()).select_from(OutboxRow).where(OutboxRow.seq.is_(None))
    return last_seq(session) + (session.scalar(unclaimed) or 0)


def confirm(session: Session, positions: dict[str, int]) -> None:
    """Moves the cursors, lifts the vetoes that every index has confirmed and prunes what every index has passed.

    What is not claimed yet stays: nobody can have passed it.
    """
    for index, position in positions.items():
        session.merge(OutboxCursor(index=index, position=position))
    session.flush()
    passed = session.execute(select(func.min(OutboxCursor.position))).scalar() or 0
    session.execute(delete(Veto).where(Veto.seq <= passed))
    kept = session.execute(select(func.min(IndexRebuild.start))).scalar()  # an index being made follows from there
    session.execute(delete(OutboxRow).where(OutboxRow.seq <= (passed if kept is None else min(passed, kept))))


def positions(session: Session) -> dict[str, int]:
    """How far each index has come."""
    return {row.index: row.position for row in session.scalars(select(OutboxCursor))}


def _has_unclaimed(session: Session) -> bool:
    rows, vetoes = (exists().where(table.seq.is_(None)) for table in (OutboxRow, Veto))
    return bool(session.scalar(select(rows | vetoes)))
