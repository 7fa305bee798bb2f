"""How long requests take: by kind, by stage, by officer, by agency; on time or not; how readers found it.

Answered means that the reader can have the result (desk.finishing), or that it was refused.  What is still open after
its day counts as not on time; what was withdrawn, or waited for its reader too long, counts neither way.

Durations are working days (archive.working_days): of a request from receiving to its end without what the reader owed,
of a stage from the step into it to the step out of it.  The level-4 report of a year is this table.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from math import ceil

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from archive.catalogue.authorities import Agency
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestEvent, RequestItem
from archive.clock import VIET_NAM, today_number
from archive.working_days import working_days_between
from desk.states import OPEN, WAITS_FOR_READER

STAGES = ("received", "processing", "supplement", "approval", "payment", "making")


@dataclass(frozen=True, slots=True)
class Line:
    """Of some requests: how many were answered, median and 90th percentile of their working days (None: none), how many
    of them were late, the share on time of those and of the ``overdue`` (open after their day; None: neither), how many
    were refused, the mean of the ratings (None: none), how many were withdrawn."""

    name: str
    count: int
    median: float | None
    late: int
    p90: float | None
    on_time: float | None
    refused: int
    rating: float | None
    overdue: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of requests that ended, or were due and are open still, between two days (day numbers, both
    included), and what was on time and what not each month.

    ``agencies``: those whose records were asked for ("": no records, or of no agency); a request counts for each.
    """

    kinds: list[Line]
    officers: list[Line]
    agencies: list[Line]
    stages: list[Line]
    months: list[tuple[str, int, int]]  # year and month, on time, late
    waiting: int


@dataclass(frozen=True, slots=True)
class _Case:
    kind: str
    officer: str
    agencies: frozenset[str]
    state: str
    days: int
    late: bool
    rating: int | None
    month: str

    @property
    def is_answered(self) -> bool:
        """Whether it counts among those that took some days."""
        return self.state not in OPEN and self.state != "withdrawn"

    @property
    def counts(self) -> bool:
        """Whether it counts as on time or not."""
        return self.state not in {"withdrawn", ""}  # a stage has no day of its own


def figures(session: Session, first: int, last: int) -> Figures:
    """The figures of that time, from the steps that were taken."""
    requests = [one for one in session.scalars(_ended(first, last)) if first <= _day(one.ended_at) <= last]
    requests += session.scalars(_overdue(first, last))
    steps: dict[int, list[RequestEvent]] = defaultdict(list)
    whose: dict[int, set[str]] = defaultdict(set)
    for part in range(0, len(requests), 500):
        ids = [one.id for one in requests[part : part + 500]]
        rows = select(RequestEvent).where(RequestEvent.request_id.in_(ids)).order_by(RequestEvent.id)
        for event in session.scalars(rows):
            steps[event.request_id].append(event)
        for request_id, name in session.execute(_agencies(ids)):
            whose[request_id].add(name or "")
    ended, stages = [], defaultdict(list)
    for one in requests:
        spent = _stages(steps[one.id])
        own = sum(days for stage, days in spent if stage not in WAITS_FOR_READER)
        late = one.ended_at is None or _day(one.ended_at) > one.due_on
        month = date.fromordinal(_day(one.ended_at) if one.ended_at else one.due_on).strftime("%Y-%m")
        agencies = frozenset(whose[one.id] or {""})
        ended.append(_Case(one.kind, one.officer, agencies, one.state, own, late, one.rating, month))
        for stage, days in spent:
            stages[stage].append(_Case(one.kind, one.officer, agencies, "", days, False, None, month))
    waiting = select(func.count()).select_from(ReadingRequest).where(ReadingRequest.state.in_(OPEN))
    counted = [one for one in ended if one.counts]
    months = sorted({one.month for one in counted})
    owners = sorted({name for one in ended for name in one.agencies})
    return Figures(
        [_line(kind, [e for e in ended if e.kind == kind]) for kind in sorted({e.kind for e in ended})],
        [_line(name, [e for e in ended if e.officer == name]) for name in sorted({e.officer for e in ended})],
        [_line(name, [e for e in ended if name in e.agencies]) for name in owners],
        [_line(stage, stages[stage]) for stage in STAGES if stages[stage]],
        [(m, sum(e.month == m and not e.late for e in counted), sum(e.month == m and e.late for e in counted))
         for m in months],
        session.scalar(waiting) or 0,
    )  # fmt: skip


def percentile(values: Sequence[int], part: float) -> float:
    """The smallest value that ``part`` of the values do not exceed; the median of an even number is the middle."""
    ordered = sorted(values)
    if part == 0.5 and len(ordered) % 2 == 0:
        return (ordered[len(ordered) // 2 - 1] + ordered[len(ordered) // 2]) / 2
    return float(ordered[max(ceil(part * len(ordered)), 1) - 1])


def _line(name: str, cases: Sequence[_Case]) -> Line:
    answered, counted = [one for one in cases if one.is_answered], [one for one in cases if one.counts]
    days = [one.days for one in answered]
    ratings = [one.rating for one in cases if one.rating]
    return Line(
        name,
        len(answered),
        percentile(days, 0.5) if days else None,
        sum(one.late for one in answered),
        percentile(days, 0.9) if days else None,
        1 - sum(one.late for one in counted) / len(counted) if counted else None,
        sum(one.state == "refused" for one in answered),
        sum(ratings) / len(ratings) if ratings else None,
        sum(one.state in OPEN for one in cases),
        sum(one.state == "withdrawn" for one in cases),
    )


def _stages(events: Sequence[RequestEvent]) -> list[tuple[str, int]]:
    spent: dict[str, int] = defaultdict(int)
    for before, after in pairwise(events):
        spent[before.after] += working_days_between(_day(before.at), _day(after.at))
    return list(spent.items())


def _ended(first: int, last: int) -> Select[ReadingRequest]:
    """A day more on both sides than asked: moments are kept in universal time."""
    since, until = (datetime.fromordinal(day).replace(tzinfo=UTC) for day in (first - 1, last + 2))
    rows = select(ReadingRequest).where(ReadingRequest.ended_at >= since, ReadingRequest.ended_at < until)
    return rows.order_by(ReadingRequest.id)


def _overdue(first: int, last: int) -> Select[ReadingRequest]:
    """What was due in that time, is open today, and does not wait for its reader."""
    running = ReadingRequest.state.in_(OPEN - WAITS_FOR_READER)
    late = (ReadingRequest.due_on >= first, ReadingRequest.due_on <= min(last, today_number() - 1))
    return select(ReadingRequest).where(running, *late).order_by(ReadingRequest.id)


def _agencies(ids: Sequence[int]) -> Select[int, str | None]:
    """Requests and the names of the agencies whose records they ask for."""
    rows = select(RequestItem.request_id, Agency.name).join(Record, Record.id == RequestItem.record_id)
    return rows.outerjoin(Agency, Agency.id == Record.agency_id).where(RequestItem.request_id.in_(ids)).distinct()


def _day(moment: datetime | None) -> int:
    assert moment is not None
    return moment.astimezone(VIET_NAM).date().toordinal()
