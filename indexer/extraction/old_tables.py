"""Tables of .xls (Excel 97 to 2003) by calamine: what cells show, formulas by the values last computed."""

import io
from collections.abc import Iterator

import olefile
from python_calamine import CalamineError, CalamineWorkbook

from indexer.extraction.errors import ExtractionError, TextWaitsError

STREAMS = ("Workbook", "Book")


def is_old_table(data: bytes) -> bool:
    """Whether a compound file holds a workbook."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as parts:
            return any(parts.exists(one) for one in STREAMS)
    except Exception:  # the library raises anything on broken tables of sectors
        return False


def read_old_table(data: bytes, name: str) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Name and rows of each sheet, one after the other; TextWaitsError for a password, ExtractionError for damage."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not book.sheet_names:
            raise ValueError("no sheets")
        for sheet in book.sheet_names:
            yield sheet, ([_shown(cell) for cell in row] for row in book.get_sheet_by_name(sheet).iter_rows())
    except CalamineError as error:
        if "assword" in str(error):
            raise TextWaitsError(f"Tệp «{name}» có mật khẩu.") from error
        raise ExtractionError(f"Tệp «{name}» hỏng: không đọc được bảng tính.") from error
    except BaseException as error:  # what the library did not foresee ends as PanicException, which is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        raise ExtractionError(f"Tệp «{name}» hỏng: không đọc được bảng tính.") from error


def _shown(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
