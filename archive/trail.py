"""Looking things up in the audit trail: by person, act, record and day, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from archive.catalogue.people import AuditEvent
from archive.clock import VIET_NAM
from archive.database import reading

PAGE = 50
PART = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; empty fields ask for nothing.  Days are days in Viet Nam, both included."""

    person: str = ""
    action: str = ""
    record: str = ""
    first: date | None = None
    last: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for SQL."""
        found: list[ColumnElement[bool]] = []
        if self.person:
            found.append(AuditEvent.actor == self.person)
        if self.action:
            found.append(AuditEvent.action == self.action)
        if self.record:
            found.append(AuditEvent.record == self.record)
        if self.first:
            found.append(AuditEvent.at >= _midnight(self.first))
        if self.last:
            found.append(AuditEvent.at < _midnight(self.last + timedelta(days=1)))
        return found


def find_events(session: Session, question: Question, before: int = 0, size: int = PAGE) -> list[AuditEvent]:
    """The newest events that fit, ``size`` of them, below the number ``before`` (0: from the newest)."""
    asked = select(AuditEvent).where(*question.conditions())
    if before:
        asked = asked.where(AuditEvent.id < before)
    return list(session.scalars(asked.order_by(AuditEvent.id.desc()).limit(size)))


def count_events(session: Session, question: Question) -> int:
    """How many events fit."""
    return session.scalar(select(func.count()).select_from(AuditEvent).where(*question.conditions())) or 0


def all_events(question: Question) -> Iterator[AuditEvent]:
    """Every event that fits, newest first, read in parts: no view of the database is held while a slow reader takes
    them."""
    before = 0
    while True:
        with reading() as session:
            part = find_events(session, question, before, PART)
        yield from part
        if len(part) < PART:
            return
        before = part[-1].id


def known_actions(session: Session) -> list[str]:
    """The acts that are in the trail."""
    return list(session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIET_NAM)
