"""The fonds by agency, by period and by place, as a viewer may see them.

Every count is of files and documents that the viewer may see; an agency, a period or a place that only hidden records
have is not there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analyzers.collation import sort_key
from archive import browsing
from archive.access import Viewer, sql_condition
from archive.among import among
from archive.catalogue.authorities import Agency, Place
from archive.catalogue.records import Record, RecordPlace
from archive.remembering import remembered

FIRST_DECADE, DECADES = 1850, 20  # what is older stands in the first one
_COUNTED = ("file", "document")


@dataclass(frozen=True, slots=True)
class Share:
    """A fonds in a group: how many files and documents of it belong there."""

    fonds: Record
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """An agency, a decade or a place (its public identifier, "" where there is none) with its fonds."""

    name: str
    public_id: str
    shares: tuple[Share, ...]

    @property
    def count(self) -> int:
        """Files and documents of the group."""
        return sum(one.count for one in self.shares)


def by_agency(session: Session, viewer: Viewer, day: int) -> tuple[Group, ...]:
    """By the agency whose fonds it is, in Vietnamese order; fonds without an agency last."""
    fonds = browsing.all_fonds(session, viewer, day)
    extents = browsing.fonds_extents(session, viewer, day)
    known = {one.id: one for one in session.scalars(select(Agency).where(among(Agency.id, _ids(fonds))))}
    groups: dict[int, list[Share]] = {}
    for one in fonds:
        below = extents.get(one.id)
        groups.setdefault(one.agency_id or 0, []).append(Share(one, below.files + below.documents if below else 0))
    made = [
        Group(known[own].name if own in known else "", known[own].public_id if own in known else "", tuple(shares))
        for own, shares in groups.items()
    ]
    return tuple(sorted(made, key=lambda group: (not group.name, sort_key(group.name))))


def by_decade(session: Session, viewer: Viewer, day: int) -> tuple[tuple[int, Group], ...]:
    """By the decades that a file or document touches, the latest first: the decade's first year (0: without a date),
    and its group."""
    counted = remembered(session, viewer, day, ("decades",), lambda: _decades(session, viewer, day))
    fonds = {one.id: one for one in browsing.all_fonds(session, viewer, day)}
    decades: dict[int, list[Share]] = {}
    for (decade, own), count in counted.items():
        if own in fonds:
            decades.setdefault(decade, []).append(Share(fonds[own], count))
    return tuple((decade, Group("", "", _largest_first(decades[decade]))) for decade in sorted(decades, reverse=True))


def by_place(session: Session, viewer: Viewer, day: int, start: int, size: int) -> tuple[tuple[Group, ...], int]:
    """``size`` places from place ``start`` (from 1) in Vietnamese order, and how many there are."""
    counted = remembered(session, viewer, day, ("places",), lambda: _places(session, viewer, day))
    fonds = {one.id: one for one in browsing.all_fonds(session, viewer, day)}
    places: dict[int, list[Share]] = {}
    for (place, own), count in counted.items():
        if own in fonds:
            places.setdefault(place, []).append(Share(fonds[own], count))
    named = session.execute(select(Place.id, Place.public_id, Place.name).where(among(Place.id, places))).all()
    ordered = sorted(named, key=lambda row: sort_key(row.name))
    shown = ordered[start - 1 : start - 1 + size]
    return tuple(Group(one.name, one.public_id, _largest_first(places[one.id])) for one in shown), len(ordered)


def _decades(session: Session, viewer: Viewer, day: int) -> dict[tuple[int, int], int]:
    years = [FIRST_DECADE + 10 * n for n in range(DECADES)]
    touched = [
        func.count().filter(Record.date_to >= low, Record.date_from <= high)
        for low, high in (
            (1 if year == FIRST_DECADE else date(year, 1, 1).toordinal(), date(year + 9, 12, 31).toordinal())
            for year in years
        )
    ]
    rows = session.execute(
        select(Record.fonds_id, func.count().filter(Record.date_from.is_(None)), *touched)
        .where(Record.fonds_id.is_not(None), Record.level.in_(_COUNTED), sql_condition(viewer, "see", day))
        .group_by(Record.fonds_id)
    )
    return {
        (decade, own or 0): count
        for own, *counts in rows
        for decade, count in zip((0, *years), counts, strict=True)
        if count
    }


def _places(session: Session, viewer: Viewer, day: int) -> dict[tuple[int, int], int]:
    rows = session.execute(
        select(RecordPlace.place_id, Record.fonds_id, func.count())
        .join(Record, Record.id == RecordPlace.record_id)
        .where(Record.fonds_id.is_not(None), Record.level.in_(_COUNTED), sql_condition(viewer, "see", day))
        .group_by(RecordPlace.place_id, Record.fonds_id)
    )
    return {(place, own or 0): count for place, own, count in rows}


def _largest_first(shares: Iterable[Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares, key=lambda one: (-one.count, one.fonds.order_key, one.fonds.id)))


def _ids(fonds: Sequence[Record]) -> list[int]:
    return [one.agency_id for one in fonds if one.agency_id]
