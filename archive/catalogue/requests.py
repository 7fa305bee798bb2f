"""Readers' requests to the reading room: what is asked, each step that was taken, what was answered for each record."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned


class RequestStep(Base):
    """A step that the state machine knows (desk.states); filled by the migration: the database refuses any other."""

    __tablename__ = "request_step"

    before: Mapped[str] = mapped_column(primary_key=True)
    after: Mapped[str] = mapped_column(primary_key=True)


class ReadingRequest(Versioned, Base):
    """A request of a reader for records; two who act at once: one wins, the other is told (StaleDataError)."""

    __tablename__ = "reading_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]  # reading, copy
    purpose: Mapped[str]
    state: Mapped[str] = mapped_column(default="received", index=True)
    received_at: Mapped[datetime]
    due_on: Mapped[int]  # a day number; moves while the reader owes something
    term: Mapped[str]  # by which it was counted, and its basis
    paused_on: Mapped[int | None]  # the day number from which the reader owes something
    officer: Mapped[str] = mapped_column(default="")  # who took it up
    ended_at: Mapped[datetime | None]


class RequestItem(Base):
    """A record of a request, and what was answered."""

    __tablename__ = "request_item"

    request_id: Mapped[int] = mapped_column(ForeignKey("reading_request.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(default="")  # granted, refused
    ground: Mapped[str] = mapped_column(default="")
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"))


class RequestEvent(Base):
    """A step of a request that was taken: by whom, when, why."""

    __tablename__ = "request_event"
    __table_args__ = (ForeignKeyConstraint(["before", "after"], ["request_step.before", "request_step.after"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("reading_request.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
