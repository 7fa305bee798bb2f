"""Errors that readers report and questions that they ask of a record: one queue, answered by staff.

No name and no address is asked for: who asked reads the answer under the code of his enquiry.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.keeping import Enquiry
from archive.catalogue.records import Record
from archive.clock import now
from archive.identifiers import is_identifier, new_identifier

LONGEST = 4_000
MOST_AN_HOUR = 5
KINDS = ("error", "question")


class TooManyEnquiries(Exception):
    """MOST_AN_HOUR came from one address within an hour."""


def submit(session: Session, kind: str, record: Record | None, page: int | None, text: str, source: str) -> Enquiry:
    """Receives an enquiry; personal numbers in it are masked.  Raises TooManyEnquiries."""
    since = Enquiry.received_at > now() - timedelta(hours=1)
    if (session.scalar(select(func.count()).where(Enquiry.source == source, since)) or 0) >= MOST_AN_HOUR:
        raise TooManyEnquiries
    made = Enquiry(
        code=new_identifier(),
        kind=kind,
        record_id=record.id if record else None,
        page=page,
        text=text[:LONGEST],
        received_at=now(),
        source=source,
    )
    session.add(made)
    session.flush()
    return made


def find_enquiry(session: Session, code: str) -> Enquiry | None:
    """The enquiry of that code."""
    return session.scalar(select(Enquiry).where(Enquiry.code == code)) if is_identifier(code) else None


def queue(session: Session, *, answered: bool = False, limit: int = 100) -> Sequence[Enquiry]:
    """Those that wait, the oldest first; or the last that were answered."""
    if answered:
        done = select(Enquiry).where(Enquiry.answered_at.is_not(None))
        return session.scalars(done.order_by(Enquiry.answered_at.desc(), Enquiry.id).limit(limit)).all()
    waiting = select(Enquiry).where(Enquiry.answered_at.is_(None))
    return session.scalars(waiting.order_by(Enquiry.received_at, Enquiry.id).limit(limit)).all()


def answer(session: Session, enquiry: Enquiry, actor: str, text: str) -> None:
    """Answers, or answers anew; noted in the audit trail."""
    enquiry.answer, enquiry.answered_at, enquiry.answered_by = text[:LONGEST], now(), actor
    record_event(session, actor, "enquiry-answered", code=enquiry.code)
