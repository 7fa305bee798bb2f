"""Readers' requests for staff: the queue of the day, one request with its records, the steps, the decision."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from archive.access import may
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.clock import today_number
from archive.database import reading, writing
from archive.terms import term
from archive.working_days import working_days_between
from desk import chains, queue_filters, queueing
from desk import requests as desk
from desk.consenting import consent
from desk.copies.masking import may_mask
from desk.copies.ordering import to_copy
from desk.covered import asked_for, closed_ids, digitised_counts
from desk.decision import Answer, decide, wrong_answers
from desk.delegation import acting_role, approvers, deputises
from desk.fees.assessing import expected_by
from desk.fees.tariff import reducible
from desk.finishing import finish, give_up
from desk.handing import hands_files, is_to_be_handed
from desk.kinds import KINDS
from desk.phrases import phrases
from desk.reading_room import overdue_originals
from desk.revoking import can_be_revoked, revoke
from desk.states import DECIDER, UNDECIDED, Act, acts_of
from desk.steps import LONGEST_REASON, FormError, RequestError, faults_of, is_own, take_step
from portal.beside import records_beside
from portal.errors import missing
from portal.following import PRIVATE, request_page
from portal.guarding import own_account
from portal.numbers import asked_number, whole_number
from portal.request_words import consent_name, group_labels, kind_labels, state_labels
from portal.sheets import KINDS as KINDS_OF_SHEETS
from portal.sheets import sheet_file
from portal.viewing import Asking, asking
from portal.wording import say

ACTS: dict[str, Act] = {
    "nhan": "take", "tha": "release", "hoi": "ask", "rut": "recall", "trinh": "propose", "tra-lai": "return",
    "tra-kq": "hand_out", "xong": "finish", "thoi-lam": "give_up", "thu-hoi": "revoke",
}  # fmt: skip
DECIDE, CONSENT, HAND_OVER = "quyet-dinh", "dong-y", "ban-giao"
MANY: dict[str, Act] = {one: ACTS[one] for one in ("nhan", "tha", "trinh", "hoi", "rut")}
ASSIGN, TAKE_BACK = "giao", "tra-ve"
UNDONE_BY = {"nhan": "tha", "hoi": "rut", ASSIGN: TAKE_BACK}
MOST_EXPORTED = 10_000

blueprint = Blueprint("answering", __name__, url_prefix="/quan-tri/yeu-cau")


def officer() -> Asking:
    """Who asks, if he answers requests (archivists, heads); for all others the page is missing."""
    who = asking()
    if not who.viewer.is_staff:
        raise missing()
    return who


@blueprint.get("")
def queue() -> ResponseReturnValue:
    """What waits, by group (``nhom``), those due first; a group of one's own work, and the last that ended."""
    return _queue(officer())


@blueprint.post("")
def act_on_many() -> ResponseReturnValue:
    """Takes one step (``viec``; ``hoi`` with ``ly-do``) on several requests (``ma``, repeatable), or gives them to an
    officer (``giao``, to ``giao-cho``; ``tra-ve``: each to whom ``cu-<code>`` names); tells which could not, and offers
    to undo."""
    who, wish, reason = officer(), request.form.get("viec", ""), request.form.get("ly-do", "")
    if wish not in MANY and wish not in {ASSIGN, TAKE_BACK}:
        raise missing()
    if wish == "hoi" and not 0 < len(reason.strip()) <= LONGEST_REASON:
        told = _("Cần ghi điều phải bổ sung (không quá %(n)s ký tự).", n=LONGEST_REASON)
        return _queue(who, error=RequestError(told, "ly-do"))
    done: dict[str, str] = {}  # whose each was before
    refused = []
    for code in dict.fromkeys(request.form.getlist("ma")):
        try:
            with writing() as session:
                found = desk.find_request(session, code)
                if found is None:
                    raise missing()
                before, role = found.officer, acting_role(session, who.viewer, found)
                if wish in MANY:
                    take_step(session, found, MANY[wish], role, who.viewer.name, reason if wish == "hoi" else "")
                else:
                    to = request.form.get("giao-cho" if wish == ASSIGN else f"cu-{code}", "")
                    if wish == ASSIGN and to not in desk.officers(session):
                        raise RequestError(_("Chọn một lưu trữ viên đang có tài khoản."), "giao-cho")
                    desk.assign(session, found, role, who.viewer.name, to)
            done[code] = before
        except (RequestError, StaleDataError):
            refused.append(code)
    return _queue(who, done=done, refused=refused, wish=wish)


@blueprint.post("/bo-loc")
def keep_filter() -> ResponseReturnValue:
    """Keeps the filter of the form for oneself under a name (``ten``), or (``bo``, its number) takes one away."""
    who, account, query = officer(), own_account(), _query(_sieve())
    try:
        with writing() as session:
            if number := whole_number(request.form.get("bo", "")):
                queue_filters.remove_filter(session, account.id, number)
            else:
                queue_filters.keep_filter(session, account.id, request.form.get("ten", ""), query)
    except RequestError as error:
        return _queue(who, error=error)
    return redirect(f"{url_for('answering.queue')}?{query}", 303)


