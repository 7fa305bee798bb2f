"""Readers' requests to the reading room: what is asked, each step that was taken, what was answered for each record."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned
from archive.catalogue.sealed import Sealed


class RequestStep(Base):
    """A step that the state machine knows (desk.states); filled by the migration: the database refuses any other."""

    __tablename__ = "request_step"

    before: Mapped[str] = mapped_column(primary_key=True)
    after: Mapped[str] = mapped_column(primary_key=True)
    own: Mapped[bool] = mapped_column(default=False, server_default=false())  # who asked takes it himself


class ReadingRequest(Versioned, Base):
    """A request of a reader for records; two who act at once: one wins, the other is told (StaleDataError)."""

    __tablename__ = "reading_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]  # reading, copy, certified, dip, information, digitisation
    purpose: Mapped[str]
    state: Mapped[str] = mapped_column(default="received", index=True)
    received_at: Mapped[datetime]
    due_on: Mapped[int]  # a day number; moves while the reader owes something
    term: Mapped[str]  # by which it was counted, and its basis
    paused_on: Mapped[int | None]  # the day number from which the reader owes something
    officer: Mapped[str] = mapped_column(default="")  # who took it up
    ended_at: Mapped[datetime | None]
    submission: Mapped[str | None] = mapped_column(index=True, unique=True)  # of the form: sent twice, one request
    requester: Mapped[str] = mapped_column(default="citizen", server_default="citizen")  # citizen, official, foreign
    wanted: Mapped[str] = mapped_column(default="", server_default="")  # the information that is to be supplied
    channel: Mapped[str] = mapped_column(default="online", server_default="online")  # online, desk, post
    entered_by: Mapped[str] = mapped_column(default="", server_default="")  # who of the staff wrote it down
    behalf: Mapped[str] = mapped_column(default="", server_default="")  # for whom, where a proxy or an heir asks
    proof: Mapped[str] = mapped_column(default="", server_default="")  # the papers that were shown
    round: Mapped[int] = mapped_column(default=1, server_default="1")  # of approval: a new one after it was returned
    seen_event: Mapped[int] = mapped_column(default=0, server_default="0")  # the last step the reader has looked at
    rating: Mapped[int | None]  # by the reader, 1 to 5
    rating_note: Mapped[str] = mapped_column(default="", server_default="")
    payer_class: Mapped[str] = mapped_column(default="", server_default="")  # feeObjectType or donor, as declared
    paper_copies: Mapped[int] = mapped_column(default=0, server_default="0")  # beside the file, handed out at the desk
    post_to: Mapped[str] = mapped_column(default="", server_default="")  # address of copies on paper; "": the desk
    #: Who it was, with the number of the identity paper, where the file outlives the account.
    asker: Mapped[str] = mapped_column(Sealed, default="", server_default="")


class RequestItem(Base):
    """A record of a request, and what was answered."""

    __tablename__ = "request_item"

    request_id: Mapped[int] = mapped_column(ForeignKey("reading_request.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, index=True)
    answer: Mapped[str] = mapped_column(default="")  # granted, refused
    until: Mapped[int] = mapped_column(default=0, server_default="0")  # a day number; 0: refused
    copying: Mapped[bool] = mapped_column(default=False, server_default=false())
    pages_asked: Mapped[str] = mapped_column(default="", server_default="")  # "1-3,7"; none: all
    pages: Mapped[str] = mapped_column(default="", server_default="")  # granted, in the same way
    sheets: Mapped[int] = mapped_column(default=0, server_default="0")  # of what is on paper only, counted by staff
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


class RequestConsent(Base):
    """A consent that a chain of approval wants before the decision, given in a round of a request."""

    __tablename__ = "request_consent"
    __table_args__ = (UniqueConstraint("request_id", "round", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("reading_request.id"))
    round: Mapped[int]
    ordinal: Mapped[int]
    approver: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    reference: Mapped[str]  # number and day of the paper that gives it


class Delegation(Versioned, Base):
    """A head lets somebody decide in his place for a time."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    to_account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    first: Mapped[int]  # day numbers, both included
    last: Mapped[int]
    ground: Mapped[str]
    ended: Mapped[datetime | None]


class RequestDraft(Base):
    """What a reader wrote and did not send yet: the fields of the form."""

    __tablename__ = "request_draft"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]
