"""Money: what a request costs, every đồng that came in or went back, receipts, statements of the bank.

Amounts are whole đồng.  ``payment`` is only ever added to: triggers of the database refuse anything else.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned, Whole


class Bill(Versioned, Base):
    """What one request costs, assessed once by the tariff of that day."""

    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # the payment reference (desk.fees.references)
    request_id: Mapped[int] = mapped_column(ForeignKey("reading_request.id"), unique=True)
    total: Mapped[int] = mapped_column(Whole)  # after the reduction
    reduction: Mapped[int] = mapped_column(Whole, default=0)
    payer_class: Mapped[str] = mapped_column(default="")  # feeObjectType, or donor
    ground: Mapped[str] = mapped_column(default="")  # the basis of the reduction
    state: Mapped[str] = mapped_column(default="due", index=True)  # due, paid, cancelled, refunded
    made_at: Mapped[datetime]
    due_on: Mapped[int]  # a day number
    paid_at: Mapped[datetime | None]


class BillLine(Base):
    """One item of a bill: how many, at what price, by what law."""

    __tablename__ = "bill_line"

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)  # from 1
    item: Mapped[str]
    unit: Mapped[str]
    count: Mapped[int]
    price: Mapped[int] = mapped_column(Whole)
    amount: Mapped[int] = mapped_column(Whole)
    basis: Mapped[str]
    sure: Mapped[str]  # V, V2, R, U: below V2 staff see that it is to be confirmed


class Payment(Base):
    """Money of a bill that came in (positive) or went back (negative)."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("way", "outside"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)
    way: Mapped[str]  # transfer, gateway, desk, refund
    amount: Mapped[int] = mapped_column(Whole)
    outside: Mapped[str] = mapped_column(index=True)  # the bank's or gateway's reference; of a form its own number
    at: Mapped[datetime]
    actor: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class UnmatchedMoney(Versioned, Base):
    """Money that came in and could not be put to a bill by itself, until staff say what it is."""

    __tablename__ = "unmatched_money"
    __table_args__ = (UniqueConstraint("way", "outside"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]  # transfer, gateway
    outside: Mapped[str] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(Whole)
    told: Mapped[str]  # the text of the transfer
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"), index=True)  # which it names
    reason: Mapped[str]  # unknown, several, under, over, paid, cancelled, refunded, differs, outgoing, unread
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open", index=True)  # open, assigned, returned, same, noted
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))  # what it became, or is the same as
    resolved_by: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class StatementLine(Base):
    """A line of a bank statement that was read, once; and which money it shows."""

    __tablename__ = "statement_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    outside: Mapped[str] = mapped_column(unique=True)
    day: Mapped[int] = mapped_column(index=True)  # day number of the booking
    amount: Mapped[int] = mapped_column(Whole)
    told: Mapped[str]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    unmatched_id: Mapped[int | None] = mapped_column(ForeignKey("unmatched_money.id"), index=True)
    read_at: Mapped[datetime]


class ReceiptYear(Base):
    """The last receipt number given in a year; whoever issues one locks the row."""

    __tablename__ = "receipt_year"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Receipt(Base):
    """A receipt of a bill that was paid: numbers run in each year without a gap."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), unique=True)
    amount: Mapped[int] = mapped_column(Whole)
    issued_at: Mapped[datetime]
    actor: Mapped[str]
