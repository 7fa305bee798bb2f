"""The description of the JSON interface, OpenAPI 3.1; a test compares it with the routes and the criteria."""

from typing import Any

from portal.openapi_deliveries import delivery_paths
from search.criteria import LEVELS, MOST_HITS, SORTS, USUAL_HITS, VERBATIM
from search.facet_pages import FACET_ORDERS
from search.facets import FACETS

ID = {"type": "string", "pattern": "^[a-z2-7]{26}$", "description": "Opaque public identifier."}
TEXT = {"type": "string"}
MARKED = {
    "type": "string",
    "description": "Text as HTML: hits stand in <mark>, every other character that means something in HTML is escaped.",
}
DAY = {"type": ["string", "null"], "format": "date"}
ACCESS = {"type": "string", "enum": ["open", "until", "conditional"]}
COUNT = {"type": "integer", "minimum": 0}
ADDRESS = {"type": "string", "format": "uri-reference"}
LEVEL = {"type": "string", "enum": list(LEVELS)}


def _object(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), **more}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


PAGE = _object({"n": {"type": "integer", "minimum": 1}, "snippet": MARKED})
STEP = _object({"id": ID, "level": LEVEL, "title": TEXT, "code": TEXT, "url": ADDRESS})
INSIDE = _object({**STEP["properties"], "page": {**PAGE, "type": ["object", "null"]}})
DATES = {"type": ["array", "null"], "items": {"type": "string", "format": "date"}, "minItems": 2, "maxItems": 2}
COMMON = {"id": ID, "level": LEVEL, "title": TEXT, "code": TEXT, "number": TEXT, "issuer": TEXT, "type": TEXT}
HIT = _object(
    {
        **COMMON,
        "date": DAY,
        "dates": DATES,
        "fonds": TEXT,
        "path": _list(STEP),
        "access": ACCESS,
        "snippet": MARKED,
        "pages": _list(PAGE),
        #: Of a file: its documents that match, the best by name, each with its best page where its text may be
        #: searched; ``count`` is 0 where they were not counted.
        "inside": _object({"count": COUNT, "documents": _list(INSIDE)}),
        "url": ADDRESS,
    }
)
FACET_VALUE = _object({"value": TEXT, "label": TEXT, "count": COUNT, "selected": {"type": "boolean"}})
#: ``undo`` is the query string of the same question without this interpretation, empty if there is none.
EXPLANATION = _object(
    {"code": TEXT, "text": TEXT, "text_en": TEXT, "undo": TEXT, "only": TEXT, "found": COUNT},
    description="What was understood; ``undo`` and ``only``: parameters of the search without it, and narrowed to it.",
)
ALTERNATIVE = _object(
    {
        "kind": {"type": "string", "enum": ["filter", "filters", "part", "unquoted", "spelling"]},
        "text": {**TEXT, "description": "The name of the filter or the part left out, or what is asked instead."},
        "count": COUNT,
        "url": ADDRESS,
    },
    description="Where nothing is found: another question that finds something, with how much for this reader.",
)
ANSWER = _object(
    {
        "total": COUNT,
        "total_is_exact": {"type": "boolean"},
        "hits": _list(HIT),
        "facets": {"type": "object", "additionalProperties": _list(FACET_VALUE)},
        "levels": _list(FACET_VALUE),
        "years": {
            **_list(_object({"year": {"type": "integer"}, "count": COUNT})),
            "description": "Files and documents of each year that has any; one of several years counts in each.",
        },
        "undated": COUNT,
        "corrections": _list(TEXT),
        "explanations": _list(EXPLANATION),
        "alternatives": _list(ALTERNATIVE),
        "next": {"type": ["string", "null"], "description": "Cursor of the next page."},
    }
)
RECORD = _object(
    {
        **COMMON,
        "date": DAY,
        "dates": DATES,
        "places": _list(TEXT),
        "subjects": _list(TEXT),
        "path": _list(STEP),
        "access": ACCESS,
        "opens_on": DAY,
        "use": {"type": "string", "description": "What may be done with it, in the language of the answer."},
        "rights": {"type": "string", "format": "uri", "description": "Its rights statement."},
        "readable": {"type": "boolean"},
        "medium": {"type": "string", "enum": ["digital", "photo", "audio", "video", "text", "paper", ""]},
        "description": {"type": "object", "additionalProperties": TEXT},
        "members": _object({"inventories": COUNT, "files": COUNT, "documents": COUNT}),
        "pages": _list(_object({"n": {"type": "integer"}, "image": {"type": "boolean"}, "url": ADDRESS})),
        "recordings": _list(
            _object(
                {
                    "n": {"type": "integer"},
                    "kind": {"type": "string", "enum": ["audio", "video"]},
                    "media_type": TEXT,
                    "seconds": {"type": ["number", "null"]},
                    "url": ADDRESS,
                }
            )
        ),
        "url": ADDRESS,
    }
)
WORD = _object(
    {
        "text": TEXT,
        "other_reading": {"type": "boolean", "description": "Of an older name or a written-out abbreviation."},
        "title": {"type": "boolean"},
        "description": {"type": "boolean"},
        "times": {**COUNT, "description": "In the text, on the pages named (the best 20 that match)."},
        "as_typed": {**COUNT, "description": "Of these, with just the marks that were typed."},
        "pages": _list({"type": "integer", "minimum": 1}),
    }
)
WHY = _object(
    {
        "hit": HIT,
        "words": _list(WORD),
        "counted": _list(_object({"code": TEXT, "text": TEXT, "text_en": TEXT})),
        "scores": {
            **_list(_object({"part": TEXT, "score": {"type": "number"}})),
            "description": "What each part of the ranking adds; empty for all but staff.",
        },
    }
)
SUGGESTION = _object(
    {
        "text": TEXT,
        "kind": {"type": "string", "enum": ["number", "title", "beginning", "issuer", "place"]},
        "id": {**ID, "type": ["string", "null"]},
        "count": {**COUNT, "description": "Records that it leads to, for a reader who has not signed in."},
        "note": {**TEXT, "description": "The title of the record that has the number."},
        "url": ADDRESS,
    },
    description="A way to go on typing: a document number, a record's title (of several records with that title, one "
    "of them), words with which several titles begin (no identifier), or the name of an issuer or a place.",
)
PROBLEM = {
    **_object({"type": TEXT, "title": TEXT, "status": COUNT, "detail": TEXT, "title_en": TEXT, "detail_en": TEXT}),
    "description": "RFC 9457; title and detail in Vietnamese, title_en and detail_en in English; `parameter` names "
    "what was wrong; for a query `position` and `length` (in characters of its canonical form) say where, and "
    "`suggestion` is one that can be read.",
}


