"""Correcting lines of a page's text: signed-in readers propose, archivists and heads decide with one key, and undo."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive import browsing, line_corrections
from archive.access import may_page
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.records import Page, Record
from archive.database import reading, writing
from archive.line_corrections import CorrectionError, TooManyCorrections
from archive.lines import lines_of
from archive.masking import may_restore
from portal.addresses import LEVELS
from portal.auditing import allowed, note_reading
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.line_pictures import compare, picture_of
from portal.numbers import asked_number
from portal.personal import staff_only
from portal.searching import PathStep, step_label
from portal.viewing import Asking, asking
from portal.wording import either

MOST_PAGES = 1_000_000
LARGEST_PLACE = 100_000_000
PRIVATE = {"Cache-Control": "private, no-store"}
ACTS = {"nhan": line_corrections.accept, "bo": line_corrections.refuse, "hoan-tac": line_corrections.undo}

blueprint = Blueprint("correcting", __name__)


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>/sua-chu")
@for_signed_in
def show(kind: str, public_id: str, n: int) -> ResponseReturnValue:
    """The lines of a page, and the form for line ``dong``."""
    return _page(asking(), kind, public_id, n)


@blueprint.post("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>/sua-chu")
@for_signed_in
def propose(kind: str, public_id: str, n: int) -> ResponseReturnValue:
    """Proposes ``moi`` for line ``dong``, which said ``cu``."""
    who, account, line = asking(), own_account(), asked_number("dong", digits=8)
    before = request.form.get("cu", "")
    try:
        with writing() as session:
            _record, page = _found(session, who, kind, public_id, n)
            line_corrections.propose(
                session, account.id, who.viewer.name, page, public_id, line, before, request.form.get("moi", "")
            )
    except CorrectionError as error:
        return _page(who, kind, public_id, n, either(error.vi, error.en), 422)
    except TooManyCorrections:
        told = _("Bạn đã gửi %(most)s đề nghị trong một giờ; hãy gửi tiếp sau.", most=line_corrections.MOST_AN_HOUR)
        return _page(who, kind, public_id, n, told, 429)
    return redirect(url_for("correcting.show", kind=kind, public_id=public_id, n=n, xong=line), 303)


@blueprint.get("/quan-tri/sua-chu")
def queue() -> ResponseReturnValue:
    """What waits, 20 a page (``tu``: the first place), and what was accepted last."""
    return _queue(staff_only())


@blueprint.post("/quan-tri/sua-chu/<int:number>")
def decide(number: int) -> ResponseReturnValue:
    """Accepts (``viec=nhan``), refuses (``bo``) or takes back (``hoan-tac``) a correction."""
    who, wish = staff_only(), request.form.get("viec", "")
    if wish not in ACTS or number > LARGEST_PLACE:
        raise missing()
    try:
        with writing() as session:
            found = line_corrections.find_correction(session, who.viewer, who.day, number)
            if found is None:
                raise missing()
            ACTS[wish](session, who.viewer.name, *found)
    except CorrectionError as error:
        return _queue(who, either(error.vi, error.en)), 422
    except (StaleDataError, IntegrityError):
        return _queue(who, _("Đề nghị này vừa được người khác xử lý.")), 409
    return redirect(url_for("correcting.queue", tu=asked_number("tu", 1, digits=8), xong=wish), 303)


def _found(session: Session, who: Asking, kind: str, public_id: str, n: int) -> tuple[Record, Page]:
    """The record and its page ``n`` if the viewer may read it; else what is missing is raised."""
    found = browsing.find_record(session, who.viewer, public_id, who.day)
    if found is None or found.level != LEVELS[kind] or not 1 <= n <= MOST_PAGES:
        raise missing()
    if not may_page(who.viewer, found, n, who.day):
        raise missing()
    allowed()
    page = session.get(Page, (found.id, n))
    if page is None:
        raise missing()
    return found, page


def _page(who: Asking, kind: str, public_id: str, n: int, error: str = "", status: int = 200) -> ResponseReturnValue:
    account = own_account()
    with reading() as session:
        record, page = _found(session, who, kind, public_id, n)
        lines = lines_of(page.text)
        own = (LineCorrection.account_id == account.id, LineCorrection.record_id == record.id)
        asked = select(LineCorrection).where(*own, LineCorrection.page == n, LineCorrection.state == "waiting")
        mine = {one.line: line_corrections.words_of(session, one)[1] for one in session.scalars(asked)}
        above = browsing.ancestors(session, who.viewer, record, who.day)
        if browsing.standing(record, who.day)[0] != "open":
            note_reading(who, record, "page", n)
    number = asked_number("dong", digits=8)
    line = lines[number - 1] if 0 < number <= len(lines) else None
    values: dict[str, Any] = {
        "record": record,
        "path": [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in above],
        "n": n,
        "lines": lines,
        "line": line,
        "picture": picture_of(record, page, line)
        if line and (may_restore(who.viewer) or not page.is_image_closed)
        else "",
        "written": request.form.get("moi", mine.get(number, line.text if line else "")),
        "mine": mine,
        "longest": line_corrections.LONGEST,
        "done": request.args.get("xong", "").isdigit() and not error,
        "error": error,
    }
    return render_template("correcting.html", **values), status, PRIVATE


def _queue(who: Asking, error: str = "") -> str:
    with reading() as session:
        found = line_corrections.waiting_corrections(session, who.viewer, who.day, asked_number("tu", 1, digits=8))
        rows = [compare(session, one) for one in found.rows]
        decided = [compare(session, one) for one in line_corrections.decided_corrections(session, who.viewer, who.day)]
    done = {
        "nhan": _("Đã nhận; chữ của trang đã đổi và sẽ tìm được."),
        "bo": _("Đã bỏ đề nghị, chữ của trang giữ nguyên."),
        "hoan-tac": _("Đã hoàn tác; dòng trở lại như trước."),
    }
    return render_template(
        "corrections.html", queue=found, rows=rows, decided=decided, window=line_corrections.WINDOW, error=error,
        done=done.get(request.args.get("xong", ""), ""),
    )  # fmt: skip
