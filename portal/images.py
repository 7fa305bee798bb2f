"""Images of pages.  The right to read is asked at every call; only what everyone may read may be kept by others."""

import hashlib

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from archive import browsing, images
from archive.access import Viewer, may
from archive.catalogue.records import Page
from archive.database import reading
from archive.derivatives import derivative_path, keep_derivative
from archive.masking import may_restore
from portal.addresses import LEVELS
from portal.auditing import allowed, note_reading
from portal.errors import missing
from portal.house import house
from portal.viewing import asking

KEEP_SECONDS = 3600  # what is closed today is gone from browsers within the hour

blueprint = Blueprint("images", __name__)


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>/anh/<int:width>.webp")
def page_image(kind: str, public_id: str, n: int, width: int) -> ResponseReturnValue:
    """Page ``n`` as WebP, ``width`` one of the fixed widths (thumbnail, page)."""
    who = asking()
    with reading() as session:
        found = browsing.find_record(session, who.viewer, public_id, who.day)
        if found is None or found.level != LEVELS[kind] or width not in images.WIDTHS or not 1 <= n <= 1_000_000:
            raise missing()
        if not may(who.viewer, "read", found, who.day):
            raise missing()
        allowed()
        page = session.get(Page, (found.id, n))
    if page is not None and page.is_image_closed and not may_restore(who.viewer):
        raise missing()
    if page is None or page.image_sha256 is None or page.image_kind not in {"image", "pdf"}:
        raise missing()
    name = hashlib.sha256(f"{page.image_sha256}:{page.image_index}:{width}".encode()).hexdigest()
    answer = Response(mimetype="image/webp")
    answer.set_etag(name[:32])
    everyone = may(Viewer.anonymous(), "read", found, who.day) and not page.is_image_closed
    answer.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}" if everyone else "private, no-store"
    answer.make_conditional(request)
    if not everyone and width != images.THUMBNAIL_WIDTH:
        note_reading(who, found, "image", n)
    if answer.status_code == 200:
        answer.set_data(_derivative(page, width))
    return answer


def _derivative(page: Page, width: int) -> bytes:
    """The image from the cache of derivatives, made at its first use."""
    sha256 = str(page.image_sha256)
    path = derivative_path(house().settings.home, sha256, page.image_index, width)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    kind: images.Kind = "pdf" if page.image_kind == "pdf" else "image"
    data = images.derive(lambda: house().storage.read(sha256), kind, page.image_index, width)
    keep_derivative(path, data)
    return data
