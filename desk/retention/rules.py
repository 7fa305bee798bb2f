"""The rules of ``config/desk/retention.tsv``: how long each kind of personal data is kept, counted from when."""

from dataclasses import dataclass
from functools import cache

from archive.gazetteer import read_rows
from archive.terms import Term, read_day, running

FILE = "desk/retention.tsv"


@dataclass(frozen=True, slots=True)
class Rule:
    """A term, and the name of the moment it is counted from (desk.retention.kinds)."""

    term: Term
    since: str


def rule(name: str, day: int) -> Rule:
    """The rule of that kind on that day; KeyError if there is none."""
    rows = [one for one in _rules() if one.term.name == name]
    term = running([one.term for one in rows], day)
    return next(one for one in rows if one.term is term)


def names() -> list[str]:
    """The kinds that have rules, in the order of the table."""
    return list(dict.fromkeys(one.term.name for one in _rules()))


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(Term(name, int(value), unit, read_day(first), read_day(last), basis, sure), since)
        for name, value, unit, first, last, since, basis, sure in read_rows(FILE)
    )
