"""The reading list (giỏ) and the requests that a reader makes of it; an account is asked for only when it is sent."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive.access import may
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import today_number
from archive.database import reading, writing
from archive.identifiers import is_identifier
from archive.terms import term
from desk import requests as desk
from desk.fees.assessing import counted, estimate
from desk.fees.tariff import reducible
from desk.requests import RequestError
from desk.states import Act, acts_of
from portal.addresses import record_url
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.paying import bill_page
from portal.viewing import Asking, asking

MOST_LISTED = 50
OWN_ACTS: dict[str, Act] = {"rut": "withdraw", "bo-sung": "answer"}
PRIVATE = {"Cache-Control": "no-store"}

blueprint = Blueprint("requesting", __name__)


def state_labels() -> dict[str, str]:
    """The states of a request in the words of the national service."""
    return {
        "": "",
        "received": _("Đã tiếp nhận"),
        "processing": _("Đang giải quyết"),
        "supplement": _("Yêu cầu bổ sung"),
        "approval": _("Chờ phê duyệt"),
        "resolved": _("Đã giải quyết"),
        "refused": _("Từ chối"),
        "withdrawn": _("Người yêu cầu rút"),
    }


def kind_labels() -> dict[str, str]:
    """What may be asked."""
    return {"reading": _("Đọc tài liệu"), "copy": _("Cấp bản sao")}


def listed() -> list[str]:
    """The public identifiers on this browser's list."""
    kept = session.get("gio", [])
    return [one for one in kept if isinstance(one, str) and is_identifier(one)][:MOST_LISTED]


@blueprint.get("/gio")
def show_list() -> ResponseReturnValue:
    """The list, with what a request of it would take: term, limit, what is paper only; ``them`` offers a record."""
    return _list()


@blueprint.post("/gio")
def change_list() -> ResponseReturnValue:
    """Puts a record on the list (``them``), takes it off (``bo``); what the reader does not see is missing."""
    who = asking()
    wish, off = request.form.get("them", ""), request.form.get("bo", "")
    kept = listed()
    if off:
        session["gio"] = [one for one in kept if one != off]
        return redirect(url_for("requesting.show_list"), 303)
    with reading() as work:
        found = desk.seen_records(work, who.viewer, [wish])
        if not found:
            raise missing()
        back = record_url(found[0].level, found[0].public_id)
    if wish not in kept and len(kept) >= MOST_LISTED:
        return _list(_("Danh sách đã đủ %(n)s tài liệu; hãy bỏ bớt hoặc gửi yêu cầu.", n=MOST_LISTED), 422)
    session["gio"] = list(dict.fromkeys([*kept, wish]))
    return redirect(back if request.form.get("o-lai") else url_for("requesting.show_list"), 303)


def _list(error: str = "", status: int = 200) -> ResponseReturnValue:
    who, ids = asking(), listed()
    wish = request.args.get("them", "")
    with reading() as work:
        records = desk.seen_records(work, who.viewer, ids)
        offered = desk.seen_records(work, who.viewer, [wish]) if wish and wish not in ids else []
    told: dict[str, object] = {"error": error, "kind": "", "purpose": "", "offered": offered[:1]}
    page = render_template("reading_list.html", **_asked(who, records), **told)
    return page, status, PRIVATE


def _asked(who: Asking, records: list[Record]) -> dict[str, object]:
    closed = [one for one in records if not may(who.viewer, "read", one, who.day)]
    day = who.day
    return {
        "records": records,
        "closed": {one.public_id for one in closed},
        "limit": term("request.most", day),
        "kinds": kind_labels(),
        "estimates": {kind: estimate(kind, counted(records, kind, day), "", day) for kind in desk.KINDS},
        "reductions": reducible(day),
        "terms": {name: term(f"answer.{name}", day) for name in ("reading", "copy", "conditional")},
    }


@blueprint.post("/yeu-cau")
@for_signed_in
def send() -> ResponseReturnValue:
    """Sends a request for the records on the list; what is wrong is told beside the form with everything kept."""
    who, account = asking(), own_account()
    kind, purpose = request.form.get("hinh-thuc", ""), request.form.get("muc-dich", "")
    ids = [one for one in request.form.getlist("tai-lieu") if one in listed()]
    try:
        with writing() as work:
            code = desk.submit(work, who.viewer, account.id, kind, purpose, ids).code
    except RequestError as error:
        with reading() as work:
            records = desk.seen_records(work, who.viewer, listed())
        told: dict[str, object] = {"error": str(error), "kind": kind, "purpose": purpose, "offered": []}
        return render_template("reading_list.html", **_asked(who, records), **told), 422, PRIVATE
    session["gio"] = [one for one in listed() if one not in ids]
    return redirect(url_for("requesting.follow", code=code), 303)


@blueprint.get("/yeu-cau")
@for_signed_in
def show_all() -> ResponseReturnValue:
    """The requests of one's own, newest first."""
    with reading() as work:
        found = desk.requests_of(work, own_account().id)
    told = {"requests": found, "states": state_labels(), "kinds": kind_labels()}
    return render_template("requests.html", **told, day=today_number()), 200, PRIVATE


@blueprint.get("/yeu-cau/<code>")
@for_signed_in
def follow(code: str) -> ResponseReturnValue:
    """One request of one's own: how far it is, what was answered, what one may do now."""
    return _follow(code)


@blueprint.post("/yeu-cau/<code>")
@for_signed_in
def act(code: str) -> ResponseReturnValue:
    """Withdraws the request (``viec=rut``) or answers what was asked (``viec=bo-sung``, with ``ly-do``)."""
    wish = OWN_ACTS.get(request.form.get("viec", ""))
    if wish is None:
        raise missing()
    try:
        with writing() as work:
            found = _own(work, code)
            desk.take_step(work, found, wish, "owner", own_account().name, request.form.get("ly-do", ""))
    except RequestError as error:
        return _follow(code, str(error), 422)
    except StaleDataError:
        return _follow(code, _("Yêu cầu vừa được người khác xử lý; hãy xem lại rồi làm tiếp."), 409)
    return redirect(url_for("requesting.follow", code=code), 303)


def _follow(code: str, error: str = "", status: int = 200) -> ResponseReturnValue:
    who = asking()
    with reading() as work:
        found = _own(work, code)
        told = request_page(work, who, found)
        acts = acts_of(found.state, "owner")
    return render_template("request.html", **told, acts=acts, error=error), status, PRIVATE


def request_page(work: Session, who: Asking, found: ReadingRequest) -> dict[str, object]:
    """What a page of a request shows; a record that the viewer does not see (any more) is named by nothing."""
    items = desk.items_of(work, found)
    return {
        "request": found,
        "items": [(item, record if may(who.viewer, "see", record, who.day) else None) for item, record in items],
        "events": desk.events_of(work, found),
        "states": state_labels(),
        "kinds": kind_labels(),
        "term": term(found.term, who.day),
        "day": who.day,
        "bill": bill_page(work, found),
    }


def _own(work: Session, code: str) -> ReadingRequest:
    found = desk.find_request(work, code)
    if found is None or found.account_id != own_account().id:
        raise missing()
    return found
