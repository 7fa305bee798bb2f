"""Statements of the bank: CSV or XLSX as banks give them, columns found by their headings, each line read or told."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, zip_longest

from analyzers.fold import fold
from analyzers.legacy import decode
from archive.packages.encodings import detect_encoding
from archive.packages.sheets import Record, TextSheet, numbers_columns, sniff_separator
from archive.packages.workbooks import WorkbookError, WorkbookSheet, is_workbook
from archive.telling import Told
from desk.fees.references import find_references
from desk.fees.statement_cells import is_month_first, read_amount, read_day, read_side
from desk.fees.taking import MOST

LARGEST = 8 << 20
HEADING_WITHIN = 40  # lines: the bank's name, the account and the period stand above

#: What each column is called by banks, folded; the longest name that a heading contains counts.
NAMES: dict[str, tuple[str, ...]] = {
    "day": ("ngay giao dich", "ngay hach toan", "ngay hieu luc", "ngay gd", "transaction date", "posting date", "date",
            "ngay"),
    "credit": ("so tien ghi co", "phat sinh co", "ghi co", "tien vao", "credit amount", "credit", "co"),
    "debit": ("so tien ghi no", "phat sinh no", "ghi no", "tien ra", "debit amount", "debit", "no"),
    "amount": ("so tien giao dich", "so tien", "so tien ghi no ghi co", "so tien no co", "debit credit amount",
               "amount"),
    "side": ("no co", "co no", "d c", "c d", "dr cr", "cr dr", "debit credit", "credit debit", "ghi no ghi co"),
    "told": ("noi dung giao dich", "noi dung", "dien giai", "mo ta", "description", "remark", "details", "ghi chu"),
    "reference": (
        "so tham chieu", "ma tham chieu", "so but toan", "ma giao dich", "so giao dich", "so chung tu", "so ct",
        "transaction id", "transaction no", "reference", "ref",
    ),
}  # fmt: skip
WHOLE_ONLY = {"co", "no", "ref", "date", "ngay", *NAMES["side"]}  # too short to be looked for inside a heading


#: How a row below the table begins that adds up or signs, folded.
SUMS = re.compile(r"(tong|cong(?! ty)|so du|luy ke|total|sum|balance|opening|closing)\b")


class StatementError(Told):
    """Nothing of the file can be read, and why."""


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


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row with money that cannot be read: ``told`` is all that it says, ``outside`` the same in every reading."""

    row: int
    told: str
    outside: str


@dataclass(slots=True)
class Statement:
    """What a file holds: the columns as they were understood, lines of money that came in or went out naming a fee,
    how many others went out, the rows that could not be read, each with its reason, and which of them hold money."""

    columns: dict[str, str]  # meaning to heading
    lines: list[Line] = field(default_factory=list)
    outgoing: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read_statement(name: str, content: bytes) -> Statement:
    """Reads a statement.  Raises StatementError."""
    if len(content) > LARGEST:
        raise StatementError("Tệp lớn quá %(n)s MiB; hãy xuất sao kê theo từng ngày.", n=LARGEST >> 20)
    try:
        if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or is_workbook(name, content[:512]):
            return _of_workbook(content)
    except (WorkbookError, zipfile.BadZipFile, OSError) as error:
        raise StatementError("Không đọc được tệp: %(why)s.", why=error) from error
    return _of_text(content)


def _of_workbook(content: bytes) -> Statement:
    sheet = WorkbookSheet(content)
    try:
        told = _read(list(sheet.records()))
        told.unread += [(0, f"{wrong}; chưa đọc: hãy đối chiếu riêng") for _code, wrong, _done in sheet.notes()]
    finally:
        sheet.close()
    return told


def _of_text(content: bytes) -> Statement:
    encoding = detect_encoding(io.BytesIO(content)).name
    ways = ["latin-1", "cp1258"] if encoding == "latin-1" else [encoding]  # few words: either may look like the other
    readings = []
    for way in ways:
        text = unicodedata.normalize("NFC", content.decode(way, "replace"))
        whole = (decode(text).text if way == "latin-1" else text).encode()
        separator = sniff_separator(whole.decode()[: 1 << 16], lambda cells: len(_columns(cells)))
        readings.append(list(TextSheet(partial(io.BytesIO, whole), "utf-8", separator).records()))
    return _read(max(readings, key=lambda rows: max((len(_columns(cells)) for _, cells in rows), default=0)))


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


def _is_enough(columns: dict[str, int]) -> bool:
    return {"day", "told"} <= set(columns) and bool({"credit", "amount"} & set(columns))


