"""Readers' requests for staff: the queue, one request with its records, the steps, the head's decision."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from archive.catalogue.people import Account
from archive.clock import today_number
from archive.database import reading, writing
from archive.terms import term
from desk import requests as desk
from desk.requests import Answer, RequestError
from desk.states import Act, acts_of
from portal.errors import missing
from portal.requesting import PRIVATE, kind_labels, request_page, state_labels
from portal.viewing import Asking, asking

ACTS: dict[str, Act] = {"nhan": "take", "hoi": "ask", "trinh": "propose", "tra-lai": "return"}
DECIDE = "quyet-dinh"

blueprint = Blueprint("answering", __name__, url_prefix="/quan-tri/yeu-cau")


def officer() -> Asking:
    """Who asks, if he answers requests (archivists, heads); for all others the page is missing."""
    who = asking()
    if not who.viewer.is_staff:
        raise missing()
    return who


@blueprint.get("")
def queue() -> ResponseReturnValue:
    """What waits, those due first, and the last that ended; ``cua-toi``: only mine."""
    who = officer()
    with reading() as session:
        waiting, ended = desk.queue(session), desk.queue(session, ended=True, limit=20)
    if request.args.get("cua-toi"):
        waiting = [one for one in waiting if one.officer == who.viewer.name]
    told = {"waiting": waiting, "ended": ended, "states": state_labels(), "kinds": kind_labels(), "day": who.day}
    return render_template("request_queue.html", **told), 200, PRIVATE


@blueprint.get("/<code>")
def consider(code: str) -> ResponseReturnValue:
    """One request: who asks for what, the records beside it, the steps that may be taken now."""
    return _consider(officer(), code)


@blueprint.post("/<code>")
def act(code: str) -> ResponseReturnValue:
    """Takes a step (``viec``, with ``ly-do``), or decides on each record (``viec=quyet-dinh``)."""
    who, wish = officer(), request.form.get("viec", "")
    if wish not in ACTS and wish != DECIDE:
        raise missing()
    try:
        with writing() as session:
            found = desk.find_request(session, code)
            if found is None:
                raise missing()
            if wish == DECIDE:
                answers = {item.record_id: _answer(item.record_id) for item, _record in desk.items_of(session, found)}
                desk.decide(session, found, answers, who.viewer.role, who.viewer.name)
            else:
                reason = request.form.get("ly-do", "")
                desk.take_step(session, found, ACTS[wish], who.viewer.role, who.viewer.name, reason)
    except RequestError as error:
        return _consider(who, code, str(error), 422)
    except StaleDataError:
        return _consider(who, code, _("Yêu cầu vừa được người khác xử lý; hãy xem lại rồi làm tiếp."), 409)
    return redirect(url_for("answering.consider", code=code), 303)


def _answer(record_id: int) -> Answer:
    """What the form says of one record; RequestError on a day that is none."""
    form, own = request.form, str(record_id)
    ground = form.get(f"can-cu-{own}", "")[: desk.LONGEST_REASON]
    if form.get(f"tra-loi-{own}") != "cho":
        return Answer(0, ground=ground)
    try:
        until = date.fromisoformat(form.get(f"den-{own}", "")).toordinal()
    except ValueError:
        raise RequestError(_("Ngày cuối được đọc phải là một ngày.")) from None
    return Answer(until, form.get(f"sao-{own}") == "1", ground)


def _consider(who: Asking, code: str, error: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = desk.find_request(session, code)
        if found is None:
            raise missing()
        told = request_page(session, who, found)
        asker = session.scalars(select(Account.name).where(Account.id == found.account_id)).one()
    longest = term("reading.days", today_number())
    last = date.fromordinal(longest.end(who.day)).isoformat()
    acts = acts_of(found.state, who.viewer.role)
    page = render_template(
        "request_staff.html", **told, asker=asker, acts=acts, last=last, longest=longest, error=error, kept=request.form
    )
    return page, status, PRIVATE
