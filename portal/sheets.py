"""Rows of a result as CSV and XLSX, written piece by piece: memory does not grow with the result."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import IO

from flask import Response
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from portal.addresses import record_url
from portal.wording import either, fixed_label
from search.results import Hit

BOM = "\ufeff"  # so that spreadsheets read UTF-8 as such
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@\uff0b\uff0d\uff1d\uff20]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PIECE = 64 * 1024
_LONGEST_CELL = 32_000  # a spreadsheet takes 32,767 characters


def heading() -> list[str]:
    """The names of the columns, in the language of the answer."""
    pairs = (
        ("Mã", "Code"), ("Số, ký hiệu", "Number"), ("Tiêu đề", "Title"), ("Loại", "Type"),
        ("Ban hành", "Issued by"), ("Ngày", "Date"), ("Cấp", "Level"), ("Phông", "Fonds"), ("Nằm trong", "Path"),
        ("Truy cập", "Access"), ("Địa chỉ", "Address"),
    )  # fmt: skip
    return [either(vi, en) for vi, en in pairs]


def row(hit: Hit, site: str) -> list[str]:
    """The cells of a record; ``site`` begins its address."""
    access = fixed_label("access", hit.access)
    if hit.opens_on:
        access = f"{access}: {date.fromordinal(hit.opens_on).isoformat()}"
    top = hit.path[0] if hit.path else None
    return [
        hit.code, hit.number, hit.title, hit.type, hit.issuer, _days(hit.dates), fixed_label("level", hit.level),
        (top.title or top.code) if top else hit.title if hit.level == "fonds" else "",
        " / ".join(step.title or step.code for step in hit.path), access,
        f"{site}{record_url(hit.level, hit.id)}",
    ]  # fmt: skip


def _days(dates: tuple[int, int] | None) -> str:
    if dates is None:
        return ""
    first, last = (date.fromordinal(max(1, min(one, date.max.toordinal()))).isoformat() for one in dates)
    return first if first == last else f"{first}/{last}"


def plain(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula (OWASP: CSV injection), without control characters."""
    text = _CONTROL.sub("", cell)[:_LONGEST_CELL]
    return f"'{text}" if _FORMULA.match(text) else text


def sheet_file(rows: Iterable[Sequence[str]], kind: str, name: str, headers: Mapping[str, str]) -> Response:
    """The rows to be saved under that name, as a kind of KINDS."""
    answer = Response(write_sheet(rows, kind), content_type=KINDS[kind], headers=headers)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def write_sheet(rows: Iterable[Sequence[str]], kind: str) -> Iterator[bytes]:
    """The rows as a kind of KINDS."""
    return write_csv(rows) if kind == "csv" else write_xlsx(rows)


def write_csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, comma, CRLF (RFC 4180)."""
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer)
    for cells in rows:
        writer.writerow([plain(cell) for cell in cells])
        if buffer.tell() > _PIECE:
            yield _take(buffer)
    yield _take(buffer)


def _take(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data


def write_xlsx(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """One sheet; put together in a temporary file, given away in pieces."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Văn Khố")
    for cells in rows:
        texts = [plain(cell) for cell in cells]
        try:
            sheet.append(texts)
        except IllegalCharacterError:
            sheet.append([one.encode("ascii", "replace").decode() for one in texts])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
