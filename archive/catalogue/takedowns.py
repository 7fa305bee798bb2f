"""Requests of persons concerned to take personal data down."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned


class TakedownRequest(Versioned, Base):
    """A request and its decision.  Who asked and how to reach him is erased on ``erase_on``; the decision stays."""

    __tablename__ = "takedown_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # by which the person follows it
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="SET NULL"), index=True)
    about: Mapped[str]  # the record or address as it was typed
    asker: Mapped[str]
    contact: Mapped[str]
    wish: Mapped[str]
    reason: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(index=True)
    due_on: Mapped[int]  # day numbers
    state: Mapped[str] = mapped_column(default="received")  # received, review, decided
    outcome: Mapped[str] = mapped_column(default="")  # refused, masked, restricted, held (a page's image)
    ground: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    erase_on: Mapped[int | None]
    erased_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(default="")  # a keyed digest of the sender's address, for the throttle
