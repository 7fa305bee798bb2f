"""A plan as one request to OpenSearch, and its answer: hits, total and all facets in one round trip."""

from typing import Any

from search.engines.opensearch.clauses import to_query
from search.engines.opensearch.mapping import path
from search.plan import DEEPEST, Answer, Buckets, Facet, NumberFacet, Plan, RangeFacet, ValueFacet

_INSIDE = "inside"  # the name of the aggregation below a facet's filter


def request_body(plan: Plan) -> dict[str, Any]:
    """The body of the request.  ValueError if it asks deeper than DEEPEST.

    Choices that some facet ignores narrow the hits after the facets have been counted; the others narrow both.
    """
    if plan.offset < 0 or plan.size < 0 or plan.offset + plan.size > DEEPEST:
        raise ValueError(f"deeper than {DEEPEST} hits")
    choices = {name: to_query(plan.index, clause) for name, clause in plan.choices.items()}
    ignored = {_ignored(facet) for facet in plan.facets} & set(choices)
    always = [query for name, query in choices.items() if name not in ignored]
    later = {name: query for name, query in choices.items() if name in ignored}
    asked = to_query(plan.index, plan.query)
    body: dict[str, Any] = {
        "query": {"bool": {"must": [asked], "filter": always}} if always else asked,
        "size": plan.size,
        "from": plan.offset,
        "track_total_hits": True,
        "_source": False,
        "stored_fields": "_none_",  # the identifier comes with the order: no hit is fetched
        "sort": [{plan.sort: "asc"}, {"id": "asc"}] if plan.sort else [{"_score": "desc"}, {"id": "asc"}],
    }
    if later:
        body["post_filter"] = {"bool": {"filter": list(later.values())}}
    if plan.facets:
        body["aggs"] = {facet.name: _counted(facet, later) for facet in plan.facets}
    return body


def read_answer(plan: Plan, answer: dict[str, Any]) -> Answer:
    """What came back, as the protocol wants it."""
    found = answer["hits"]
    hits = tuple((str(hit["sort"][1]), 0.0 if plan.sort else float(hit["sort"][0])) for hit in found["hits"])
    counted = answer.get("aggregations", {})
    return Answer(
        int(found["total"]["value"]), hits, {facet.name: _read(facet, counted[facet.name]) for facet in plan.facets}
    )


def _ignored(facet: Facet) -> str:
    return facet.ignores or facet.name


def _counted(facet: Facet, later: dict[str, Any]) -> dict[str, Any]:
    narrowing = [query for name, query in later.items() if name != _ignored(facet)]
    inner = _aggregation(facet)
    return {"filter": {"bool": {"filter": narrowing}}, "aggs": {_INSIDE: inner}} if narrowing else inner


def _aggregation(facet: Facet) -> dict[str, Any]:
    match facet:
        case ValueFacet(_, field, size):
            order: list[dict[str, str]] = [{"_count": "desc"}, {"_key": "asc"}]
            return {"terms": {"field": path(field), "size": size, "order": order, "min_doc_count": 1}}
        case NumberFacet(_, field, size, _):
            return {"terms": {"field": path(field), "size": size, "order": {"_key": "asc"}, "min_doc_count": 1}}
        case RangeFacet(_, field, ranges, _):
            # the upper end is not included
            spans = [{"key": n} | _bound("from", low, 0) | _bound("to", high, 1) for n, low, high in ranges]
            return {"range": {"field": path(field), "ranges": spans, "keyed": False}}


def _bound(name: str, value: int | None, add: int) -> dict[str, Any]:
    return {} if value is None else {name: value + add}


def _read(facet: Facet, answer: dict[str, Any]) -> Buckets:
    buckets = answer.get(_INSIDE, answer)["buckets"]
    counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets if bucket["doc_count"]}
    if isinstance(facet, RangeFacet):
        return tuple((name, counts[name]) for name, _, _ in facet.ranges if name in counts)
    return tuple(counts.items())
