"""Dates and periods in free text and in questions, with marks or without, as pairs of day numbers.

"ngày 17 tháng 8 năm 1998", "17/8/1998", "17-8-98", "tháng 8/1998", "tháng tám năm 1998", "năm 1998", "1996-1999",
"quý III/1998", "trước 1975", "trước ngày 30/4/1975", "từ 24/9/1998 đến 30/9/1998", "thập niên 80".  Day numbers are
`date.toordinal()`.  A date that no calendar has (30/02) is none, and neither is any part of it;
a number with a notation ("30/2020/NĐ-CP") is no date.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date

from analyzers.fold import fold, has_marks

_EARLIEST, _LATEST = date.min.toordinal(), date(MAXYEAR, 12, 31).toordinal()
_PIVOT = 50  # 17-8-98 is of 1998, 17-8-21 of 2021
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTHS = {
    "gieng": 1, "chap": 12, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
# Months whose words without marks are other words: "ba tháng sau năm 1998", "hàng tháng từ năm 1998".
_MONTHS_MARKED = {"tu": "tư", "sau": "sáu", "bay": "bảy", "nam": "năm"}

Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date or period: `text[start:end]` is what was read; both days are inside it.

    Open ends ("trước 1975") reach to the first or the last day that `datetime.date` knows.
    """

    earliest: int
    latest: int
    start: int
    end: int


_YEAR = r"(?:1[4-9]|2[01])[0-9]{2}"  # older ones are numbers of something else
_SIGN = r"\s?[/.-]\s?"
_NOT_BEFORE = r"(?<![\w/.-])(?<![0-9][,])"
_NOT_BEHIND = r"(?![\w]|[/.,-][0-9]|/[a-z]|-[a-z]{2})"
_DASH = r"\s?[-–—]\s?"
_MONTH = rf"[0-9]{{1,2}}|{'|'.join(sorted(_MONTHS, key=len, reverse=True))}"

