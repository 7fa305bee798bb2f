"""Deliveries that correct an earlier one, and what of the earlier one is still open.

A line is open that says something was not taken in, kept apart or held.  It is settled as soon as a correction
brought or changed the record that it names, or what was held was decided.  A line without the code of a record (it was
missing) stays open: nobody can tell which row of the correction was meant by it.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.catalogue.deliveries import Accession, Handover, HeldChange, ReportRow
from archive.catalogue.records import Record
from archive.handovers import find, visible_to

OPEN = ("rejected", "quarantined", "held")
SAME = "row.duplicate"  # the very row is in already: nothing to correct
SHOWN = 20  # open lines on a page
LONGEST = 50  # corrections of corrections that are followed


def corrections_of(session: Session, viewer: Viewer, handover: Handover) -> list[Handover]:
    """The deliveries that correct this one, and those that correct them, that the viewer sees, in order."""
    found: dict[str, Handover] = {}
    fresh = [handover.public_id]
    while fresh and len(found) < LONGEST:
        asked = select(Handover).where(Handover.corrects.in_(fresh), visible_to(viewer)).order_by(Handover.id)
        more = {one.public_id: one for one in session.scalars(asked) if one.public_id not in found}
        found |= more
        fresh = list(more)
    return sorted(found.values(), key=lambda one: one.id)


def open_lines(handover: Handover, corrections: list[Handover]) -> Select[ReportRow]:
    """The lines of a delivery's report that are still open after these corrections, in order."""
    asked = select(ReportRow).where(ReportRow.package_id == (handover.package_id or 0), ReportRow.outcome.in_(OPEN))
    return asked.where(ReportRow.code != SAME, ~_settled(handover, corrections)).order_by(ReportRow.id)


def count_open(session: Session, handover: Handover, corrections: list[Handover]) -> tuple[int, int]:
    """How many lines are open after these corrections, and how many were at first."""
    now, first = (
        session.scalar(select(func.count()).select_from(open_lines(handover, some).subquery())) or 0
        for some in (corrections, [])
    )
    return now, first


def _settled(handover: Handover, corrections: list[Handover]) -> ColumnElement[bool]:
    packages = [one.package_id for one in corrections if one.state == "taken" and one.package_id]
    level = case({"phong": "fonds", "ho-so": "file"}, value=ReportRow.sheet, else_="document")
    named = and_(Record.code == func.coalesce(ReportRow.record, ReportRow.about), Record.level == level)
    brought = exists().where(
        Accession.package_id.in_(packages), Accession.undone.is_(None), Record.id == Accession.record_id, named
    )
    waits = exists().where(
        HeldChange.package_id == (handover.package_id or 0), HeldChange.decided_at.is_(None),
        Record.id == HeldChange.record_id, named,
    )  # fmt: skip
    return or_(and_(ReportRow.outcome != "held", brought), and_(ReportRow.outcome == "held", ~waits))


@dataclass(frozen=True, slots=True)
class Mending:
    """What became of the faults of a delivery: the one that it corrects, those that correct it, how many lines were
    open at first and how many still are, and the first of these."""

    corrects: Handover | None
    corrected_by: list[Handover]
    first: int
    left: int
    lines: list[ReportRow]


def mended_by(session: Session, viewer: Viewer, handover: Handover) -> Mending:
    """Of the earlier delivery where this one corrects one (told as far as the viewer sees it), else of itself."""
    earlier = find(session, viewer, handover.corrects) if handover.corrects else None
    about = earlier or handover
    corrections = corrections_of(session, viewer, about)
    left, first = count_open(session, about, corrections)
    lines = list(session.scalars(open_lines(about, corrections).limit(SHOWN)))
    by = corrections_of(session, viewer, handover) if earlier else corrections
    return Mending(earlier, by, first, left, lines)
