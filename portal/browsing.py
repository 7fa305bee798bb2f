"""Browsing from the fonds down: fonds list, fonds, inventory, file; a document is its first page."""

from dataclasses import replace

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from archive import browsing, describing
from archive.access import granted_pages, may
from archive.browsing import Extent
from archive.catalogue.records import Record
from archive.database import reading
from archive.galleries import media_counts
from archive.masking import may_restore
from archive.stations import custody_of
from portal.addresses import LEVELS, short_url
from portal.bibliography import coins, entry
from portal.citing import cite
from portal.describing import access_rows, description_rows, names_linked
from portal.embedding import record_block
from portal.errors import missing
from portal.faceting import link
from portal.fonds_lists import WAYS, show_groups
from portal.house import house
from portal.member_lists import list_members, rows_of
from portal.reading import personal_view, show_page
from portal.result_list import came_from
from portal.rights import use_of
from portal.searching import PathStep, step_label
from portal.shelf import COUNTED, build_shelf
from portal.viewing import Asking, asking
from search.errors import SearchDownError
from search.results import Results

MOST_KINDS = 8

blueprint = Blueprint("browsing", __name__)


def path_to(above: tuple[Record, ...]) -> list[PathStep]:
    """The path of a record's ancestors, as pages show it."""
    return [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in above]


@blueprint.get("/phong")
def fonds_list() -> ResponseReturnValue:
    """Every fonds that the viewer may see, by its title, or (``theo``) in groups."""
    who, by = asking(), request.args.get("theo", "")
    with reading() as session:
        if by in WAYS:
            return show_groups(session, who, by)
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
    listed = list_members(session, who, fonds, chosen, base={"ml": chosen.public_id}) if chosen else None
    if listed:
        loose = browsing.children(session, who.viewer, fonds, who.day, level="file").records
    else:
        listed, loose = list_members(session, who, fonds, fonds, "file"), ()
    around = describing.surroundings(session, fonds)
    readable = may(who.viewer, "read", fonds, who.day)
    criteria = replace(COUNTED, facets={"fonds": (fonds.public_id,)})
    try:
        results = house().gateway.search(who.viewer, replace(criteria, size=1))
    except SearchDownError as error:  # the tree needs no index
        current_app.logger.error("search: %s", error)
        results = Results(total=0, hits=())
    use = use_of(fonds, who.day)
    told = entry(fonds, (), type_label="", issuer="", url=short_url(fonds.public_id), use=use.text)
    kinds = results.facets.get("type", ())[:MOST_KINDS]
    page = render_template(
        "fonds.html",
        media=media_counts(session, who.viewer, fonds, who.day),
        digital=browsing.fonds_extents(session, who.viewer, who.day).get(fonds.id, Extent()).digital,
        decades=build_shelf(results, criteria),
        kinds=[link(one, criteria, "type") for one in kinds],
        fonds=fonds,
        from_list=came_from(who.viewer, fonds.public_id),
        extent=browsing.extent(session, who.viewer, fonds, who.day),
        counts=browsing.access_counts(session, who.viewer, fonds, who.day),
        inventories=inventories.records,
        extents=browsing.children_extents(session, who.viewer, inventories.records, who.day),
        digitised=browsing.digitised(session, who.viewer, fonds, who.day) if inventories.records else {},
        chosen=chosen,
        members=listed,
        loose=rows_of(session, who, loose),
        description=description_rows(fonds, around, readable=readable, staff=who.viewer.is_staff),
        citation=cite(fonds, ()),
        use=use.text,
        coins=coins(told),
        embedded=record_block(who, fonds, (), told, use),
    )
    return page, listed.picking.headers


def _container(session: Session, who: Asking, found: Record) -> ResponseReturnValue:
    above = browsing.ancestors(session, who.viewer, found, who.day)
    around = describing.surroundings(session, found)
    readable = may(who.viewer, "read", found, who.day)
    access, opens_on = browsing.standing(found, who.day)
    use = use_of(found, who.day)
    told = entry(
        found, above, type_label=around.type, issuer=around.issuer, url=short_url(found.public_id), use=use.text
    )
    listed = list_members(session, who, found, found)
    personal = personal_view(session, who, found, None) if readable and may_restore(who.viewer) else {}
    page = render_template(
        "container.html",
        record=found,
        from_list=came_from(who.viewer, found.public_id),
        media=media_counts(session, who.viewer, found, who.day),
        path=path_to(above),
        around=around,
        extent=browsing.extent(session, who.viewer, found, who.day),
        members=listed,
        access=access,
        opens_on=opens_on,
        readable=readable,
        place=browsing.place_of(session, who.viewer, found, who.day),
        named=names_linked(found, around, readable=readable, staff=who.viewer.is_staff),
        description=description_rows(found, around, readable=readable, staff=who.viewer.is_staff)
        + access_rows(session, who.viewer, found, who.day),
        custody=list(custody_of(session, found, who.viewer)),
        fixity=describing.fixity(session, found) if readable else None,
        citation=cite(found, above),
        use=use.text,
        coins=coins(told),
        embedded=record_block(who, found, above, told, use),
        **{"masked": False, "originals": False, "original_fields": (), **personal},
    )
    return page, listed.picking.headers
