"""The reading room: places by half-day for readers; for staff the day, originals handed out and returned, slips."""

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from archive.access import may
from archive.clock import today_number
from archive.database import reading, writing
from archive.terms import term
from desk import reading_room as room
from desk.reading_cards import card_holder, card_number
from desk.reading_room import RoomError
from portal.answering import officer
from portal.errors import missing
from portal.following import PRIVATE
from portal.guarding import for_signed_in, own_account
from portal.numbers import as_number
from portal.signing import signed_in_account
from portal.viewing import asking
from portal.wording import say

blueprint = Blueprint("reading_room", __name__)


def half_labels() -> dict[str, str]:
    """The halves of a day."""
    return {"morning": _("sáng"), "afternoon": _("chiều")}


@blueprint.get("/phong-doc")
def show() -> ResponseReturnValue:
    """The free places of the coming working days; who has signed in books one and sees his own."""
    return _show()


@blueprint.post("/phong-doc")
@for_signed_in
def change() -> ResponseReturnValue:
    """Books a half-day (``buoi``: day number and half) or gives one back (``huy``)."""
    account, form = own_account(), request.form
    try:
        with writing() as session:
            if form.get("huy"):
                room.cancel(session, account.id, as_number(form["huy"], digits=9))
            else:
                day, _dot, half = form.get("buoi", "").partition(".")
                room.book(session, account.id, as_number(day, digits=9), half, form.get("ghi-chu", ""))
    except (RoomError, IntegrityError) as error:
        told = say(error) if isinstance(error, RoomError) else _("Chỗ ấy vừa có người đặt; hãy thử lại.")
        return _show(told, 422)
    except StaleDataError:
        return _show(_("Lịch hẹn vừa được thay đổi; hãy xem lại."), 409)
    return redirect(url_for("reading_room.show"), 303)


@blueprint.get("/phong-doc/the")
@for_signed_in
def card() -> ResponseReturnValue:
    """The reader's card, to print or to show: name, number, and a QR code that leads staff to him at the desk."""
    account = own_account()
    number = card_number(account.id)
    told = {"account": account, "number": number, "day": today_number(), "days": term("card.days", today_number())}
    picture = _drawn(url_for("reading_room.desk", nguoi=number, _external=True))
    return render_template("reading_card.html", **told, picture=picture), 200, PRIVATE


@blueprint.get("/quan-tri/phong-doc")
def desk() -> ResponseReturnValue:
    """The staff's side: who comes today (``ngay``: a day number), who has what, handing out and taking back; ``nguoi``
    (number of a card, name of an account): what that reader has; ``nhan`` (a slip): says that it came back."""
    return _desk()


@blueprint.post("/quan-tri/phong-doc")
def act() -> ResponseReturnValue:
    """Hands out (``viec=giao``), takes back (``viec=nhan``), notes a visit (``viec=den``, ``khong-den``)."""
    who, form = officer(), request.form
    wish, name = form.get("viec", ""), who.viewer.name
    try:
        with writing() as session:
            if wish == "giao":
                made = room.hand_out(session, form.get("nguoi", "").strip(), form.get("ma", ""), name)
                return redirect(url_for("reading_room.slip", code=made.code), 303)
            if wish == "nhan":
                back = room.take_back(session, form.get("phieu", ""), name, form.get("tinh-trang", ""))
                return redirect(url_for("reading_room.desk", nhan=back.code), 303)
            if wish in {"den", "khong-den"}:
                room.note_visit(session, as_number(form.get("hen", ""), digits=9), wish == "den", name)
            else:
                raise missing()
    except (RoomError, IntegrityError) as error:
        return _desk(say(error) if isinstance(error, RoomError) else _("Tài liệu này vừa được giao."), 422)
    except StaleDataError:
        return _desk(_("Việc này vừa được người khác làm; hãy xem lại."), 409)
    return redirect(url_for("reading_room.desk", ngay=as_number(request.args.get("ngay", ""), digits=9) or None), 303)


@blueprint.get("/quan-tri/phong-doc/phieu/<code>")
def slip(code: str) -> ResponseReturnValue:
    """The slip of an original that was handed out, to print: what, to whom, until when, its code as a QR code."""
    who = officer()
    with reading() as session:
        found = room.slip_of(session, code, who.viewer)
    if found is None or not may(who.viewer, "see", found[1], who.day):
        raise missing()
    loan, record, name = found
    return render_template("slip.html", loan=loan, record=record, name=name, picture=_drawn(loan.code)), 200, PRIVATE


def _drawn(text: str) -> Markup:
    """A text as a QR code."""
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, svgclass=None, lineclass=None, title=_("Mã QR")))  # noqa: S704


def _show(error: str = "", status: int = 200) -> ResponseReturnValue:
    account, day = signed_in_account(), today_number()
    with reading() as session:
        halves = room.half_days(session)
        visits = room.own_visits(session, account.id) if account else []
        loans = room.own_loans(session, account.id) if account else []
    who = asking()
    told = {
        "days": sorted({one.day for one in halves}), "free": {(one.day, one.half): one.free for one in halves},
        "visits": visits, "halves": half_labels(), "seats": term("room.seats", day), "most": term("loan.most", day),
        "longest": term("loan.days", day), "day": day, "signed_in": account is not None,
        "loans": [(loan, one if may(who.viewer, "see", one, day) else None) for loan, one in loans],
    }  # fmt: skip
    return render_template("reading_room.html", **told, error=error), status, PRIVATE


def _desk(error: str = "", status: int = 200) -> ResponseReturnValue:
    who = officer()
    shown = as_number(request.values.get("ngay", ""), digits=9) or who.day
    told_reader = request.args.get("nguoi", "").strip()[:100]
    with reading() as session:
        visits, out = room.visits(session, shown), room.out_now(session)
        holder = card_holder(session, told_reader) if told_reader else None
        if holder:
            out = [one for one in out if one[2].id == holder.id]
        elif told_reader and not error:
            error = _("Không có thẻ độc giả hay tài khoản “%(told)s” đang mở.", told=told_reader[:60])
        back = room.slip_of(session, request.args.get("nhan", ""), who.viewer)
    seen = [(loan, one if may(who.viewer, "see", one, who.day) else None, reader) for loan, one, reader in out]
    if back and (back[0].back_at is None or not may(who.viewer, "see", back[1], who.day)):
        back = None
    told = {
        "visits": visits,
        "out": seen,
        "halves": half_labels(),
        "day": who.day,
        "shown": shown,
        "holder": holder,
        "back": back,
        "card_number": card_number,
    }
    return render_template("reading_room_desk.html", **told, error=error, kept=request.form), status, PRIVATE
