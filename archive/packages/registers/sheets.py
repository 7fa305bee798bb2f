"""A register as headings and rows: a workbook, separated text, or JSON, one object a line or a list of them.

Nothing is written; a workbook is unpacked into a temporary file that ends with the sheet.
"""

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from analyzers.legacy import decode, detect
from archive.packages.encodings import detect_encoding
from archive.packages.findings import Finding, Outcome, quote
from archive.packages.registers.columns import is_data, of_heading
from archive.packages.sheets import Record, Sheet, TextSheet, numbers_columns, sniff_separator
from archive.packages.sources import DeliveryError
from archive.packages.unpacking import MEMORY
from archive.packages.workbooks import WORKBOOKS, UnpackedSheet, WorkbookError, WorkbookSheet, is_workbook

LARGEST = 256 << 20  # bytes of a register, unpacked
HEADING_WITHIN = 20
_FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
TEXT = (".csv", ".tsv", ".txt")
JSON = (".jsonl", ".ndjson", ".json")
ENDINGS = (*WORKBOOKS, *TEXT, *JSON)


@dataclass(slots=True)
class RegisterSheet:
    """Headings (empty ones are columns without a name), the line they stand in (0: there are none), what was noted."""

    name: str
    headings: list[str]
    head_row: int
    findings: list[Finding]
    _sheet: Sheet

    def rows(self) -> Iterator[Record]:
        """The records below the headings: line number and cells; DeliveryError where the sheet breaks."""
        try:
            for row, cells in self._sheet.records():
                if row > self.head_row and any(map(str.strip, cells)):
                    yield row, cells
        except WorkbookError as error:
            raise DeliveryError(f"Sổ {quote(self.name)}: {error}.") from error

    def close(self) -> None:
        """Let go of temporary files."""
        self._sheet.close()


def is_register(path: Path) -> bool:
    """Whether the name is that of a register."""
    return ending(path) in ENDINGS


