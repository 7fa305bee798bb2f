"""The reading room: appointments, and originals that were handed out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned


class Appointment(Versioned, Base):
    """A place in the reading room for half a day; two never have one place."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("day", "half", "seat"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    day: Mapped[int]
    half: Mapped[str]  # morning, afternoon
    seat: Mapped[int | None]  # none: given back
    state: Mapped[str] = mapped_column(default="booked")  # booked, came, missed, cancelled
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]


class Loan(Versioned, Base):
    """An original that is or was with a reader; nothing is handed out twice."""

    __tablename__ = "loan"
    __table_args__ = (
        Index("ix_loan_out", "record_id", unique=True, sqlite_where=text("back_at IS NULL"),
              postgresql_where=text("back_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # on the slip
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    out_at: Mapped[datetime]
    out_by: Mapped[str]
    due_on: Mapped[int]  # a day number
    back_at: Mapped[datetime | None]
    back_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")  # of its condition
