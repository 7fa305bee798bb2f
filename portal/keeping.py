"""A reader's shelf: records and searches that he keeps, with notes; new records of a search since the last look.

What he may no longer see stays as his own note and tells nothing of the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import browsing, keeping
from archive.arriving import LOOKED_AT, Arrival, latest_arrivals
from archive.catalogue.keeping import KeptItem
from archive.clock import now
from archive.database import reading, writing
from archive.keeping import FullShelfError
from desk.saved_searches import MOST_WITH_LETTERS, ManyLettersError, choose_letters, kept_criteria
from desk.search_news import Fresh, fresh, note_seen, seen_at
from portal.addresses import record_url, search_url
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.numbers import asked_number
from portal.registering import sends_letters
from portal.searching import path_steps
from portal.taken_off import put_back, remember, remembered
from portal.viewing import Asking, asking
from portal.wording import either, fixed_label, is_english, untitled
from search.criteria import Criteria
from search.errors import SearchDownError
from search.facets import FACETS
from search.language import QueryError

COUNTED = 20  # searches whose records are counted at one look
LISTED = 100  # new records of a search on its page

blueprint = Blueprint("keeping", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as the page shows it: text and address ("" where it can no longer be seen); of a search how many records
    it finds, what is new, since when."""

    id: int
    kind: str
    text: str
    url: str
    note: str
    now: int | None = None
    fresh: Fresh | None = None
    since: datetime | None = None
    letters: bool = False


@blueprint.get("/tai-khoan/da-luu")
@for_signed_in
def show() -> ResponseReturnValue:
    """The shelf."""
    return _page()


@blueprint.post("/tai-khoan/da-luu")
@for_signed_in
def add() -> ResponseReturnValue:
    """Keeps a record (``tai-lieu``) or a search (``tim``: the query of its address), with a note (``ghi-chu``), or puts
    back what was just taken off (``viec=hoan-tac``)."""
    who, account = asking(), own_account()
    note = request.form.get("ghi-chu", "").strip()
    own, query = request.form.get("tai-lieu", ""), request.form.get("tim", "")[: keeping.LONGEST_SEARCH]
    try:
        if request.form.get("viec") == "hoan-tac":
            with writing() as session:
                back = put_back(session, account.id)
            return _told("lai", back.id if back else 0)
        if own:
            with reading() as session:
                if browsing.find_record(session, who.viewer, own, who.day) is None:
                    raise missing()
            kind, what = "record", own
        else:
            kind, what = "search", kept_criteria(query).query_string()
        with writing() as session:
            kept = keeping.keep(session, account.id, kind, what, note).id
    except FullShelfError:
        return _page(_("Chỗ lưu đã đầy %(n)s mục. Hãy bỏ bớt rồi lưu lại.", n=keeping.MOST)), 422
    except ManyLettersError:
        return _page(_many_letters()), 422
    return _told("luu", kept)


@blueprint.post("/tai-khoan/da-luu/<int:item_id>")
@for_signed_in
def change(item_id: int) -> ResponseReturnValue:
    """``viec``: ``bo`` takes the item off the shelf, ``ghi-chu`` changes its note, ``da-xem`` says that
    one looked at what was new at the moment ``luc``, ``thu`` and ``thoi-thu`` begin and end letters about a search."""
    account, wish = own_account(), request.form.get("viec", "")
    try:
        _change(account.id, item_id, wish)
    except ManyLettersError:
        return _page(_many_letters()), 422
    return _told(wish, item_id)


def _change(account_id: int, item_id: int, wish: str) -> None:
    with writing() as session:
        item = keeping.find_item(session, account_id, item_id)
        if item is None or wish not in {"bo", "ghi-chu", "da-xem", "thu", "thoi-thu"}:
            raise missing()
        if wish == "bo":
            remember(item)
            session.delete(item)
        elif wish == "ghi-chu":
            item.note = request.form.get("ghi-chu", "").strip()[: keeping.LONGEST_NOTE]
        elif item.kind != "search":
            raise missing()
        elif wish in {"thu", "thoi-thu"}:
            choose_letters(session, item, ("en" if is_english() else "vi") if wish == "thu" else "")
        else:
            note_seen(session, item, _shown_at())


@blueprint.get("/tai-khoan/da-luu/<int:item_id>/moi")
@for_signed_in
def news(item_id: int) -> ResponseReturnValue:
    """What is new in one's own search since one looked at it last, the latest first."""
    who, account, shown_at = asking(), own_account(), now()
    with reading() as session:
        item = keeping.find_item(session, account.id, item_id)
        if item is None or item.kind != "search":
            raise missing()
        criteria, since = kept_criteria(item.what), seen_at(item)
        arrivals = latest_arrivals(session, who.viewer, who.day, LOOKED_AT)
    found = fresh(house().gateway, who.viewer, criteria, arrivals, since)
    return render_template(
        "kept_news.html",
        item=item,
        text=_words(criteria),
        url=search_url(criteria),
        found=found,
        hits=house().gateway.listed(who.viewer, found.ids[:LISTED]),
        since=since,
        shown_at=shown_at.isoformat(),
        steps=path_steps,
    )


