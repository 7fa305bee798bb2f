"""Taking personal data down: a public form, a page to follow a request by its code, the staff's queue and decisions."""

import hashlib
import hmac
from dataclasses import asdict

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect, validate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import ValidationError

from archive import browsing, takedowns
from archive.access import sql_condition
from archive.catalogue.records import Record
from archive.catalogue.takedowns import TakedownRequest
from archive.clock import today_number
from archive.database import reading, writing
from archive.takedowns import Asked, DecisionError, TooManyRequests
from archive.terms import term
from portal.errors import missing
from portal.house import house
from portal.personal import LONGEST_GROUND, staff_only
from portal.viewing import Asking
from portal.wording import say

FIELDS = {"about": "tai-lieu", "asker": "nguoi", "contact": "lien-he", "wish": "noi-dung", "reason": "ly-do"}
ACTS = {"nhan", "tu-choi", "che", "han-che", "giu-anh"}
PRIVATE = {"Cache-Control": "no-store"}

blueprint = Blueprint("takedown", __name__)


def install(app: Flask) -> None:
    """The public form checks its token itself: what was written must not be lost with an old one."""
    guard: CSRFProtect = app.extensions["csrf"]
    guard.exempt("portal.takedown.send")


@blueprint.get("/yeu-cau-go-bo")
def ask() -> ResponseReturnValue:
    """The form; ``tai-lieu`` fills in the record that it is about."""
    about = request.args.get("tai-lieu", "")[: takedowns.LONGEST["about"]]
    return _form(Asked(about, "", "", "", ""))


@blueprint.post("/yeu-cau-go-bo")
def send() -> ResponseReturnValue:
    """Receives a request and goes to its page; what is wrong is told beside the form with everything kept."""
    asked = Asked(**{name: request.form.get(field, "").strip() for name, field in FIELDS.items()})
    try:
        validate_csrf(request.form.get("csrf_token", ""))
    except ValidationError:
        return _form(asked, {"": _("Chưa gửi được: mẫu này đã để quá lâu. Hãy gửi lại.")}, 400)
    errors = _wrong(asked)
    if errors:
        return _form(asked, errors, 422)
    key = house().settings.secret.get_secret_value().encode()
    source = hmac.new(key, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:32]
    try:
        with writing() as session:
            takedowns.erase_contacts(session)
            code = takedowns.submit(session, asked, source).code
    except TooManyRequests:
        return _form(asked, {"": _("Đang có quá nhiều yêu cầu. Hãy gửi lại sau một giờ, hoặc gọi Trung tâm.")}, 429)
    return redirect(url_for("takedown.follow", code=code), 303)


@blueprint.get("/yeu-cau-go-bo/<code>")
def follow(code: str) -> ResponseReturnValue:
    """How far a request is: received, under review, decided, with the days; nothing else."""
    with reading() as session:
        found = takedowns.find_request(session, code)
    if found is None:
        raise missing()
    return render_template("takedown_status.html", request=found), 200, PRIVATE


@blueprint.get("/quan-tri/go-bo")
def queue() -> ResponseReturnValue:
    """Requests that wait, those due first, and the last decided ones."""
    who = staff_only()
    with reading() as session:
        waiting, decided = takedowns.queue(session), takedowns.queue(session, decided=True, limit=20)
    return render_template("takedown_queue.html", waiting=waiting, decided=decided, day=who.day)


@blueprint.get("/quan-tri/go-bo/<code>")
def consider(code: str) -> ResponseReturnValue:
    """One request, with the contact until its day of erasure, and the decisions."""
    return _consider(staff_only(), code)


@blueprint.post("/quan-tri/go-bo/<code>")
def decide(code: str) -> ResponseReturnValue:
    """``viec``: take up, refuse, mask a text, restrict the record, keep images; all but the first with ``can-cu``."""
    who, wish = staff_only(), request.form.get("viec", "")
    if wish not in ACTS:
        raise missing()
    try:
        with writing() as session:
            found = takedowns.find_request(session, code)
            if found is None:
                raise missing()
            _act(session, who, found, wish)
    except DecisionError as error:
        return _consider(who, code, say(error)), 422
    return redirect(url_for("takedown.consider", code=code), 303)


def _act(session: Session, who: Asking, found: TakedownRequest, wish: str) -> None:
    ground, pages = request.form.get("can-cu", "")[:LONGEST_GROUND], request.form.get("trang", "")[:200]
    actor = who.viewer.name
    named = request.form.get("tai-lieu", "").strip().rstrip("/").rsplit("/", 1)[-1]
    record = browsing.find_readable(session, who.viewer, named, who.day)
    if wish == "nhan":
        takedowns.take_up(session, found, actor)
    elif wish == "tu-choi":
        takedowns.refuse(session, found, actor, ground)
    elif wish == "che":
        takedowns.mask_text(session, found, actor, ground, record, request.form.get("chu", "")[:1000], pages)
    elif wish == "han-che":
        takedowns.restrict(session, found, actor, ground, record)
    else:
        takedowns.close_images(session, found, actor, ground, record, pages)


def _consider(who: Asking, code: str, error: str = "") -> str:
    with reading() as session:
        found = takedowns.find_request(session, code)
        if found is None:
            raise missing()
        seen = (Record.id == found.record_id, sql_condition(who.viewer, "see", who.day))
        record = session.scalar(select(Record).where(*seen)) if found.record_id else None
    kept = {name: request.form.get(name, "") for name in ("can-cu", "tai-lieu", "trang", "chu")}
    erased = found.erased_at is not None or (found.erase_on is not None and found.erase_on <= who.day)
    return render_template(
        "takedown_request.html", request=found, record=record, error=error, kept=kept, erased=erased, day=who.day
    )


def _wrong(asked: Asked) -> dict[str, str]:
    missing_one = {
        "about": _("Cần nêu tài liệu hay địa chỉ trang."),
        "asker": _("Cần nêu họ tên người yêu cầu."),
        "contact": _("Cần điện thoại hoặc thư điện tử để trả lời."),
        "wish": _("Cần nêu dữ liệu nào phải gỡ."),
        "reason": _("Cần nêu lý do."),
    }
    told = {}
    for name, text in asdict(asked).items():
        most = takedowns.LONGEST[name]
        if not text:
            told[name] = missing_one[name]
        elif len(text) > most:
            told[name] = _("Dài quá %(most)s ký tự (đang có %(n)s); hãy rút bớt.", most=most, n=len(text))
    return told


def _form(asked: Asked, errors: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    answer = term("takedown.answer", today_number())
    page = render_template(
        "takedown_form.html", asked_for=asked, fields=FIELDS, errors=errors or {}, term=answer, most=takedowns.LONGEST
    )
    return page, status, PRIVATE
