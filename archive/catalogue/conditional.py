"""Lists of records of conditional access (danh mục tài liệu tiếp cận có điều kiện), as an authority approves them.

Law 33/2024/QH15 Điều 25 and NĐ 113/2025/NĐ-CP (V2; wording of the categories R).
"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base


class ConditionalList(Base):
    """A list: the decision that approved it, its day, who approved."""

    __tablename__ = "conditional_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    decision: Mapped[str] = mapped_column(unique=True)  # "412/QĐ-UBND"
    decided_on: Mapped[int]  # day numbers
    approver: Mapped[str]
    ended_on: Mapped[int | None]  # no longer in force from this day; its members stay as they are
    end_ground: Mapped[str] = mapped_column(default="")
    review_on: Mapped[int | None]  # when it is to be looked at again, as whoever keeps it said
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class ConditionalMember(Base):
    """A record on a list, with the ground that the list gives for it."""

    __tablename__ = "conditional_member"

    list_id: Mapped[int] = mapped_column(ForeignKey("conditional_list.id", ondelete="CASCADE"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, index=True)
    ground: Mapped[str] = mapped_column(default="")