def _query(name: str, description: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    repeat = {"style": "form", "explode": True} if schema.get("type") == "array" else {}
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": schema,
        **repeat,
        **({"required": True} if required else {}),
    }


def search_parameters() -> list[dict[str, Any]]:
    """The parameters of a search: those of the criteria, each facet repeatable."""
    period = {"type": "string", "pattern": r"^(\d{4}|\d{4}-\d{2}-\d{2})$"}
    return [
        _query("q", 'Words, "a phrase", -not, OR, field:value.', TEXT),
        _query("level", "Levels of description.", _list(LEVEL)),
        *(
            _query(f.name, f"{f.vi} ({f.en}).", _list(TEXT | ({"enum": list(f.values)} if f.values else {})))
            for f in FACETS
        ),
        _query("from", "Earliest year or day.", period),
        _query("to", "Latest year or day.", period),
        _query("undated", "Those of which no year is known.", {"type": "string", "enum": ["1"]}),
        _query("sort", "Order.", {"type": "string", "enum": list(SORTS), "default": "relevance"}),
        _query(
            "size", "Hits on a page.", {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": USUAL_HITS}
        ),
        _query("verbatim", "Interpretations that are not wanted.", _list({"type": "string", "enum": list(VERBATIM)})),
        _query("cursor", "Cursor from `next` of the page before.", TEXT),
    ]


LANGUAGE = _query("lang", "Language of labels.", {"type": "string", "enum": ["vi", "en"], "default": "vi"})


def _without_order(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in parameters if one["name"] != "sort"]


def _operation(name: str, summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any], *errors: str) -> Any:
    wrong = {"description": "Problem", "content": {"application/problem+json": {"schema": PROBLEM}}}
    good = {"description": "Answer", "content": {"application/json": {"schema": schema}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {"200": good, **dict.fromkeys((*errors, "429"), wrong)},
        }
    }


def build_description(name: str) -> dict[str, Any]:
    """The document; ``name`` is the archive's."""
    names = {"type": "string", "enum": [one.name for one in FACETS]}
    facet = {"name": "name", "in": "path", "required": True, "schema": names}
    beginning = _query("label", "Beginning of a word of the label.", TEXT | {"maxLength": 100})
    order = _query("order", "By count or by label.", {"type": "string", "enum": list(FACET_ORDERS), "default": "count"})
    identifier = {"name": "public_id", "in": "path", "required": True, "schema": TEXT}
    suggestion = _query("q", "What has been typed.", TEXT | {"minLength": 1, "maxLength": 200}, required=True)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Văn Khố: {name}",
            "version": "1",
            "description": "Every answer shows only what the asking reader may see on the day of the question.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}],
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A personal token, made at /tai-khoan: it expires, may be limited to `search`, "
                    "`read` or `deliver`, and never does more than its owner may.",
                }
            }
        },
        "paths": {
            "/api/v1/search": _operation(
                "search", "Search records.", [*search_parameters(), LANGUAGE], ANSWER, "400", "401", "403"
            ),
            "/api/v1/facets/{name}": _operation(
                "facet",
                "Values of one facet of a search, page by page.",
                [facet, *_without_order(search_parameters()), beginning, order, LANGUAGE],
                _object({"values": _list(FACET_VALUE), "next": ANSWER["properties"]["next"]}),
                "400",
                "401",
                "403",
                "404",
            ),
            "/api/v1/records/{public_id}": _operation(
                "record", "Describe a record.", [identifier, LANGUAGE], RECORD, "401", "403", "404"
            ),
            "/api/v1/records/{public_id}/similar": _operation(
                "similar",
                "Records that share the words that tell this one from others.",
                [identifier, LANGUAGE],
                _object({"hits": _list(HIT)}),
                "401",
                "404",
            ),
            "/api/v1/records/{public_id}/why": _operation(
                "why",
                "Why a record is among what a question finds: which words stand where, and what counted.",
                [identifier, *_without_order(search_parameters()), LANGUAGE],
                WHY,
                "400",
                "401",
                "404",
            ),
            "/api/v1/suggest": _operation(
                "suggest",
                "Complete what is being typed.",
                [suggestion],
                _object({"suggestions": _list(SUGGESTION)}),
                "400",
                "401",
                "403",
            ),
            **delivery_paths(PROBLEM),
            "/api/v1/openapi.json": _operation("description", "This document.", [], {"type": "object"}),
        },
    }
