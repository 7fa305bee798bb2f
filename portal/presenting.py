"""IIIF Presentation 3.0: a manifest of the pages of a document, or of a file's own pages, for any viewer.

Only for one who may read the record, or some pages of it by a grant on pages, which are then all that is told; and only
if it has images.  Whatever else is asked is missing.
"""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing, describing, images
from archive.access import Viewer, granted_pages, may
from archive.catalogue.records import CLOSED_IMAGES, Page, Record
from archive.database import reading
from archive.documents import PAGE_WIDTH
from archive.masking import may_restore
from archive.settings import settings
from portal.addresses import iiif_image_url, iiif_url, portal_url, record_url
from portal.auditing import allowed, note_reading
from portal.citing import cite
from portal.describing import description_rows
from portal.errors import missing
from portal.hits import PAGE_UNITS
from portal.rights import use_of
from portal.timing import playable, time_canvas
from portal.viewing import Asking, asking
from portal.wording import as_iiif as words

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'

Json = dict[str, Any]

blueprint = Blueprint("presenting", __name__)


@blueprint.get("/iiif/3/<public_id>/manifest")
def manifest(public_id: str) -> ResponseReturnValue:
    """The manifest of the record's own pages."""
    who = asking()
    with reading() as session:
        found, part = readable(session, who, public_id)
        pages = [one for one in _pages(session, found, who.viewer) if part is None or one.n in part]
        heard = {n: one for n, one in playable(session, found, who.viewer).items() if part is None or n in part}
        if not heard and not any(one.image for one in pages):
            raise missing()
        above = browsing.ancestors(session, who.viewer, found, who.day)
        around = describing.surroundings(session, found)
    label = " ".join(part for part in (around.type, found.number) if part) or found.title or found.code
    rows = description_rows(found, around, readable=part is None, staff=False)
    named, use = cite(found, above, type_label=around.type, issuer=around.issuer), use_of(found, who.day)
    told: Json = {
        "@context": CONTEXT,
        "id": iiif_url(public_id, "manifest"),
        "type": "Manifest",
        "label": {"vi": [label]},
        **({"summary": {"vi": [found.title]}} if found.title and found.title != label else {}),
        "metadata": [{"label": words(name), "value": {"vi": [text]}} for name, text in rows],
        "requiredStatement": {
            "label": words(_("Trích dẫn và quyền sử dụng")),
            "value": {lang: [*cited, use.text] for lang, cited in words(named).items()},
        },
        "rights": use.uri,
        "provider": [
            {
                "id": portal_url(),
                "type": "Agent",
                "label": {"vi": [settings().archive_name]},
                "homepage": [_page_of(portal_url(), settings().archive_name)],
            }
        ],
        "homepage": [_page_of(portal_url(record_url(found.level, public_id)), label)],
        "seeAlso": [
            {
                "id": portal_url(f"/api/v1/records/{public_id}"),
                "type": "Dataset",
                "format": "application/json",
                "label": words(_("Mô tả")),
            }
        ],
        "behavior": ["paged" if len(pages) > 1 and not heard and part is None else "individuals"],
        "service": _services(public_id),
        "items": [time_canvas(public_id, heard[one.n]) if one.n in heard else _canvas(public_id, one) for one in pages],
    }
    answer = jsonify(told)
    answer.mimetype = MEDIA_TYPE
    keep_of(answer, found, who)
    return answer


def readable(session: Session, who: Asking, public_id: str) -> tuple[Record, frozenset[int] | None]:
    """The document or file, if the viewer may read it, with the pages that he may read where it is not the whole; else
    it is missing."""
    found = browsing.find_record(session, who.viewer, public_id, who.day)
    if found is None or found.level not in {"file", "document"}:
        raise missing()
    part = None if may(who.viewer, "read", found, who.day) else granted_pages(who.viewer, found)
    if part is not None and not part:
        raise missing()
    allowed()
    return found, part


def keep_of(answer: Response, record: Record, who: Asking) -> None:
    """Says who may keep what was told of the record's content, and notes the reading if it is not open."""
    everyone = may(Viewer.anonymous(), "read", record, who.day)
    answer.headers["Cache-Control"] = "no-cache" if everyone else "private, no-store"
    if not everyone:
        note_reading(who, record, "api")


class _Sheet:
    """A page as a canvas: number, size, whether its image may be shown."""

    __slots__ = ("height", "image", "n", "width")

    def __init__(self, n: int, width: int | None, height: int | None, *, image: bool) -> None:
        self.n, self.image = n, image
        self.width, self.height = (width, height) if width and height else PAGE_UNITS


def _pages(session: Session, record: Record, viewer: Viewer) -> list[_Sheet]:
    rows = session.execute(
        select(Page.n, Page.width, Page.height, Page.image_sha256, Page.image_held)
        .where(Page.record_id == record.id)
        .order_by(Page.n)
    )
    trusted = may_restore(viewer)
    return [
        _Sheet(n, width, height, image=sha256 is not None and (trusted or held not in CLOSED_IMAGES))
        for n, width, height, sha256, held in rows
    ]


def _canvas(public_id: str, page: _Sheet) -> Json:
    own = iiif_url(public_id, "canvas", page.n)
    told: Json = {
        "id": own,
        "type": "Canvas",
        "label": words(_("Trang %(n)s", n=page.n)),
        "width": page.width,
        "height": page.height,
        "items": [],
    }
    if not page.image:
        return told
    service = iiif_image_url(public_id, page.n)
    across = min(PAGE_WIDTH, page.width)
    body = _picture(service, across, page)
    body["service"] = [{"id": service, "type": "ImageService3", "profile": "level2"}]
    told["items"] = [
        {
            "id": f"{own}/page",
            "type": "AnnotationPage",
            "items": [
                {"id": f"{own}/image", "type": "Annotation", "motivation": "painting", "target": own, "body": body}
            ],
        }
    ]
    told["thumbnail"] = [_picture(service, min(images.THUMBNAIL_WIDTH, page.width), page)]
    return told


def _picture(service: str, across: int, page: _Sheet) -> Json:
    return {
        "id": f"{service}/full/{across},/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": across,
        "height": max(round(page.height * across / page.width), 1),
    }


def _services(public_id: str) -> list[Json]:
    """Both versions of search inside: the common viewers ask the first one only, and none if they meet just the second
    (measured with Mirador 4 and Universal Viewer 4)."""
    return [
        {
            "@context": "http://iiif.io/api/search/1/context.json",
            "@id": portal_url(f"/iiif/search/1/{public_id}"),
            "@type": "SearchService1",
            "profile": "http://iiif.io/api/search/1/search",
        },
        {"id": iiif_url(public_id, "search"), "type": "SearchService2"},
    ]


def _page_of(address: str, label: str) -> Json:
    return {"id": address, "type": "Text", "format": "text/html", "label": {"vi": [label]}}
