"""The values of one facet, page by page: by how many records they have, or in Vietnamese order of their labels (persons
by their given names).

A facet of at most MOST_COUNTED values among the results is counted whole and ordered here.  A longer one is read in the
catalogue (DESIGN section 8): its names in their order, lot by lot, each lot counted among the results; values without
a record that the viewer may see do not appear.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.collation import person_key, sort_key
from analyzers.tokens import keys
from analyzers.typed_keys import from_keys
from archive.access import Viewer
from archive.catalogue.authorities import Agent, Place, Term
from archive.gazetteer import province_labels
from search.facets import FacetDefinition
from search.labels import record_labels
from search.language import canonical
from search.plan import Buckets
from search.results import FacetValue
from search.suggested_typing import written_out

FacetOrder = Literal["count", "name"]
FACET_ORDERS: tuple[FacetOrder, ...] = get_args(FacetOrder)
MOST_COUNTED = 10_000
_LOT = 1_000

Key = tuple[int, str, str]  # minus the count (0 in the order of names), sort key of the label, value
Count = Callable[[tuple[str, ...]], Buckets]  # the buckets of these values (of the most frequent for none)


@dataclass(frozen=True, slots=True)
class FacetQuestion:
    """Which values are asked for: those with a word of their label that begins like ``label`` (marks and case do not
    count; keys of Telex or VNI and abbreviations are understood), ``size`` of them from behind the one that the cursor
    names."""

    facet: str
    label: str = ""
    order: FacetOrder = "count"
    size: int = 50


@dataclass(frozen=True, slots=True)
class FacetPlace:
    """Behind which value a page begins, with the count that it had."""

    value: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read a facet: who asks, how values are counted, how buckets get their labels."""

    session: Session
    viewer: Viewer
    day: int
    count: Count
    labelled: Callable[[Buckets], Sequence[FacetValue]]
    most: int = MOST_COUNTED

    def page(
        self, facet: FacetDefinition, asked: FacetQuestion, after: FacetPlace
    ) -> tuple[tuple[FacetValue, ...], bool]:
        """The values of a page, and whether more follow."""
        buckets = self.count(())
        begin = self._key_of(asked, after)
        if len(buckets) < self.most or facet.labels == "fixed":
            return _cut(self._ordered(buckets, asked), asked, begin)
        if asked.order == "name" or asked.label:
            names = sorted(
                (_filed(asked, label), own) for own, label in self._names(facet) if _fits(label, asked.label)
            )
            if asked.order == "name":
                return self._walk(names, asked, begin)
            if len(names) <= self.most:
                return _cut(self._ordered(self.count(tuple(own for _, own in names)), asked), asked, begin)
        return _cut(self._ordered(buckets, asked), asked, begin)

    def _walk(
        self, names: list[tuple[str, str]], asked: FacetQuestion, begin: Key | None
    ) -> tuple[tuple[FacetValue, ...], bool]:
        found: list[FacetValue] = []
        rest = [own for label, own in names if begin is None or (0, label, own) > begin]
        for start in range(0, len(rest), _LOT):
            lot = self.count(tuple(rest[start : start + _LOT]))
            found += self._ordered(lot, asked)
            if len(found) > asked.size:
                break
        return tuple(found[: asked.size]), len(found) > asked.size

    def _ordered(self, buckets: Buckets, asked: FacetQuestion) -> list[FacetValue]:
        values = [one for one in self.labelled(buckets) if _fits(one.label_vi, asked.label)]
        return sorted(values, key=lambda one: _key(asked, one.count, one.label_vi, one.value))

    def _key_of(self, asked: FacetQuestion, after: FacetPlace) -> Key | None:
        if not after.value:
            return None
        labels = [one.label_vi for one in self.labelled(((after.value, after.count),))]
        return _key(asked, after.count, labels[0] if labels else "", after.value)

    def _names(self, facet: FacetDefinition) -> Iterable[tuple[str, str]]:
        if facet.labels == "term":
            asked = select(Term.slug, Term.label).where(Term.vocabulary == facet.name)
            return [(slug, label) for slug, label in self.session.execute(asked)]
        if facet.labels == "record":
            return record_labels(self.session, self.viewer, self.day, facet.name)
        table = Agent if facet.labels == "agent" else Place
        names = [(own, name) for own, name in self.session.execute(select(table.public_id, table.name))]
        return names + province_labels() if facet.labels == "place" else names


def _key(asked: FacetQuestion, count: int, label: str, value: str) -> Key:
    return (-count if asked.order == "count" else 0), _filed(asked, label), value


def _filed(asked: FacetQuestion, label: str) -> str:
    return person_key(label) if asked.facet == "person" else sort_key(label)


def _fits(label: str, begun: str) -> bool:
    ways = _ways(begun)
    there = f" {' '.join(keys(label).folded)}" if ways else ""
    return not ways or any(f" {way}" in there for way in ways)


@lru_cache(maxsize=64)  # asked for every label of a facet
def _ways(begun: str) -> tuple[str, ...]:
    """The folded words as typed, as keys of Telex or VNI mean them, and with abbreviations written out."""
    typed = canonical(begun)
    meant = from_keys(typed)
    ways = [typed, *([meant.text] if meant else [])]
    ways += [full for way in ways if (full := written_out(way))]
    return tuple(dict.fromkeys(folded for way in ways if (folded := " ".join(keys(way).folded))))


def _cut(values: list[FacetValue], asked: FacetQuestion, begin: Key | None) -> tuple[tuple[FacetValue, ...], bool]:
    rest = [one for one in values if begin is None or _key(asked, one.count, one.label_vi, one.value) > begin]
    return tuple(rest[: asked.size]), len(rest) > asked.size
