"""What machines read and find: pages waiting to be recognised, signatures of files, proposals for the description."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Masked


class RecognitionTask(Base):
    """A page whose text is still to be read from its image.  The row goes when the page is done."""

    __tablename__ = "recognition_task"
    __table_args__ = (
        Index(
            "ix_recognition_task_waiting",
            *("record_id", "n"),
            sqlite_where=text("failed = 0"),
            postgresql_where=text("NOT failed"),
        ),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))  # whose report tells what happens to it
    reason: Mapped[str]  # no-text, few-words, no-marks, or a fault of analyzers.legibility
    attempts: Mapped[int] = mapped_column(default=0)
    failed: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str] = mapped_column(default="")


class FileSignature(Base):
    """A digital signature found in a delivered file, as it was judged on the way in."""

    __tablename__ = "file_signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    file: Mapped[str]  # its name in the package
    sha256: Mapped[str]
    field: Mapped[str]
    signer: Mapped[str]
    issuer: Mapped[str]
    signed_at: Mapped[datetime | None]
    timed: Mapped[bool]  # the moment is a time-stamp authority's, not the signer's own word
    verdict: Mapped[str]  # valid, changed, extended, untrusted, expired, revoked, unreadable
    coverage: Mapped[str]  # whole, revision, part
    stamp: Mapped[str] = mapped_column(default="", server_default="")  # known, unknown, broken; "": none
    revocation: Mapped[str] = mapped_column(default="", server_default="")  # good, revoked, unknown; "": not looked for
    checked_at: Mapped[datetime]


class Proposal(Base):
    """A field of the description that a machine read on a page; an archivist accepts or refuses it."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("record_id", "field"),
        Index(
            "ix_proposal_waiting",
            "record_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    field: Mapped[str]  # the circular's name
    value: Mapped[str] = mapped_column(Masked)
    confidence: Mapped[float]  # 0..1
    page: Mapped[int]
    first_word: Mapped[int]  # from 0, both included (archive.boxes)
    last_word: Mapped[int]
    contradicts: Mapped[bool] = mapped_column(default=False)  # the description says otherwise
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, accepted, refused
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
