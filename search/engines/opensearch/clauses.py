"""Typed clauses as OpenSearch's query objects.  Terms go in as terms: no string of a reader is ever parsed there."""

from collections.abc import Sequence
from typing import Any

from search.engines.opensearch.mapping import is_integer, path
from search.plan import (
    Access,
    All,
    AtLeast,
    Beginning,
    Bool,
    Clause,
    Constant,
    Keyword,
    Nothing,
    Phrase,
    Prefix,
    Range,
    Terms,
)

Query = dict[str, Any]

NONE: Query = {"match_none": {}}
_EXPANSIONS = 50  # words that the begun last word of a phrase may stand for


def to_query(index: str, clause: Clause) -> Query:
    """The clause for OpenSearch."""
    match clause:
        case Terms(field, terms, boost):
            return _weighed(field, terms, boost)
        case AtLeast(field, terms, minimum):
            return _at_least(field, terms, minimum)
        case Phrase(field, terms, boost):
            return _phrase(field, terms, boost)
        case Beginning(field, terms):
            return _constant(_beginning(field, terms), 0.0)
        case Prefix(field, text):
            return _constant({"prefix": {field: {"value": text}}}, 0.0) if text else NONE
        case Keyword(field, values):
            exact = [int(one) for one in values] if is_integer(index, field) else list(values)
            return {"terms": {field: exact}} if exact else NONE
        case Range(field, low, high):
            return _range(field, low, high)
        case Access(rule):
            return _access(rule.right, rule.tags, rule.day)
        case Constant(inner, score):
            return _constant(to_query(index, inner), score)
        case Bool():
            return _bool(index, clause)
        case All():
            return {"match_all": {}}
        case Nothing():
            return NONE


def _term(field: str, term: str, boost: float = 1.0) -> Query:
    return {"term": {path(field): {"value": term, "boost": boost} if boost != 1.0 else {"value": term}}}


def _any(queries: list[Query]) -> Query:
    if not queries:
        return NONE
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _weighed(field: str, terms: tuple[tuple[str, float], ...], boost: float) -> Query:
    """Those of a weight together: the same sums, in a fifth of the letters that both sides write and read."""
    together: dict[float, list[str]] = {}
    for term, weight in terms:
        together.setdefault(weight * boost, []).append(term)
    return _any([_some(field, some, 1, weight) for weight, some in together.items()])


def _at_least(field: str, terms: tuple[str, ...], minimum: int) -> Query:
    if minimum > len(terms) or not terms:
        return NONE
    return _some(field, terms, max(minimum, 1))


def _some(field: str, terms: Sequence[str], minimum: int, boost: float = 1.0) -> Query:
    """So many of the terms, at least one."""
    if len(terms) == 1:
        return _term(field, terms[0], boost)
    if not _whole(terms):
        several = [_term(field, term, boost) for term in terms]
        return {"bool": {"should": several, "minimum_should_match": minimum}}
    told: dict[str, Any] = {"query": " ".join(terms), "analyzer": "whitespace"}
    if minimum > 1:
        told["minimum_should_match"] = minimum
    return {"match": {path(field): told | ({"boost": boost} if boost != 1.0 else {})}}


def _whole(terms: Sequence[str]) -> bool:
    """Whether each is one word for an analyzer that only cuts at white space; no other is in the index."""
    return bool(terms) and all(term and len(term.split()) == 1 and term == term.strip() for term in terms)


def _phrase(field: str, terms: tuple[str, ...], boost: float) -> Query:
    if not _whole(terms):
        return NONE
    if len(terms) == 1:
        return _term(field, terms[0], boost)
    return {"match_phrase": {path(field): {"query": " ".join(terms), "analyzer": "whitespace", "boost": boost}}}


def _beginning(field: str, terms: tuple[str, ...]) -> Query:
    if not _whole(terms):
        return NONE
    if len(terms) == 1:
        return {"prefix": {path(field): {"value": terms[0]}}}
    told = {"query": " ".join(terms), "analyzer": "whitespace", "max_expansions": _EXPANSIONS}
    return {"match_phrase_prefix": {path(field): told}}


def _range(field: str, low: int | None, high: int | None) -> Query:
    if low is not None and high is not None and low > high:
        return NONE
    if low is None and high is None:
        return {"exists": {"field": field}}
    bounds = {"gte": low, "lte": high}
    return {"range": {field: {name: value for name, value in bounds.items() if value is not None}}}


def _access(right: str, tags: tuple[str, ...], day: int) -> Query:
    granted: list[Query] = [{"range": {f"everyone_from_{right}": {"lte": day}}}]
    if not tags:
        return granted[0]
    granted.append({"terms": {f"allow_{right}": list(tags)}})
    denied = [{"terms": {f"deny_{right}": list(tags)}}]
    return {"bool": {"should": granted, "minimum_should_match": 1, "must_not": denied}}


def _constant(query: Query, score: float) -> Query:
    return {"constant_score": {"filter": query, "boost": score}}


def _bool(index: str, clause: Bool) -> Query:
    told: dict[str, Any] = {}
    for name in ("must", "should", "must_not", "filter"):
        if parts := getattr(clause, name):
            told[name] = [to_query(index, one) for one in parts]
    alone = not (clause.must or clause.filter)
    needed = clause.minimum if clause.minimum is not None else int(alone and bool(clause.should))
    if needed > len(clause.should):
        return NONE
    if clause.should:
        told["minimum_should_match"] = needed
    if alone and not needed:
        told["filter"] = [{"match_all": {}}]
    return {"bool": told}