@blueprint.get("/xuat.<kind>")
def download(kind: str) -> ResponseReturnValue:
    """The requests of a group as the queue narrows it, as CSV or XLSX; taking them away is in the audit trail."""
    who = officer()
    if kind not in KINDS_OF_SHEETS:
        raise missing()
    states, kinds = state_labels(), kind_labels()
    with writing() as session:
        narrowed = queueing.sieved(session, _sieve(), who.viewer, who.day)
        found = queueing.waiting(session, _group(), who.viewer.name, who.day, sieved=narrowed, most=MOST_EXPORTED)
        askers, records = queueing.told(session, found)
        rows = [[_("Mã"), _("Người yêu cầu"), _("Tài liệu"), _("Hình thức"), _("Hạn"), _("Trạng thái"), _("Người làm")]]
        for one in found:
            seen = [r.number or r.code for r in records.get(one.id, ()) if may(who.viewer, "see", r, who.day)]
            rows.append([
                one.code, askers.get(one.account_id, one.asker), "; ".join(seen) or one.wanted, kinds[one.kind],
                date.fromordinal(one.due_on).isoformat(), states[one.state], one.officer,
            ])  # fmt: skip
        record_event(session, who.viewer.name, "requests-export", count=len(found))
    return sheet_file(rows, kind, "yeu-cau", PRIVATE)


@blueprint.get("/<code>")
def consider(code: str) -> ResponseReturnValue:
    """One request: who asks for what, the records beside it, the steps that may be taken now."""
    return _consider(officer(), code)


@blueprint.post("/<code>")
def act(code: str) -> ResponseReturnValue:
    """Takes a step (``viec``, with ``ly-do``), notes a consent, hands over, or decides (``viec=quyet-dinh``)."""
    who, wish = officer(), request.form.get("viec", "")
    if wish not in ACTS and wish not in {DECIDE, CONSENT, HAND_OVER}:
        raise missing()
    try:
        _act(who, code, wish)
    except RequestError as error:
        return _consider(who, code, [_of_form(one, wish) for one in faults_of(error)], 422)
    except StaleDataError:
        late = RequestError(_("Yêu cầu vừa được người khác xử lý; hãy xem lại rồi làm tiếp."))
        return _consider(who, code, [late], 409)
    return redirect(url_for("answering.consider", code=code), 303)


def _of_form(one: RequestError, wish: str) -> RequestError:
    """The reason that a step wants is asked for in a form of its own."""
    return RequestError(one.words, f"ld-{wish}", **one.values) if one.field == "ly-do" else one


def _act(who: Asking, code: str, wish: str) -> None:
    reason = request.form.get("ly-do", "")
    with writing() as session:
        found = desk.find_request(session, code)
        if found is None:
            raise missing()
        role = acting_role(session, who.viewer, found)
        actor = who.viewer.name
        if wish == DECIDE:
            unread: list[RequestError] = []
            answers = {
                item.record_id: _answer(item.record_id, unread) for item, _record in desk.items_of(session, found)
            }
            ground, payer = request.form.get("can-cu", ""), request.form.get("doi-tuong", "")
            if unread:
                fields = {one.field for one in unread}
                others = wrong_answers(session, found, answers, ground, payer)
                raise FormError([*unread, *(one for one in others if one.field not in fields)])
            refuse = request.form.get("tra-loi") == "khong"
            decide(session, found, answers, role, actor, ground, refuse=refuse, payer=payer)
        elif wish == CONSENT:
            consent(session, found, role, actor, reason)
        elif wish == "xong":
            finish(session, found, role, actor)
        elif wish == "thoi-lam":
            give_up(session, found, role, actor, reason)
        elif wish == "thu-hoi":
            revoke(session, found, role, actor, reason)
        elif wish == HAND_OVER:
            desk.hand_over(session, found, role, actor, request.form.get("nguoi", ""))
        else:
            take_step(session, found, ACTS[wish], role, actor, reason)


def _answer(record_id: int, unread: list[RequestError]) -> Answer:
    """What the form says of one record; what is no day or no number is told in ``unread``."""
    form, own = request.form, str(record_id)
    ground = form.get(f"can-cu-{own}", "")[:LONGEST_REASON]
    if form.get(f"tra-loi-{own}") != "cho":
        return Answer(0, ground=ground)
    try:
        until = date.fromisoformat(form.get(f"den-{own}", "")).toordinal()
    except ValueError:
        unread.append(RequestError(_("Ngày cuối được đọc phải là một ngày."), f"den-{own}"))
        until = today_number()
    sheets = whole_number(form.get(f"to-{own}", "").strip() or "0")
    if sheets is None:
        unread.append(RequestError(_("Số trang đếm được phải là số nguyên."), f"to-{own}"))
    pages = form.get(f"trang-{own}", "").strip()[:200]
    return Answer(until, form.get(f"sao-{own}") == "1", ground, pages, sheets or 0)


