"""Statements of the bank: CSV or XLSX as banks give them, columns found by their headings, each line read or told."""

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from analyzers.fold import fold
from archive.packages.encodings import detect_encoding
from archive.packages.sheets import Record, Sheet, TextSheet, sniff_separator
from archive.packages.workbooks import WorkbookError, WorkbookSheet
from desk.fees.references import find_references

LARGEST = 8 << 20
HEADING_WITHIN = 40  # lines: the bank's name, the account and the period stand above

#: What each column is called by banks, folded; the longest name that a heading contains counts.
NAMES: dict[str, tuple[str, ...]] = {
    "day": ("ngay giao dich", "ngay hach toan", "ngay hieu luc", "ngay gd", "transaction date", "posting date", "date",
            "ngay"),
    "credit": ("so tien ghi co", "phat sinh co", "ghi co", "tien vao", "credit amount", "credit", "co"),
    "debit": ("so tien ghi no", "phat sinh no", "ghi no", "tien ra", "debit amount", "debit", "no"),
    "amount": ("so tien giao dich", "so tien", "amount"),
    "told": ("noi dung giao dich", "noi dung", "dien giai", "mo ta", "description", "remark", "details", "ghi chu"),
    "reference": (
        "so tham chieu", "ma tham chieu", "so but toan", "ma giao dich", "so giao dich", "so chung tu", "so ct",
        "transaction id", "transaction no", "reference", "ref",
    ),
}  # fmt: skip
WHOLE_ONLY = {"co", "no", "ref", "date", "ngay"}  # too short to be looked for inside a heading


class StatementError(ValueError):
    """Nothing of the file can be read; the text is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came in, or, ``out``, went out and names a fee.  ``outside``: the bank's reference, else what the line
    says of itself, so that the same line is the same in every statement."""

    row: int
    day: int  # day number
    amount: int  # đồng, above 0
    told: str
    outside: str
    out: bool = False


@dataclass(slots=True)
class Statement:
    """What a file holds: the columns as they were understood, lines of money that came in or went out naming a fee,
    how many others went out, and the rows that could not be read, each with its reason."""

    columns: dict[str, str]  # meaning to heading
    lines: list[Line] = field(default_factory=list)
    outgoing: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)


def read_statement(name: str, content: bytes) -> Statement:
    """Reads a statement.  Raises StatementError."""
    if len(content) > LARGEST:
        raise StatementError(f"Tệp lớn quá {LARGEST >> 20} MiB; hãy xuất sao kê theo từng ngày.")
    sheet = _open(name, content)
    try:
        rows = list(sheet.records())
    except (WorkbookError, zipfile.BadZipFile, OSError) as error:
        raise StatementError(f"Không đọc được tệp: {error}.") from error
    finally:
        sheet.close()
    return _read(rows)


def _open(name: str, content: bytes) -> Sheet:
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or name.lower().endswith(".xlsx"):
        try:
            return WorkbookSheet(content)
        except (WorkbookError, zipfile.BadZipFile, OSError) as error:
            raise StatementError(f"Không mở được bảng tính: {error}.") from error
    encoding = detect_encoding(io.BytesIO(content)).name
    sample = content[: 1 << 16].decode(encoding, "replace")
    return TextSheet(lambda: io.BytesIO(content), encoding, sniff_separator(sample, lambda cells: len(_columns(cells))))


def _columns(cells: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        heading = " ".join(re.sub(r"[^a-z ]", " ", fold(cell).lower()).split())
        fits = [
            (len(name), meaning)
            for meaning, names in NAMES.items()
            for name in names
            if name == heading or (name not in WHOLE_ONLY and name in heading)
        ]
        if fits:
            found.setdefault(max(fits)[1], place)
    return found


def _read(rows: list[Record]) -> Statement:
    top = max(rows[:HEADING_WITHIN], key=lambda one: len(_columns(one[1])), default=None)
    columns = _columns(top[1]) if top else {}
    if top is None or "day" not in columns or not {"credit", "amount"} & set(columns) or "told" not in columns:
        raise StatementError(
            "Không nhận ra các cột: cần ngày giao dịch, số tiền ghi có (hoặc số tiền) và nội dung; "
            f"đã thấy: {', '.join(one for one in top[1] if one) if top else 'tệp trống'}."
        )
    told = Statement({meaning: " ".join(top[1][place].split()) for meaning, place in columns.items()})
    seen: Counter[str] = Counter()
    for row, cells in rows:
        if row > top[0]:
            _read_row(told, seen, row, {name: cells[at].strip() for name, at in columns.items() if at < len(cells)})
    return told


def _read_row(told: Statement, seen: "Counter[str]", row: int, cells: dict[str, str]) -> None:
    if not any(cells.values()):
        return
    day = _day(cells.get("day", ""))
    if day is None:
        told.unread.append((row, f"ngày “{cells.get('day', '')[:40]}” không phải là ngày"))
        return
    try:
        credit = _amount(cells.get("credit", "")) if "credit" in told.columns else _amount(cells.get("amount", ""))
        debit = _amount(cells.get("debit", "")) if "debit" in told.columns else 0
    except ValueError as error:
        told.unread.append((row, f"số tiền “{str(error)[:40]}” không đọc được"))
        return
    gone = abs(debit) or max(-credit, 0) if credit <= 0 else 0
    if credit <= 0 and not gone:
        told.unread.append((row, "không có số tiền"))
        return
    if gone and not find_references(cells.get("told", "")):
        told.outgoing += 1
        return
    text, reference = " ".join(cells.get("told", "").split()), "".join(cells.get("reference", "").split())[:80]
    if not reference:  # two equal lines of one day are two transfers: the first and the second of their kind
        own = f"{day}|{credit or -gone}|{text}"
        seen[own] += 1
        reference = "sk:" + hashlib.sha256(f"{own}|{seen[own]}".encode()).hexdigest()[:32]
    if gone:  # a bank that takes a transfer back often gives it the number of that transfer
        reference = f"ra:{reference}"
    told.lines.append(Line(row, day, gone or credit, text, reference, out=bool(gone)))


def _day(text: str) -> int | None:
    if found := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)", text):
        year, month, day = int(found[3]), int(found[2]), int(found[1])
    elif found := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def _amount(text: str) -> int:
    """Whole đồng: ``1.234.000``, ``1,234,000.00``, ``+20000 VND``, ``(5.000)``; 0 if empty; else ValueError(text)."""
    plain = re.sub(r"\s|VN[DĐ]|đ|₫", "", text, flags=re.I)
    if plain in {"", "-"}:
        return 0
    negative = plain.startswith("-") or (plain.startswith("(") and plain.endswith(")"))
    plain = plain.strip("()") if plain.startswith("(") else plain.removeprefix("-" if negative else "+")
    if found := re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})*|\d+)(?:[.,]0{1,2})?", plain, re.ASCII):
        return int(re.sub(r"[.,]", "", found[1])) * (-1 if negative else 1)
    raise ValueError(text)
