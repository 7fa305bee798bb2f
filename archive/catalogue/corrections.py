"""Corrections of single lines of a page's text, as readers propose them and archivists decide them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Masked, Versioned


class LineCorrection(Versioned, Base):
    """A line as it was and as it should be.  Once accepted it is a version of the page's text: who, when, and all that
    undoing needs.

    ``state``: waiting; accepted (the page says so); refused; outdated (the line became another before anybody decided);
    undone; contested (it was accepted, and what was delivered or recognised since says otherwise).
    """

    __tablename__ = "line_correction"
    __table_args__ = (
        Index("ix_line_correction_page", "record_id", "page"),
        Index(
            "ix_line_correction_open",
            "id",
            sqlite_where=text("state IN ('waiting', 'contested')"),
            postgresql_where=text("state IN ('waiting', 'contested')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    page: Mapped[int]
    line: Mapped[int]  # among the lines of the page that have words, from 1
    before: Mapped[str] = mapped_column(Masked)
    after: Mapped[str] = mapped_column(Masked)
    # personal numbers: those of ``before`` when it was replaced, those that the reader typed; places in the line
    marks_before: Mapped[list[Any]] = mapped_column(default=list)
    marks_after: Mapped[list[Any]] = mapped_column(default=list)
    boxes_before: Mapped[bytes | None] = mapped_column(LargeBinary)  # archive.boxes, the words of ``before`` only
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="")
