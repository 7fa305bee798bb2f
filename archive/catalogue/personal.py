"""What was masked of a record, and how far an older catalogue has been gone through."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base


class PersonalMark(Base):
    """A stretch of a page's text (``page`` from 1) or of a field of the description (``page`` 0) that is masked.

    One set by hand that the text of a later delivery does not have stays with ``page`` 0 and no field: it is sought in
    every delivery of the record.
    """

    __tablename__ = "personal_mark"
    __table_args__ = (Index("ix_personal_mark_record_page", "record_id", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    page: Mapped[int] = mapped_column(default=0)
    field: Mapped[str] = mapped_column(default="")
    start: Mapped[int] = mapped_column(default=0)  # code points, the end not included
    end: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str]  # citizen, identity_card, account, phone, by_hand
    original: Mapped[str]


class MaskingProgress(Base):
    """One row while an older catalogue waits: records up to ``last`` are masked, those up to ``until`` are not."""

    __tablename__ = "masking_progress"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    last: Mapped[int]
    until: Mapped[int]
