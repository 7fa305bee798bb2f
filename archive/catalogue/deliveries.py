"""Packages as they came, the report on each row, and what waits in quarantine or is held for an archivist."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned


class Package(Base):
    """One package, named by what it holds: taking the same bytes again is the same package."""

    __tablename__ = "package"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)  # SHA-256 over the tables and the listing of its files
    first_taken: Mapped[datetime]
    last_taken: Mapped[datetime]
    finished: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ReportRow(Base):
    """A line of a package's report: every row that was not plainly accepted has one."""

    __tablename__ = "report_row"
    __table_args__ = (Index("ix_report_row_place", "package_id", "sheet", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    sheet: Mapped[str]  # phong, ho-so, van-ban, data, package
    row: Mapped[int | None]
    field: Mapped[str | None]
    code: Mapped[str]
    message: Mapped[str]
    action: Mapped[str]
    outcome: Mapped[str]
    record: Mapped[str | None]  # DocCode, FileCode or OrganId


class QuarantinedRow(Versioned, Base):
    """A delivered row kept apart: it does not exist for any reader until an archivist decides."""

    __tablename__ = "quarantined_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # sheet, natural key and content: the same row stands once
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    sheet: Mapped[str]
    row: Mapped[int]
    natural_key: Mapped[str] = mapped_column(index=True)
    ground: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [name, kind, sha256] in the quarantine storage
    decided_at: Mapped[datetime | None]


class HeldChange(Versioned, Base):
    """A delivered change that would loosen a restriction: proposed, until an archivist confirms."""

    __tablename__ = "held_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    key: Mapped[str] = mapped_column(unique=True)  # record and content: the same proposal stands once
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    ground: Mapped[str]
    decided_at: Mapped[datetime | None]
