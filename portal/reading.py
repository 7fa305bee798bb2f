"""The page viewer: image with the hits on it, text beside it, thumbnails, search inside; all of it links.

A document's own page is its first page.  Without the right to read there is the description only, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from analyzers.languages import LANGUAGES
from archive import browsing, database, describing, reviewing
from archive.access import granted_pages, may, may_copy, may_copy_page, may_page
from archive.boxes import Rect
from archive.catalogue.records import Page, Record
from archive.documents import PAGE_WIDTH
from archive.images import DEEP_WIDTH
from archive.line_corrections import accepted_on
from archive.masking import may_restore, restore
from archive.stations import custody_of
from portal.addresses import LEVELS, page_url, short_url
from portal.auditing import allowed, note_reading
from portal.bibliography import coins, entry
from portal.citing import cite
from portal.describing import access_rows, description_rows, names_linked
from portal.doubts import MUCH, SOME
from portal.embedding import record_block
from portal.errors import missing
from portal.hits import PAGE_UNITS, Inside, PageView, find_all, opening, search_inside, view_page
from portal.house import house
from portal.marking import ticks
from portal.numbers import asked_number
from portal.personal import note_showing, original_fields, wants_originals
from portal.recordings import player
from portal.regions import PICTURE, asked_region, choose, shares
from portal.result_list import came_from, list_in_address
from portal.rights import use_of
from portal.searching import PathStep, step_label
from portal.signed import signatures_of
from portal.typeset import office_kinds
from portal.viewing import Asking, asking
from portal.wording import either
from search.criteria import read_criteria
from search.errors import SearchDownError
from search.language import QueryError, messages
from search.results import Hit

MOST_PAGES = 1_000_000
TEXT_AT_ONCE = 24_000  # characters of a text without images on one page of the portal
_WORDS = {"q", "verbatim"}  # what a page of a record takes of a question
THUMBNAILS = 12  # beside a page: a window around it
SHEETS = 60  # small images on the page of all pages
LISTED = 100  # hits in the list beside a page
#: How wide the image of a page is drawn in a window, which browsers want to know before they have the style: between
#: thumbnails and description, above it, on a telephone; the page's edge (vankho.css .wrap) and the frame taken off.
SIZES = (
    "(min-width:77rem) 42.125rem, (min-width:60rem) calc(100vw - 34.875rem), (min-width:25rem) calc(92vw - 2px), "
    "calc(100vw - 34px)"
)
TURNS = {"90", "180", "270"}

blueprint = Blueprint("reading", __name__)


@dataclass(frozen=True, slots=True)
class Thumb:
    """A page in the strip beside the image: its number, whether it has an image, how many hits it holds, how many times
    as tall as wide it is."""

    n: int
    has_image: bool
    hits: int
    shape: float

    def tall(self, width: int) -> int:
        """Its height where it is drawn so wide."""
        return max(round(width * self.shape), 1)


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang")
def sheets(kind: str, public_id: str) -> ResponseReturnValue:
    """All pages as small images, SHEETS at a time from ``tu`` on; ``den`` goes to the page of that number."""
    who = asking()
    with database.reading() as session:
        found = browsing.find_record(session, who.viewer, public_id, who.day)
        if found is None or found.level != LEVELS[kind]:
            raise missing()
        pages = _readable_pages(session, who, found)
        if not pages:
            raise missing()
        allowed()
        question, inside, refused = _looked_for(session, found, pages, whole=may(who.viewer, "read", found, who.day))
        words = question | list_in_address()
        if wish := asked_number("den"):
            nearest = min((n for n, _has in pages), key=lambda n: abs(n - wish))
            return redirect(page_url(found.level, public_id, nearest, **words))
        closed = set() if may_restore(who.viewer) else reviewing.closed_images(session, found)
        first = min(max(asked_number("tu"), 1), len(pages))
        shown = _thumbs(session, found, pages[first - 1 : first - 1 + SHEETS], inside, closed)
        above = browsing.ancestors(session, who.viewer, found, who.day)
        if browsing.standing(found, who.day)[0] != "open":
            note_reading(who, found, "page")
    steps = [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in (*above, found)]
    return render_template(
        "sheets.html",
        record=found,
        path=steps,
        sheets=shown,
        first=first,
        last=first + len(shown) - 1,
        total=len(pages),
        size=SHEETS,
        words=words,
        inside=inside,
        refused=refused,
        unknown=request.args.get("den", "").strip()[:20],
    )


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>")
def page(kind: str, public_id: str, n: int) -> ResponseReturnValue:
    """Page ``n`` of a file or a document, with its hits for ``q``."""
    who = asking()
    with database.reading() as session:
        found = browsing.find_record(session, who.viewer, public_id, who.day)
        if found is None or found.level != LEVELS[kind] or not 1 <= n <= MOST_PAGES:
            raise missing()
        if not may_page(who.viewer, found, n, who.day):
            raise missing()
        allowed()
        if session.get(Page, (found.id, n)) is None:
            raise missing()
        return show_page(session, who, found, n)


def show_page(session: Session, who: Asking, record: Record, n: int) -> ResponseReturnValue:
    """The viewer on page ``n``; for one who may not read it, the description."""
    whole = may(who.viewer, "read", record, who.day)
    readable = whole or n in granted_pages(who.viewer, record)
    above = browsing.ancestors(session, who.viewer, record, who.day)
    around = describing.surroundings(session, record)
    access, opens_on = browsing.standing(record, who.day)
    place = browsing.place_of(session, who.viewer, record, who.day)
    use = use_of(record, who.day)
    told = entry(
        record, above, type_label=around.type, issuer=around.issuer, url=short_url(record.public_id), use=use.text
    )
    values: dict[str, Any] = {
        "record": record,
        "from_list": came_from(who.viewer, record.public_id),
        "path": [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in above],
        "around": around,
        "access": access,
        "opens_on": opens_on,
        "readable": readable,
        "place": place,
        "named": names_linked(record, around, readable=whole, staff=who.viewer.is_staff),
        "description": description_rows(record, around, readable=whole, staff=who.viewer.is_staff)
        + access_rows(session, who.viewer, record, who.day),
        "citation": cite(record, above, type_label=around.type, issuer=around.issuer, page=n if n > 1 else 0),
        "use": use.text,
        "coins": coins(told),
        "embedded": record_block(who, record, above, told, use),
        "copying": may_copy(who.viewer, record, who.day),
        "n": n,
        "q": "",
        "words": list_in_address(),
        "doubted": False,
        "fixity": None,
        "view": None,
        "shows_image": False,
        "originals": False,
        "masked": False,
        "original_fields": (),
        "similar": _similar(who, record) if n == 1 else (),
        "custody": list(custody_of(session, record, who.viewer)),
    }
    if readable:
        values |= _content(session, who, record, n)
        if isinstance(chosen := values.get("choosing"), Rect):
            words = values["words"] | {"xywh": ",".join(map(str, chosen))}
            return redirect(page_url(record.level, record.public_id, n, **words) + "#anh")
        if access != "open":
            note_reading(who, record, "page", n)
    return render_template("document.html", **values)


def _readable_pages(session: Session, who: Asking, record: Record) -> list[tuple[int, bool]]:
    """The pages that the viewer may read, each with whether it has an image."""
    pages = browsing.own_pages(session, record)
    if may(who.viewer, "read", record, who.day):
        return pages
    granted = granted_pages(who.viewer, record)
    return [one for one in pages if one[0] in granted]


def _thumbs(
    session: Session, record: Record, pages: Sequence[tuple[int, bool]], inside: Inside, closed: set[int]
) -> list[Thumb]:
    """These pages as small images; of ``closed`` ones none is shown, nor its shape."""
    numbers = [n for n, has in pages if has and n not in closed]
    rows = session.execute(
        select(Page.n, Page.width, Page.height).where(Page.record_id == record.id, Page.n.in_(numbers))
    )
    shapes = {n: height / width for n, width, height in rows if width and height}
    usual = PAGE_UNITS[1] / PAGE_UNITS[0]
    return [Thumb(n, has and n not in closed, inside.counts.get(n, 0), shapes.get(n, usual)) for n, has in pages]


def _language(page: Page | None) -> str:
    """What a page is written in where recognition told it and it is not Vietnamese."""
    known = LANGUAGES.get(page.language) if page and page.language != "vi" else None
    return either(*known) if known else ""


def _looked_for(
    session: Session, record: Record, pages: list[tuple[int, bool]], *, whole: bool
) -> tuple[dict[str, Any], Inside, str]:
    """The question of the address as parameters of links, where it stands in those pages (``whole``: all of the
    record), and why it was refused."""
    asked = read_criteria((name, value) for name, value in request.args.items(multi=True) if name in _WORDS)
    q = " ".join(asked.q.split())
    if not q or not pages:
        return asked.words() if q else {}, Inside(), ""
    try:
        part = None if whole else frozenset(n for n, _has in pages)
        found = search_inside(session, record, replace(asked, q=q), part)
    except QueryError as error:
        return asked.words(), Inside(), either(*messages(error))
    return asked.words(), Inside(found.query, {n: found.counts[n] for n, _has in pages if n in found.counts}), ""


def _content(session: Session, who: Asking, record: Record, n: int) -> dict[str, Any]:
    pages = _readable_pages(session, who, record)
    whole = may(who.viewer, "read", record, who.day)
    question, inside, refused = _looked_for(session, record, pages, whole=whole)
    here = session.get(Page, (record.id, n))
    trusted = may_restore(who.viewer)
    closed = reviewing.closed_images(session, record)
    personal = personal_view(session, who, record, here) if trusted else {}
    doubted, large = request.args.get("do-tin") == "1", request.args.get("co") == "lon"
    view = view_page(here, inside, _wanted(), str(personal.pop("text", "")), doubted=doubted) if here else None
    # The list is its part around the hit that is looked at, unless another part is asked for
    found_from = asked_number("tu-cho") or (max((view and view.now) or inside.before(n), 1) - 1) // LISTED * LISTED + 1
    first = max(1, min(n - THUMBNAILS // 2, len(pages) - THUMBNAILS + 1))
    region = asked_region(view) if view else None
    shows_image = bool(view and view.has_image and (trusted or not (here and here.is_image_closed)))
    fitted = question | list_in_address() | ({"do-tin": "1"} if doubted else {})
    values: dict[str, Any] = {
        "q": " ".join(question.get("q", "").split()),
        "question": question,
        "words": fitted | ({"co": "lon"} if large else {}),
        "fitted": fitted,
        "without_doubts": question | list_in_address(),
        "doubted": doubted,
        "corrected": accepted_on(session, record.id, n),
        "has_doubts": here is not None and here.confidence is not None,
        "some_doubt": SOME,
        "much_doubt": MUCH,
        "refused": refused,
        "inside": inside,
        "pages": pages,
        "has_images": any(has_image for _n, has_image in pages),
        "thumbs": _thumbs(
            session,
            record,
            [one for one in pages if first <= one[0] < first + THUMBNAILS],
            inside,
            set() if trusted else closed,
        ),
        "sizes": SIZES,
        "has_text": session.scalar(select(exists().where(Page.record_id == record.id, Page.text != ""))),
        "view": view,
        "fixity": describing.fixity(session, record),
        "signatures": signatures_of(session, record) if whole else [],
        "office": office_kinds(session, record) if whole else (),
        "language": _language(here),
        "image_held": here.image_held if here and here.is_image_closed else "",
        "trusted": trusted,
        "shows_image": shows_image,
        "found": find_all(session, record, inside, found_from, LISTED) if inside.total else [],
        "found_from": found_from,
        "turned_list": bool(asked_number("tu-cho")),
        "listed": LISTED,
        "ticks": ticks(inside.counts, [m for m, _has in pages]),
        "turn": int(request.args["xoay"]) if request.args.get("xoay") in TURNS else 0,
        "opening": opening(here, view, region) if here and view and not here.is_image_closed else None,
        "large": large,
        "largest": DEEP_WIDTH if may_copy_page(who.viewer, record, n, who.day) else PAGE_WIDTH,
        "region": region,
        "region_shares": shares(region, view) if view and region else "",
        "choosing": choose(here, view) if here and view and shows_image else None,
        "picture": PICTURE,
        **personal,
    }
    values |= player(session, who, record, here, inside)
    if view and not values["has_images"]:
        values["texts"] = _texts(session, record, n, inside, view) if whole else [(n, view.text)]
    return values


def personal_view(session: Session, who: Asking, record: Record, here: Page | None) -> dict[str, Any]:
    """For one who may see what is masked: whether something is, and the originals if they were asked for."""
    marks = reviewing.marks_of_page(session, record, here.n) if here else []
    fields = reviewing.marks_of_page(session, record, 0)
    if not wants_originals(who) or not (marks or fields):
        return {"masked": bool(marks or fields)}
    note_showing(who, record, here.n if here else 0, [*marks, *fields])
    text = restore(here.text, marks) if here else ""
    return {"masked": True, "originals": True, "text": text, "original_fields": original_fields(record, fields)}


def _similar(who: Asking, record: Record) -> tuple[Hit, ...]:
    """The record's like; none where the index cannot be asked: the record itself can be read all the same."""
    try:
        return house().gateway.similar(who.viewer, record.public_id)
    except SearchDownError as error:
        current_app.logger.error("search: %s", error)
        return ()


def _texts(session: Session, record: Record, n: int, inside: Inside, view: PageView) -> list[tuple[int, Markup]]:
    """Pages of a text without images from ``n`` on, as many as fit on one page of the portal."""
    texts, size = [(n, view.text)], view.length
    following = session.scalars(
        select(Page).where(Page.record_id == record.id, Page.n > n, Page.n < n + 50).order_by(Page.n)
    )
    for page_row in following:
        size += len(page_row.text)
        if size > TEXT_AT_ONCE:
            break
        texts.append((page_row.n, view_page(page_row, inside, 0).text))
    return texts


def _wanted() -> int:
    return asked_number("cho")
