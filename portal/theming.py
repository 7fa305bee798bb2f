"""Themes for readers (collections and stories of records), and what the calendar opened this month."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive import browsing, clock, describing, themes
from archive.database import reading
from archive.themes import Piece
from portal.auditing import note_reading
from portal.errors import missing
from portal.numbers import asked_number
from portal.viewing import Asking, asking

FIRST_YEAR = 1900

blueprint = Blueprint("theming", __name__)


@blueprint.get("/chuyen-de")
def listed() -> ResponseReturnValue:
    """Every published theme that is there for the reader."""
    who = asking()
    with reading() as session:
        found = themes.published(session, who.viewer, who.day)
    return render_template("themes.html", themes=found)


@blueprint.get("/chuyen-de/<slug>")
def theme(slug: str) -> ResponseReturnValue:
    """One theme; a draft, and one of which the reader may see nothing, are missing."""
    who = asking()
    with reading() as session:
        found = themes.find_published(session, who.viewer, who.day, slug)
        if found is None:
            raise missing()
        met = themes.pieces(session, who.viewer, who.day, found)
        types = describing.type_labels(session, tuple(one.record for one in met if one.record))
    note_pages(who, met)
    standing = {one.row.id: browsing.standing(one.record, who.day) for one in met if one.record}
    return render_template("theme.html", theme=found, pieces=met, types=types, standing=standing)


@blueprint.get("/mo-trong-thang")
def opened() -> ResponseReturnValue:
    """Records that opened for everyone in a month (``thang=2026-11``, this one; one that is none or to come is
    told), 50 a page (``tu``)."""
    who, wish = asking(), request.args.get("thang", "").strip()
    asked = _month(wish)
    first = asked or clock.today().replace(day=1)
    following = _beginning(first.year + first.month // 12, first.month % 12 + 1)
    before = _beginning(first.year - (first.month == 1), (first.month - 2) % 12 + 1)
    last = min(following.toordinal() - 1, who.day)
    start = asked_number("tu", 1, digits=8)
    with reading() as session:
        window = browsing.opened_between(session, who.viewer, who.day, first.toordinal(), last, start)
        types = describing.type_labels(session, window.records)
    return render_template(
        "opened.html",
        window=window,
        types=types,
        month=f"{first.month}/{first.year}",
        refused=wish[:20] if wish and not asked else "",
        month_wish=f"{first:%Y-%m}",
        before=f"{before:%Y-%m}" if before.year >= FIRST_YEAR else "",
        after=f"{following:%Y-%m}" if following.toordinal() <= who.day else "",
    )


def note_pages(who: Asking, met: list[Piece]) -> None:
    """Notes the reading of pages that are not open and of which a theme speaks."""
    for one in met:
        if one.record and one.page and browsing.standing(one.record, who.day)[0] != "open":
            note_reading(who, one.record, "page", one.page.n)


def _month(text: str) -> date | None:
    today = clock.today()
    year, _dash, month = text.partition("-")
    if len(text) == 7 and text.isascii() and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12:
        asked = (int(year), int(month))
        if asked[0] >= FIRST_YEAR and asked <= (today.year, today.month):
            return _beginning(*asked)
    return None


def _beginning(year: int, month: int) -> date:
    return date(year, month, 1)