def _headings(rows: list[Record]) -> tuple[int, list[str]]:
    """The row where the headings end, and the headings; those of two rows, one below the other, are put together."""
    top = rows[:HEADING_WITHIN]
    one = [(row, cells) for row, cells in top]
    two = [
        (row, [f"{above} {below}" for above, below in zip_longest(cells, under, fillvalue="")])
        for (_, cells), (row, under) in pairwise(top)
        if not any(any(sign.isdigit() for sign in cell) for cell in under)
    ]
    for found in (one, two):
        best = max(found, key=lambda heading: len(_columns(heading[1])), default=(0, []))
        if _is_enough(_columns(best[1])):
            return best
    return max(one, key=lambda heading: len(_columns(heading[1])), default=(0, []))


def _read(rows: list[Record]) -> Statement:
    last, headings = _headings(rows)
    columns = _columns(headings)
    if "side" in columns and not {"credit", "amount"} & set(columns):
        columns["amount"] = columns.pop("side")  # signed amounts below "Nợ/Có"
    if not _is_enough(columns):
        if not headings:
            raise StatementError("Không nhận ra các cột: tệp trống.")
        raise StatementError(
            "Không nhận ra các cột: cần ngày giao dịch, số tiền ghi có (hoặc số tiền) và nội dung; "
            "đã thấy: %(headings)s.",
            headings=", ".join(one for one in headings if one)[:500],
        )
    told = Statement({meaning: " ".join(headings[place].split()) for meaning, place in columns.items()})
    below = [(row, cells) for row, cells in rows if row > last and not _repeats_headings(cells)]
    day = columns["day"]
    month_first = is_month_first(cells[day] for _, cells in below if day < len(cells))
    seen: Counter[str] = Counter()
    for row, cells in below:
        named = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        if wrong := _read_row(told, seen, row, named, month_first):
            told.unread.append((row, wrong))
            if _holds_money(named, cells):
                own = " | ".join(one for one in (" ".join(cell.split()) for cell in cells) if one)
                told.doubts.append(Doubt(row, f"{wrong}: {own}", _own_number("kd", seen, own)))
    return told


def _repeats_headings(cells: list[str]) -> bool:
    return numbers_columns(cells) or _is_enough(_columns(cells))


def _holds_money(named: dict[str, str], cells: list[str]) -> bool:
    """Whether an unread row is more than a total, a balance or a signature below the table."""
    if not any(sign.isdigit() for sign in named.get("day", "")):
        starts = (named.get("told", ""), named.get("day", ""), next((one for one in cells if one.strip()), ""))
        if any(SUMS.match(fold(one).lower().strip()) for one in starts):
            return False
    sums = "".join(named.get(name, "") for name in ("credit", "amount"))
    return any(sign in "123456789" for sign in sums) or bool(find_references(named.get("told", "")))


def _own_number(kind: str, seen: "Counter[str]", own: str) -> str:
    """A number for what has none; two equal lines are two transfers: the first and the second of their kind."""
    seen[own] += 1
    return f"{kind}:" + hashlib.sha256(f"{own}|{seen[own]}".encode()).hexdigest()[:32]


def _read_row(told: Statement, seen: "Counter[str]", row: int, cells: dict[str, str], month_first: bool) -> str:
    """Takes a row; what is wrong where it cannot be read."""
    if not any(cells.values()):
        return ""
    day = read_day(cells.get("day", ""), month_first=month_first)
    if day is None:
        return f"ngày “{cells.get('day', '')[:40]}” không phải là ngày"
    try:
        credit, debit = _sums(told, cells)
    except ValueError as error:
        return f"số tiền “{str(error)[:40]}” không đọc được"
    if credit > 0 and debit:
        return "vừa ghi có vừa ghi nợ"
    gone = abs(debit) or max(-credit, 0)
    if credit <= 0 and not gone:
        return "không có số tiền"
    if max(credit, gone) >= MOST:
        return f"số tiền “{cells.get('credit') or cells.get('amount') or cells.get('debit', '')}” lớn quá"
    if gone and not find_references(cells.get("told", "")):
        told.outgoing += 1
        return ""
    text, reference = " ".join(cells.get("told", "").split()), "".join(cells.get("reference", "").split())[:80]
    if not reference:
        reference = _own_number("sk", seen, f"{day}|{credit or -gone}|{text}")
    if gone:  # a bank that takes a transfer back often gives it the number of that transfer
        reference = f"ra:{reference}"
    told.lines.append(Line(row, day, gone or credit, text, reference, out=bool(gone)))
    return ""


def _sums(told: Statement, cells: dict[str, str]) -> tuple[int, int]:
    """Money in and money out of a row.  Raises ValueError."""
    if "credit" in told.columns:
        return read_amount(cells.get("credit", "")), read_amount(cells.get("debit", ""))
    amount = read_amount(cells.get("amount", ""))
    if "side" in told.columns and amount:
        amount = abs(amount) * read_side(cells.get("side", ""))
    return amount, read_amount(cells.get("debit", ""))
