"""To carry away: citations for reference managers, a short address with its QR code on a sheet, the text as a file.

Each asks for the rights like the page itself; the text of a record that is not open to everyone is not given as a file:
copies of those are decided with the grant (DESIGN section 5).
"""

from collections.abc import Iterator

import segno
from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing, describing
from archive.access import Viewer, may, may_copy
from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.describing import NamedPerson
from portal.addresses import LEVELS, portal_url, record_url, short_url
from portal.auditing import allowed, note_reading
from portal.bibliography import FORMATS, Entry, entry, international
from portal.citing import cite
from portal.embedding import describe
from portal.errors import missing
from portal.rights import use_of
from portal.viewing import Asking, asking

blueprint = Blueprint("carrying", __name__)


@blueprint.get("/t/<public_id>")
def short(public_id: str) -> ResponseReturnValue:
    """The short address of a record, which stays: leads to its page."""
    who = asking()
    with reading() as session:
        found = _found(session, who, public_id)
    return redirect(record_url(found.level, public_id), 302)


@blueprint.get("/t/<public_id>/trich-dan.<any('bib', 'ris', 'json'):format>")
def citation(public_id: str, format: str) -> ResponseReturnValue:
    """The record for a reference manager: BibTeX, RIS, CSL-JSON."""
    who = asking()
    with reading() as session:
        one = _entry(session, who, _found(session, who, public_id))
    write, media_type = FORMATS[format]
    answer = Response(write(one), content_type=f"{media_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}.{format}"'
    return answer


@blueprint.get("/t/<public_id>/mo-ta.jsonld")
def description(public_id: str) -> ResponseReturnValue:
    """The description for machines that read pages (schema.org)."""
    who = asking()
    with reading() as session:
        found = _found(session, who, public_id)
        above = browsing.ancestors(session, who.viewer, found, who.day)
        one, rights = _entry(session, who, found), use_of(found, who.day)
        named = describing.surroundings(session, found).people
        people = {person.name: person for person in named}.values()  # who took the photograph may have signed it
    answer = jsonify(describe(found, above, one, rights, list(map(_contributor, people))))
    answer.mimetype = "application/ld+json"
    return answer


@blueprint.get("/t/<public_id>/phieu")
def sheet(public_id: str) -> ResponseReturnValue:
    """A sheet to print: what the record is, how it is cited, its short address as a QR code."""
    who = asking()
    with reading() as session:
        found = _found(session, who, public_id)
        above = browsing.ancestors(session, who.viewer, found, who.day)
        around = describing.surroundings(session, found)
        one = _entry(session, who, found)
    drawn = segno.make(one.url, error="m", micro=False)
    picture = Markup(drawn.svg_inline(omitsize=True, svgclass=None, lineclass=None, title=_("Mã QR")))  # noqa: S704
    return render_template(
        "sheet.html",
        record=found,
        around=around,
        above=above,
        picture=picture,
        address=one.url,
        citation=cite(found, above, type_label=around.type, issuer=around.issuer),
        international=international(one),
        use=use_of(found, who.day).text,
    )


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/chu.txt")
def text(kind: str, public_id: str) -> ResponseReturnValue:
    """The text of all pages of a record for who may take it away, a form feed between pages; UTF-8."""
    who = asking()
    with reading() as session:
        found, everyone = copied(session, who, kind, public_id)
        numbers = [n for n, _image in browsing.own_pages(session, found)]
        if not numbers:
            raise missing()
        row = found.id
    if not everyone:
        note_reading(who, found, "text")
    answer = Response(_texts(row), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}.txt"'
    if not everyone:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


def copied(session: Session, who: Asking, kind: str, public_id: str) -> tuple[Record, bool]:
    """The record if the viewer may take its content away, and whether everybody may read it; else it is missing."""
    found = browsing.find_readable(session, who.viewer, public_id, who.day)
    if found is None or found.level != LEVELS[kind] or not may_copy(who.viewer, found, who.day):
        raise missing()
    allowed()
    return found, may(Viewer.anonymous(), "read", found, who.day)


def _texts(row: int) -> Iterator[str]:
    """Page by page, so that a file of thousands does not lie in the memory at once."""
    with reading() as session:
        for place, one in enumerate(session.scalars(select(Page.text).where(Page.record_id == row).order_by(Page.n))):
            yield f"\f{one}" if place else one


def _found(session: Session, who: Asking, public_id: str) -> Record:
    found = browsing.find_record(session, who.viewer, public_id, who.day)
    if found is None:
        raise missing()
    return found


def _contributor(person: NamedPerson) -> dict[str, str]:
    told = {"@type": "Organization" if person.kind == "body" else "Person", "name": person.name}
    page = url_for("naming.name", kind="nguoi", value=person.id) if person.id else ""
    return told | ({"url": portal_url(page)} if page else {})


def _entry(session: Session, who: Asking, found: Record) -> Entry:
    above = browsing.ancestors(session, who.viewer, found, who.day)
    around = describing.surroundings(session, found)
    use = use_of(found, who.day).text
    return entry(found, above, type_label=around.type, issuer=around.issuer, url=short_url(found.public_id), use=use)