_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "words",
        rf"(?<!\w)(?:ngay\s)?(?P<day>[0-9]{{1,2}})\s?thang\s?(?P<month>{_MONTH})"
        rf"(?:,?\snam\s?|{_SIGN})(?P<year>{_YEAR}){_NOT_BEHIND}",
    ),
    ("iso", rf"{_NOT_BEFORE}(?P<year>{_YEAR})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_NOT_BEHIND}"),
    (
        "figures",
        rf"{_NOT_BEFORE}(?P<day>[0-9]{{1,2}})(?P<sign>{_SIGN})(?P<month>[0-9]{{1,2}})(?P=sign)"
        rf"(?P<year>{_YEAR}|[0-9]{{2}}){_NOT_BEHIND}",
    ),
    (
        "month",
        rf"(?<!\w)thang\s?(?P<month>{_MONTH})(?:,?\snam\s?|{_SIGN})(?P<year>{_YEAR}){_NOT_BEHIND}",
    ),
    (
        "quarter",
        rf"(?<!\w)quy\s?(?P<quarter>iv|i{{1,3}}|[0-9]{{1,2}})(?:,?\snam\s?|{_SIGN})(?P<year>{_YEAR}){_NOT_BEHIND}",
    ),
    ("month", rf"{_NOT_BEFORE}(?P<month>[0-9]{{1,2}})/(?P<year>{_YEAR}){_NOT_BEHIND}"),
    (
        "years",
        rf"(?:(?<!\w)(?:tu\s)?(?:nam\s|giai\sdoan\s|nien\skhoa\s|thoi\sky\s)|{_NOT_BEFORE})(?P<year>{_YEAR})"
        rf"(?:{_DASH}|\s(?:den|toi)\s(?:het\s)?(?:nam\s)?)(?P<last>{_YEAR}){_NOT_BEHIND}",
    ),
    ("before", rf"(?<!\w)truoc\s(?:nam\s)?(?P<year>{_YEAR}){_NOT_BEHIND}"),
    ("after", rf"(?<!\w)sau\s(?:nam\s)?(?P<year>{_YEAR}){_NOT_BEHIND}"),
    ("since", rf"(?<!\w)(?:ke\s)?tu\s(?:nam\s)?(?P<year>{_YEAR}){_NOT_BEHIND}(?:\s(?:den|toi)\snay)?"),
    ("until", rf"(?<!\w)(?:den|toi)\s(?:het\s)?nam\s(?P<year>{_YEAR}){_NOT_BEHIND}"),
    (
        "decade",
        rf"(?<!\w)(?:(?:trong\s)?nhung\snam|thap\s(?:nien|ky))\s(?P<year>(?:1[4-9]|2[01])[0-9]0|[3-9]0){_NOT_BEHIND}",
    ),
    ("year", rf"(?:(?<!\w)nam\s?|{_NOT_BEFORE})(?P<year>{_YEAR}){_NOT_BEHIND}"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_SHORT_YEAR = re.compile(rf"(?<!\w)nam\s(?P<year>4[5-9]|[5-9][0-9]){_NOT_BEHIND}")
_NO_SHORT_YEAR_BEFORE = re.compile(r"(?:viet|moi|hang|tung|mot|[0-9]|mien|phia|nu|dong|tay|ca)\s$")
_SIDE = re.compile(r"(?<!\w)(?P<side>truoc|sau|(?:ke\s)?tu|(?:den|toi)(?:\shet)?)\s(?:ngay\s)?$")
_BETWEEN = re.compile(r"\s?[-–—]\s?(?:ngay\s)?|\s(?:den|toi)\s(?:het\s)?(?:ngay\s)?")
_SIDED = {"words", "iso", "figures", "month", "quarter"}
# Things that are counted or numbered with four figures.
_NO_YEAR_BEFORE = re.compile(r"(?:so|thua|to|dieu|muc|trang|lo|nha|ma|hon|khoang|gan)\s(?:[:.]\s)?$")
_NO_YEAR_BEHIND = re.compile(
    r"\s?(?:dong|ha|m2|m|km|kg|nguoi|ho|trieu|ty|ti|can|thua|trang|tan|ban|ho\sso|hoc\ssinh|lao\sdong|%)(?!\w)"
)


def find_dates(text: str, *, short_years: bool = False) -> list[FoundDate]:
    """Every date and period in canonical `text`, in order, never overlapping; what reads the most words wins.

    With `short_years` "năm 98" is 1998: so people ask; in running text it may be a count.
    """
    folded = fold(text)
    found: list[FoundDate] = []
    taken: list[tuple[int, int]] = []
    sided: set[int] = set()
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            if (kind == "year" and not _is_year(folded, match)) or not _is_month(text, match):
                continue
            taken.append((start, end))
            if (days := _READERS[kind](match)) is not None:
                found.append(FoundDate(*days, start, end))
                sided |= {start} if kind in _SIDED else set()
    found.sort(key=lambda one: one.start)
    if short_years and not found:
        found = list(_short_years(text, folded))
    return list(_with_sides(folded, found, sided))


def _with_sides(folded: str, found: list[FoundDate], sided: set[int]) -> Iterator[FoundDate]:
    """Days and months with what stands before and between them: "trước ngày …", "từ … đến …"."""
    at = 0
    while at < len(found):
        one = found[at]
        at += 1
        if one.start not in sided:
            yield one
            continue
        side = _SIDE.search(folded, 0, one.start)
        follows = found[at] if at < len(found) and found[at].start in sided else None
        if follows and one.earliest <= follows.latest and _BETWEEN.fullmatch(folded, one.end, follows.start):
            begin = side.start() if side and side["side"].endswith("tu") else one.start
            yield FoundDate(one.earliest, follows.latest, begin, follows.end)
            at += 1
        elif side:
            yield FoundDate(*_open(side["side"], one), side.start(), one.end)
        else:
            yield one


def _open(side: str, one: FoundDate) -> Days:
    """The days on one side of a date."""
    if side == "truoc":
        return _EARLIEST, one.earliest - 1
    if side == "sau":
        return one.latest + 1, _LATEST
    return (one.earliest, _LATEST) if side.endswith("tu") else (_EARLIEST, one.latest)


def _short_years(text: str, folded: str) -> Iterator[FoundDate]:
    """Years of two figures behind the word "năm"."""
    for match in _SHORT_YEAR.finditer(folded):
        start, end = match.span()
        word, year = text[start : start + 3], 1900 + int(match["year"])
        counted = _NO_SHORT_YEAR_BEFORE.search(folded, 0, start) or _NO_YEAR_BEHIND.match(folded, end)
        if not counted and (word.lower() == "năm" or not has_marks(text)):
            yield FoundDate(_first(year), _first(year + 1) - 1, start, end)


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether a month in words is written as one, in a text with marks."""
    month = match.groupdict().get("month") or ""
    marked = _MONTHS_MARKED.get(month)
    return marked is None or not has_marks(text) or text[slice(*match.span("month"))].lower() == marked


def _is_year(folded: str, match: re.Match[str]) -> bool:
    """Whether four figures are a year: said so, or not the number of a plot and not a count of anything."""
    if match[0].startswith("nam"):
        return True
    before = folded[max(0, match.start() - 12) : match.start()]
    return not _NO_YEAR_BEFORE.search(before) and not _NO_YEAR_BEHIND.match(folded, match.end())


def _day(match: re.Match[str]) -> Days | None:
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year >= _PIVOT else 2000
    try:
        day = date(year, _month_number(match["month"]), int(match["day"])).toordinal()
    except ValueError:
        return None
    return day, day


def _month(match: re.Match[str]) -> Days | None:
    month = _month_number(match["month"])
    return _months(int(match["year"]), month, month) if 1 <= month <= 12 else None


def _quarter(match: re.Match[str]) -> Days | None:
    quarter = _QUARTERS.get(match["quarter"])
    return _months(int(match["year"]), 3 * quarter - 2, 3 * quarter) if quarter else None


def _years(match: re.Match[str]) -> Days | None:
    first, last = int(match["year"]), int(match["last"])
    return (_first(first), _first(last + 1) - 1) if first <= last else None


def _decade(match: re.Match[str]) -> Days | None:
    first = int(match["year"])
    first += 1900 if first < 100 else 0
    return _first(first), _first(first + 10) - 1


_READERS: dict[str, Callable[[re.Match[str]], Days | None]] = {
    "words": _day,
    "iso": _day,
    "figures": _day,
    "month": _month,
    "quarter": _quarter,
    "years": _years,
    "before": lambda match: (_EARLIEST, _first(int(match["year"])) - 1),
    "after": lambda match: (_first(int(match["year"]) + 1), _LATEST),
    "since": lambda match: (_first(int(match["year"])), _LATEST),
    "until": lambda match: (_EARLIEST, _first(int(match["year"]) + 1) - 1),
    "decade": _decade,
    "year": lambda match: (_first(int(match["year"])), _first(int(match["year"]) + 1) - 1),
}


def _first(year: int) -> int:
    return date(year, 1, 1).toordinal()


def _months(year: int, first: int, last: int) -> Days:
    return date(year, first, 1).toordinal(), date(year, last, monthrange(year, last)[1]).toordinal()


def _month_number(written: str) -> int:
    return _MONTHS.get(" ".join(written.split())) or int(written)
