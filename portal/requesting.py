"""The reading list (giỏ) and the form that makes a request of it; an account is asked for only when it is sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from archive.access import may
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.identifiers import is_identifier, new_identifier
from archive.page_ranges import read_pages
from archive.terms import term
from desk import requests as desk
from desk.copies.recordings import recordings_in
from desk.covered import Covered, cover
from desk.drafts import DraftChangedError, draft_of, edition, save_draft
from desk.fees.assessing import estimate
from desk.fees.counting import Extent, counted, posted
from desk.fees.tariff import POSTAGE, fee, reducible
from desk.form_numbers import form_number
from desk.kinds import KINDS
from desk.papers.keeping import attach
from desk.requests import LONGEST_PURPOSE, Wish
from desk.steps import RequestError, faults_of
from portal.addresses import record_url
from portal.errors import missing
from portal.evidence import held_for, hold_files, read_form, too_large
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.numbers import as_number, asked_number
from portal.picking import put_several
from portal.reading_list import MOST_LISTED, keep, listed, pages_listed, with_page
from portal.request_words import kind_labels, kind_notes, requester_labels
from portal.returning import local_path
from portal.signing import signed_in_account
from portal.viewing import Asking, asking

PRIVATE = {"Cache-Control": "no-store"}
Result = TypeVar("Result")

blueprint = Blueprint("requesting", __name__)


@blueprint.get("/gio")
def show_list() -> ResponseReturnValue:
    """The list, with what a request of it would take: term, limit, what is paper only; ``them`` offers a record,
    ``trang`` a page of it."""
    return _list()


@blueprint.post("/gio")
def change_list() -> ResponseReturnValue:
    """Puts a record on the list (``them``), or only a page of it (``trang``), takes it off (``bo``); several chosen in
    a list that one comes back to (``ve``).  What the reader does not see is missing."""
    who = asking()
    wish, off = request.form.get("them", ""), request.form.get("bo", "")
    kept = listed()
    if back := local_path(request.form.get("ve", ""), ""):
        put = put_several(who.viewer, request.form.getlist("them"))
        if put.told:
            return _list(put.told, 422, again=back)
        return redirect(f"{back}{'&' if '?' in back else '?'}da={put.added}#chon", 303)
    if off:
        keep(one for one in kept if one != off)
        return redirect(url_for("requesting.show_list"), 303)
    with reading() as work:
        found = desk.seen_records(work, who.viewer, [wish])
        if not found:
            raise missing()
        back = record_url(found[0].level, found[0].public_id)
    if wish not in kept and len(kept) >= MOST_LISTED:
        return _list(_("Danh sách đã đủ %(n)s tài liệu; hãy bỏ bớt hoặc gửi yêu cầu.", n=MOST_LISTED), 422)
    keep([*kept, wish], with_page(found[0], asked_number("trang")))
    return redirect(back if request.form.get("o-lai") else url_for("requesting.show_list"), 303)


@blueprint.post("/yeu-cau")
@for_signed_in
def send() -> ResponseReturnValue:
    """Sends a request for the records on the list, keeps the form as a draft (``viec=luu``) or tells the fee of what it
    asks (``viec=phi``); what is wrong is told beside its field with everything kept, the papers that are in order
    (``giay-to-…``) too."""
    try:
        read_form()
    except RequestEntityTooLarge:
        return _list(status=413, faults=[too_large()])
    submission = _submission() or new_identifier()
    who, account, form = asking(), own_account(), _form() | {"submission": submission}
    ids = [one for one in request.form.getlist("tai-lieu") if is_identifier(one)][:MOST_LISTED]
    pages = _pages(ids)
    keep([*listed(), *ids], pages_listed() | pages)  # what the form shows stays with it
    wrong, act = hold_files(submission), request.form.get("viec", "")
    if wrong and act:
        return _list(status=422, form=form, faults=wrong)
    if act in {"giay-to", "phi"}:
        return _list(form=form)
    if act == "luu":
        return _save(account.id, form)
    wish = Wish(
        form["kind"], form["purpose"], ids, form["wanted"], form["requester"], submission, form["payer"],
        paper_of(form["paper"]), pages, form["post_to"],
    )  # fmt: skip
    if wrong:
        with reading() as work:
            wrong = [*desk.faults(work, who.viewer, account.id, wish), *wrong]
        return _list(status=422, form=form, faults=wrong)
    try:
        code, again = _submit(who, account.id, wish)
    except desk.AlreadySentError as error:
        return _list(field="sent", status=409, form=form | {"submission": ""}, sent=error.code)
    except RequestError as error:
        return _list(status=422, form=form, faults=faults_of(error))
    keep(one for one in listed() if one not in ids)
    return redirect(url_for("following.follow", code=code, lai=again or None), 303)


def _submit(who: Asking, account_id: int, wish: Wish) -> tuple[str, int]:
    """The code of the request, and 1 where it was there already."""

    def submit() -> tuple[str, int]:
        with writing() as work:
            before = form_number(work, account_id, _secret())
            made = desk.submit(work, who.viewer, account_id, wish)
            attach(work, made, account_id, wish.submission, who.viewer.name)
            return made.code, int(form_number(work, account_id, _secret()) == before)

    return _again(submit)


def _again(act: Callable[[], Result]) -> Result:
    """What the act gives; done a second time where the other tab did the same at that moment: it is there now."""
    try:
        return act()
    except IntegrityError:
        return act()


def _save(account_id: int, form: dict[str, str]) -> ResponseReturnValue:
    seen = request.form.get("ban-nhap", "")

    def save() -> None:
        with writing() as work:
            save_draft(work, account_id, form, seen)

    try:
        _again(save)
    except DraftChangedError:
        return _list(status=409, field="draft", form=form)
    return redirect(url_for("requesting.show_list", luu=1), 303)


def _secret() -> str:
    return house().settings.secret.get_secret_value()


def _form() -> dict[str, str]:
    fields = {
        "kind": "hinh-thuc", "purpose": "muc-dich", "wanted": "noi-dung", "requester": "nguoi", "payer": "doi-tuong",
        "paper": "so-ban", "post_to": "dia-chi",
    }  # fmt: skip
    given = {name: request.form.get(field, "").replace("\0", "") for name, field in fields.items()}
    return given | {"requester": given["requester"] or "citizen"}


def paper_of(text: str) -> int:
    """The number of copies on paper as the field has it: nothing is none; -1, which no request may have, for what is no
    number."""
    return as_number(text.strip() or "0", -1, digits=4)


def _submission() -> str:
    """The number of the form, if it is one of ours."""
    given = request.form.get("lan-gui", "")
    return given if is_identifier(given) else ""


def _list(
    error: str = "",
    status: int = 200,
    field: str = "",
    form: dict[str, str] | None = None,
    sent: str = "",
    again: str = "",
    faults: Sequence[RequestError] = (),
) -> ResponseReturnValue:
    who, ids, account = asking(), listed(), signed_in_account()
    wish, kept = request.args.get("them", ""), request.args.get("luu", "")
    page = as_number(request.args.get("trang", ""))  # of the address only: a form that is too large is not read
    pages = pages_listed() | (_pages(ids) if form else {})
    with reading() as work:
        records = desk.seen_records(work, who.viewer, ids)
        wanted = wish and (wish not in ids or (page and pages.get(wish)))
        offered = desk.seen_records(work, who.viewer, [wish]) if wanted else []
        wholes = cover(work, records, who.viewer, who.day)
        heard = recordings_in(work, [part for one in wholes.values() for part in one.digitised])
        draft = draft_of(work, account.id) if account else None
        number = form_number(work, account.id, _secret()) if account else ""
    form = form or (draft.form if draft else {})
    submission = form.get("submission") or number
    told: dict[str, object] = {
        "error": error, "field": field, "form": form, "offered": offered[:1], "draft": draft, "kept": kept,
        "submission": submission, "held": held_for(submission) if account else [], "edition": edition(draft),
        "sent": sent, "faults": faults, "page": page, "pages": pages, "again": again,
    }  # fmt: skip
    return render_template("reading_list.html", **_asked(who, wholes, heard, form, pages), **told), status, PRIVATE


def _asked(
    who: Asking,
    wholes: Mapping[int, Covered],
    heard: Mapping[int, Sequence[Recording]],
    form: Mapping[str, str],
    pages: Mapping[str, str],
) -> dict[str, object]:
    whole, records = list(wholes.values()), [one.record for one in wholes.values()]
    less = [one.who for one in reducible(who.day)]
    payer = form.get("payer", "") if form.get("payer") in less else ""
    paper = min(max(paper_of(form.get("paper", "")), 0), term("paper.most", who.day).value)
    extents = {one.id: Extent(pages.get(one.public_id, "")) for one in records if _are_pages(one, pages)}
    counts = {
        kind: counted(whole, kind, who.day, extents, paper if told.paper else 0, heard)
        | posted(whole, kind, paper, form.get("post_to", "").strip())
        for kind, told in KINDS.items()
    }
    closed = [one for one in records if not may(who.viewer, "read", one, who.day)]
    return {
        "records": records,
        "wholes": wholes,
        "shut": {number: len(one.unread(who.viewer, who.day)) for number, one in wholes.items()},
        "closed": {one.public_id for one in closed},
        "limit": term("request.most", who.day),
        "longest": term("reading.days", who.day),
        "copied": term("copy.days", who.day),
        "kinds": kind_labels(),
        "notes": kind_notes(),
        "estimates": {kind: estimate(kind, counts[kind], payer, who.day) for kind in KINDS},
        "postage": fee(POSTAGE, who.day),
        "most_paper": term("paper.most", who.day),
        "reductions": reducible(who.day),
        "requesters": requester_labels(),
        "terms": {name: term(kind.term, who.day) for name, kind in KINDS.items()},
        "conditional": term("answer.conditional", who.day),
    }


def _pages(ids: list[str]) -> dict[str, str]:
    """The pages of each record that the form has a field for."""
    names = {one: f"trang-{one}" for one in ids}
    given = {one: request.form[name] for one, name in names.items() if name in request.form}
    return {one: text[:LONGEST_PURPOSE].replace("\0", "").strip() for one, text in given.items()}


def _are_pages(record: Record, pages: Mapping[str, str]) -> bool:
    try:
        return bool(read_pages(pages.get(record.public_id, ""), record.page_count))
    except ValueError:  # told beside its field when it is sent
        return False
