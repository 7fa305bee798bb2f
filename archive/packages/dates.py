"""Dates as registers write them, to pairs of day numbers (earliest, latest); DD/MM/YYYY is the circular's form."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from archive.packages.rows import Days

FIRST_YEAR, LAST_YEAR = 1800, 2100
_SEP = r"\s*[-/.]\s*"
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_DAY = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}})")
_ISO = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})")
_MONTH = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{4}})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR = re.compile(r"(\d{4})")
_WORDS = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_SPAN = re.compile(r"(.+?)\s*(?:-|–|—|đến)\s*(.+)")


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text says: days, or a finding code (date.unreadable, date.impossible, date.year) with a Vietnamese clause.

    A day or month written 00 is unknown: the days are then the whole month or year.
    """

    days: Days | None
    code: str = ""
    wrong: str = ""


@lru_cache(maxsize=8192)
def read_date(text: str) -> DateReading:
    """Read D/M/YYYY, YYYY-MM-DD, MM/YYYY, YYYY or 'ngày .. tháng .. năm ..'; a time of day behind it is dropped."""
    text = _TIME.sub("", text.strip())
    if m := _DAY.fullmatch(text) or _WORDS.fullmatch(text):
        return _days(int(m[3]), int(m[2]), int(m[1]))
    if m := _ISO.fullmatch(text):
        return _days(int(m[1]), int(m[2]), int(m[3]))
    if m := _MONTH.fullmatch(text):
        return _days(int(m[2]), int(m[1]), 0)
    if m := _ISO_MONTH.fullmatch(text):
        return _days(int(m[1]), int(m[2]), 0)
    if m := _YEAR.fullmatch(text):
        return _days(int(m[1]), 0, 0)
    return DateReading(None, "date.unreadable", "không đọc được thành ngày (cần DD/MM/YYYY)")


def _days(year: int, month: int, day: int) -> DateReading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateReading(None, "date.year", f"năm nằm ngoài {FIRST_YEAR}–{LAST_YEAR}")
    if not month:
        if day:
            return DateReading(None, "date.impossible", "có ngày mà không có tháng")
        return DateReading((date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()))
    if month > 12:
        return DateReading(None, "date.impossible", f"không có tháng {month}")
    last = monthrange(year, month)[1]
    if day > last:
        return DateReading(None, "date.impossible", f"không có trong lịch (tháng {month}/{year} chỉ có {last} ngày)")
    if not day:
        return DateReading((date(year, month, 1).toordinal(), date(year, month, last).toordinal()))
    number = date(year, month, day).toordinal()
    return DateReading((number, number))


def read_span(text: str) -> Days | None:
    """'1945-1954', '01/1975 - 12/1976' or a single date, to days; None when it is free text."""
    if m := _SPAN.fullmatch(text.strip()):
        first, last = read_date(m[1]).days, read_date(m[2]).days
        if first and last and first[0] <= last[1]:
            return first[0], last[1]
    return read_date(text).days
