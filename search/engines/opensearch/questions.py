"""A plan as requests to OpenSearch, and their answers: hits and total, and all facets beside them."""

from dataclasses import replace
from typing import Any

from search.engines.opensearch.clauses import to_query
from search.engines.opensearch.mapping import path
from search.plan import (
    DEEPEST,
    Answer,
    Buckets,
    Facet,
    LostPlaceError,
    NumberFacet,
    Plan,
    RangeFacet,
    ValueFacet,
    unranked,
)

_INSIDE = "inside"  # the name of the aggregation below a facet's filter


Place = list[Any]  # the values by which a hit is ordered


def place_body(plan: Plan) -> dict[str, Any]:
    """The body of the request for the places of the records next to which the plan's page begins."""
    ids = list(plan.start.ids) if plan.start else []
    narrowing = [*(to_query(plan.index, clause) for clause in plan.choices.values()), {"terms": {"id": ids}}]
    return {
        "query": {"bool": {"must": [to_query(plan.index, plan.query)], "filter": narrowing}},
        "size": len(ids),
        "track_total_hits": False,
        "_source": False,
        "stored_fields": "_none_",
        "sort": _order(plan),
    }


def read_place(plan: Plan, answer: dict[str, Any]) -> Place | None:
    """The place of the first of those records that is still found; None where none is."""
    there = {str(hit["sort"][1]): hit["sort"] for hit in answer["hits"]["hits"]}
    return next((there[own] for own in plan.start.ids if own in there), None) if plan.start else None


def _order(plan: Plan) -> list[dict[str, str]]:
    back = plan.start is not None and plan.start.back
    up, down = ("desc", "asc") if back else ("asc", "desc")
    return [{plan.sort: up}, {"id": up}] if plan.sort else [{"_score": down}, {"id": up}]


def request_body(plan: Plan, place: Place | None = None) -> dict[str, Any]:
    """The body of the request; ``place`` is that of the record next to which the page begins.

    ValueError if it asks deeper than DEEPEST without a place, LostPlaceError if it had a start.

    Choices that some facet ignores narrow the hits after the facets have been counted; the others narrow both.
    """
    first, size = _span(plan, place)
    choices = {name: to_query(plan.index, clause) for name, clause in plan.choices.items()}
    ignored = {_ignored(facet) for facet in plan.facets} & set(choices)
    always = [query for name, query in choices.items() if name not in ignored]
    later = {name: query for name, query in choices.items() if name in ignored}
    asked = to_query(plan.index, plan.query)
    body: dict[str, Any] = {
        "query": {"bool": {"must": [asked], "filter": always}} if always else asked,
        "size": size,
        "from": first,
        "track_total_hits": True,
        "_source": False,
        "stored_fields": "_none_",  # the identifier comes with the order: no hit is fetched
        "sort": _order(plan) if place else _order(replace(plan, start=None)),
    }
    if place:
        body["search_after"] = place
    if later:
        body["post_filter"] = {"bool": {"filter": list(later.values())}}
    if plan.facets:
        body["aggs"] = {facet.name: _counted(facet, later) for facet in plan.facets}
    return body


def _span(plan: Plan, place: Place | None) -> tuple[int, int]:
    """From which hit on (0 behind a place), and how many, those to be left out included."""
    if place and plan.start:
        return 0, plan.size + plan.start.skip
    first = plan.offset
    if plan.start:
        first = max(plan.start.near - plan.size, 0) if plan.start.back else plan.start.near
    if first < 0 or plan.size < 0 or first + plan.size > DEEPEST:
        raise (LostPlaceError if plan.start else ValueError)(f"deeper than {DEEPEST} hits")
    return first, plan.size


def read_answer(plan: Plan, answer: dict[str, Any], place: Place | None = None) -> Answer:
    """What came back, as the protocol wants it."""
    found = answer["hits"]
    hits = tuple((str(hit["sort"][1]), 0.0 if plan.sort else float(hit["sort"][0])) for hit in found["hits"])
    if place and plan.start:
        hits = hits[plan.start.skip :]
        hits = hits[::-1] if plan.start.back else hits
    return Answer(int(found["total"]["value"]), hits, read_buckets(plan, answer))


def counting_body(plan: Plan) -> dict[str, Any]:
    """The body of a request that only counts the plan's facets."""
    body = request_body(replace(plan, query=unranked(plan.query), sort="", size=0, offset=0, start=None))
    body.pop("post_filter", None)
    return body | {"track_total_hits": False}


def read_buckets(plan: Plan, answer: dict[str, Any]) -> dict[str, Buckets]:
    """What was counted of each facet."""
    counted = answer.get("aggregations", {})
    return {facet.name: _read(facet, counted[facet.name]) for facet in plan.facets}


def _ignored(facet: Facet) -> str:
    return facet.ignores or facet.name


def _counted(facet: Facet, later: dict[str, Any]) -> dict[str, Any]:
    narrowing = [query for name, query in later.items() if name != _ignored(facet)]
    inner = _aggregation(facet)
    return {"filter": {"bool": {"filter": narrowing}}, "aggs": {_INSIDE: inner}} if narrowing else inner


def _aggregation(facet: Facet) -> dict[str, Any]:
    match facet:
        case ValueFacet(_, field, size, only=only):
            order: list[dict[str, str]] = [{"_count": "desc"}, {"_key": "asc"}]
            included = {"include": list(only)} if only else {}
            return {"terms": {"field": path(field), "size": size, "order": order, "min_doc_count": 1} | included}
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
