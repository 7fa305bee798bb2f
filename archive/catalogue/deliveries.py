"""Deliveries: who handed over what and what became of it; packages as they came, the report on each row, what waits in
quarantine or is held for an archivist, and what each package did to a record."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned, Whole


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
    about: Mapped[str] = mapped_column(default="", server_default="")  # the same where no page may say it: never shown


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
    decided_at: Mapped[datetime | None]  # None: it waits
    judged_at: Mapped[datetime | None]  # last looked at by a person, who may have kept it waiting
    decision: Mapped[str] = mapped_column(default="", server_default="")  # released, kept, refused; entered: by itself
    decided_by: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    level: Mapped[str] = mapped_column(default="", server_default="")  # of what is released: 01, 02
    opens_on: Mapped[int | None]
    entered_at: Mapped[datetime | None]  # the released row was taken into the catalogue


class HeldChange(Versioned, Base):
    """A delivered change that would loosen a restriction: proposed, until an archivist confirms."""

    __tablename__ = "held_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    key: Mapped[str] = mapped_column(unique=True)  # record and content (and package, where it was refused before)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    ground: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="", server_default="")
    decision: Mapped[str] = mapped_column(default="", server_default="")  # accepted, refused


class Handover(Versioned, Base):
    """One act of handing over: received by page, API, watched folder or command, then taken, then perhaps undone.

    ``state``: receiving (pieces of an upload come), waiting, taking, taken, refused (nothing could be taken), failed
    (its taking broke off again and again: a person sends it once more), undone.
    """

    __tablename__ = "handover"
    __table_args__ = (UniqueConstraint("account", "idempotency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    account: Mapped[str]  # name of who handed over; "command-line", "watch" where no account did
    agent: Mapped[str] = mapped_column(default="", server_default="")  # token, watched folder, user of the machine
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)  # whose; None: the archive's
    channel: Mapped[str]  # page, folder, api, watch, command
    name: Mapped[str]  # of the file or folder
    place: Mapped[str]  # its path: below <home>/deliveries, or one that an administrator named
    size: Mapped[int] = mapped_column(Whole, default=0)  # bytes that are to come
    arrived: Mapped[int] = mapped_column(Whole, default=0)  # bytes that are here
    idempotency_key: Mapped[str | None]
    asked: Mapped[str] = mapped_column(default="")  # digest of the request under that key
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    corrects: Mapped[str] = mapped_column(default="", server_default="", index=True)  # public_id of an earlier one
    state: Mapped[str] = mapped_column(index=True)
    message: Mapped[str] = mapped_column(default="")  # why it was refused, or why the last attempt broke off
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")  # begun since somebody sent it
    due: Mapped[datetime | None]  # not before; None: at once
    step: Mapped[str] = mapped_column(default="")  # the table that is being taken
    done: Mapped[int] = mapped_column(default=0)  # rows of it
    total: Mapped[int] = mapped_column(default=0)
    received: Mapped[datetime]
    begun: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    undone: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="", server_default="")
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"), index=True)
    position: Mapped[int] = mapped_column(Whole, default=0)  # of the outbox when it was taken: indexed up to there


class Accession(Base):
    """What a package did to a record: the custody that is readable on the record, and what undoing needs."""

    __tablename__ = "accession"
    __table_args__ = (Index("ix_accession_package_record", "package_id", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # new, changed
    at: Mapped[datetime]
    before: Mapped[bytes | None] = mapped_column(LargeBinary)  # how a changed one was (archive.undoing)
    was_paper: Mapped[bool] = mapped_column(default=False, server_default=false())  # it was on shelves only before
    undone: Mapped[datetime | None]


class RegisterMapping(Base):
    """What the columns of a register mean, as a person said it: chosen again by its headings."""

    __tablename__ = "register_mapping"

    signature: Mapped[str] = mapped_column(primary_key=True)  # archive.packages.registers.columns.signature
    name: Mapped[str]
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)  # heading to field; '' is not taken
    saved: Mapped[datetime]
    saved_by: Mapped[str]
