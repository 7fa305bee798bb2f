"""The child that unpacks a spreadsheet: its bytes on standard input, rows as CSV into the file named first, with so
much memory as is named next, what was found as one JSON object on standard output.

XLSX by openpyxl, row by row; .xls and .ods by calamine, which lays a sheet out whole: a sheet that claims all its cells
is this process's end and nobody else's.
"""

import csv
import errno
import io
import json
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

MEMORY = 1536 << 20  # bytes of address space
SECONDS = 600  # of the processor
LARGEST = 2 << 30  # bytes of rows written
MOST_ROWS = 1_048_576  # Excel's own limit
MOST_COLUMNS = 100
FEW_ROWS = 20_000  # beyond, a row takes a byte of the file at least: .ods can repeat one for ever

Told = dict[str, Any]
Row = tuple[int, list[str]]
Sheets = Iterator[tuple[bool, tuple[str, Iterator[Row]]]]  # hidden, name, rows


def main() -> None:
    """Unpacks what stands on standard input.  The answer is ``{broken, last, beyond, left, wrong}``: whether it broke
    off, the last row, the first row with cells that are not taken, ``[name, rows, hidden]`` of the sheets that were not
    taken, and why nothing could be (``locked``, ``broken``, ``large``; "" otherwise).  On a full disk it ends with 28.
    """
    answer({"broken": False, "last": 0, "beyond": 0, "left": [], "wrong": ""}, _write)


def answer(told: Told, write: Callable[[bytes, Path, Told], None]) -> None:
    """Such a child's work, bounded: ``write`` puts rows into the file and what it found into ``told``, the answer."""
    memory = int(sys.argv[2])
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, LARGEST)):
        resource.setrlimit(kind, (most, most))
    try:
        write(sys.stdin.buffer.read(), Path(sys.argv[1]), told)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(errno.ENOSPC)
        told["wrong"] = "large" if error.errno == errno.EFBIG else "broken"
    except MemoryError:
        told["wrong"] = "large"
    json.dump(told, sys.stdout)


def _write(content: bytes, path: Path, told: Told) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for count, row in enumerate(_unpacked(content, told)):
            if count > max(FEW_ROWS, len(content)):
                raise OSError(errno.EFBIG, "rows of nothing")
            writer.writerow(row)


def _unpacked(content: bytes, told: Told) -> Iterator[list[object]]:
    try:
        sheets = _modern(content, told) if _is_modern(content) else _older(content, told)
    except (OSError, MemoryError):
        raise
    except BaseException as error:  # the libraries raise anything on broken parts, panics of Rust among it
        told["wrong"] = "locked" if "assword" in str(error) else "broken"
        return
    try:
        for hidden, (name, rows) in sheets:
            taken, count = not told["last"], 0
            for number, texts in rows:
                count += 1
                if taken:
                    yield [number, *texts]
                    told["last"] = number
            if count and not taken:
                told["left"].append([name, count, hidden])
    except (OSError, MemoryError, GeneratorExit):
        raise
    except BaseException:
        told["broken"] = True


def _is_modern(content: bytes) -> bool:
    return content.startswith(b"PK") and b"mimetypeapplication/vnd.oasis" not in content[:200]


def _modern(content: bytes, told: Told) -> Sheets:
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # openpyxl takes it along: 80 MB of address space
    import openpyxl

    warnings.simplefilter("ignore")  # about extensions of Excel that change no value
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found = sorted(((one.sheet_state != "visible", one) for one in book.worksheets), key=lambda pair: pair[0])
    return ((hidden, (str(sheet.title), _rows_of(sheet, told))) for hidden, sheet in found)


def _rows_of(sheet: Any, told: Told) -> Iterator[Row]:
    sheet.reset_dimensions()  # never believe the declared size
    yield from _filled(enumerate(sheet.iter_rows(max_row=MOST_ROWS, values_only=True), 1), told)


def _older(content: bytes, told: Told) -> Sheets:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    tables = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    found = sorted(((one.visible != SheetVisibleEnum.Visible, one.name) for one in tables), key=lambda pair: pair[0])
    return (
        (hidden, (name, _filled(enumerate(book.get_sheet_by_name(name).iter_rows(), 1), told)))
        for hidden, name in found
    )


def _filled(rows: Iterator[tuple[int, Any]], told: Told) -> Iterator[Row]:
    for number, cells in rows:
        if not cells:  # what lies between rows
            continue
        texts = [show_cell(cell) for cell in cells[:MOST_COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        if any(cell not in (None, "") for cell in cells[MOST_COLUMNS:]):
            told["beyond"] = told["beyond"] or number
        if texts:
            yield number, texts


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


if __name__ == "__main__":
    main()
