"""How many records touch each decade.  A sum over years would count a file of three years thrice; what began by the
decade's end, less what ended before it, counts each once, by two fields of one number each."""

from collections.abc import Mapping
from datetime import date
from itertools import accumulate

from search.plan import Buckets, RangeFacet

FIRST, LAST = 1800, 2040  # decades that are told; what is older stands before them
_STARTS = tuple(range(FIRST, LAST + 1, 10))
_SPANS: tuple[tuple[str, int | None, int | None], ...] = (
    ("before", None, date(FIRST, 1, 1).toordinal() - 1),
    *((str(start), date(start, 1, 1).toordinal(), date(start + 9, 12, 31).toordinal()) for start in _STARTS),
)
FACETS = (
    RangeFacet("begun", "date_from", _SPANS, ignores="years"),
    RangeFacet("ended", "date_to", _SPANS, ignores="years"),
)


def decades_of(buckets: Mapping[str, Buckets]) -> dict[int, int]:
    """The records that touch each decade, by its first year, of the buckets of ``FACETS``; none that has no record."""
    begun, ended = (dict(buckets[facet.name]) for facet in FACETS)
    labels = [label for label, _low, _high in _SPANS]
    by_then = list(accumulate(begun.get(label, 0) for label in labels))[1:]
    over = accumulate(ended.get(label, 0) for label in labels)  # before the decade, which the first one is not yet
    totals = zip(_STARTS, by_then, over, strict=False)
    return {start: count for start, began, gone in totals if (count := began - gone)}
