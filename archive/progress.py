"""How the two targets (archive.holdings) came to where they are: month by month, from custody and the days of opening.

Nothing is kept for it: a document counts from the month in which it was delivered, as digitised from the month in which
a delivery brought what was on shelves only before, as open from the day on which everyone may read it.  Told of what
stands today and of the rules of today: what was withdrawn since is in no month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.catalogue.deliveries import Accession
from archive.catalogue.records import Record
from archive.clock import VIET_NAM
from archive.holdings import ON_SHELVES_ONLY, Standing, standing
from archive.remembering import remembered

MONTHS = 24
PACE_MONTHS = 3
FARTHEST = 120  # months: a pace says nothing of what lies behind


@dataclass(frozen=True, slots=True)
class Month:
    """How the holdings stood at the end of a month, the last one today; ``number`` is 12 * year + month - 1."""

    number: int
    stood: Standing

    @property
    def first_day(self) -> date:
        """The first of the month."""
        return _first(self.number)


@dataclass(frozen=True, slots=True)
class Pace:
    """Documents a month that a part and its whole grew by, over the last PACE_MONTHS months that are over; ``reached``
    is the first of the month in which the goal is met if both go on so, None: not in FARTHEST months."""

    part: float
    reached: date | None


def progress(session: Session, viewer: Viewer, day: int) -> tuple[Month, ...]:
    """The last MONTHS months since the first noted delivery of what the viewer may see, that of ``day`` last.

    Documents that came before deliveries were noted count in every month.
    """
    return remembered(session, viewer, day, "progress", lambda: _progress(session, viewer, day))


def pace(months: Sequence[Month], part: str, whole: str, goal: float) -> Pace | None:
    """How fast a part of :class:`Standing` grows against its whole, and when it is ``goal`` (0 to 1) of it; None where
    fewer whole months than PACE_MONTHS are known."""
    if len(months) < PACE_MONTHS + 2:
        return None
    before, over, today = (months[at].stood for at in (-PACE_MONTHS - 2, -2, -1))
    grew, wider = ((getattr(over, one) - getattr(before, one)) / PACE_MONTHS for one in (part, whole))
    missing, gained = goal * getattr(today, whole) - getattr(today, part), grew - goal * wider
    if missing <= 0:
        return Pace(grew, months[-1].first_day)
    left = ceil(missing / gained) if gained > 0 else FARTHEST + 1
    return Pace(grew, _first(months[-1].number + left) if left <= FARTHEST else None)


def _progress(session: Session, viewer: Viewer, day: int) -> tuple[Month, ...]:
    this = date.fromordinal(day).year * 12 + date.fromordinal(day).month - 1
    numbers = range(this - MONTHS + 1, this + 1)
    ends = [_first(one + 1) for one in numbers]
    noted = (
        select(
            Accession.record_id,
            func.min(case((Accession.kind == "new", Accession.at))).label("came"),
            func.max(case((Accession.was_paper, Accession.at))).label("left_paper"),
        )
        .where(Accession.undone.is_(None))
        .group_by(Accession.record_id)
        .subquery()
    )
    moments = [datetime(one.year, one.month, one.day, tzinfo=VIET_NAM) for one in ends[:-1]]
    days = [one.toordinal() for one in ends[:-1]]
    came, scanned = _month(noted.c.came, moments), _month(noted.c.left_paper, moments)
    opened = _month(Record.everyone_from_read.expression, [*days, day + 1])
    first = case((noted.c.came.is_(None), -1), else_=came)  # -1: before anything was noted
    scanned = case((noted.c.left_paper.is_(None), first), else_=scanned)
    facts = (first.label("first"), scanned.label("scanned"), opened.label("opened"), Record.medium)
    rows = session.execute(
        select(*facts, func.count())
        .outerjoin(noted, noted.c.record_id == Record.id)
        .where(Record.level == "document", ~Record.withdrawn, sql_condition(viewer, "see", day))
        .group_by("first", "scanned", "opened", Record.medium)
    ).all()
    begun = min((first for first, *_rest in rows if first >= 0), default=MONTHS)
    return tuple(
        Month(
            number,
            standing(("", ""), [
                (medium if seen <= at else ON_SHELVES_ONLY, free <= at, count)
                for first, seen, free, medium, count in rows if first <= at
            ]),
        )
        for at, number in enumerate(numbers) if at >= begun
    )  # fmt: skip


def _first(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _month(value: ColumnElement[datetime] | ColumnElement[int], ends: Sequence[datetime | int]) -> ColumnElement[int]:
    """Of rising ends (excluded) the place of the first after the value; their number behind all of them."""
    return case(*((value < end, at) for at, end in enumerate(ends)), else_=len(ends))
