"""Facets as tantivy aggregations: one call for all facets without a choice, one more for each that has one."""

from typing import Any

from tantivy import Query, Searcher

from search.plan import Buckets, Facet, NumberFacet, RangeFacet, ValueFacet

MOST_BUCKETS = 65_000  # tantivy's limit a request
ROUGHLY = 2  # times the wanted values are taken from each segment for a rough count


def count_buckets(searcher: Searcher, query: Query, facets: list[Facet]) -> dict[str, Buckets]:
    """The buckets of the facets among what the query finds, none of them empty."""
    if not facets:
        return {}
    answer: dict[str, Any] = searcher.aggregate(query, {facet.name: _request(facet) for facet in facets})
    return {facet.name: _read(facet, answer[facet.name]["buckets"]) for facet in facets}


def _request(facet: Facet) -> dict[str, Any]:
    match facet:
        case ValueFacet(_, field, size, _, rough, only):
            included = {"include": list(only)} if only else {}
            # Each bucket of a segment costs a look into its dictionary.
            taken = size * ROUGHLY if rough else MOST_BUCKETS
            return {"terms": {"field": field, "size": size, "segment_size": taken} | included}
        case NumberFacet(_, field, size, _):
            return {"terms": {"field": field, "size": size, "segment_size": MOST_BUCKETS, "order": {"_key": "asc"}}}
        case RangeFacet(_, field, ranges, _):
            # tantivy's upper end is not included
            spans: list[dict[str, str | int]] = [
                {"key": n} | _bound("from", low, 0) | _bound("to", high, 1) for n, low, high in ranges
            ]
            return {"range": {"field": field, "ranges": spans}}


def _bound(name: str, value: int | None, add: int) -> dict[str, str | int]:
    return {} if value is None else {name: value + add}


def _read(facet: Facet, buckets: list[dict[str, Any]]) -> Buckets:
    if isinstance(facet, RangeFacet):
        counts = {str(b["key"]): int(b["doc_count"]) for b in buckets}
        return tuple((name, counts[name]) for name, _, _ in facet.ranges if counts.get(name))
    if isinstance(facet, NumberFacet):
        found = sorted((int(b["key"]), int(b["doc_count"])) for b in buckets if b["doc_count"])
        return tuple((str(value), count) for value, count in found)
    counted = [(str(b["key"]), int(b["doc_count"])) for b in buckets if b["doc_count"]]
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))
