"""IIIF Content Search 2.0, and 1.0 for the viewers that know no other: hits of a question inside a record.

One list of hits, told twice.  A hit over a line break has one annotation a line.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from archive.database import reading
from portal.addresses import iiif_url, portal_url
from portal.errors import problem
from portal.hits import Found, Inside, find_all, search_inside
from portal.numbers import asked_number
from portal.presenting import keep_of, readable
from portal.viewing import asking
from search.criteria import read_criteria
from search.language import QueryError, messages

MOST_ANNOTATIONS = 500
LONGEST_QUESTION = 1_000
_IGNORED = ("motivation", "date", "user")

Json = dict[str, Any]

blueprint = Blueprint("annotating", __name__)


@blueprint.get("/iiif/3/<public_id>/search")
def second(public_id: str) -> ResponseReturnValue:
    """The hits of ``q`` as an AnnotationPage (Content Search 2.0)."""
    return _answer(public_id, 2)


@blueprint.get("/iiif/search/1/<public_id>")
def first(public_id: str) -> ResponseReturnValue:
    """The hits of ``q`` as an AnnotationList (Content Search 1.0)."""
    return _answer(public_id, 1)


def _answer(public_id: str, version: int) -> ResponseReturnValue:
    who = asking()
    q = " ".join(request.args.get("q", "").replace("\0", "").split())
    with reading() as session:
        found, part = readable(session, who, public_id)
        if len(q) > LONGEST_QUESTION:
            return problem(400, "câu hỏi quá dài", "the question is too long", "q")
        inside = Inside()
        try:
            if q:
                inside = search_inside(session, found, read_criteria([("q", q)]), part)
        except QueryError as error:
            return problem(400, *messages(error), "q")
        start = max(asked_number("start", 1, digits=8), 1)
        hits = find_all(session, found, inside, start, MOST_ANNOTATIONS, boxed=True)
    own = portal_url(request.full_path.rstrip("?"))
    answer = jsonify(
        _as_second(public_id, own, hits) | _beside_second(start, inside)
        if version == 2
        else _as_first(public_id, own, hits, inside) | _beside_first(start, inside)
    )
    answer.mimetype = "application/ld+json"
    keep_of(answer, found, who)
    return answer


def _page(start: int = 0) -> str:
    """The address of the hits from the ``start``-th on; of all of them without one."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "start"]
    asked = urlencode([*pairs, ("start", start)] if start else pairs)
    return portal_url(request.path + (f"?{asked}" if asked else ""))


def _beside_second(start: int, inside: Inside) -> Json:
    before, after = max(start - MOST_ANNOTATIONS, 1), start + MOST_ANNOTATIONS
    if start == 1 and after > inside.total:
        return {}
    return {
        "partOf": {"id": _page(), "type": "AnnotationCollection"},
        **({"prev": {"id": _page(before), "type": "AnnotationPage"}} if start > 1 else {}),
        **({"next": {"id": _page(after), "type": "AnnotationPage"}} if after <= inside.total else {}),
    }


def _beside_first(start: int, inside: Inside) -> Json:
    after = start + MOST_ANNOTATIONS
    return {"startIndex": start - 1, **({"next": _page(after)} if after <= inside.total else {})}


def _targets(public_id: str, hit: Found) -> list[str]:
    canvas = iiif_url(public_id, "canvas", hit.n)
    return [f"{canvas}#xywh={r.x},{r.y},{r.w},{r.h}" for r in hit.rects] or [canvas]


def _own(public_id: str, hit: Found, line: int) -> str:
    return iiif_url(public_id, "hit", hit.n, hit.place, line)


def _as_second(public_id: str, own: str, hits: list[Found]) -> Json:
    items: list[Json] = []
    contexts: list[Json] = []
    for hit in hits:
        for line, target in enumerate(_targets(public_id, hit), 1):
            items.append(
                {
                    "id": _own(public_id, hit, line),
                    "type": "Annotation",
                    "motivation": "highlighting",
                    "body": {"type": "TextualBody", "value": hit.match, "format": "text/plain", "language": "vi"},
                    "target": target,
                }
            )
        contexts.append(
            {
                "id": iiif_url(public_id, "hit", hit.n, hit.place),
                "type": "Annotation",
                "motivation": "contextualizing",
                "target": {
                    "type": "SpecificResource",
                    "source": _own(public_id, hit, 1),
                    "selector": [
                        {
                            "type": "TextQuoteSelector",
                            "prefix": hit.before,
                            "exact": hit.match,
                            "suffix": hit.after,
                        }
                    ],
                },
            }
        )
    ignored = [name for name in _IGNORED if name in request.args]
    return {
        "@context": "http://iiif.io/api/search/2/context.json",
        "id": own,
        "type": "AnnotationPage",
        **({"ignored": ignored} if ignored else {}),
        "items": items,
        "annotations": [{"type": "AnnotationPage", "id": f"{own}#contexts", "items": contexts}] if contexts else [],
    }


def _as_first(public_id: str, own: str, hits: list[Found], inside: Inside) -> Json:
    resources: list[Json] = []
    told: list[Json] = []
    for hit in hits:
        names = []
        for line, target in enumerate(_targets(public_id, hit), 1):
            names.append(_own(public_id, hit, line))
            resources.append(
                {
                    "@id": names[-1],
                    "@type": "oa:Annotation",
                    "motivation": "sc:painting",
                    "resource": {"@type": "cnt:ContentAsText", "chars": hit.match},
                    "on": target,
                }
            )
        told.append(
            {
                "@type": "search:Hit",
                "annotations": names,
                "before": hit.before,
                "match": hit.match,
                "after": hit.after,
            }
        )
    ignored = [name for name in _IGNORED if name in request.args]
    return {
        "@context": [
            "http://iiif.io/api/presentation/2/context.json",
            "http://iiif.io/api/search/1/context.json",
        ],
        "@id": own,
        "@type": "sc:AnnotationList",
        "within": {
            "@type": "sc:Layer",
            "total": inside.total,
            **({"ignored": ignored} if ignored else {}),
        },
        "resources": resources,
        "hits": told,
    }
