"""When a bill is paid: its state, its receipt, and whoever waits for it, in the transaction of the money itself."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Bill, Payment
from archive.clock import now
from archive.telling import Told
from desk.fees.receipts import issue


class FeeError(Told):
    """What was asked of a bill or of money cannot be, and why."""


def locked(session: Session, bill_id: int) -> Bill:
    """The bill as it is now; nobody else changes it before this transaction ends."""
    asked = select(Bill).where(Bill.id == bill_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(asked).one()


def balance(session: Session, bill: Bill) -> int:
    """What came in for a bill less what went back, in đồng."""
    # PostgreSQL adds large whole numbers to a decimal
    return int(session.scalar(select(func.sum(Payment.amount)).where(Payment.bill_id == bill.id)) or 0)


def owed(session: Session, bill: Bill) -> int:
    """What is still to be paid for a bill, in đồng; 0 for one that is not due any more."""
    return max(0, bill.total - balance(session, bill)) if bill.state == "due" else 0


def payments_of(session: Session, bill: Bill) -> list[Payment]:
    """The money of a bill, in the order in which it moved."""
    return list(session.scalars(select(Payment).where(Payment.bill_id == bill.id).order_by(Payment.id)))


def settle(session: Session, bill: Bill, actor: str) -> bool:
    """Makes a bill that is due paid as soon as enough came in; whether it did.

    The receipt is issued and the request goes on here and nowhere else: a bill is due once.
    """
    if bill.state != "due" or balance(session, bill) < bill.total:
        return False
    bill.state, bill.paid_at = "paid", max(now(), bill.made_at)  # a clock may be set back
    session.flush()
    if bill.total:
        issue(session, bill, actor)
    from desk.decision import paid  # late: decisions ask for bills

    paid(session, bill.request_id)
    return True


def cancel(session: Session, bill: Bill, actor: str, reason: str) -> None:
    """A bill that nothing was paid for is no longer owed.  Raises FeeError."""
    bill = locked(session, bill.id)
    if bill.state != "due":
        raise FeeError("Phí này không còn chờ nộp; không hủy được.")
    if balance(session, bill):
        raise FeeError("Đã có tiền nộp cho phí này; hãy hoàn lại trước khi hủy.")
    bill.state = "cancelled"
    session.flush()
    record_event(session, actor, "bill-cancelled", bill=bill.code, ground=reason)
