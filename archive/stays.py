"""In what a place lay, and when: under the names that it had one after the other.

Pure public facts from `config/`: of a unit whose first day is not known, nothing is told from before the day on which
it is known to have been there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from archive.called import Days
from archive.gazetteer import places, read_rows, to_day
from archive.units import Unit, Units


@dataclass(frozen=True, slots=True)
class Stay:
    """What a place lay in, and from when to when; None where not known or still there."""

    above: Unit
    first: int | None
    last: int | None


def stays(place: Unit) -> list[Stay]:
    """In what a place lay, the latest first, under its own name and those that it had before under the same."""
    known, told = places(), list[Stay]()
    for unit, first, _last in _line(known, place):
        for stay in _lay_in(known, unit, first):
            if told and told[-1].above == stay.above and stay.last and told[-1].first == stay.last + 1:
                told[-1] = replace(told[-1], first=stay.first)
            else:
                told.append(stay)
    return told


def chain(place: Unit) -> list[tuple[Unit, list[Stay]]]:
    """The place and each unit that it lay in, with what each lay in, from the bottom up."""
    todo, told = [place], list[tuple[Unit, list[Stay]]]()
    for unit in todo:
        if found := stays(unit):
            told.append((unit, found))
            todo += [one.above for one in found if one.above.id not in {other.id for other in todo}]
    return told


def both(one: Days, other: Days) -> Days | None:
    """The days of both spans; None where there is none."""
    firsts, lasts = [day for day in (one[0], other[0]) if day], [day for day in (one[1], other[1]) if day]
    first, last = max(firsts, default=None), min(lasts, default=None)
    return None if first and last and first > last else (first, last)


def _lay_in(known: Units, unit: Unit, began: int | None) -> Iterator[Stay]:
    for at, own in enumerate(unit.above):
        first, last = unit.days_in(at)
        first = first or (began if at == len(unit.above) - 1 else None)
        since = first or _there().get(unit.id)
        if since is None:
            yield Stay(known.units[own], None, last)
            continue
        for above, begin, end in _line(known, known.units[own]):
            if end and end < since:
                break
            told = both((first, last), (begin if first or (begin and begin >= since) else None, end))
            if told:
                yield Stay(above, *told)


def _line(known: Units, unit: Unit) -> Iterator[tuple[Unit, int | None, int | None]]:
    """The unit and what it was just before, one after the other, while that was one thing."""
    name, seen = unit.name, set[str]()
    while unit.id not in seen:
        seen.add(unit.id)
        parts = [one for one in known.before(unit.id) if unit.id in one.successors]
        same = [one for one in parts if one.name == name] or (parts if unit.first and len(parts) == 1 else [])
        same = [one for one in same if one.last and unit.first in {None, one.last + 1}]
        earlier = same[0] if len(same) == 1 else None
        yield unit, earlier.last + 1 if earlier and earlier.last else unit.first, unit.last
        unit = earlier or unit


@cache
def _there() -> dict[str, int]:
    """A day on which units of unknown first day were there already."""
    rows = [row[1:] for row in read_rows("places/changes.tsv") if row[0] == "there"]
    return {own: day for ids, text, _sure in rows for own in ids.split(",") if (day := to_day(text))}
