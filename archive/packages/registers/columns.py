"""What the columns of a register mean: by heading, then by what stands in them.

Headings: the circular's fields and labels (TT 02/2019/TT-BNV), the columns of the registers and transfer lists of NĐ
30/2020/NĐ-CP (Annex IV and V), and those that databases and spreadsheets of agencies use.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Literal

from analyzers.document_types import BY_NAME
from analyzers.fold import fold as plain
from archive.packages.dates import read_date
from archive.packages.fields import DOCUMENTS, fold, match_heading

By = Literal["heading", "content", "saved", "person", ""]

#: Number and notation in one cell; what is told of a document beside the circular's fields; the number of the line.
NUMBER, STATUS, EFFECTIVE, ATTACHMENT, LINE = "Number", "Status", "Effective", "Attachment", "Line"
OWN = {
    NUMBER: "Số, ký hiệu (một ô)",
    STATUS: "Tình trạng hiệu lực",
    EFFECTIVE: "Ngày có hiệu lực",
    ATTACHMENT: "Tệp đính kèm",
    LINE: "Số thứ tự (không lấy)",
}
FIELDS: dict[str, str] = {field.name: field.labels[0] for field in DOCUMENTS} | OWN
"""Everything that a column can mean, with the words for it."""

#: A register's own field before the circular's of the same words: its "Số văn bản" holds the notation, too.
_COMMON = {
    NUMBER: "number|Số, ký hiệu|Số và ký hiệu|Số/ký hiệu|Số ký hiệu văn bản|Số, ký hiệu văn bản|Số hiệu|Số hiệu văn bản"
    "|Số VB|Số KH|Số, KH|doc_number|so_ky_hieu|Số, ký hiệu, ngày tháng|Số và ký hiệu văn bản"
    "|Số/Ký hiệu VB|Số, ký hiệu VB|Số ký hiệu VB|Số, kí hiệu|Số và kí hiệu|Số kí hiệu văn bản",
    "CodeNumber": "Số|Số CV|Số công văn",
    "CodeNotation": "Ký hiệu|Kí hiệu|Ký hiệu văn bản",
    "IssuedDate": "date|date_issued|issued_date|date_raw|Ngày|Ngày tháng|Ngày tháng năm|Ngày, tháng, năm"
    "|Ngày tháng văn bản|Ngày tháng năm văn bản|Ngày ký|Ngày VB|Ngày BH"
    "|Ngày, tháng, năm ban hành|Ngày tháng ban hành|Ngày ban hành văn bản|ngay_ban_hanh",
    "Subject": "summary|abstract|title|subject|Tên loại và trích yếu nội dung|Tên loại và trích yếu|Nội dung|Tiêu đề"
    "|Tên văn bản|Trích yếu văn bản|Tên loại và trích yếu nội dung văn bản|Nội dung trích yếu|trich_yeu|Về việc|V/v",
    "TypeName": "type|doc_type|Loại VB|Thể loại|Hình thức văn bản|Loại|loai_van_ban",
    "OrganName": "issuer|Tác giả|Tác giả văn bản|Nơi ban hành|Đơn vị ban hành|Cơ quan|CQBH|CQ ban hành|Tác giả VB"
    "|co_quan_ban_hanh",
    "Signer": "signer|Lãnh đạo ký|Người ký văn bản|nguoi_ky",
    "PageAmount": "pages|Số tờ|Tờ số|Trang số|Số tờ/trang",
    "Description": "note|notes|remark|Ghi chú khác|ghi_chu",
    "Place": "place|Địa bàn",
    "Mode": "access|Quyền truy cập|Chế độ khai thác",
    "FileNotation": "file_number|Hồ sơ",
    STATUS: "status|Tình trạng|Hiệu lực|Trạng thái|Tình trạng hiệu lực|Hiệu lực văn bản",
    EFFECTIVE: "date_effective|effective_date|Ngày hiệu lực|Ngày có hiệu lực",
    ATTACHMENT: "attachment|attachments|attachment_name|Tệp|File|File đính kèm|Tệp đính kèm|Tên tệp",
    LINE: "id|STT|TT|Số TT|Số thứ tự|No|Số đến|Số đi",
}
_KNOWN = {fold(one): name for name, many in _COMMON.items() for one in many.split("|")}
_FORMULA = re.compile(
    r"\s*\d{1,6}[a-zA-Z]?\s*[-/ ]\s*(?:(?:19|20)\d\d\s*/\s*)?[A-ZĐÐ§][\w.&-]{1,30}(?:[-/][\w.&-]+)*\s*"
)
_SUBJECT = re.compile("noidung|trichyeu|veviec")  # "Nội dung công văn"
_MOST, _OFTEN, _SOME = 0.8, 0.6, 0.3
_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place from 0, its heading as written, what it means (None: not taken), and how that is known."""

    place: int
    heading: str
    field: str | None
    by: By
    example: str = ""


