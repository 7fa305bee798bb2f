"""Copies of records that are given to a reader: ordered by a decision, made afterwards, gone after their day."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned, Whole


class IssuedCopy(Versioned, Base):
    """A copy of one record for one request.  The file lies in ``<home>/copies`` under its code, never a key with it."""

    __tablename__ = "issued_copy"
    __table_args__ = (UniqueConstraint("request_id", "record_id", "grade"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # opaque; printed on the sheet
    request_id: Mapped[int] = mapped_column(ForeignKey("reading_request.id"), index=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    grade: Mapped[str]  # plain, certified, dip
    state: Mapped[str] = mapped_column(default="waiting", index=True)  # prepared, waiting, made, failed, expired
    pages: Mapped[str] = mapped_column(default="")  # "1-3,7"; none: all
    masks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # page: [[x, y, w, h], …], fractions of the page
    sha256: Mapped[str] = mapped_column(default="", index=True)
    size: Mapped[int] = mapped_column(Whole, default=0)
    ordered_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    until: Mapped[int | None]  # the last day number on which it may be fetched
    error: Mapped[str] = mapped_column(default="")  # why it waits or failed, in Vietnamese, for staff
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]  # None: nothing is to be done
    signer: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    certificate: Mapped[str] = mapped_column(default="", index=True)  # SHA-256 of the certificate that signed
    signed_sha256: Mapped[str] = mapped_column(default="", index=True)  # of the signed PDF: in a package, not the file
    signed_size: Mapped[int] = mapped_column(Whole, default=0)
