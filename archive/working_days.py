"""The working days of the State's offices: weekends, days off and working Saturdays of `config/desk/holidays.tsv`."""

from datetime import date
from functools import cache

from archive.gazetteer import read_rows

SATURDAY = 6  # of ISO's week


def is_working_day(day: int) -> bool:
    """Whether offices work on that day number."""
    kind = _exceptions().get(day)
    return kind == "work" if kind else date.fromordinal(day).isoweekday() < SATURDAY


def add_working_days(start: int, count: int) -> int:
    """The day number ``count`` working days after ``start``, which is not counted itself."""
    day = start
    while count > 0:
        day += 1
        count -= is_working_day(day)
    return day


def working_days_between(start: int, end: int) -> int:
    """How many working days lie after ``start`` up to ``end``; negative where ``end`` comes before it."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(day) for day in range(start + 1, end + 1))


@cache
def _exceptions() -> dict[int, str]:
    rows = read_rows("desk/holidays.tsv")
    return {date.fromisoformat(day).toordinal(): kind for day, kind, _name, sure in rows if sure != "U"}
