"""Erasing what is due, once a day and after every outage; looking at what will be due; what was erased.

Lots of LOT rows, each a transaction with its audit event: kind, how many, by which rule, never what.  Killed in
between, the next look goes on; done twice, it does nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.base import Moment
from archive.catalogue.people import AuditEvent
from archive.clock import VIET_NAM, today_number
from archive.database import reading, writing
from archive.locks import held
from desk.retention.kinds import KINDS, Column, Kind
from desk.retention.rules import Rule, names, rule
from desk.states import SYSTEM

LOCK = "retention"
LOT = 500
ACTION = "retention-erased"
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A kind with its rule on a day, and how many rows go on that day."""

    name: str
    rule: Rule
    count: int


@dataclass(frozen=True, slots=True)
class Erased:
    """A lot that went: the day, how many, under which ground."""

    at: datetime
    name: str
    count: int
    ground: str


def erase_due() -> dict[str, int]:
    """Erases what is due today; how many rows of each kind.  One process at a time does it; {} if another does."""
    with held(LOCK) as mine:
        return {name: count for name in names() if (count := sum(_lots(name)))} if mine else {}


def due_on(session: Session, day: int) -> list[Due]:
    """What goes on that day (a day number) of what there is now, kind by kind."""
    told = []
    for name in names():
        found = rule(name, day)
        count = session.scalar(select(func.count()).select_from(_due(KINDS[name], found, day).subquery())) or 0
        told.append(Due(name, found, count))
    return told


def history(session: Session) -> list[Erased]:
    """The last lots that went, newest first."""
    rows = select(AuditEvent).where(AuditEvent.action == ACTION).order_by(AuditEvent.id.desc()).limit(SHOWN)
    return [
        Erased(one.at, str(one.detail.get("kind", "")), int(one.detail.get("count", 0)), one.ground)
        for one in session.scalars(rows)
    ]


def _lots(name: str) -> Iterator[int]:
    day = today_number()
    found = rule(name, day)
    kind = KINDS[name]
    while True:
        with reading() as session:
            waiting = session.scalar(_due(kind, found, day).limit(1)) is not None
        if not waiting:  # the usual day: nobody's writing is held up to learn it
            return
        with writing() as session:
            keys = session.scalars(_due(kind, found, day).order_by(kind.key).limit(LOT)).all()
            if not keys:
                return
            kind.go(session, keys)
            term = f"{found.term.value} {found.term.unit}"
            record_event(session, SYSTEM, ACTION, ground=found.term.basis, kind=name, count=len(keys), term=term)
        yield len(keys)


def _due(kind: Kind, found: Rule, day: int) -> Select[tuple[Any]]:
    """The keys of the rows whose term had ended before that day."""
    return select(kind.key).where(_before(kind.moments[found.since], found.term.last_start(day)), *kind.which)


def _before(column: Column, last: int) -> ColumnElement[bool]:
    """Whether the moment lies on the day ``last`` or earlier; a row without one is not due."""
    if isinstance(column.type, Moment):
        return column < datetime.fromordinal(last + 1).replace(tzinfo=VIET_NAM)
    return column <= last
