"""Themes: collections and stories that archivists build from records; and what has left public view."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Masked, Versioned


class Theme(Versioned, Base):
    """A collection or a story: a title, an introduction, pieces in their order; a draft until it is published."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in its address; given once
    kind: Mapped[str]  # collection, story
    title: Mapped[str] = mapped_column(Masked)
    summary: Mapped[str] = mapped_column(Masked, default="")
    published_at: Mapped[datetime | None] = mapped_column(index=True)  # None: a draft
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class ThemePiece(Base):
    """A piece of a theme: words, or words about a record, or words about a page of it with its image.

    What is said of a record is for whoever sees the record; what is said of a page, for whoever reads it.
    """

    __tablename__ = "theme_piece"
    __table_args__ = (Index("ix_theme_piece_order", "theme_id", "place", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(Masked, default="")
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    page: Mapped[int | None]


class Departure(Base):
    """A record that everyone could see and that was withdrawn or replaced by decision: its address says so, for ever.

    Only what was public once has a row; what turned out to be secret has none.
    """

    __tablename__ = "departure"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    left_on: Mapped[int]  # a day number
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="SET NULL"), index=True)
