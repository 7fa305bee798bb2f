"""A question as the engines understand it: typed clauses, no engine's language, no text that an engine would parse."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from archive.access import AccessFilter


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of the terms of a text field; each adds its BM25 times its weight times ``boost``."""

    field: str
    terms: tuple[tuple[str, float], ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``minimum`` of the (distinct) terms of a text field."""

    field: str
    terms: tuple[str, ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """The terms one after the other, in a ``folded`` field."""

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Beginning:
    """The terms one after the other in a ``folded`` field, the last one perhaps only begun.  Scores nothing."""

    field: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """An exact value that begins with the text (not empty).  Scores nothing."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """Any of the exact values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number between the bounds, both included; None is no bound."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """The documents on which the viewer has the right."""

    filter: AccessFilter


@dataclass(frozen=True, slots=True)
class Constant:
    """What the clause matches, each with the same score."""

    clause: "Clause"
    score: float


@dataclass(frozen=True, slots=True)
class Bool:
    """All of ``must`` and ``filter`` (the latter without score), none of ``must_not``, and of ``should`` at least
    ``minimum`` (by default one if there is neither ``must`` nor ``filter``, else none)."""

    must: tuple["Clause", ...] = ()
    should: tuple["Clause", ...] = ()
    must_not: tuple["Clause", ...] = ()
    filter: tuple["Clause", ...] = ()
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


Clause: TypeAlias = (
    Terms | AtLeast | Phrase | Beginning | Prefix | Keyword | Range | Access | Constant | Bool | All | Nothing
)


@dataclass(frozen=True, slots=True)
class ValueFacet:
    """How many documents have each value of a field: the ``size`` most frequent, then by value.

    ``rough``: an engine may count only the values that are frequent in each part of its index, where that is faster;
    a count is then at least what is said.
    ``only`` leaves all values out but these.
    """

    name: str
    field: str
    size: int
    ignores: str = ""
    rough: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberFacet:
    """How many documents have each whole number of a field, in the order of the numbers (``size`` at most)."""

    name: str
    field: str
    size: int
    ignores: str = ""


@dataclass(frozen=True, slots=True)
class RangeFacet:
    """How many documents lie in each named range (label, low, high), both ends included."""

    name: str
    field: str
    ranges: tuple[tuple[str, int | None, int | None], ...]
    ignores: str = ""


Facet: TypeAlias = ValueFacet | NumberFacet | RangeFacet


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page begins: behind the first of the records ``ids`` that is still found (``back``: ends before it).

    So a record that comes or goes meanwhile moves no other to two pages or to none.  ``skip`` more hits are left out
    from there; ``near`` says how many hits were thought to stand before the page: where to look, and where to begin
    if none of the records is found any more.
    """

    ids: tuple[str, ...]
    near: int
    back: bool = False
    skip: int = 0


class LostPlaceError(ValueError):
    """None of the records at which a page should begin is found any more, and its offset is deeper than DEEPEST."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask an index.

    ``query`` finds and ranks; ``choices`` (by facet name) narrow hits and total, and every facet but their own (the
    facet of the same name, and those that say they ignore it).  ``sort`` names a sort field (ascending), empty for
    relevance; ties go by id.  ``offset`` (at most DEEPEST with the size) or ``start`` says where the hits begin; hits
    before a ``start`` that looks back come in the order of the others.
    """

    index: str
    query: Clause
    choices: Mapping[str, Clause] = field(default_factory=dict)
    facets: tuple[Facet, ...] = ()
    sort: str = ""
    size: int = 10
    offset: int = 0
    start: Start | None = None


#: As deep as an offset goes, together with the size; a ``start`` goes as deep as there are hits.
DEEPEST = 10_000

Buckets: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Total, hits (id, score) and the buckets (value, count above 0) of each facet."""

    total: int
    hits: tuple[tuple[str, float], ...]
    buckets: Mapping[str, Buckets] = field(default_factory=dict)


def unranked(clause: Clause) -> Clause:
    """What the clause finds, without what only ranks: counting is two to three times faster without it."""
    if isinstance(clause, Bool) and (clause.must or clause.filter) and not clause.minimum:
        return replace(clause, should=())
    return clause
