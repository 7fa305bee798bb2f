"""Days, amounts and signs as they stand in the cells of a bank's statement."""

import re
from calendar import month_abbr
from collections.abc import Iterable
from datetime import date

from analyzers.fold import fold

_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AP]M\b)?", re.I)
_MONTHS = {name.lower(): n for n, name in enumerate(month_abbr) if name}  # English: the program sets no locale
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_EXCEL_DAYS = range(36526, 73051)  # the years 2000 to 2099: other whole numbers are no days
_IN = {"c", "cr", "co", "credit", "ghi co", "tien vao", "+"}
_OUT = {"d", "dr", "no", "debit", "ghi no", "tien ra", "-"}


def is_month_first(days: Iterable[str]) -> bool:
    """Whether a file writes 11/28/2026: some of its days are none day-first, and all that are figures are days so."""
    told = [one for one in days if re.match(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d", one)]
    return any(read_day(one) is None for one in told) and all(read_day(one, month_first=True) for one in told)


def read_day(text: str, *, month_first: bool = False) -> int | None:
    """A day number of ``28/11/2026``, ``28.11.26``, ``2026-11-28``, ``20261128``, ``28-Nov-2026`` or Excel's 46354,
    with or without a time; None where it is no day."""
    plain = _CLOCK.sub("", text).strip()
    if found := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)", plain):
        month, day = (found[1], found[2]) if month_first else (found[2], found[1])
        return _ordinal(found[3], month, day)
    if found := re.match(r"(\d{4})([/.-]?)(\d{2}|\d(?!\d))\2(\d{1,2})(?!\d)", plain):
        return _ordinal(found[1], found[3], found[4])
    if found := re.match(r"(\d{1,2})[ /.-]?([a-z]{3})[a-z]*[ /.,-]*(\d{4}|\d{2})(?!\d)", plain, re.I):
        return _ordinal(found[3], str(_MONTHS.get(found[2].lower(), 0)), found[1])
    if found := re.fullmatch(r"(\d{5})(?:[.,]\d+)?", plain):
        return _EXCEL_EPOCH + int(found[1]) if int(found[1]) in _EXCEL_DAYS else None
    return None


def _ordinal(year: str, month: str, day: str) -> int | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).toordinal()
    except ValueError:
        return None


def read_amount(text: str) -> int:
    """Whole đồng: ``1.234.000``, ``1,234,000.00``, ``+20000 VND``, ``(5.000)``, ``5.000-``; 0 if empty; else
    ValueError(text)."""
    plain = re.sub(r"[\s'’]|VN[DĐ]|đ|₫", "", text.replace("−", "-"), flags=re.I)
    if plain in {"", "-"}:
        return 0
    if found := re.fullmatch(r"([\d.,]+)(-|CR|DR)", plain, re.I):
        plain = ("" if found[2].upper() == "CR" else "-") + found[1]
    negative = plain.startswith("-") or (plain.startswith("(") and plain.endswith(")"))
    plain = plain.strip("()") if plain.startswith("(") else plain.removeprefix("-" if negative else "+")
    if found := re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})*|\d+)(?:[.,]0{1,2})?", plain, re.ASCII):
        return int(re.sub(r"[.,]", "", found[1])) * (-1 if negative else 1)
    raise ValueError(text)


def read_side(text: str) -> int:
    """1 where a sign of its own column says that money came in, -1 that it went out; else ValueError(text)."""
    plain = " ".join(fold(text).lower().split())
    if plain in _IN or plain in _OUT:
        return 1 if plain in _IN else -1
    raise ValueError(text)
