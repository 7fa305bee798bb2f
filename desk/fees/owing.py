"""Money of a bill that the archive owes back: it came too late, or more came than was owed."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from archive.catalogue.fees import Bill, Payment, UnmatchedMoney
from archive.catalogue.requests import ReadingRequest

#: A request that ended so gets nothing for its money.
IN_VAIN = ("withdrawn", "refused")


def owed_back(session: Session, limit: int = 200) -> list[tuple[Bill, int, str]]:
    """The bills that hold more than they may, oldest first: how many đồng too much, and why: ``over`` (more than the
    fee), ``ended`` (the request ended without an answer for it)."""
    rows = session.execute(_holding(Bill, _too_much(), ReadingRequest.state).order_by(Bill.id).limit(limit))
    return [(bill, int(amount), "ended" if state in IN_VAIN else "over") for bill, amount, state in rows]


def how_many_owed_back(session: Session) -> int:
    """How many bills hold more than they may."""
    return session.scalar(select(func.count()).select_from(_holding(Bill.id).subquery())) or 0


def holds_too_much() -> ColumnElement[bool]:
    """The requests whose bill holds money that has to go back."""
    return ReadingRequest.id.in_(_holding(Bill.request_id))


def unplaced(session: Session) -> int:
    """How many pieces of money wait on the list of what matched nothing."""
    asked = select(func.count()).select_from(UnmatchedMoney).where(UnmatchedMoney.state == "open")
    return session.scalar(asked) or 0


def _too_much() -> ColumnElement[int]:
    return func.sum(Payment.amount) - case((ReadingRequest.state.in_(IN_VAIN), 0), else_=Bill.total)


def _holding(*columns: Any) -> Select[Any]:
    asked = select(*columns).select_from(Bill).join(Payment, Payment.bill_id == Bill.id)
    joined = asked.join(ReadingRequest, ReadingRequest.id == Bill.request_id)
    return joined.group_by(Bill.id, ReadingRequest.id).having(_too_much() > 0)
