"""Suggestions with where each leads: a record, a search by title, or a search with the name chosen."""

from typing import Any

from portal.addresses import record_url, search_url
from search.criteria import Criteria
from search.results import Suggestion

NAMES = {"issuer", "place"}


def shown(one: Suggestion) -> dict[str, Any]:
    """A suggestion as the interface gives it."""
    return {
        "text": one.text,
        "kind": one.kind,
        "id": one.id or None,
        "count": one.count,
        "note": one.note,
        "url": _address(one),
    }


def _address(one: Suggestion) -> str:
    if one.kind in NAMES:
        return search_url(Criteria(facets={one.kind: (one.id,)}))
    if one.id and one.count == 1:
        return record_url(one.level, one.id)
    quoted = one.text.replace('"', " ")
    return search_url(Criteria(q=f'{"so" if one.kind == "number" else "tieu-de"}:"{quoted}"'))
