"""The take-down channel: a person concerned asks, staff decide within the term, the contact is erased on its day.

Law 91/2025/QH15 and NĐ 356/2025/NĐ-CP (V2; term and basis: config/personal_terms.tsv).  The audit trail gets codes,
acts and grounds, never who asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.accession.by_hand import HandError, mask_by_hand
from archive.accession.listed import bind_record
from archive.audit import record_event
from archive.catalogue.records import Record
from archive.catalogue.takedowns import TakedownRequest
from archive.clock import now, today_number
from archive.identifiers import ALPHABET, LENGTH, is_identifier, new_identifier
from archive.reviewing import ReviewError, keep_image
from archive.telling import Told
from archive.terms import term

LONGEST = {"about": 500, "asker": 200, "contact": 200, "wish": 3000, "reason": 3000}
MOST_BY_SOURCE = 5
MOST_BY_ALL = 200
WINDOW = timedelta(hours=1)
_IDENTIFIER = re.compile(rf"(?<![{ALPHABET}])[{ALPHABET}]{{{LENGTH}}}(?![{ALPHABET}])")


class TooManyRequests(Exception):
    """Too many requests from this address, or altogether, within the hour."""


class DecisionError(Told):
    """The decision cannot be taken, and why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person writes: a record or address, name, contact, what shall be taken down, why."""

    about: str
    asker: str
    contact: str
    wish: str
    reason: str


def submit(session: Session, asked: Asked, source: str) -> TakedownRequest:
    """Receives a request; ``source`` is a keyed digest of the sender's address.  Raises TooManyRequests.

    The record is looked up whoever asks: nothing of it is told back.
    """
    since = TakedownRequest.received_at > now() - WINDOW
    counted = select(func.count()).select_from(TakedownRequest).where(since)
    by_source = session.scalar(counted.where(TakedownRequest.source == source)) or 0
    if by_source >= MOST_BY_SOURCE or (session.scalar(counted) or 0) >= MOST_BY_ALL:
        raise TooManyRequests
    named = _IDENTIFIER.findall(asked.about)
    record = session.scalar(select(Record.id).where(Record.public_id.in_(named))) if named else None
    day = today_number()
    made = TakedownRequest(
        code=new_identifier(),
        record_id=record,
        **{name: getattr(asked, name).strip()[:most] for name, most in LONGEST.items()},
        received_at=now(),
        due_on=term("takedown.answer", day).end(day),
        source=source,
    )
    session.add(made)
    session.flush()
    record_event(session, "", "takedown-received", code=made.code)
    return made


def find_request(session: Session, code: str) -> TakedownRequest | None:
    """The request of that code."""
    if not is_identifier(code):
        return None
    return session.scalar(select(TakedownRequest).where(TakedownRequest.code == code))


def queue(session: Session, *, decided: bool = False, limit: int = 200) -> Sequence[TakedownRequest]:
    """Requests that wait, those due first; or the last that were decided."""
    if decided:
        done = select(TakedownRequest).where(TakedownRequest.state == "decided")
        return session.scalars(done.order_by(TakedownRequest.decided_at.desc()).limit(limit)).all()
    open_ones = select(TakedownRequest).where(TakedownRequest.state != "decided")
    return session.scalars(open_ones.order_by(TakedownRequest.due_on, TakedownRequest.id).limit(limit)).all()


def take_up(session: Session, request: TakedownRequest, actor: str) -> None:
    """Somebody looks at it."""
    if request.state == "received":
        request.state = "review"
        record_event(session, actor, "takedown-review", code=request.code)


def refuse(session: Session, request: TakedownRequest, actor: str, ground: str) -> None:
    """Refuses with a ground.  Raises DecisionError."""
    _decide(session, request, actor, "refused", ground)


def restrict(session: Session, request: TakedownRequest, actor: str, ground: str, record: Record | None) -> None:
    """Makes the record conditional.  Raises DecisionError."""
    found = _needed(record)
    _decide(session, request, actor, "restricted", ground, found)
    bind_record(session, found)


def mask_text(
    session: Session, request: TakedownRequest, actor: str, ground: str, record: Record | None, text: str, pages: str
) -> int:
    """Masks the text on these pages ("1, 3-4"; empty: all) and keeps their images; returns in how many places.

    Raises DecisionError where the pages cannot be understood or the text is on none of them.
    """
    found = _needed(record)
    _decide(session, request, actor, "masked", ground, found)
    try:
        places = mask_by_hand(session, found, text, read_pages(pages))
    except HandError as error:
        raise DecisionError(str(error)) from error
    for n in sorted(places):
        try:
            keep_image(session, actor, found, n, ground)
        except ReviewError:
            continue  # a page without an image
    return sum(places.values())


def close_images(
    session: Session, request: TakedownRequest, actor: str, ground: str, record: Record | None, pages: str
) -> None:
    """Keeps the images of these pages from readers.  Raises DecisionError."""
    found = _needed(record)
    wanted = read_pages(pages)
    if not wanted:
        raise DecisionError("Cần nêu trang có ảnh phải giữ.")
    _decide(session, request, actor, "held", ground, found)
    for n in sorted(wanted):
        try:
            keep_image(session, actor, found, n, ground)
        except ReviewError as error:
            raise DecisionError(str(error)) from error


def erase_contacts(session: Session) -> int:
    """Erases who asked, how to reach him and his words, where the day has come; the decision stays."""
    day = today_number()
    due = select(TakedownRequest).where(TakedownRequest.erase_on <= day, TakedownRequest.erased_at.is_(None))
    erased = session.scalars(due).all()
    for request in erased:
        request.about = request.asker = request.contact = request.wish = request.reason = request.source = ""
        request.erased_at = now()
        record_event(session, "", "takedown-contact-erased", code=request.code)
    return len(erased)


def read_pages(text: str) -> frozenset[int]:
    """The numbers of "1, 3-4"; DecisionError if it is not that."""
    found = set[int]()
    for part in filter(None, re.split(r"[\s,;]+", text.strip())):
        match = re.fullmatch(r"(\d{1,6})(?:[-–](\d{1,6}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < first <= last <= first + 5000:
            raise DecisionError("Không hiểu trang “%(part)s”; hãy viết như 1, 3-4.", part=part)
        found.update(range(first, last + 1))
    return frozenset(found)


def _needed(record: Record | None) -> Record:
    if record is None:
        raise DecisionError("Cần nêu tài liệu mà quyết định này chạm đến.")
    return record


def _decide(
    session: Session, request: TakedownRequest, actor: str, outcome: str, ground: str, record: Record | None = None
) -> None:
    if request.state == "decided":
        raise DecisionError("Yêu cầu này đã có quyết định.")
    if not ground.strip():
        raise DecisionError("Quyết định cần nêu căn cứ.")
    day = today_number()
    request.state, request.outcome, request.ground = "decided", outcome, ground.strip()
    request.decided_at, request.decided_by = now(), actor
    request.erase_on = term("takedown.keep_contact", day).end(day)
    if record is not None:
        request.record_id = record.id
    session.flush()
    public_id = record.public_id if record else None
    record_event(session, actor, f"takedown-{outcome}", public_id, code=request.code, ground=ground.strip())
