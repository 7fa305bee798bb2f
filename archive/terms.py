"""Dated terms of `config/`: how long a request may wait, a contact may be kept, a record stays closed for a person
named in it, what was granted may be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from archive.gazetteer import read_rows
from archive.working_days import add_working_days

FILES = ("personal_terms.tsv", "desk/terms.tsv")


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it holds between two days (day numbers, both included, None: open), with what it rests on."""

    name: str
    value: int
    unit: str  # working_days, days, years; records for a limit
    first: int | None
    last: int | None
    basis: str
    sure: str  # V, V2, R, U

    def end(self, start: int) -> int:
        """The day number on which a term that began on day ``start`` ends; the day itself is not counted."""
        if self.unit == "working_days":
            return add_working_days(start, self.value)
        return add_years(start, self.value) if self.unit == "years" else start + self.value

    def last_start(self, day: int) -> int:
        """The latest day number of which the term had ended before ``day``."""
        start = add_years(day, -self.value) if self.unit == "years" else day - self.value
        while self.end(start) >= day:
            start -= 1
        return start


def term(name: str, day: int) -> Term:
    """The term of that name on that day, the latest to begin; before the first, the first.  KeyError if unknown."""
    return running([one for one in _terms() if one.name == name], day)


def running(rows: Sequence[Term], day: int) -> Term:
    """Of the rows of one term the one that holds on that day; KeyError where there are none."""
    ordered = sorted(rows, key=lambda one: one.first or 0)
    if not ordered:
        raise KeyError("term")
    found = [one for one in ordered if in_force(one.first, one.last, day)]
    return found[-1] if found else ordered[0]


def in_force(first: int | None, last: int | None, day: int) -> bool:
    """Whether a row of dated data holds on that day: from its first to its last, both included; None is open."""
    return (first or 0) <= day and (last is None or day <= last)


def add_years(start: int, count: int) -> int:
    """The day number of the same day ``count`` years later; the first of March for a 29 February that is not there."""
    day = date.fromordinal(start)
    try:
        return day.replace(year=day.year + count).toordinal()
    except ValueError:
        return date(day.year + count, 3, 1).toordinal()


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(
        Term(name, int(value), unit, read_day(first), read_day(last), basis, sure)
        for file in FILES
        for name, value, unit, first, last, basis, sure in read_rows(file)
    )


def read_day(text: str) -> int | None:
    """The day number of a day of a table, None where it is left open."""
    return date.fromisoformat(text).toordinal() if text else None
