"""What ought to be of terms and rights, counted apart from the code: days off are a list of this file's own."""

from dataclasses import dataclass
from datetime import date, timedelta

OFF = {date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)}


def is_worked(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


def worked(first: date, last: date) -> int:
    """Working days after the first up to the last."""
    return sum(is_worked(first + timedelta(n)) for n in range(1, (last - first).days + 1))


def after(day: date, count: int) -> date:
    while count:
        day += timedelta(1)
        count -= is_worked(day)
    return day


@dataclass
class Promise:
    """What a decision gives: of which request, which pages, copies, from when (nothing before it acts) to when."""

    code: str
    pages: set[int]
    copying: bool
    until: date
    since: date | None = None
