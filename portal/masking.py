"""What of a page a copy does not show: staff say it by words or by a rectangle, before the decision."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive import images
from archive.catalogue.records import Page, Record
from archive.catalogue.requests import ReadingRequest
from archive.database import reading, writing
from desk import requests as desk
from desk.copies.errors import CopyError
from desk.copies.masking import mask_region, mask_words, masks_of, may_mask, unmask
from desk.copies.ordering import to_copy
from desk.copies.pages import Region, burn
from desk.covered import asked_for
from portal.answering import officer
from portal.auditing import note_reading
from portal.errors import missing
from portal.following import PRIVATE
from portal.hits import page_size
from portal.images import derivative, shown_image
from portal.numbers import as_number
from portal.viewing import Asking
from portal.wording import say

MOST_WORDS = 300

blueprint = Blueprint("masking", __name__, url_prefix="/quan-tri/yeu-cau/<code>/che/<public_id>/<int:n>")


@blueprint.get("")
def show(code: str, public_id: str, n: int) -> ResponseReturnValue:
    """Page ``n`` of a record of the request, with what is masked on it."""
    return _page(officer(), code, public_id, n)


@blueprint.get("/anh.jpg")
def preview(code: str, public_id: str, n: int) -> ResponseReturnValue:
    """The page as the copy will show it, under a grid of tenths."""
    who = officer()
    with reading() as session:
        asked, record, page = _found(session, who, code, public_id, n)
        regions = masks_of(session, asked, record, n)
    note_reading(who, record, "image", n)
    data, _size = burn(derivative(page, images.PHONE_WIDTH).read_bytes(), regions, grid=True)
    return Response(data, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@blueprint.post("")
def change(code: str, public_id: str, n: int) -> ResponseReturnValue:
    """Masks words (``viec=chu``) or a rectangle in hundredths of the page (``vung``), or takes a mask back (``bo``)."""
    who, wish = officer(), request.form.get("viec", "")
    if wish not in {"chu", "vung", "bo"}:
        raise missing()
    try:
        with writing() as session:
            asked, record, page = _found(session, who, code, public_id, n)
            if wish == "chu":
                words = request.form.get("chu", "")[:MOST_WORDS]
                mask_words(session, asked, record, page, words, who.viewer.name)
            elif wish == "vung":
                mask_region(session, asked, record, page, _region(), who.viewer.name)
            else:
                at = as_number(request.form.get("so", ""), -1, digits=4)
                unmask(session, asked, record, page, at, who.viewer.name)
    except CopyError as error:
        return _page(who, code, public_id, n, say(error), 422)
    except (StaleDataError, IntegrityError):
        return _page(who, code, public_id, n, _("Yêu cầu vừa được người khác xử lý; hãy xem lại rồi làm tiếp."), 409)
    return redirect(url_for("masking.show", code=code, public_id=public_id, n=n), 303)


def _region() -> Region:
    """The rectangle of the form; CopyError where a number is none."""
    numbers = []
    for name, label in (("trai", _("trái")), ("tren", _("trên")), ("rong", _("rộng")), ("cao", _("cao"))):
        written = request.form.get(name, "").strip().replace(",", ".")[:8]
        if not written.replace(".", "", 1).isdecimal() or not written.isascii() or float(written) > 100:
            raise CopyError(_("Ô “%(name)s” cần một số từ 0 đến 100 (phần trăm của trang).", name=label))
        numbers.append(float(written) / 100)
    x, y, w, h = numbers
    return x, y, w, h


def _found(session: Session, who: Asking, code: str, public_id: str, n: int) -> tuple[ReadingRequest, Record, Page]:
    """The request, a record of it, its page whose image the officer may see; else what is missing is raised."""
    asked = desk.find_request(session, code)
    if asked is None:
        raise missing()
    record, page = shown_image(session, who, public_id, n)
    if record.id not in {one.id for one in to_copy(asked_for(session, asked))}:
        raise missing()
    return asked, record, page


def _page(who: Asking, code: str, public_id: str, n: int, error: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        asked, record, page = _found(session, who, code, public_id, n)
        told = {"masks": masks_of(session, asked, record, n), "open": may_mask(asked) and not page.is_image_closed}
        size = page_size(page)  # kept free until the image comes
    page_of = render_template(
        "masking.html", **told, size=size, request=asked, record=record, n=n, error=error, kept=request.form,
        closed=page.is_image_closed,
    )  # fmt: skip
    return page_of, status, PRIVATE
