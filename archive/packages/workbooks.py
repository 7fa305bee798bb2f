"""Tables in XLSX: the values that a person sees, read row by row, with limits on what a workbook may declare."""

import csv
import io
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from archive.packages.sheets import Record

MOST_ROWS = 1_048_576  # Excel's own limit
MOST_COLUMNS = 100
LARGEST_PART = 1 << 30  # bytes of one unpacked part of the workbook
LARGEST_RATIO = 1000


class WorkbookError(Exception):
    """A workbook that cannot be read; the message is a Vietnamese clause."""


class WorkbookSheet:
    """The first worksheet that holds anything; formulas give the values last computed.

    Unpacked once, row by row, into a temporary file of text: reading a workbook again costs as much as the first time.
    """

    def __init__(self, content: bytes) -> None:
        """Raises WorkbookError when the workbook is unsafe or cannot be opened at all."""
        check_parts(content)
        self.runaway: list[int] = []
        self.last_row, self._broken = 0, False
        self._file = tempfile.NamedTemporaryFile("w", newline="", encoding="utf-8", suffix=".csv")  # noqa: SIM115
        try:
            self._unpack(content)
            self._file.flush()
        except BaseException:
            self.close()
            raise

    def _unpack(self, content: bytes) -> None:
        writer = csv.writer(self._file)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about extensions of Excel that change no value
                book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # openpyxl raises anything on broken parts
            raise WorkbookError("tệp XLSX hỏng, không mở được") from error
        try:
            for sheet in book.worksheets:
                for number, texts in _read_sheet(sheet):
                    writer.writerow([number, *texts])
                    self.last_row = number
                if self.last_row:
                    return
        except OSError:
            raise  # no room for the temporary file
        except Exception:
            self._broken = True
        finally:
            book.close()

    def records(self) -> Iterator[Record]:
        """See `Sheet.records`; raises WorkbookError behind the last record where the workbook breaks."""
        with Path(self._file.name).open(newline="", encoding="utf-8") as file:
            for number, *texts in csv.reader(file):
                yield int(number), texts
        if self._broken:
            raise WorkbookError("tệp XLSX hỏng giữa chừng")

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()


def _read_sheet(sheet: Any) -> Iterator[Record]:
    sheet.reset_dimensions()  # never believe the declared size
    blank: tuple[Any, ...] | None = None  # openpyxl fills gaps with one and the same tuple
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True), 1):
        if cells is blank:
            continue
        texts = _texts(cells)
        if texts:
            yield number, texts
        else:
            blank = cells


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


def check_parts(content: bytes) -> None:
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
    except WorkbookError:
        raise
    except Exception as error:  # zipfile and zlib, too, raise many things on broken bytes
        raise WorkbookError("không phải tệp XLSX hoặc tệp bị hỏng") from error
