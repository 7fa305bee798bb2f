"""Reading the lists of conditional records: all of them, and the members of one as far as the viewer may see them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.catalogue.conditional import ConditionalList, ConditionalMember
from archive.catalogue.records import Record
from archive.packages.fields import fold

WINDOW = 50
COLUMNS = {
    "Identifier": ("Identifier", "Mã cơ quan lưu trữ"),
    "OrganId": ("OrganId", "Mã phông"),
    "FileCode": ("FileCode", "Mã hồ sơ"),
    "DocCode": ("DocCode", "Mã văn bản", "Mã định danh văn bản"),
    "Ground": ("Ground", "Lý do", "Căn cứ"),
}
_KNOWN = {fold(label): name for name, labels in COLUMNS.items() for label in labels}


class TableError(ValueError):
    """The table of a list cannot be read; the text is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class Members:
    """A stretch of the members of a list with their grounds: ``start`` counts from 1, ``total`` is all to be seen."""

    records: tuple[tuple[Record, str], ...]
    start: int
    total: int


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table (UTF-8, comma or semicolon) under the columns' names; TableError if it is none."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"“{path.name}” không phải UTF-8; hãy lưu lại dạng CSV UTF-8.") from error
    head = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","))
    names = [_KNOWN.get(fold(cell), "") for cell in rows[0]] if rows else []
    if not {"DocCode", "FileCode", "OrganId"} & set(names):
        raise TableError(f"“{path.name}” thiếu cột mã: cần DocCode, FileCode hoặc OrganId.")
    return [
        {name: cell.strip() for name, cell in zip(names, row, strict=False) if name} for row in rows[1:] if any(row)
    ]


def all_lists(session: Session) -> list[tuple[ConditionalList, int]]:
    """Every list with the number of its members, the latest first."""
    counted = func.count(ConditionalMember.record_id)
    rows = session.execute(
        select(ConditionalList, counted)
        .outerjoin(ConditionalMember, ConditionalMember.list_id == ConditionalList.id)
        .group_by(ConditionalList.id)
        .order_by(ConditionalList.decided_on.desc(), ConditionalList.id.desc())
    )
    return [(one, count) for one, count in rows]


def find_list(session: Session, public_id: str) -> ConditionalList | None:
    """The list of that identifier."""
    return session.scalar(select(ConditionalList).where(ConditionalList.public_id == public_id))


def members(session: Session, viewer: Viewer, found: ConditionalList, day: int, start: int = 1) -> Members:
    """Members that the viewer may see, from place ``start``."""
    asked = (
        select(Record, ConditionalMember.ground)
        .join(ConditionalMember, ConditionalMember.record_id == Record.id)
        .where(ConditionalMember.list_id == found.id, sql_condition(viewer, "see", day))
    )
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    start = max(1, min(start, total))
    rows: Sequence[tuple[Record, str]] = [
        (one, ground) for one, ground in session.execute(asked.order_by(Record.id).offset(start - 1).limit(WINDOW))
    ]
    return Members(tuple(rows), start, total)
