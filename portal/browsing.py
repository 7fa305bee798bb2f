"""Browsing from the fonds down: fonds list, fonds, inventory, file; a document is its first page."""

from dataclasses import dataclass, replace

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from archive import browsing, describing
from archive.access import granted_pages, may
from archive.browsing import Extent, Window
from archive.catalogue.records import Record
from archive.database import reading
from archive.galleries import media_counts
from archive.masking import may_restore
from portal.addresses import LEVELS, search_url, short_url
from portal.bibliography import coins, entry
from portal.citing import cite
from portal.describing import access_rows, description_rows
from portal.errors import missing
from portal.faceting import Link
from portal.house import house
from portal.reading import personal_view, show_page
from portal.searching import PathStep, step_label
from portal.shelf import build_shelf
from portal.viewing import Asking, asking
from portal.wording import label
from search.criteria import Criteria
from search.errors import SearchDownError
from search.results import Results

LARGEST_PLACE = 100_000_000
LONGEST_NUMBER = 200
MOST_KINDS = 8

blueprint = Blueprint("browsing", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A member in a list: the record, its type, what lies below it, how it may be read."""

    record: Record
    type: str
    extent: Extent
    access: str
    opens_on: int | None


def path_to(above: tuple[Record, ...]) -> list[PathStep]:
    """The path of a record's ancestors, as pages show it."""
    return [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in above]


@blueprint.get("/phong")
def fonds_list() -> ResponseReturnValue:
    """Every fonds that the viewer may see."""
    who = asking()
    with reading() as session:
        fonds = browsing.all_fonds(session, who.viewer, who.day)
        extents = browsing.fonds_extents(session, who.viewer, who.day)
    return render_template("fonds_list.html", pairs=[(one, extents.get(one.id, Extent())) for one in fonds])


@blueprint.get("/<any('phong', 'muc-luc', 'ho-so', 'van-ban'):kind>/<public_id>")
def record(kind: str, public_id: str) -> ResponseReturnValue:
    """The page of a record; a hidden one is missing."""
    who = asking()
    with reading() as session:
        found = browsing.find_record(session, who.viewer, public_id, who.day)
        if found is None or found.level != LEVELS[kind]:
            raise missing()
        if found.level == "document":
            return show_page(session, who, found, min(granted_pages(who.viewer, found), default=1))
        if found.level == "fonds":
            return _fonds(session, who, found)
        return _container(session, who, found)


def _fonds(session: Session, who: Asking, fonds: Record) -> ResponseReturnValue:
    inventories = browsing.children(session, who.viewer, fonds, who.day, level="inventory", size=500)
    wish = request.args.get("ml", "")
    chosen = next((one for one in inventories.records if one.public_id == wish), None)
    if chosen is None and not wish:
        chosen = next(iter(inventories.records), None)
    loose = browsing.children(session, who.viewer, fonds, who.day, _start() if chosen is None else 1, level="file")
    window = browsing.children(session, who.viewer, chosen, who.day, _start()) if chosen else None
    around = describing.surroundings(session, fonds)
    readable = may(who.viewer, "read", fonds, who.day)
    criteria = Criteria(facets={"fonds": (fonds.public_id,)})
    try:
        results = house().gateway.search(who.viewer, replace(criteria, size=1))
    except SearchDownError as error:  # the tree needs no index
        current_app.logger.error("search: %s", error)
        results = Results(total=0, hits=())
    kinds = results.facets.get("type", ())[:MOST_KINDS]
    return render_template(
        "fonds.html",
        media=media_counts(session, who.viewer, fonds, who.day),
        digital=browsing.fonds_extents(session, who.viewer, who.day).get(fonds.id, Extent()).digital,
        decades=build_shelf(results.years, criteria),
        kinds=[Link(label(one), search_url(criteria.toggled("type", one.value)), one.count) for one in kinds],
        fonds=fonds,
        extent=browsing.extent(session, who.viewer, fonds, who.day),
        counts=browsing.access_counts(session, who.viewer, fonds, who.day),
        inventories=inventories.records,
        extents=browsing.children_extents(session, who.viewer, inventories.records, who.day),
        chosen=chosen,
        window=window,
        rows=rows_of(session, who, window) if window else [],
        loose=loose,
        loose_rows=rows_of(session, who, loose),
        description=description_rows(fonds, around, readable=readable, staff=who.viewer.is_staff),
        citation=cite(fonds, ()),
        coins=coins(entry(fonds, (), type_label="", issuer="", url=short_url(fonds.public_id))),
    )


def _container(session: Session, who: Asking, found: Record) -> ResponseReturnValue:
    above = browsing.ancestors(session, who.viewer, found, who.day)
    around = describing.surroundings(session, found)
    readable = may(who.viewer, "read", found, who.day)
    jump = _jump(session, who, found)
    window = browsing.children(session, who.viewer, found, who.day, jump or _start())
    access, opens_on = browsing.standing(found, who.day)
    personal = personal_view(session, who, found, None) if readable and may_restore(who.viewer) else {}
    return render_template(
        "container.html",
        record=found,
        media=media_counts(session, who.viewer, found, who.day),
        path=path_to(above),
        around=around,
        extent=browsing.extent(session, who.viewer, found, who.day),
        window=window,
        jump=jump,
        asked_member=request.args.get("so", "") or request.args.get("nam", ""),
        rows=rows_of(session, who, window),
        access=access,
        opens_on=opens_on,
        readable=readable,
        place=browsing.place_of(session, who.viewer, found, who.day),
        description=description_rows(found, around, readable=readable, staff=who.viewer.is_staff)
        + access_rows(session, who.viewer, found, who.day),
        fixity=describing.fixity(session, found) if readable else None,
        citation=cite(found, above),
        coins=coins(entry(found, above, type_label=around.type, issuer=around.issuer, url=short_url(found.public_id))),
        **{"masked": False, "originals": False, "original_fields": (), **personal},
    )


def rows_of(session: Session, who: Asking, window: Window) -> list[Row]:
    """The members of a window with what their rows show."""
    extents = browsing.children_extents(session, who.viewer, window.records, who.day)
    types = describing.type_labels(session, window.records)
    return [
        Row(one, types.get(one.type_slug or "", ""), extents.get(one.id, Extent()), *browsing.standing(one, who.day))
        for one in window.records
    ]


def _jump(session: Session, who: Asking, parent: Record) -> int | None:
    """The place of the member that ``so`` (a number or code) or ``nam`` (a year) names; 0 where none has it."""
    number, year = request.args.get("so", "").replace("\0", "").strip(), request.args.get("nam", "").strip()
    if number and len(number) <= LONGEST_NUMBER:
        return browsing.find_place(session, who.viewer, parent, who.day, number=number) or 0
    if year.isascii() and year.isdigit() and len(year) == 4 and int(year):
        return browsing.find_place(session, who.viewer, parent, who.day, year=int(year)) or 0
    return None


def _start() -> int:
    text = request.args.get("tu", "1")
    return int(text) if text.isascii() and text.isdigit() and int(text) < LARGEST_PLACE else 1