def signature(headings: Sequence[str]) -> str:
    """What a saved mapping is found by: the headings without marks, case and blanks, in their order (SHA-256)."""
    return hashlib.sha256("\n".join(fold(one) for one in headings).encode()).hexdigest()


def names_of(headings: Sequence[str]) -> list[str]:
    """What a mapping knows each column by: its heading, or "Cột 3" where it has none or an earlier one has the same."""
    seen = {""}
    names = []
    for place, heading in enumerate(headings, 1):
        names.append(f"Cột {place}" if fold(heading) in seen else heading)
        seen.add(fold(heading))
    return names


def of_heading(heading: str) -> str | None:
    """What a heading means by itself."""
    return _KNOWN.get(fold(heading)) or match_heading("van-ban", heading)


def recognise(
    headings: Sequence[str], rows: Sequence[Sequence[str]], saved: Mapping[str, str] | None = None
) -> list[Column]:
    """The columns of a register, also those behind the headings that have cells.  ``saved`` (name to field, '' for not
    taken) goes before everything else.

    A field whose heading says one thing and whose cells another is taken by its cells only where it has no heading.
    """
    saved = {fold(heading): field for heading, field in (saved or {}).items()}
    sample = rows[:_SAMPLE]
    filled = [place for row in sample for place in range(len(headings), len(row)) if row[place].strip()]
    headings = [*headings, *[""] * (max(filled, default=len(headings) - 1) + 1 - len(headings))]
    columns: list[Column] = []
    for place, (heading, name) in enumerate(zip(headings, names_of(headings), strict=True)):
        cells = [row[place].strip() for row in sample if place < len(row) and row[place].strip()]
        example = cells[0] if cells else ""
        told = next((saved[key] for key in (fold(name), fold(heading)) if key and key in saved), None)
        if told is not None:
            columns.append(Column(place, heading, told or None, "saved", example))
            continue
        field = of_heading(heading)
        if field in {"CodeNumber", LINE} and cells and _share(cells, _is_number) >= _OFTEN:
            field = NUMBER
        columns.append(Column(place, heading, field, "heading" if field else "", example))
    taken = {column.field for column in columns}
    texts = {c.place: [row[c.place].strip() for row in sample if c.place < len(row)] for c in columns if not c.by}
    for field, fits in (("IssuedDate", _are_dates), (NUMBER, _are_numbers), ("TypeName", _are_types)):
        found = next((place for place in texts if fits([t for t in texts[place] if t], headings[place])), None)
        if field not in taken and found is not None:
            columns[found] = _by_content(columns[found], field)
            del texts[found]
    named = next((place for place in texts if _SUBJECT.match(fold(headings[place]))), None)
    if "Subject" not in taken and named is not None:
        columns[named] = _by_content(columns[named], "Subject")
    elif "Subject" not in taken and texts:
        longest = max(texts, key=lambda place: mean(map(len, texts[place])) if texts[place] else 0)
        if (
            texts[longest]
            and mean(map(len, texts[longest])) > 25
            and _share(texts[longest], lambda t: " " in t) > _OFTEN
        ):
            columns[longest] = _by_content(columns[longest], "Subject")
    return columns


def is_data(cell: str) -> bool:
    """Whether a cell is a number of a document or a day, which no heading is."""
    return _is_number(cell) or (len(cell) >= 6 and read_date(cell).days is not None)


def _by_content(column: Column, field: str) -> Column:
    return Column(column.place, column.heading, field, "content", column.example)


def _share(cells: Sequence[str], fits: object) -> float:
    return sum(bool(fits(cell)) for cell in cells) / len(cells) if cells and callable(fits) else 0.0


def _is_number(cell: str) -> bool:
    return bool(_FORMULA.fullmatch(cell))


def _are_numbers(cells: Sequence[str], _heading: str) -> bool:
    return _share(cells, _is_number) >= _OFTEN


def _are_dates(cells: Sequence[str], heading: str) -> bool:
    """Unclear days among them each get their line: they are no reason to lose the clear ones."""
    named = not {"ngay", "date"}.isdisjoint(plain(heading.casefold()).replace("_", " ").split())
    clear = _share(cells, lambda cell: len(cell) >= 6 and read_date(cell).days is not None)
    return clear >= (_SOME if named else _OFTEN)


def _are_types(cells: Sequence[str], _heading: str) -> bool:
    return _share(cells, lambda cell: plain(cell.casefold()) in BY_NAME) >= _MOST
