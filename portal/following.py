"""A reader's requests: one's own, each with its steps, and following one by its code without signing in."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from limits import RateLimitItemPerHour
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import RequestEntityTooLarge

from archive.access import Viewer, may
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.requests import ReadingRequest
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import ended_grants, revoked_grants
from archive.identifiers import is_identifier, new_identifier
from archive.terms import term
from archive.working_days import working_days_between
from desk import requests as desk
from desk.copies.ordering import every_copy
from desk.copies.rights import beside_masks
from desk.counted_days import counted_days
from desk.covered import digitised_counts
from desk.finishing import left
from desk.following import find_followed, refused_on, second_word
from desk.handing import remedies
from desk.news import mark_seen, rate, with_news
from desk.papers.keeping import attach
from desk.states import Act, acts_of
from desk.steps import RequestError, faults_of, take_step
from portal.copying import shown_copies
from portal.errors import missing
from portal.evidence import held_for, hold_files, read_form, too_large
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.limiting import network
from portal.paying import bill_page
from portal.printing import followed_form, followed_receipt
from portal.request_words import channel_labels, kind_labels, requester_labels, state_labels
from portal.viewing import Asking, asking

OWN_ACTS: dict[str, Act] = {"rut": "withdraw", "bo-sung": "answer"}
TOLD = {"payment", "making", "resolved", "returned", "refused"}  # its answer was given
PRIVATE = {"Cache-Control": "no-store"}
OF_CODE, OF_NETWORK = RateLimitItemPerHour(10), RateLimitItemPerHour(200)  # tries of the second word

blueprint = Blueprint("following", __name__)


@blueprint.get("/yeu-cau")
@for_signed_in
def show_all() -> ResponseReturnValue:
    """The requests of one's own, newest first."""
    with reading() as work:
        found = desk.requests_of(work, own_account().id)
        fresh = with_news(work, own_account().id)
    told = {"requests": found, "states": state_labels(), "kinds": kind_labels(), "fresh": fresh}
    return render_template("requests.html", **told, day=today_number()), 200, PRIVATE


@blueprint.get("/yeu-cau/<code>")
@for_signed_in
def follow(code: str) -> ResponseReturnValue:
    """One request of one's own: how far it is, what was answered, what one may do now; ``lai``: its form was sent
    again."""
    return _follow(code)


@blueprint.post("/yeu-cau/<code>")
@for_signed_in
def act(code: str) -> ResponseReturnValue:
    """Withdraws the request (``viec=rut``), answers what was asked (``viec=bo-sung``, with ``ly-do``), or says how it
    was (``viec=danh-gia``, ``diem`` 1 to 5)."""
    try:
        read_form()
    except RequestEntityTooLarge:
        return _follow(code, [too_large()], 413)
    wish = request.form.get("viec", "")
    if wish not in OWN_ACTS and wish not in {"danh-gia", "giay-to"}:
        raise missing()
    submission = _submission()
    if wish in {"bo-sung", "giay-to"}:
        with reading() as work:
            _own(work, code)
        if wrong := hold_files(submission):
            return _follow(code, wrong, 422)
        if wish == "giay-to":
            return _follow(code)
    try:
        with writing() as work:
            found = _own(work, code)
            if wish == "danh-gia":
                rate(work, found, request.form.get("diem", ""), request.form.get("nhan-xet", ""))
            else:
                reason = request.form.get("ly-do", "")
                take_step(work, found, OWN_ACTS[wish], "owner", own_account().name, reason)
                if wish == "bo-sung":
                    attach(work, found, own_account().id, submission, own_account().name)
    except RequestError as error:
        return _follow(code, faults_of(error), 422)
    except StaleDataError:
        late = RequestError(_("Yêu cầu vừa được người khác xử lý; hãy xem lại rồi làm tiếp."))
        return _follow(code, [late], 409)
    return redirect(url_for("following.follow", code=code), 303)


@blueprint.get("/theo-doi")
def ask_code() -> ResponseReturnValue:
    """Asks for a request's code and its second word."""
    return render_template("follow.html", found=None, code=request.args.get("ma", "")[:40], error=""), 200, PRIVATE


