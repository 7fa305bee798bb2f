"""Money that comes from outside, by a gateway's notice or on a bank statement: taken once, put to its bill, or listed.

What names one bill that is due and has the amount owed pays it.  Everything else waits on the list with its reason, and
staff say what it is (desk.fees.placing).
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Bill, Payment, StatementLine, UnmatchedMoney
from archive.clock import now
from desk.fees.references import find_references
from desk.fees.settling import balance, locked, settle

Way = Literal["transfer", "gateway"]
WAYS: tuple[Way, ...] = ("transfer", "gateway")
MOST = 10**13  # đồng; nobody pays a fee of that
LONGEST_OUTSIDE, LONGEST_TOLD = 120, 500


@dataclass(frozen=True, slots=True)
class Money:
    """Money as the outside tells it.  ``outside``: its own reference, the same however often it is told."""

    way: Way
    outside: str
    amount: int  # đồng, above 0
    told: str  # the text of the transfer


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: it paid a bill, was there already, or is listed."""

    result: Literal["paid", "known", "listed"]
    payment: Payment | None = None
    unmatched: UnmatchedMoney | None = None


def take_money(session: Session, money: Money, actor: str, *, doubt: str = "") -> Taken:
    """Takes money once, in the caller's transaction; ``doubt`` is a reason to list it whatever it says.

    ValueError for an amount or a reference that is none.
    """
    if not 0 < money.amount < MOST or not money.outside or len(money.outside) > LONGEST_OUTSIDE:
        raise ValueError("amount or reference")
    if session.get_bind().dialect.name == "postgresql":  # two who tell the same at once; SQLite has one writer anyway
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:one))"), {"one": f"money:{money.outside}"})
    named = _named(session, money.told)
    outside = money.outside
    if there := _known(session, money.way, outside, money.amount, named):
        return there
    if _is_used(session, money.way, outside):  # the same reference for another amount
        outside = f"{outside}#{hashlib.sha256(f'{money.amount}'.encode()).hexdigest()[:8]}"
        doubt = doubt or "differs"
        if there := _known(session, money.way, outside, money.amount, named):
            return there
    bill = locked(session, named[0].id) if len(named) == 1 else None
    reason = doubt or ("several" if len(named) > 1 else _why_not(session, bill, money.amount))
    if bill is None or reason:
        return Taken("listed", unmatched=_list(session, money, outside, bill, reason, actor))
    made = Payment(
        bill_id=bill.id, way=money.way, amount=money.amount, outside=outside, at=now(), actor=actor,
        note=money.told[:LONGEST_TOLD],
    )  # fmt: skip
    session.add(made)
    session.flush()
    settle(session, bill, actor)
    record_event(session, actor, "payment-taken", bill=bill.code, way=money.way, amount=money.amount, outside=outside)
    return Taken("paid", payment=made)


def see_money_go(session: Session, money: Money, actor: str) -> Taken:
    """Money that left the archive's account and names a bill: a refund that was noted, once; else a transfer that the
    bank took back, or a refund that nobody noted, which a person has to see."""
    named = _named(session, money.told)
    shown = select(StatementLine.payment_id).where(StatementLine.payment_id.is_not(None))
    refunds = select(Payment).where(
        Payment.bill_id.in_([one.id for one in named]), Payment.way == "refund", Payment.amount == -money.amount,
        Payment.id.not_in(shown),
    )  # fmt: skip
    if there := session.scalars(refunds.order_by(Payment.id).limit(1)).first():
        return Taken("known", payment=there)
    bill = named[0] if len(named) == 1 else None
    return Taken("listed", unmatched=_list(session, money, money.outside, bill, "outgoing", actor))


def hold_row(session: Session, outside: str, told: str, actor: str) -> bool:
    """Lists a row of a statement that holds money and cannot be read, once: of 0 đồng, with all that it says.  False if
    it is there already."""
    if _is_used(session, "transfer", outside):
        return False
    named = _named(session, told)
    _list(session, Money("transfer", outside, 0, told), outside, named[0] if len(named) == 1 else None, "unread", actor)
    return True


def _why_not(session: Session, bill: Bill | None, amount: int) -> str:
    """Why money does not pay the bill by itself; "" if it does."""
    if bill is None:
        return "unknown"
    if bill.state != "due":
        return bill.state
    owed = bill.total - balance(session, bill)
    return "" if amount == owed else "under" if amount < owed else "over"


def _named(session: Session, told: str) -> list[Bill]:
    codes = find_references(told)
    return list(session.scalars(select(Bill).where(Bill.code.in_(codes)).order_by(Bill.id))) if codes else []


def _known(session: Session, way: Way, outside: str, amount: int, named: list[Bill]) -> Taken | None:
    """Money that is there already: told again by the same way, or by the other one with the same amount and bill."""

    def is_it(one: Payment | UnmatchedMoney) -> bool:
        return one.way == way or (len(named) == 1 and one.bill_id == named[0].id)

    paid = select(Payment).where(Payment.outside == outside, Payment.amount == amount, Payment.way.in_(WAYS))
    if payment := next(filter(is_it, session.scalars(paid.order_by(Payment.id))), None):
        return Taken("known", payment=payment)
    waits = select(UnmatchedMoney).where(UnmatchedMoney.outside == outside, UnmatchedMoney.amount == amount)
    if unmatched := next(filter(is_it, session.scalars(waits.order_by(UnmatchedMoney.id))), None):
        return Taken("known", unmatched=unmatched)
    return None


def _is_used(session: Session, way: Way, outside: str) -> bool:
    tables: tuple[type[Payment] | type[UnmatchedMoney], ...] = (Payment, UnmatchedMoney)
    return any(
        session.scalar(select(one.id).where(one.way == way, one.outside == outside)) is not None for one in tables
    )


def _list(session: Session, money: Money, outside: str, bill: Bill | None, reason: str, actor: str) -> UnmatchedMoney:
    made = UnmatchedMoney(
        way=money.way, outside=outside, amount=money.amount, told=money.told[:LONGEST_TOLD],
        bill_id=bill.id if bill else None, reason=reason, at=now(), state="open",
    )  # fmt: skip
    session.add(made)
    session.flush()
    record_event(
        session, actor, "money-listed", bill=bill.code if bill else "", way=money.way, amount=money.amount,
        outside=outside, reason=reason,
    )  # fmt: skip
    return made
