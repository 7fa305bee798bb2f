"""The JSON interface: the same questions and the same answers as the pages, for programs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from archive import browsing, describing
from archive.access import may
from archive.catalogue.records import read_days
from archive.database import reading
from archive.reviewing import closed_images
from portal.addresses import page_url, record_url, recording_url, search_url
from portal.auditing import note_reading
from portal.choosing import facet_page
from portal.errors import missing
from portal.house import house
from portal.openapi import build_description
from portal.reasoning import why_found, word_as_data
from portal.recordings import recordings_of
from portal.rights import use_of
from portal.suggesting import shown
from portal.viewing import asking, viewer
from portal.wording import is_english, label
from search.criteria import CriteriaError, read_criteria
from search.marking import mark
from search.results import FacetValue, Hit, PageHit

LONGEST_SUGGESTION = 200

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Results of a question; the parameters are those of the page ``/tim-kiem``."""
    results = house().gateway.search(viewer(), read_criteria(request.args.items(multi=True)))
    return jsonify(
        total=results.total,
        total_is_exact=results.total_is_exact,
        hits=[_hit(one) for one in results.hits],
        facets={name: _values(values) for name, values in results.facets.items()},
        levels=_values(results.levels),
        years=[{"year": year, "count": count} for year, count in results.years],
        undated=results.undated,
        corrections=list(results.corrections),
        explanations=[
            {
                "code": e.code,
                "text": e.vi,
                "text_en": e.en,
                "undo": e.undo.query_string() if e.undo else "",
                "only": e.only.query_string() if e.only else "",
                "found": e.found,
            }
            for e in results.explanations
        ],
        alternatives=[
            {"kind": one.kind, "text": one.text, "count": one.count, "url": search_url(one.criteria)}
            for one in results.alternatives
        ],
        next=results.next or None,
    )


@blueprint.get("/facets/<name>")
def facet(name: str) -> ResponseReturnValue:
    """Values of one facet for a question: ``label`` is the beginning of a word, ``order`` count or name."""
    _, page = facet_page(name, read_criteria(request.args.items(multi=True)))
    return jsonify(values=_values(page.values), next=page.next or None)


@blueprint.get("/suggest")
def suggest() -> ResponseReturnValue:
    """Completions of what is being typed."""
    text = request.args.get("q", "").replace("\0", "").strip()
    if not text or len(text) > LONGEST_SUGGESTION:
        raise CriteriaError(
            "q", f"cần từ 1 đến {LONGEST_SUGGESTION} ký tự", f"needs 1 to {LONGEST_SUGGESTION} characters"
        )
    return jsonify(suggestions=[shown(one) for one in house().gateway.suggest(viewer(), text)])


@blueprint.get("/records/<public_id>")
def record(public_id: str) -> ResponseReturnValue:
    """The description of a record, and the addresses of its pages for one who may read them."""
    who = asking()
    with reading() as session:
        found = browsing.find_record(session, who.viewer, public_id, who.day)
        if found is None:
            raise missing()
        above = browsing.ancestors(session, who.viewer, found, who.day)
        around = describing.surroundings(session, found)
        readable = may(who.viewer, "read", found, who.day)
        pages = browsing.own_pages(session, found) if readable else []
        heard = recordings_of(session, found) if readable else []
        closed = closed_images(session, found) if readable else set()  # of an image that is held nothing is told
        below = browsing.extent(session, who.viewer, found, who.day)
    access, opens_on = browsing.standing(found, who.day)
    use = use_of(found, who.day)
    if readable and access != "open":
        note_reading(who, found, "api")
    names = describing.shown_fields(found.level, readable=readable, staff=who.viewer.is_staff)
    return jsonify(
        id=found.public_id,
        level=found.level,
        title=found.title,
        code=found.code,
        number=found.number,
        issuer=around.issuer,
        type=around.type,
        **_dates(read_days(found)),
        places=list(around.places),
        subjects=list(around.subjects),
        path=[_step(one.public_id, one.level, one.title, one.code) for one in above],
        access=access,
        opens_on=date.fromordinal(opens_on).isoformat() if opens_on else None,
        use=use.text,
        rights=use.uri,
        readable=readable,
        medium=found.medium,
        description={name: found.value(name) for name in names if found.value(name)},
        members={"inventories": below.inventories, "files": below.files, "documents": below.documents},
        pages=[
            {"n": n, "image": image and n not in closed, "url": page_url(found.level, public_id, n)}
            for n, image in pages
        ],
        recordings=[
            {
                "n": one.n,
                "kind": one.kind,
                "media_type": one.media_type,
                "seconds": one.milliseconds / 1000 if one.milliseconds else None,
                "url": recording_url(found.level, public_id, one.n),
            }
            for one in heard
            if not one.is_closed
        ],
        url=record_url(found.level, public_id),
    )


@blueprint.get("/records/<public_id>/similar")
def similar(public_id: str) -> ResponseReturnValue:
    """Records that share the words that tell this one from others, best first."""
    who = asking()
    with reading() as session:
        if browsing.find_record(session, who.viewer, public_id, who.day) is None:
            raise missing()
    return jsonify(hits=[_hit(one) for one in house().gateway.similar(who.viewer, public_id)])


@blueprint.get("/records/<public_id>/why")
def why(public_id: str) -> ResponseReturnValue:
    """Why the record is among what a question finds; scores for staff only."""
    found = why_found(public_id, read_criteria(request.args.items(multi=True)))
    return jsonify(
        hit=_hit(found.hit),
        words=[word_as_data(one) for one in found.words],
        counted=[{"code": one.code, "text": one.vi, "text_en": one.en} for one in found.counted],
        scores=[{"part": name, "score": score} for name, score in found.scores],
    )


@blueprint.get("/openapi.json")
def description() -> ResponseReturnValue:
    """The description of this interface (OpenAPI 3.1)."""
    return jsonify(build_description(house().settings.archive_name))


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "level": hit.level,
        "title": hit.title,
        "code": hit.code,
        "number": hit.number,
        "issuer": hit.issuer,
        "type": hit.type,
        **_dates(hit.dates),
        "fonds": hit.fonds,
        "path": [_step(step.id, step.level, step.title, step.code) for step in hit.path],
        "access": hit.access,
        "snippet": str(mark(hit.snippet)),
        "pages": [_page(one) for one in hit.pages],
        "inside": {
            "count": hit.inside.count,
            "documents": [
                {**_step(one.id, one.level, one.title, one.code), "page": _page(hit.inside.pages.get(one.id))}
                for one in hit.inside.named
            ],
        },
        "url": record_url(hit.level, hit.id),
    }


def _page(one: PageHit | None) -> dict[str, Any] | None:
    return {"n": one.n, "snippet": str(mark(one.snippet))} if one else None


def _dates(dates: tuple[int, int] | None) -> Mapping[str, Any]:
    if dates is None:
        return {"date": None, "dates": None}
    first, last = (date.fromordinal(max(1, min(n, date.max.toordinal()))).isoformat() for n in dates)
    return {"date": first if first == last else None, "dates": [first, last]}


def _step(public_id: str, level: str, title: str, code: str) -> dict[str, str]:
    return {"id": public_id, "level": level, "title": title, "code": code, "url": record_url(level, public_id)}


def _values(values: Iterable[FacetValue]) -> list[dict[str, Any]]:
    english = is_english()  # asked once for all of them
    return [
        {"value": one.value, "label": label(one, english), "count": one.count, "selected": one.selected}
        for one in values
    ]
