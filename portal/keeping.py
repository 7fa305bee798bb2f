"""A reader's shelf: records and searches that he keeps, with notes; new records of a search since the last look.

What he may no longer see stays as his own note and tells nothing of the record.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import browsing, keeping
from archive.catalogue.keeping import KeptItem
from archive.database import reading, writing
from archive.keeping import FullShelfError
from desk.saved_searches import MOST_WITH_LETTERS, ManyLettersError, choose_letters, kept_criteria
from portal.addresses import record_url, search_url
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.registering import sends_letters
from portal.viewing import Asking, asking
from portal.wording import is_english, untitled
from search.criteria import Criteria
from search.errors import SearchDownError
from search.language import QueryError

COUNTED = 20  # searches whose records are counted at one look

blueprint = Blueprint("keeping", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as the page shows it: text and address ("" where it can no longer be seen), records now, at the last
    look."""

    id: int
    kind: str
    text: str
    url: str
    note: str
    now: int | None = None
    before: int | None = None
    letters: bool = False


@blueprint.get("/tai-khoan/da-luu")
@for_signed_in
def show() -> ResponseReturnValue:
    """The shelf."""
    return _page()


@blueprint.post("/tai-khoan/da-luu")
@for_signed_in
def add() -> ResponseReturnValue:
    """Keeps a record (``tai-lieu``) or a search (``tim``: the query of its address), with a note (``ghi-chu``)."""
    who, account = asking(), own_account()
    note = request.form.get("ghi-chu", "").strip()
    own, query = request.form.get("tai-lieu", ""), request.form.get("tim", "")[: keeping.LONGEST_SEARCH]
    try:
        if own:
            with reading() as session:
                if browsing.find_record(session, who.viewer, own, who.day) is None:
                    raise missing()
            kind, what, seen = "record", own, None
        else:
            criteria = kept_criteria(query)
            kind, what, seen = "search", criteria.query_string(), _count(who, criteria)
        with writing() as session:
            keeping.keep(session, account.id, kind, what, note, seen)
    except FullShelfError:
        return _page(_("Chỗ lưu đã đầy %(n)s mục. Hãy bỏ bớt rồi lưu lại.", n=keeping.MOST)), 422
    return redirect(url_for("keeping.show"), 303)


@blueprint.post("/tai-khoan/da-luu/<int:item_id>")
@for_signed_in
def change(item_id: int) -> ResponseReturnValue:
    """``viec``: ``bo`` takes the item off the shelf, ``ghi-chu`` changes its note, ``da-xem`` counts anew, ``thu`` and
    ``thoi-thu`` begin and end letters about a search."""
    who, account, wish = asking(), own_account(), request.form.get("viec", "")
    try:
        _change(who, account.id, item_id, wish)
    except ManyLettersError:
        return _page(_("Thư chỉ gửi cho nhiều nhất %(n)s lần tìm. Hãy thôi nhận bớt.", n=MOST_WITH_LETTERS)), 422
    return redirect(url_for("keeping.show"), 303)


def _change(who: Asking, account_id: int, item_id: int, wish: str) -> None:
    with writing() as session:
        item = keeping.find_item(session, account_id, item_id)
        if item is None or wish not in {"bo", "ghi-chu", "da-xem", "thu", "thoi-thu"}:
            raise missing()
        if wish == "bo":
            session.delete(item)
        elif wish == "ghi-chu":
            item.note = request.form.get("ghi-chu", "").strip()[: keeping.LONGEST_NOTE]
        elif item.kind != "search":
            return
        elif wish in {"thu", "thoi-thu"}:
            choose_letters(session, item, ("en" if is_english() else "vi") if wish == "thu" else "")
        else:
            item.seen = _count(who, kept_criteria(item.what))


def _page(error: str = "") -> str:
    who, account = asking(), own_account()
    with reading() as session:
        items = keeping.shelf(session, account.id)
        searches = [one.id for one in items if one.kind == "search"][:COUNTED]
        shown = [_shown(session, who, one, counted=one.id in searches) for one in items]
    return render_template("kept.html", items=shown, error=error, possible=bool(sends_letters() and account.email))


def _shown(session: Session, who: Asking, one: KeptItem, *, counted: bool) -> Shown:
    if one.kind == "record":
        found = browsing.find_record(session, who.viewer, one.what, who.day)
        if found is None:
            return Shown(one.id, one.kind, _("Mục này không còn xem được."), "", one.note)
        text = " ".join(part for part in (found.number, untitled(found.title)) if part)
        return Shown(one.id, one.kind, text, record_url(found.level, found.public_id), one.note)
    criteria = kept_criteria(one.what)
    text = criteria.q or _("Tất cả tài liệu")
    filters = [value for name, value in criteria.parameters() if name not in {"q", "verbatim"}]
    if filters:
        text = f"{text} ({len(filters)})"
    now = _count(who, criteria) if counted else None
    return Shown(one.id, one.kind, text, search_url(criteria), one.note, now, one.seen, bool(one.letters))


def _count(who: Asking, criteria: Criteria) -> int | None:
    try:
        return house().gateway.count(who.viewer, criteria)
    except QueryError:
        return None
    except SearchDownError as error:
        current_app.logger.error("search: %s", error)
        return None
