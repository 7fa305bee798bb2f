"""Reporting an error and asking the archivists, on every record; one queue in which staff answer."""

import hashlib
import hmac

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing, enquiries
from archive.access import sql_condition
from archive.catalogue.keeping import Enquiry
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.enquiries import TooManyEnquiries
from archive.telling import said
from desk.steps import RequestError
from portal.errors import missing
from portal.house import house
from portal.numbers import whole_number
from portal.personal import staff_only
from portal.viewing import Asking, asking

KINDS = {"loi": "error", "hoi": "question"}
TEXT = "noi-dung"  # the field
PRIVATE = {"Cache-Control": "no-store"}

blueprint = Blueprint("enquiring", __name__)


@blueprint.get("/hoi")
def ask() -> ResponseReturnValue:
    """The form; ``viec`` is ``loi`` (an error) or ``hoi`` (a question), ``tai-lieu`` and ``trang`` what it is about,
    ``noi-dung`` what was searched for in vain."""
    return _form(asking())


@blueprint.post("/hoi")
def send() -> ResponseReturnValue:
    """Receives an enquiry and goes to its page; what is wrong is told with everything kept."""
    who, text = asking(), request.form.get("noi-dung", "").strip()
    if not text:
        return _form(who, RequestError(said("Cần viết điều bạn thấy sai hoặc muốn hỏi."), TEXT), 422)
    if len(text) > enquiries.LONGEST:
        long = said("Dài quá %(most)s ký tự (đang có %(n)s); hãy rút bớt.")
        return _form(who, RequestError(long, TEXT, most=enquiries.LONGEST, n=len(text)), 422)
    key = house().settings.secret.get_secret_value().encode()
    source = hmac.new(key, f"hoi {request.remote_addr}".encode(), hashlib.sha256).hexdigest()[:32]
    try:
        with writing() as session:
            record = browsing.find_record(session, who.viewer, request.values.get("tai-lieu", ""), who.day)
            kind = KINDS.get(request.values.get("viec", ""), "question")
            code = enquiries.submit(session, kind, record, _page_number(), text, source).code
    except TooManyEnquiries:
        many = said("Đang có quá nhiều câu hỏi. Hãy gửi lại sau một giờ, hoặc gọi Trung tâm.")
        return _form(who, RequestError(many), 429)
    return redirect(url_for("enquiring.follow", code=code), 303)


@blueprint.get("/hoi/<code>")
def follow(code: str) -> ResponseReturnValue:
    """An enquiry and its answer, for whoever has its code."""
    who = asking()
    with reading() as session:
        found = enquiries.find_enquiry(session, code)
        if found is None:
            raise missing()
        record = _record(session, who, found)
    return render_template("enquiry.html", enquiry=found, record=record), 200, PRIVATE


@blueprint.get("/quan-tri/hoi-dap")
def queue() -> ResponseReturnValue:
    """Enquiries that wait, the oldest first, and the last answers."""
    who = staff_only()
    with reading() as session:
        waiting, answered = enquiries.queue(session), enquiries.queue(session, answered=True, limit=20)
        records = {one.id: _record(session, who, one) for one in (*waiting, *answered)}
    return render_template("enquiry_queue.html", waiting=waiting, answered=answered, records=records)


@blueprint.post("/quan-tri/hoi-dap/<code>")
def answer(code: str) -> ResponseReturnValue:
    """Answers an enquiry (``tra-loi``)."""
    who, text = staff_only(), request.form.get("tra-loi", "").strip()
    with writing() as session:
        found = enquiries.find_enquiry(session, code)
        if found is None:
            raise missing()
        if text:
            enquiries.answer(session, found, who.viewer.name, text)
    return redirect(url_for("enquiring.queue"), 303)


def _record(session: Session, who: Asking, enquiry: Enquiry) -> Record | None:
    if enquiry.record_id is None:
        return None
    seen = sql_condition(who.viewer, "see", who.day)
    return session.scalar(select(Record).where(Record.id == enquiry.record_id, seen))


def _page_number() -> int | None:
    return whole_number(request.values.get("trang", ""))


def _form(who: Asking, fault: RequestError | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        record = browsing.find_record(session, who.viewer, request.values.get("tai-lieu", ""), who.day)
    page = render_template(
        "enquiry_form.html",
        record=record,
        kind="loi" if request.values.get("viec") == "loi" else "hoi",
        page=_page_number(),
        text=request.form.get("noi-dung") or request.args.get("noi-dung", "")[: enquiries.LONGEST],
        faults=[fault] if fault else [],
    )
    return page, status, PRIVATE
