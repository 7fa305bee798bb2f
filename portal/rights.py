"""What may be done with a record: a sentence by its standing and by date, from `config/rights.tsv` (decision 73)."""

from dataclasses import dataclass
from functools import cache

from archive.browsing import standing
from archive.catalogue.records import Record
from archive.gazetteer import read_rows
from archive.terms import in_force, read_day
from portal.wording import badge_day, either

COPYRIGHT = "copyright"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: what is said in both languages between two days (day numbers, both included, None: open), its URI or
    nothing, what it rests on and how sure that is (V, V2, R, U)."""

    standing: str
    vi: str
    en: str
    uri: str
    first: int | None
    last: int | None
    basis: str
    sure: str


@dataclass(frozen=True, slots=True)
class Use:
    """What is told of one record in the language of the answer, and the URI of its rights statement."""

    text: str
    uri: str


def use_of(record: Record, day: int) -> Use:
    """What may be done with the record on that day, until when it is closed, how its source is named."""
    opens_on = None
    kind = "whole"
    if record.level in {"file", "document"}:
        kind, opens_on = standing(record, day)
    told, copyright = rule(kind, day), rule(COPYRIGHT, day)
    text = either(told.vi, told.en).format(day=badge_day(opens_on - 1) if opens_on else "")
    return Use(f"{text} {either(copyright.vi, copyright.en)}", copyright.uri)


def rule(standing: str, day: int) -> Rule:
    """The row of that standing which holds on the day, before the first the first; KeyError if there is none."""
    rows = [one for one in rules() if one.standing == standing]
    if not rows:
        raise KeyError(standing)
    return next((one for one in reversed(rows) if in_force(one.first, one.last, day)), rows[0])


@cache
def rules() -> tuple[Rule, ...]:
    """Every row, by the day on which it begins."""
    told = [
        Rule(kind, vi, en, uri, read_day(first), read_day(last), basis, sure)
        for kind, vi, en, uri, first, last, basis, sure in read_rows("rights.tsv")
    ]
    return tuple(sorted(told, key=lambda one: one.first or 0))
