"""Daily reconciliation: every line of the bank's statement is put to one piece of money, once; what differs is told."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Payment, StatementLine, UnmatchedMoney
from archive.clock import VIET_NAM, now
from archive.database import repeated, writing
from desk.fees.statements import Doubt, Line, Statement
from desk.fees.taking import Money, Taken, hold_row, see_money_go, take_money


@dataclass(slots=True)
class Reconciled:
    """How many lines paid a bill now, show money that was known, went to the list (rows with money that cannot be read,
    too), had been read before."""

    statement: Statement
    paid: int = 0
    known: int = 0
    listed: int = 0
    again: int = 0
    rows: list[tuple[int, str]] = field(default_factory=list)  # lines on the list: row and reason


def reconcile(statement: Statement, actor: str) -> Reconciled:
    """Takes every line, each in a transaction of its own: killed, it is read again from the beginning, and
    nothing counts twice."""
    told = Reconciled(statement)
    rows: list[Line | Doubt] = [*statement.lines, *statement.doubts]
    for one in rows:
        result, reason = repeated(partial(_take, one, actor))
        setattr(told, result, getattr(told, result) + 1)
        if reason:
            told.rows.append((one.row, reason))
    with writing() as session:
        record_event(
            session, actor, "statement-read", lines=len(statement.lines), paid=told.paid, known=told.known,
            listed=told.listed, again=told.again, unread=len(statement.unread),
        )  # fmt: skip
    return told


def _take(line: Line | Doubt, actor: str) -> tuple[str, str]:
    """What became of a line, and why it is on the list; a row that cannot be read is told by its number already."""
    with writing() as session:
        if isinstance(line, Doubt):
            return "listed" if hold_row(session, line.outside, line.told, actor) else "again", ""
        for outside in _numbers(line):
            there = _read_before(session, outside)
            if there is None or (there.day, there.amount, there.told) == (line.day, line.amount, line.told):
                break
        if there is not None:
            return "again", ""
        doubt = "" if outside == line.outside else "differs"
        money = Money("transfer", outside, line.amount, line.told)
        taken = see_money_go(session, money, actor) if line.out else take_money(session, money, actor, doubt=doubt)
        session.add(_shown(line, outside, taken))
        waits = taken.unmatched
        return taken.result, waits.reason if taken.result == "listed" and waits else ""


def _numbers(line: Line) -> tuple[str, ...]:
    """The bank's reference of a line; for one that it gives to several lines (each is its own, and a person looks)
    those by day and amount, and by all that it says."""
    apart = f"{line.outside}#{line.day}.{line.amount}"
    return line.outside, apart, f"{apart}.{hashlib.sha256(line.told.encode()).hexdigest()[:16]}"


def _read_before(session: Session, outside: str) -> StatementLine | None:
    return session.scalar(select(StatementLine).where(StatementLine.outside == outside))


def _shown(line: Line, outside: str, taken: Taken) -> StatementLine:
    return StatementLine(
        outside=outside, day=line.day, amount=line.amount, told=line.told, read_at=now(),
        payment_id=taken.payment.id if taken.payment else None,
        unmatched_id=taken.unmatched.id if taken.unmatched else None,
    )  # fmt: skip


def last_day(session: Session) -> int | None:
    """The last day number that a statement shows."""
    return session.scalar(select(func.max(StatementLine.day)))


def unseen(session: Session, limit: int = 200) -> list[Payment]:
    """Money that a gateway or a person said came by the bank, of days that statements cover, and that none shows."""
    last = last_day(session)
    if last is None:
        return []
    shown = select(StatementLine.payment_id).where(StatementLine.payment_id.is_not(None))
    by_list = (
        select(UnmatchedMoney.payment_id)
        .join(StatementLine, StatementLine.unmatched_id == UnmatchedMoney.id)
        .where(UnmatchedMoney.payment_id.is_not(None))
    )
    asked = select(Payment).where(
        Payment.way.in_(("transfer", "gateway")), Payment.id.not_in(shown), Payment.id.not_in(by_list)
    )
    found: Iterable[Payment] = session.scalars(asked.order_by(Payment.id).limit(limit))
    return [one for one in found if one.at.astimezone(VIET_NAM).date().toordinal() <= last]