def ending(path: Path) -> str:
    """The ending that says what a file is: 'x.jsonl.gz' -> '.jsonl'."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


def open_register(path: Path) -> RegisterSheet:
    """Opens a register; DeliveryError (Vietnamese) where nothing can be read."""
    data = _bytes(path)
    findings: list[Finding] = []
    kind = ending(path)
    try:
        if is_workbook(path.name.lower().removesuffix(".gz"), data[:512]):
            sheet: Sheet = _of_workbook(path.name, data, findings)
        elif kind in JSON:
            return _of_objects(path.name, data, findings)
        else:
            sheet = _of_text(path.name, data, findings)
        top = [(row, _decoded(cells)) for row, cells in islice(sheet.records(), HEADING_WITHIN)]
    except WorkbookError as error:
        raise DeliveryError(f"Sổ {quote(path.name)}: {error}.") from error
    if not top:
        sheet.close()
        raise DeliveryError(f"Sổ {quote(path.name)} trống, không có dòng nào.")
    row, cells = max(top, key=lambda record: _known(record[1]))
    if _known(cells) < 2 and (
        _known(cells) == 0 or any(map(is_data, cells))
    ):  # no line of headings: what the columns mean is read from them
        return RegisterSheet(path.name, [""] * max(len(one) for _, one in top), 0, findings, sheet)
    row, headings = _whole_heading(dict(top), row, findings)
    while headings and not headings[-1]:
        headings.pop()
    return RegisterSheet(path.name, headings, row, findings, sheet)


def _whole_heading(top: dict[int, list[str]], row: int, findings: list[Finding]) -> tuple[int, list[str]]:
    """The last line of the headings and the headings themselves: of two lines where a group stands above its columns;
    a line that numbers the columns belongs to them and is told."""
    headings = [" ".join(cell.split()) for cell in top[row]]
    for other in (row + 1, row - 1):
        beside = [" ".join(cell.split()) for cell in top.get(other, [])]
        upper, lower = (headings, beside) if other > row else (beside, headings)
        both = [
            below if below and (of_heading(below) or not of_heading(above)) else above
            for above, below in zip_longest(upper, lower, fillvalue="")
        ]
        if _known(both) > _known(headings) and not any(map(is_data, beside)) and sum(map(bool, beside)) > 1:
            row, headings = max(row, other), both
            break
    if numbers_columns(top.get(row + 1, [])):
        row += 1
        message = f"Dòng {row}: đánh số các cột, thuộc về tiêu đề"
        done = "không phải văn bản, không lấy dòng này"
        findings.append(Finding("van-ban", row, None, "row.heading", message, done, Outcome.ACCEPTED))
    return row, headings


def _decoded(cells: list[str]) -> list[str]:
    """The cells of a line in Unicode: headings in the fonts of old times are headings, and short ones with them."""
    line = "\t".join(cells)
    found, _ = detect(line)
    told = decode(line, _FONTS.get(found or "", "")).text.split("\t")
    return told if len(told) == len(cells) else cells


def _bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise DeliveryError(f"Không đọc được sổ {quote(path.name)} (bị hỏng hoặc không còn).") from error
    if len(data) > LARGEST:
        raise DeliveryError(f"Sổ {quote(path.name)} lớn quá {LARGEST >> 20} MiB; hãy chia nhỏ rồi giao lại.")
    return data


def _known(cells: list[str]) -> int:
    return len({of_heading(cell) for cell in cells if len(cell) < 80} - {None})


def _of_workbook(name: str, data: bytes, findings: list[Finding]) -> WorkbookSheet:
    book = WorkbookSheet(data)
    for code, wrong, done in book.notes():
        findings.append(Finding("van-ban", None, None, code, f"Sổ {quote(name)}: {wrong}", done, Outcome.WARNED))
    return book


def _of_text(name: str, data: bytes, findings: list[Finding]) -> TextSheet:
    found = detect_encoding(io.BytesIO(data))
    if found.name == "latin-1":
        findings.append(_say("encoding.legacy", f"Sổ {quote(name)} viết bằng phông TCVN3 hoặc VNI"))
    elif found.name == "cp1258":
        findings.append(_say("encoding.windows-1258", f"Sổ {quote(name)} viết bằng bảng mã Windows-1258"))
    elif found.damaged:
        findings.append(_say("encoding.damaged", f"Sổ {quote(name)} có {found.damaged} chỗ không giải mã được"))
    sample = data[: 1 << 16].decode(found.name, "replace")
    separator = "\t" if name.lower().endswith(".tsv") else sniff_separator(sample, _known)
    return TextSheet(lambda: io.BytesIO(data), found.name, separator)


def _say(code: str, message: str) -> Finding:
    return Finding("van-ban", None, None, code, message, "đã chuyển sang Unicode", Outcome.WARNED)


class ObjectSheet(UnpackedSheet):
    """JSON objects as a sheet without a line of headings, read in a child; the line of a list's object is its place."""

    def __init__(self, data: bytes, *, memory: int = MEMORY) -> None:
        """Raises WorkbookError where they cannot be read in so many bytes of memory."""
        super().__init__(data, "archive.packages.registers.objects", memory)
        self.keys: list[str] = self.told["keys"]
        self.unread: list[tuple[int, str]] = [(line, wrong) for line, wrong in self.told["unread"]]


def _of_objects(name: str, data: bytes, findings: list[Finding]) -> RegisterSheet:
    sheet = ObjectSheet(data)
    for line, wrong in sheet.unread:
        message, done = f"Dòng {line}: {wrong}", "không lấy dòng này"
        findings.append(Finding("van-ban", line, None, "row.unreadable", message, done, Outcome.REJECTED))
    if not sheet.keys:
        sheet.close()
        raise DeliveryError(f"Sổ {quote(name)} không có dòng nào đọc được.")
    return RegisterSheet(name, sheet.keys, 0, findings, sheet)
