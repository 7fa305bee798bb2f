"""Receipts: numbers that run in each year without a gap, given in the transaction of the payment.

Electronic receipts are due from 01/01/2027 (NĐ 254/2026); until then a paper receipt is written by this one.
"""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Bill, Receipt, ReceiptYear
from archive.clock import VIET_NAM, now


def issue(session: Session, bill: Bill, actor: str) -> Receipt:
    """The receipt of a bill just paid.  The row of the year is locked until the end of the transaction: one that fails
    gives its number back."""
    moment = now()
    year = moment.astimezone(VIET_NAM).year
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(ReceiptYear).values(year=year, last=0).on_conflict_do_nothing())
    asked = select(ReceiptYear).where(ReceiptYear.year == year).with_for_update()
    row = session.scalars(asked.execution_options(populate_existing=True)).one()
    row.last += 1
    told = {"bill_id": bill.id, "amount": bill.total, "issued_at": moment, "actor": actor}
    made = Receipt(year=year, number=row.last, **told)
    session.add(made)
    session.flush()
    record_event(session, actor, "receipt-issued", bill=bill.code, number=shown(made))
    return made


def receipt_of(session: Session, bill: Bill) -> Receipt | None:
    """The receipt of a bill, if it was paid."""
    return session.scalar(select(Receipt).where(Receipt.bill_id == bill.id))


def shown(receipt: Receipt) -> str:
    """The number as people read it: 000123/2026."""
    return f"{receipt.number:06d}/{receipt.year}"
