"""What readers keep and ask: their own shelf, and questions about records that staff answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Masked, Versioned


class KeptItem(Base):
    """A record, a search or a filter on somebody's shelf, with a note of his own; nobody else sees it."""

    __tablename__ = "kept_item"
    __table_args__ = (Index("ix_kept_item_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str]  # record, search; queue: a filter of the staff's queue
    what: Mapped[str]  # public identifier, or the query of a search or filter
    note: Mapped[str] = mapped_column(default="")  # of a filter: its name
    seen_at: Mapped[datetime | None]  # of a search: what came or opened later is new to its reader
    letters: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # of a search: vi or en where letters are wanted
    told_to: Mapped[int | None]  # the last row of the catalogue that letters have told of
    looked_at: Mapped[int | None]  # and the day of the last one: what opened since is new, too
    kept_at: Mapped[datetime]


class Enquiry(Versioned, Base):
    """An error that a reader reports of a record, or a question; read and answered under its code, by no name."""

    __tablename__ = "enquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # error, question
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="SET NULL"), index=True)
    page: Mapped[int | None]
    text: Mapped[str] = mapped_column(Masked)
    received_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")  # a keyed digest of the sender's address, for the throttle
