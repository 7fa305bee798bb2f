"""The records of a request as its officer sees them beside it: standing, what closes them, a page, earlier answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing, describing
from archive.access import Viewer, may, may_page
from archive.catalogue.records import CLOSED_IMAGES, Page, Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.masking import may_restore
from archive.page_ranges import read_pages
from archive.trail import Question, find_events
from desk.covered import Covered
from desk.precedents import Precedents, precedents
from desk.requests import items_of
from portal.browsing import path_to
from portal.describing import access_rows, field_labels
from portal.searching import PathStep, step_label
from portal.viewing import Asking
from portal.wording import moment_day

MOST_NAMED = 10
SHOWN_FIELDS = ("Description", "Format")  # what it is, and whether it can be handled


@dataclass(frozen=True, slots=True)
class Beside:
    """One record: ``access`` and ``opens_on`` as the catalogue's standing, ``page`` the page whose image is shown (0:
    none), ``rows`` label and text of what closes it and what it is."""

    access: str
    opens_on: int | None
    type: str
    issuer: str
    path: list[PathStep]
    page: int
    rows: list[tuple[str, str]]
    before: Precedents


def records_beside(
    session: Session, who: Asking, request: ReadingRequest, whole: Mapping[int, Covered]
) -> dict[int, Beside]:
    """Of a request's records those that the officer sees, by their number in the catalogue.  ``whole``: what they stand
    for (desk.covered.asked_for)."""
    return {
        record.id: _beside(session, who, request, item, whole[record.id])
        for item, record in items_of(session, request)
        if may(who.viewer, "see", record, who.day)
    }


def _beside(session: Session, who: Asking, request: ReadingRequest, item: RequestItem, whole: Covered) -> Beside:
    record = whole.record
    above = browsing.ancestors(session, who.viewer, record, who.day)
    around = describing.surroundings(session, record)
    access, opens_on = browsing.standing(record, who.day)
    rows = [] if access == "open" else [(_("Đóng theo"), _closed_by(record, above, who.day))]
    rows += access_rows(session, who.viewer, record, who.day)
    decided = find_events(session, Question(record=record.public_id, action="closure-set"), size=1)
    rows += [(_("Quyết định đóng, mở"), f"{moment_day(one.at)}, {one.actor}: {one.ground}") for one in decided]
    rows += _inside(whole, who)
    labels = field_labels()
    rows += [(labels[name], record.value(name)) for name in SHOWN_FIELDS]
    return Beside(
        access, opens_on, around.type, around.issuer, path_to(above), _page(session, who, item, record),
        [(label, text) for label, text in rows if text], precedents(session, request, record.id),
    )  # fmt: skip


def _closed_by(record: Record, above: tuple[Record, ...], day: int) -> str:
    """Which of the record and what it is in are closed today; the strictest binds (archive.access_rules)."""
    bind = [one for one in (record, *reversed(above)) if any(closure.open_from > day for closure in one.closures)]
    return "; ".join(
        _("chính tài liệu này") if one is record else step_label(one.level, one.title, one.code) for one in bind
    )


def _inside(whole: Covered, who: Asking) -> list[tuple[str, str]]:
    """Which documents of a file are closed today, of those that the officer sees."""
    everyone, day = Viewer.anonymous(), who.day
    closed = [one for one in whole.documents if not may(everyone, "read", one, day)]
    shut = [one.number or one.code for one in closed if may(who.viewer, "see", one, day)]
    more = _(" và %(n)s văn bản khác", n=len(shut) - MOST_NAMED) if len(shut) > MOST_NAMED else ""
    return [(_("Văn bản có điều kiện trong hồ sơ"), ", ".join(shut[:MOST_NAMED]) + more)] if shut else []


def _page(session: Session, who: Asking, item: RequestItem, record: Record) -> int:
    """The first page that is asked for and has an image that the officer may see."""
    pages = select(Page.n).where(Page.record_id == record.id, Page.image_kind.in_(("image", "pdf")))
    if not may_restore(who.viewer):
        pages = pages.where(Page.image_held.not_in(CLOSED_IMAGES))
    if item.pages_asked:
        pages = pages.where(Page.n.in_(read_pages(item.pages_asked, record.page_count)))
    first = session.scalar(pages.where(Page.image_sha256.is_not(None)).order_by(Page.n).limit(1)) or 0
    return first if first and may_page(who.viewer, record, first, who.day) else 0