def _queue(
    who: Asking,
    *,
    done: dict[str, str] | None = None,
    refused: list[str] | None = None,
    wish: str = "",
    error: RequestError | None = None,
) -> ResponseReturnValue:
    group = _group()
    first = asked_number("tu")
    sieve = _sieve()
    with reading() as session:
        narrowed = queueing.sieved(session, sieve, who.viewer, who.day)
        found = queueing.waiting(session, group, who.viewer.name, who.day, first, sieved=narrowed)
        askers, records = queueing.told(session, found)
        seen = {n: [one for one in many if may(who.viewer, "see", one, who.day)] for n, many in records.items()}
        shown = [one for many in seen.values() for one in many]
        closed = closed_ids(session, shown, who.viewer, who.day)
        told = {
            "waiting": found, "askers": askers, "concerned": seen,
            "shut": {n for n, many in seen.items() if any(one.id in closed for one in many)},
            "held": digitised_counts(session, shown, who.viewer, who.day),
            "officers": desk.officers(session), "counts": queueing.counts(session, who.viewer.name, who.day),
            "deputises": deputises(session, who.viewer.name), "originals": overdue_originals(session, who.day),
            "filters": queue_filters.filters_of(session, own_account().id),
        }  # fmt: skip
    page = render_template(
        "request_queue.html", **told, group=group, groups=group_labels(), states=state_labels(), kinds=kind_labels(),
        day=who.day, first=first, window=queueing.WINDOW, done=done or {}, refused=refused or [], wish=wish,
        sieve=sieve, nobody=queueing.NOBODY, days={one.id: working_days_between(who.day, one.due_on) for one in found},
        ticked=request.method == "GET" and request.args.get("chon") == "ca", undo=UNDONE_BY.get(wish, ""),
        chosen=set(request.form.getlist("ma")) if error else set(), error=say(error),
        field=error.field if error else "", phrases=phrases(who.day)["ask"], query=_query(sieve),
        longest_name=queue_filters.LONGEST_NAME,
    )  # fmt: skip
    return page, 422 if error else 200, PRIVATE


def _query(sieve: queueing.Sieve) -> str:
    """The group and the sieve as the queue's address says them: the same for the same."""
    said = {"q": sieve.words, "loai": sieve.kind, "quyen": sieve.access, "nguoi": sieve.officer}
    return urlencode({"nhom": _group()} | {name: value for name, value in said.items() if value})


def _group() -> str:
    group = request.values.get("nhom", "all")
    return group if group in queueing.GROUPS else "all"


def _sieve() -> queueing.Sieve:
    """What narrows the queue: ``q``, ``loai``, ``nguoi``, ``quyen`` (open, conditional); what is none is left out."""
    asked = request.values
    kind, access = asked.get("loai", ""), asked.get("quyen", "")
    return queueing.Sieve(
        words=asked.get("q", "").replace("\0", "").strip()[:200], kind=kind if kind in KINDS else "",
        officer=asked.get("nguoi", "").replace("\0", "")[:200],
        access=access if access in {"open", "conditional"} else "",
    )  # fmt: skip


def _consider(who: Asking, code: str, faults: Sequence[RequestError] = (), status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = desk.find_request(session, code)
        if found is None:
            raise missing()
        told, copies = request_page(session, who, found)
        asker = session.scalars(select(Account).where(Account.id == found.account_id)).one()
        own = is_own(session, found, who.viewer.name)
        whole = asked_for(session, found)
        decider = chains.decides(session, found, whole)
        deciding = decider.roles if decider else frozenset()
        role = acting_role(session, who.viewer, found)
        acts = [] if own else acts_of(found.state, role, *([DECIDER] if role in deciding else []))
        maskable = to_copy(whole) if may_mask(found) else []
        wanted, given, due = chains.progress(session, found, whole)
        told |= {
            "wanted": wanted, "given": given, "due": due, "officers": desk.officers(session),
            "handing": is_to_be_handed(session, found), "lends": hands_files(session, who.viewer, found),
            "beside": records_beside(session, who, found, whole),
            "copying": [one for one in maskable if may(who.viewer, "see", one, who.day)],
            "running": can_be_revoked(session, found, copies), "own": own,
            "approvers": approvers(session, found.account_id, deciding) if own else [],
            "decider": decider, "undecided": found.state in UNDECIDED,
            "deputises": deputises(session, who.viewer.name, found.account_id), "reductions": reducible(who.day),
            "expected": expected_by(session, found, {"", found.payer_class}, whole),
        }  # fmt: skip
    longest = term("reading.days", today_number())
    last = date.fromordinal(longest.end(who.day)).isoformat()
    page = render_template(
        "request_staff.html", **told, asker=asker, acts=acts, last=last, longest=longest, kept=request.form,
        faults=faults, phrases=phrases(who.day), consent_name=consent_name,
    )  # fmt: skip
    return page, status, PRIVATE
