"""Images of pages.  The right to read is asked at every call; only what everyone may read may be kept by others.

Who reads a page by a grant without copying gets it with the agency's name drawn in, and no larger than a page
(portal.stamping); the derivative that all share stays as it is.
"""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from archive import browsing, images
from archive.access import Viewer, may, may_copy_page, may_page
from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.derivatives import derivative_path, keep_derivative
from archive.documents import PAGE_WIDTH
from archive.drawing import drawer
from archive.masking import may_restore
from portal.addresses import LEVELS
from portal.auditing import allowed, note_reading
from portal.errors import missing
from portal.house import House, house
from portal.stamping import stamped
from portal.viewing import Asking, asking

MOST_PAGES = 1_000_000
KEEP_SECONDS = 3600  # what is closed today is gone from browsers within the hour

blueprint = Blueprint("images", __name__)


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>/anh/<int:width>.webp")
def page_image(kind: str, public_id: str, n: int, width: int) -> ResponseReturnValue:
    """Page ``n`` as WebP, ``width`` one of the fixed widths (thumbnail, telephone, page, zoom)."""
    who = asking()
    with reading() as session:
        found, page = shown_image(session, who, public_id, n, LEVELS[kind])
    name = name_on(who, found, n)
    if width not in images.WIDTHS or (name and width > PAGE_WIDTH):
        raise missing()
    told = f"{page.image_sha256}:{page.image_index}:{width}" + (f":{name}" if name else "")
    tag = hashlib.sha256(told.encode()).hexdigest()
    answer = Response(mimetype="image/webp")
    everyone = keep_rightly(answer, found, page, who.day, tag[:32])
    if not everyone and width != images.THUMBNAIL_WIDTH:
        note_reading(who, found, "image", n)
    if answer.status_code == 200:
        data = derivative(page, width).read_bytes()
        answer.set_data(stamped(data, name) if name else data)
    return answer


def shown_image(session: Session, who: Asking, public_id: str, n: int, level: str = "") -> tuple[Record, Page]:
    """The record and its page ``n`` if the viewer may see its image now; else what is missing is raised."""
    found = browsing.find_record(session, who.viewer, public_id, who.day)
    if found is None or (level and found.level != level) or not 1 <= n <= MOST_PAGES:
        raise missing()
    if not may_page(who.viewer, found, n, who.day):
        raise missing()
    allowed()
    page = session.get(Page, (found.id, n))
    if page is None or (page.is_image_closed and not may_restore(who.viewer)):
        raise missing()
    if page.image_sha256 is None or page.image_kind not in {"image", "pdf"}:
        raise missing()
    return found, page


def name_on(who: Asking, record: Record, n: int) -> str:
    """The name that is drawn into the picture of page ``n`` for a viewer who reads it; "" for who may copy it."""
    return "" if may_copy_page(who.viewer, record, n, who.day) else house().settings.archive_name


def keep_rightly(answer: Response, record: Record, page: Page, day: int, tag: str) -> bool:
    """Says on the answer who may keep it, and makes it conditional; whether everyone may see the image."""
    answer.set_etag(tag)
    everyone = may(Viewer.anonymous(), "read", record, day) and not page.is_image_closed
    answer.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}" if everyone else "private, no-store"
    answer.make_conditional(request)
    return everyone


def derivative(page: Page, width: int, inside: House | None = None) -> Path:
    """The image in the cache of derivatives, made at its first use; ``inside`` when no request is under way.

    To who asks for it a page that cannot be drawn has no image; without a request that is an ImageError.
    """
    asked = inside is None
    inside = inside or house()
    sha256 = str(page.image_sha256)
    path = derivative_path(inside.settings.home, sha256, page.image_index, width)
    if not path.exists():

        def read() -> bytes:
            return inside.storage.read(sha256)

        try:
            drawn = (
                drawer.derive(sha256, read, page.image_index, width)
                if page.image_kind == "pdf"
                else images.derive(read, "image", page.image_index, width)
            )
        except images.ImageError as error:
            if not asked:
                raise
            current_app.logger.warning("no image of page %d of %s: %s", page.image_index + 1, sha256, error)
            raise missing() from error
        keep_derivative(path, drawn)
    return path
