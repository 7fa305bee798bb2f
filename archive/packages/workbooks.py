"""Tables in XLSX: the values that a person sees, read row by row, with limits on what a workbook may declare."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from archive.packages.sheets import Record

MOST_ROWS = 1_048_576  # Excel's own limit
MOST_COLUMNS = 100
LARGEST_PART = 1 << 30  # bytes of one unpacked part of the workbook
LARGEST_RATIO = 1000
BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
)


class WorkbookError(Exception):
    """A workbook that cannot be read; the message is a Vietnamese clause."""


class WorkbookSheet:
    """The first worksheet that holds anything; formulas give the values last computed."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.runaway: list[int] = []
        _check_parts(content)

    def declared_rows(self) -> int:
        """The row count that the first worksheet declares, for showing progress only; 0 when it declares none."""
        try:
            book = openpyxl.load_workbook(io.BytesIO(self._content), read_only=True, keep_links=False)
            try:
                return min(MOST_ROWS, book.worksheets[0].max_row or 0)
            finally:
                book.close()
        except BROKEN:
            return 0

    def records(self) -> Iterator[Record]:
        """See `Sheet.records`; raises WorkbookError where the workbook breaks."""
        try:
            book = openpyxl.load_workbook(io.BytesIO(self._content), read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise WorkbookError("tệp XLSX hỏng, không mở được") from error
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # never believe the declared size
                found = False
                rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                blank: tuple[Any, ...] | None = None  # openpyxl fills gaps with one and the same tuple
                for number, cells in enumerate(rows, 1):
                    if cells is blank:
                        continue
                    texts = _texts(cells)
                    if texts:
                        found = True
                        yield number, texts
                    else:
                        blank = cells
                if found:
                    return
        except BROKEN as error:
            raise WorkbookError("tệp XLSX hỏng giữa chừng") from error
        finally:
            book.close()


def _texts(cells: tuple[Any, ...]) -> list[str]:
    texts = [show_cell(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def show_cell(cell: object) -> str:
    """A cell as a person reads it: 1998.0 -> '1998', a date -> 'DD/MM/YYYY', true -> '1'."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    return str(cell)


def _check_parts(content: bytes) -> None:
    """Refuse bombs and document type declarations before any parser sees them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.infolist():
                if part.flag_bits & 1:
                    raise WorkbookError("tệp XLSX có mật khẩu")
                ratio = part.file_size / max(1, part.compress_size)
                if part.file_size > LARGEST_PART or (ratio > LARGEST_RATIO and part.file_size > 100 << 20):
                    raise WorkbookError("tệp XLSX bung ra quá lớn")
                with parts.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise WorkbookError("tệp XLSX chứa khai báo kiểu tài liệu (DOCTYPE), không an toàn")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise WorkbookError("không phải tệp XLSX hoặc tệp bị hỏng") from error
