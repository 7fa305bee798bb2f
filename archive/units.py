"""Units over time, places and agencies alike: names with dates, what came before each, what came after it.

Pure public facts from `config/`; nothing here knows a record.  Every walk is bounded.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzers.gazetteer import Gazetteer, Name
from analyzers.tokens import keys

MOST_RELATED = 64
"""Units looked at around one; a province has hundreds of communes, a question needs a few."""

_Step = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A place or an agency under one name.

    `first` and `last`: day numbers, both included, None where not known or still there.  `above`: ids of what it lay
    in, the latest first; `left`: the last day in each of them but the first.  `successors`: ids of what took it in, the
    main one first.  `sure`: V read in a source, V2 at second hand, R recalled.
    """

    id: str
    kind: str  # "xã", empty for an agency
    name: str
    first: int | None = None
    last: int | None = None
    above: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    sure: str = "V"
    left: tuple[int, ...] = ()

    @property
    def full(self) -> str:
        """The name with its kind: "xã Tịnh Khê"."""
        return f"{self.kind} {self.name}".strip()

    def days_in(self, at: int) -> tuple[int | None, int | None]:
        """From when to when it lay in ``above[at]``."""
        first = self.left[at] + 1 if at < len(self.left) else self.first
        return first, self.left[at - 1] if at else self.last

    def was_there(self, first: int, last: int) -> bool:
        """Whether it existed on some day of the period."""
        return (self.first is None or self.first <= last) and (self.last is None or self.last >= first)


class Units:
    """All units of a sort, found by name, and how they follow each other.

    ``aliases``: id and another name.  ``ordinary``: names that are ordinary words, as they are marked and as they are
    folded; ``kinds``, ``spellings``, ``alone``: see `analyzers.gazetteer`.
    """

    def __init__(
        self,
        units: Iterable[Unit],
        aliases: Iterable[tuple[str, str]] = (),
        ordinary: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
        kinds: Mapping[str, str] | None = None,
        spellings: Mapping[str, str] | None = None,
        alone: int = 2,
    ) -> None:
        self.units = {unit.id: unit for unit in units}
        self._before: dict[str, list[str]] = defaultdict(list)
        self._inside: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            for one in unit.above[:1]:
                self._inside[one].append(unit)
            for one in unit.successors:
                self._before[one].append(unit.id)
        names = [Name(unit.id, unit.kind, unit.name) for unit in self.units.values()]
        names += [Name(own, self.units[own].kind, name) for own, name in aliases]
        self._ordinary = ordinary
        self.gazetteer = Gazetteer(names, kinds, spellings, alone)

    def before(self, own: str) -> list[Unit]:
        """What became this unit, nearest first, MOST_RELATED at most."""
        return self._walk(own, self._predecessors, self._successors)

    def after(self, own: str) -> list[Unit]:
        """What this unit became, nearest first, MOST_RELATED at most."""
        return self._walk(own, self._successors, self._predecessors)

    def today(self, own: str) -> list[Unit]:
        """The units of today that took in those which last lay in this one, MOST_RELATED at most."""
        found: dict[str, Unit] = {}
        for inside in self._inside.get(own, ()):
            found |= {unit.id: unit for unit in self.after(inside.id) if unit.last is None}
        return list(found.values())[:MOST_RELATED]

    def around(self, own: str) -> frozenset[str]:
        """The ids of all that it and what it was before ever lay in, under any of their names, MOST_RELATED at most."""
        return self._above([above for one in (self.units[own], *self.before(own)) for above in one.above])

    def lay_in(self, own: str, above: Collection[str]) -> list[tuple[int | None, int | None]]:
        """From when to when the unit itself lay in one of those, under any of their names."""
        unit = self.units[own]
        return [unit.days_in(at) for at, one in enumerate(unit.above) if not self._above([one]).isdisjoint(above)]

    def _above(self, todo: list[str]) -> frozenset[str]:
        found: dict[str, None] = {}
        for one in todo:
            if one not in found and len(found) < MOST_RELATED:
                found |= dict.fromkeys((one, *(unit.id for unit in (*self.before(one), *self.after(one)))))
                todo += [above for other in list(found) for above in self.units[other].above]
        return frozenset(found)

    def tops(self, own: str) -> frozenset[str]:
        """The ids of what is above all today: the province that a place lies in, or those that it was divided among."""
        unit = self.units[own]
        while unit.above:
            unit = self.units[unit.above[0]]
        return frozenset(one.id for one in (unit, *self.after(unit.id)) if not one.successors)

    def families(self, ids: Sequence[str]) -> list[tuple[Unit, ...]]:
        """The units of an ambiguous name, those together that followed each other: one thing a tuple."""
        left = list(dict.fromkeys(ids))
        found = []
        while left:
            own = left.pop(0)
            related = {unit.id for unit in (*self.before(own), *self.after(own))}
            found.append((self.units[own], *(self.units[one] for one in left if one in related)))
            left = [one for one in left if one not in related]
        return found

    def is_ordinary(self, name: str) -> bool:
        """Whether the name alone, in small letters, is more likely ordinary words: "thống nhất", "tien thanh"."""
        got = keys(name)
        return " ".join(got.marked) in self._ordinary[got.marked == got.folded]

    def _predecessors(self, own: str) -> Sequence[str]:
        return self._before.get(own, ())

    def _successors(self, own: str) -> Sequence[str]:
        return self.units[own].successors

    def _walk(self, own: str, step: _Step, back: _Step) -> list[Unit]:
        name = self.units[own].name
        found: dict[str, Unit] = {}
        todo = list(step(own))
        for one in todo:
            if one in found or one == own or len(found) >= MOST_RELATED:
                continue
            found[one] = self.units[one]
            following = step(one)
            if len(following) > 1 and len(back(one)) > 1:
                # Merged of several and divided again: of its parts only the one of the same name is the same place.
                following = [other for other in following if self.units[other].name == name]
            todo += following
        return list(found.values())