@blueprint.post("/theo-doi")
def show_state() -> ResponseReturnValue:
    """How far a request is, to who knows its code and second word, or its form or receipt to print (``viec=phieu``,
    ``giay-hen``); says neither who asked nor for what."""
    code, word = request.form.get("ma", "")[:60], request.form.get("tu", "")[:20]
    if _tried_often(code.strip().lower()):
        error = _("Đã thử nhiều lần. Hãy đợi một giờ rồi thử lại, hoặc hỏi phòng đọc.")
        return render_template("follow.html", found=None, code=code, error=error), 429, PRIVATE
    with reading() as work:
        found = find_followed(work, house().settings.secret.get_secret_value(), code, word)
        events = desk.events_of(work, found) if found else []
        grounds = refused_on(work, found) if found and found.state in TOLD else []
    if found is None:
        error = _("Mã và từ kiểm tra không khớp với yêu cầu nào.")
        return render_template("follow.html", found=None, code=code, error=error), 422, PRIVATE
    if (wish := request.form.get("viec")) in {"phieu", "giay-hen"}:
        return followed_form(found) if wish == "phieu" else followed_receipt(found)
    told = {"word": word, "events": events, "states": state_labels(), "kinds": kind_labels(), "day": today_number()}
    told |= {"grounds": grounds, "remedies": remedies()}
    return render_template("follow.html", found=found, code="", error="", **told), 200, PRIVATE


def _tried_often(code: str) -> bool:
    counted = house().limits.wait
    return bool(
        counted(OF_CODE, f"follow:{code}") or counted(OF_NETWORK, f"follow@{network(request.remote_addr or '')}")
    )


def _follow(code: str, faults: Sequence[RequestError] = (), status: int = 200) -> ResponseReturnValue:
    who = asking()
    with reading() as work:
        found = _own(work, code)
        told, _copies = request_page(work, who, found)
        acts = acts_of(found.state, "owner")
        fresh = found.id in with_news(work, found.account_id)
    if fresh:  # only then: looking holds up no writer
        with writing() as work:
            mark_seen(work, _own(work, code))
    submission = _submission() if request.method == "POST" else new_identifier()
    told |= {"submission": submission, "held": held_for(submission), "kept": request.form}
    told |= {"again": request.args.get("lai"), "returned": request.args.get("ve") == "cong"}
    word = second_word(house().settings.secret.get_secret_value(), found)
    return render_template("request.html", **told, acts=acts, faults=faults, second=word), status, PRIVATE


def request_page(work: Session, who: Asking, found: ReadingRequest) -> tuple[dict[str, object], Sequence[IssuedCopy]]:
    """What a page of a request shows, and all its copies; a record that the viewer does not see (any more) is named by
    nothing."""
    items = desk.items_of(work, found)
    seen = [record for _item, record in items if may(who.viewer, "see", record, who.day)]
    events = desk.events_of(work, found)
    given = [item.grant_id for item, _record in items if item.grant_id]
    copies = every_copy(work, found.id)
    told = {
        "request": found,
        "items": [(item, record if may(who.viewer, "see", record, who.day) else None) for item, record in items],
        "held": digitised_counts(work, seen, who.viewer, who.day),
        "events": events,
        "states": state_labels(),
        "kinds": kind_labels(),
        "requesters": requester_labels(),
        "channels": channel_labels(),
        "term": term(found.term, who.day),
        "bill": bill_page(work, found),
        "remedies": remedies(),
        "day": who.day,
        "counted": counted_days(found, events),
        "issued": shown_copies(work, who, copies),
        "left": sorted(left(work, found)) if found.state == "making" else [],
        "days_left": working_days_between(who.day, found.due_on),
        "over": ended_grants(work, given, who.day),
        "taken_back": revoked_grants(work, given),
        "beside_masks": {
            item.record_id: beside
            for item, record in items
            if not may(Viewer.anonymous(), "read", record, who.day)
            if (beside := beside_masks(copies, item, record))
        },
    }
    return told, copies


def _submission() -> str:
    """The number of the form that adds papers, a new one where it has none."""
    given = request.form.get("lan-gui", "")
    return given if is_identifier(given) else new_identifier()


def _own(work: Session, code: str) -> ReadingRequest:
    found = desk.find_request(work, code)
    if found is None or found.account_id != own_account().id:
        raise missing()
    return found
