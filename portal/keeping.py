"""A reader's shelf: records and searches that he keeps, with notes; new records of a search since the last look.

What he may no longer see stays as his own note and tells nothing of the record.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import browsing, keeping
from archive.catalogue.keeping import KeptItem
from archive.database import reading, writing
from archive.keeping import FullShelfError
from portal.addresses import record_url, search_url
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.viewing import Asking, asking
from portal.wording import untitled
from search.criteria import Criteria, CriteriaError, read_criteria
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
            criteria = _criteria(query)
            kind, what, seen = "search", criteria.query_string(), _count(who, criteria)
        with writing() as session:
            keeping.keep(session, account.id, kind, what, note, seen)
    except FullShelfError:
        return _page(_("Chỗ lưu đã đầy %(n)s mục. Hãy bỏ bớt rồi lưu lại.", n=keeping.MOST)), 422
    return redirect(url_for("keeping.show"), 303)


@blueprint.post("/tai-khoan/da-luu/<int:item_id>")
@for_signed_in
def change(item_id: int) -> ResponseReturnValue:
    """``viec``: ``bo`` takes the item off the shelf, ``ghi-chu`` changes its note, ``da-xem`` counts anew."""
    who, account, wish = asking(), own_account(), request.form.get("viec", "")
    with writing() as session:
        item = keeping.find_item(session, account.id, item_id)
        if item is None or wish not in {"bo", "ghi-chu", "da-xem"}:
            raise missing()
        if wish == "bo":
            session.delete(item)
        elif wish == "ghi-chu":
            item.note = request.form.get("ghi-chu", "").strip()[: keeping.LONGEST_NOTE]
        elif item.kind == "search":
            item.seen = _count(who, _criteria(item.what))
    return redirect(url_for("keeping.show"), 303)


def _page(error: str = "") -> str:
    who, account = asking(), own_account()
    with reading() as session:
        items = keeping.shelf(session, account.id)
        searches = [one.id for one in items if one.kind == "search"][:COUNTED]
        shown = [_shown(session, who, one, counted=one.id in searches) for one in items]
    return render_template("kept.html", items=shown, error=error)


def _shown(session: Session, who: Asking, one: KeptItem, *, counted: bool) -> Shown:
    if one.kind == "record":
        found = browsing.find_record(session, who.viewer, one.what, who.day)
        if found is None:
            return Shown(one.id, one.kind, _("Mục này không còn xem được."), "", one.note)
        text = " ".join(part for part in (found.number, untitled(found.title)) if part)
        return Shown(one.id, one.kind, text, record_url(found.level, found.public_id), one.note)
    criteria = _criteria(one.what)
    text = criteria.q or _("Tất cả tài liệu")
    filters = [value for name, value in criteria.parameters() if name not in {"q", "verbatim"}]
    if filters:
        text = f"{text} ({len(filters)})"
    now = _count(who, criteria) if counted else None
    return Shown(one.id, one.kind, text, search_url(criteria), one.note, now, one.seen)


def _criteria(query: str) -> Criteria:
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in {"cursor", "size"}]
    try:
        return read_criteria(pairs)
    except CriteriaError:
        return Criteria()  # of an address that an older program wrote


def _count(who: Asking, criteria: Criteria) -> int | None:
    try:
        return house().gateway.count(who.viewer, criteria)
    except QueryError:
        return None
    except SearchDownError as error:
        current_app.logger.error("search: %s", error)
        return None
