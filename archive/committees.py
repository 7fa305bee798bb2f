"""Committees and councils of places, named by rule: "Ủy ban nhân dân" in its time and the place's own name in its.

Pure public facts from `config/`; nothing here knows a record.
"""

from dataclasses import dataclass
from functools import cache

from analyzers.tokens import TOKEN, keys
from archive.called import Days, named
from archive.gazetteer import REFORM, places, read_rows, to_day
from archive.stays import both
from archive.units import Unit, Units

LINES = ("u", "h")
"""The committee and the council of a place."""

_FAR = 4_000_000  # behind every day
_DISTRICTS = frozenset({"huyện", "quận", "thị xã", "thành phố"})


@dataclass(frozen=True, slots=True)
class Body:
    """What the committees (``line`` u) or councils (h) of places were called, from ``first`` to ``last``, in the
    provinces of today ``where`` (none named: everywhere); ``others``: other ways to write it; ``sure`` as of a unit."""

    line: str
    name: str
    first: int | None
    last: int | None
    where: frozenset[str]
    others: tuple[str, ...]
    sure: str


@dataclass(frozen=True, slots=True)
class Committee:
    """The committee or council of a place under one name; ``first`` and ``last`` as of a unit."""

    body: Body
    place: Unit
    first: int | None
    last: int | None

    @property
    def full(self) -> str:
        """Its name: "Ủy ban nhân dân xã Tịnh Khê"."""
        return f"{self.body.name} {self.place.full}"

    @property
    def recalled(self) -> bool:
        """Whether the name or its days were read nowhere."""
        return "R" in {self.body.sure, self.place.sure}


@cache
def bodies() -> tuple[Body, ...]:
    """The rows of `config/committees.tsv`."""
    return tuple(
        Body(line, name, to_day(first), to_day(last), _ids(where), tuple(filter(None, others.split(","))), sure)
        for line, name, first, last, where, others, sure in read_rows("committees.tsv")
    )


def committees(place: Unit, line: str) -> list[Committee]:
    """The names of the committee or council of a place while it was there, the latest first.

    Of a place of unknown first day, only the name of its last days: whether it had an earlier one is not known.
    """
    tops, found = places().tops(place.id), []
    for body in bodies():
        if body.line != line or (body.where and body.where.isdisjoint(tops)):
            continue
        if not place.was_there(body.first or 1, body.last or _FAR):
            continue
        if place.first is None and body.last is not None and body.last < (place.last or _FAR):
            continue
        first = None if place.first is None else max(place.first, body.first or 1)
        last = min(place.last or _FAR, body.last or _FAR)
        found.append(Committee(body, place, first, None if last == _FAR else last))
    return sorted(found, key=lambda one: one.last or _FAR, reverse=True)


def read_committee(text: str) -> tuple[Committee, Days] | None:
    """The committee or council that a text names, and from when to when it had that name: "UBND xã Tịnh Khê, huyện Sơn
    Tịnh"; None of another text, or of a place that is not one thing."""
    for body, words, marked in _written():
        tokens = list(TOKEN.finditer(text))
        head = [one[0] for one in tokens[: len(words)]]
        if len(tokens) > len(words) and _is_written(head, words, marked):
            return _committee(body, *named(places(), text[tokens[len(words)].start() :]))
    return None


def _is_written(head: list[str], words: list[str], marked: list[str]) -> bool:
    got = keys(" ".join(head))
    return got.folded == words and got.marked in (marked, words)


def _committee(body: Body, place: Unit | None, days: Days) -> tuple[Committee, Days] | None:
    if place is None:
        return None
    known = places()
    same = [one for one in (place, *known.before(place.id), *known.after(place.id)) if one.full == place.full]
    found = [one for unit in same for one in committees(unit, body.line) if one.body == body]
    if not found:
        return None
    firsts, lasts = [one.first for one in found], [one.last for one in found]
    span = (None if None in firsts else min(filter(None, firsts)), None if None in lasts else max(filter(None, lasts)))
    return found[0], both(days, span) or span


def before(own: Committee) -> list[Committee]:
    """What came before a committee or council, nearest first: its earlier names, those of the places that its own was
    made of, and of the districts in which these lay when districts ended."""
    known = places()
    parts = known.before(own.place.id)
    found = committees(own.place, own.body.line)
    found = [*found[found.index(own) + 1 :], *(one for unit in parts for one in committees(unit, own.body.line))]
    ended = [known.units[one.above[0]] for one in parts if one.last == REFORM - 1 and one.above]
    found += [one for unit in ended if _is_district(unit) for one in committees(unit, own.body.line)[:1]]
    return list(dict.fromkeys(found))


def after(own: Committee) -> list[Committee]:
    """What came after a committee or council, nearest first."""
    found = committees(own.place, own.body.line)
    later = found[: found.index(own)][::-1]
    return [*later, *(one for unit in followers(own.place) for one in committees(unit, own.body.line)[::-1])]


def followers(place: Unit) -> list[Unit]:
    """What a place became; a district, the communes that took its area in."""
    known = places()
    return known.after(place.id) or (_communes_of(known, place) if _is_district(place) else [])


def _communes_of(known: Units, district: Unit) -> list[Unit]:
    inside = [one for one in known.units.values() if one.above[:1] == (district.id,) and one.last == REFORM - 1]
    found = [one for unit in inside for one in unit.successors]
    return [known.units[one] for one in dict.fromkeys(found)]


def _is_district(unit: Unit) -> bool:
    return unit.kind in _DISTRICTS and bool(unit.above) and unit.last == REFORM - 1


@cache
def _written() -> tuple[tuple[Body, list[str], list[str]], ...]:
    """How each body is written, the longest first: its words as they are folded and as they are marked."""
    found = [(body, keys(name)) for body in bodies() for name in (body.name, *body.others)]
    told = ((body, got.folded, got.marked) for body, got in found)
    return tuple(sorted(told, key=lambda one: len(one[1]), reverse=True))


def _ids(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(",")))
