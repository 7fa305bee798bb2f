"""The neutral schema as an OpenSearch index: explicit mappings, no source, nothing refreshed but by a commit."""

from functools import lru_cache
from typing import Any

from search.engines.opensearch.analysis import analysis_settings
from search.engines.values import TEXTS, Values
from search.schema import FIELDS, SCHEMA_VERSION, Field

PAGE_BREAK = "\f"
_OPTIONS = {"marked": "freqs", "folded": "positions", "shingles": "freqs"}
_KINDS = {index: {field.name: field.kind for field in fields} for index, fields in FIELDS.items()}


def path(field: str) -> str:
    """Where a field of the schema lies in an OpenSearch document: ``text_folded`` is ``text.folded``."""
    group, _, kind = field.rpartition("_")
    return {"marked": group, "folded": f"{group}.folded", "shingles": f"{group}.shingles"}.get(kind, field)


def is_integer(index: str, field: str) -> bool:
    """Whether the field holds whole numbers."""
    return _KINDS[index][field] == "integer"


def index_body(index: str) -> dict[str, Any]:
    """Settings and mappings of a new index."""
    return {
        "settings": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            "refresh_interval": -1,  # what is written is seen after a commit
            "gc_deletes": "1h",  # a write that was still under way loses against a delete of that long ago
            "analysis": analysis_settings(),
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},  # texts never come back from an index
            "_meta": meta(0),
            "properties": _properties(index),
        },
    }


def meta(position: int) -> dict[str, int]:
    """What an index knows of itself: it goes into every snapshot of the index, so the two never part."""
    return {"schema_version": SCHEMA_VERSION, "position": position}


def source(index: str, values: Values) -> dict[str, Any]:
    """The body of a document; pages of a text apart, so that no pair of words bridges two pages."""
    body: dict[str, Any] = {name: value[0] if len(value) == 1 else value for name, value in values.items() if value}
    for group in TEXTS[index]:
        text = str(values[group][0])
        body[group] = text.split(PAGE_BREAK) if PAGE_BREAK in text else text
    return body


@lru_cache(maxsize=4)
def _properties(index: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in FIELDS[index]:
        if field.kind not in _OPTIONS:
            made[field.name] = _exact(field)
        elif field.name == "number_words":
            made[field.name] = _words("numbers", "positions")
        else:
            group, _, kind = field.name.rpartition("_")
            # A group without marked words (the title) is there for the fields below it only.
            own = made.setdefault(group, {"type": "text", "index": False, "norms": False, "fields": {}})
            if kind == "marked":
                own |= _words("marked", _OPTIONS["marked"]) | {"index": True, "norms": True}
            else:
                own["fields"][kind] = _words(kind, _OPTIONS[field.kind])
    return made


def _words(analyzer: str, options: str) -> dict[str, Any]:
    gap = {"position_increment_gap": 0} if options == "positions" else {}
    return {"type": "text", "analyzer": analyzer, "index_options": options} | gap


def _exact(field: Field) -> dict[str, Any]:
    if field.kind == "integer":
        return {"type": "long"}
    if field.kind == "sort":
        return {"type": "keyword", "index": False}
    if field.kind == "facet":
        return {"type": "keyword", "eager_global_ordinals": True}
    return {"type": "keyword", "doc_values": field.stored}
