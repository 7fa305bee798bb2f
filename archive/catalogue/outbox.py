"""The outbox: changes on their way to the indices, what the engine refused, and what must not be shown meanwhile."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
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


class IndexRebuild(Base):
    """The one rebuild that is under way, or was when it was killed: what the next one goes on from.

    Rows of the outbox after ``start`` are kept for it.
    """

    __tablename__ = "index_rebuild"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    records: Mapped[str]  # names of the indices being made
    pages: Mapped[str]
    start: Mapped[int] = mapped_column(Whole)  # the version of what is written; later changes are replayed
    last: Mapped[int] = mapped_column(default=0)  # every record up to this id is in both, durably
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]  # of this process: time left is told from here
    began_with: Mapped[int] = mapped_column(default=0)  # ``done`` when it began


class IndexSweep(Base):
    """A comparison of catalogue and indices, record by record, and what it found and put right."""

    __tablename__ = "index_sweep"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last: Mapped[int] = mapped_column(default=0)  # compared up to this record id
    checked: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)  # not in an index and should be
    outdated: Mapped[int] = mapped_column(default=0)  # otherwise than the catalogue says
    foreign: Mapped[int] = mapped_column(default=0)  # in an index and not in the catalogue, or not to be seen
    examples: Mapped[list[Any]] = mapped_column(JSON, default=list)  # public identifiers, some


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
