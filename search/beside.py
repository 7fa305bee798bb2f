"""Beside a result: which one comes before it and after it in the list that its reader came from."""

from collections.abc import Callable
from dataclasses import dataclass

from search.criteria import Criteria
from search.cursor import Place
from search.findings import Findings
from search.plan import Answer
from search.results import Hit
from search.turning import Turned


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of results: the engine's answer and how far it was widened, the total, what the catalogue lets through."""

    answer: Answer
    widening: int
    total: int
    findings: Findings
    turned: Turned


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A result next to another, and the question with the cursor of the page on which it stands."""

    hit: Hit
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class Beside:
    """A result's place (from 1) on its page of results, how many results there are, and its neighbours."""

    place: int
    total: int
    previous: Neighbour | None = None
    next: Neighbour | None = None


def look_beside(
    record_id: str, criteria: Criteria, here: Shown, turn_to: Callable[[Place], tuple[Criteria, Shown]]
) -> Beside | None:
    """The neighbours of a record on the page ``here`` of the criteria, or on the pages that ``turn_to`` opens; None
    where it is not on that page."""
    ids = [one.public_id for one in here.findings.records]
    if record_id not in ids:
        return None
    at = ids.index(record_id)

    def neighbour(wanted: int, beyond: Place | None) -> Neighbour | None:
        if 0 <= wanted < len(ids):
            return Neighbour(here.findings.plain_hit(here.findings.records[wanted]), criteria)
        if beyond is None:
            return None
        listed, shown = turn_to(beyond)
        found = shown.findings
        return Neighbour(found.plain_hit(found.records[min(wanted, 0)]), listed) if found.records else None

    return Beside(at + 1, here.total, neighbour(at - 1, here.turned.previous), neighbour(at + 1, here.turned.next))
