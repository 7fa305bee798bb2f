"""The outbox: changes on their way to the indices, what the engine refused, and what must not be shown meanwhile."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Whole


class OutboxRow(Base):
    """A record changed.  ``seq`` is its place in the log, given by a claim (archive.outbox); None until then.

    It rises for ever and is the external version of the index document.
    """

    __tablename__ = "outbox"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(Whole, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    members: Mapped[bool] = mapped_column(default=False)  # its members' documents change with it
    seq: Mapped[int | None] = mapped_column(Whole, unique=True)


class OutboxClaim(Base):
    """One row: the newest number that a claim ever gave.  On PostgreSQL claims queue by locking this table."""

    __tablename__ = "outbox_claim"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    seq: Mapped[int] = mapped_column(Whole)


class OutboxCursor(Base):
    """How far an index has come: every row up to ``position`` is in it, durably."""

    __tablename__ = "outbox_cursor"

    index: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Whole, default=0)


class DeadLetter(Base):
    """A document that an index refused, and why."""

    __tablename__ = "dead_letter"

    index: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Whole)
    reason: Mapped[str]
    at: Mapped[datetime]


class Veto(Base):
    """A record (with all below it) kept out of every query until the indices confirm row ``seq`` of the outbox.

    Only ever inserted, so that no writer waits for another: a record may have several.  ``seq`` comes with the claim
    that numbers the change, None until then.
    """

    __tablename__ = "veto"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(Whole, primary_key=True)
    record: Mapped[str] = mapped_column(index=True)  # public identifier
    seq: Mapped[int | None] = mapped_column(Whole, index=True)
