"""A record's pages as one searchable PDF, for who may take its content away (archive.access.may_copy).

Sent while it is made: one page lies in the memory at a time.  A download of what is not open goes to the audit trail.
"""

import io
from collections.abc import Iterator

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from PIL import Image

from archive import boxes, browsing
from archive.boxes import BoxesError, PageBoxes
from archive.catalogue.records import Page
from archive.database import reading
from archive.documents import PAGE_WIDTH
from archive.searchable_pdf import Leaf, write_pdf
from portal.auditing import note_reading
from portal.carrying import copied
from portal.errors import missing
from portal.house import House, house
from portal.images import derivative
from portal.numbers import asked_number
from portal.viewing import asking
from portal.wording import untitled

PART = 500  # pages of one file
QUALITY = 80
A4 = (1240, 1754)

blueprint = Blueprint("downloading", __name__)


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/toan-van.pdf")
def whole(kind: str, public_id: str) -> ResponseReturnValue:
    """PART pages from the page at place ``tu`` (from 1) on; missing without images, and for who may not copy."""
    who = asking()
    with reading() as session:
        found, everyone = copied(session, who, kind, public_id)
        pages = browsing.own_pages(session, found)
        first = asked_number("tu", 1)
        part = [n for n, _image in pages[max(first, 1) - 1 :][:PART]]
        if not part or not any(has_image for _n, has_image in pages):
            raise missing()
        row, title = found.id, " ".join(one for one in (found.number, untitled(found.title)) if one)
    if not everyone:
        note_reading(who, found, "pdf")
    answer = Response(write_pdf(_leaves(house(), row, part), title), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}.pdf"'
    if not everyone:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _leaves(inside: House, row: int, numbers: list[int]) -> Iterator[Leaf]:
    for n in numbers:
        with reading() as session:
            page = session.get(Page, (row, n))
        if page is not None:
            yield _leaf(inside, page)


def _leaf(inside: House, page: Page) -> Leaf:
    """The page; an image that is held or kept for its personal data stays behind, whoever downloads."""
    if page.image_sha256 is None or page.is_image_closed or page.image_kind not in {"image", "pdf"}:
        return Leaf(None, page.width or A4[0], page.height or A4[1], True, page.text, _boxes(page))
    with Image.open(derivative(page, PAGE_WIDTH, inside)) as opened:
        grey = _is_grey(opened)
        told = io.BytesIO()
        opened.convert("L" if grey else "RGB").save(told, "JPEG", quality=QUALITY)
        return Leaf(told.getvalue(), opened.width, opened.height, grey, page.text, _boxes(page))


def _is_grey(image: Image.Image) -> bool:
    """Whether a small copy of the image shows no colour."""
    small = image.convert("RGB").resize((32, 32))
    data = small.tobytes()
    return all(max(data[i : i + 3]) - min(data[i : i + 3]) < 12 for i in range(0, len(data), 3))


def _boxes(page: Page) -> PageBoxes | None:
    try:
        return boxes.decode(page.boxes) if page.boxes else None
    except BoxesError:
        return None