def _shown_at() -> datetime:
    """When the page was made on which it was said that one has looked."""
    try:
        told = datetime.fromisoformat(request.form.get("luc", ""))
    except ValueError:
        return now()
    return told if told.tzinfo else now()


def _told(done: str, item: int) -> ResponseReturnValue:
    return redirect(url_for("keeping.show", da=done, muc=item or None), 303)


def _many_letters() -> str:
    return str(_("Thư chỉ gửi cho nhiều nhất %(n)s lần tìm. Hãy thôi nhận bớt.", n=MOST_WITH_LETTERS))


def _done(name: str) -> str:
    """What was just done with the item of that name ("" where it is on the shelf no more), from the address; empty for
    an unknown word."""
    done = request.args.get("da", "")
    words: dict[str, str] = {
        "luu": _("Đã lưu “%(name)s”.", name=name),
        "lai": _("Đã đưa “%(name)s” trở lại.", name=name),
        "ghi-chu": _("Đã ghi chú cho “%(name)s”.", name=name),
        "da-xem": _("Đã xem “%(name)s”: tính mới từ bây giờ.", name=name),
        "thu": _("Sẽ có thư khi “%(name)s” có tài liệu mới.", name=name),
        "thoi-thu": _("Thôi gửi thư về “%(name)s”.", name=name),
        "bo": _("Đã bỏ “%(name)s”.", name=name),
    }
    return words.get(done, "") if name else {"bo": _("Đã bỏ khỏi chỗ lưu.")}.get(done, "")


def _page(error: str = "") -> str:
    who, account, shown_at = asking(), own_account(), now()
    with reading() as session:
        items = keeping.shelf(session, account.id)
        searches = [one.id for one in items if one.kind == "search"][:COUNTED]
        arrivals = latest_arrivals(session, who.viewer, who.day, LOOKED_AT) if searches else ()
        shown = [_shown(session, who, one, arrivals, counted=one.id in searches) for one in items]
        off = remembered() if request.args.get("da") == "bo" else None
        last = _shown(session, who, off, (), counted=False) if off else None
    if last is None:
        last = next((one for one in shown if one.id == asked_number("muc")), None)
    return render_template(
        "kept.html",
        items=shown,
        error=error,
        done="" if error else _done(last.text if last else ""),
        way_back=off is not None,
        possible=bool(sends_letters() and account.email),
        shown_at=shown_at.isoformat(),
    )


def _shown(session: Session, who: Asking, one: KeptItem, arrivals: Sequence[Arrival], *, counted: bool) -> Shown:
    if one.kind == "record":
        found = browsing.find_record(session, who.viewer, one.what, who.day)
        if found is None:
            return Shown(one.id, one.kind, _("Mục này không còn xem được."), "", one.note)
        text = ". ".join(part for part in (found.number, untitled(found.title)) if part)
        return Shown(one.id, one.kind, text, record_url(found.level, found.public_id), one.note)
    criteria = kept_criteria(one.what)
    shown = Shown(one.id, one.kind, _words(criteria), search_url(criteria), one.note, letters=bool(one.letters))
    if not counted:
        return shown
    gateway, since = house().gateway, seen_at(one)
    try:
        total, new = gateway.count(who.viewer, criteria), fresh(gateway, who.viewer, criteria, arrivals, since)
    except QueryError:
        return shown
    except SearchDownError as error:
        current_app.logger.error("search: %s", error)
        return shown
    return replace(shown, now=total, fresh=new, since=since)


def _words(criteria: Criteria) -> str:
    """What a search asks: its words, and its filters by their names."""
    told = [fixed_label("level", one) for one in criteria.level]
    told += [one for one in ("–".join((criteria.date_from, criteria.date_to)),) if one != "–"]
    told += [_("Không rõ năm")] if criteria.undated else []
    for facet in FACETS:
        values = criteria.facets.get(facet.name, ())
        known = [fixed_label(facet.name, one) for one in values] if facet.labels == "fixed" else []
        told += [": ".join(part for part in (either(facet.vi, facet.en), ", ".join(known)) if part)] if values else []
    text = criteria.q or _("Tất cả tài liệu")
    return _("%(q)s (lọc theo: %(filters)s)", q=text, filters="; ".join(told)) if told else text
