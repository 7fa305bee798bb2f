"""Records that were public and left: withdrawn by decision, or replaced by another record (merged, delivered under
another code).  Their addresses say so for ever; what was never public, or turned out to be secret, is just missing.
"""

from dataclasses import dataclass

from sqlalchemy import and_, delete, func, insert, literal, or_, select
from sqlalchemy.orm import Session, aliased

from archive.access import NEVER
from archive.catalogue.recordings import Recording
from archive.catalogue.records import CLOSED_IMAGES, Page, Record
from archive.catalogue.themes import Departure
from archive.identifiers import is_identifier

MOST_STEPS = 20  # from one record to what replaced it, to what replaced that


@dataclass(frozen=True, slots=True)
class Gone:
    """What may be said of a departed record: its level (to tell its address), the day it left, and what replaced it."""

    level: str
    left_on: int
    successor: str = ""  # a public identifier; whoever asks is to be asked for his rights on it


def note_departure(session: Session, record: Record, day: int, successor: Record | None = None) -> int:
    """Notes that the record, and all below it, leaves today: of those that everyone sees on that day; how many.

    Call it before the withdrawal, in its transaction.
    """
    inside = or_(Record.id == record.id, Record.lineage.contains(f" {record.public_id}", autoescape=True))
    public = [inside, Record.everyone_from_see <= day, Record.deny_see == ""]
    if record.fonds_id is not None:
        public.append(Record.fonds_id == record.fonds_id)
    leaving = select(Record.id).where(*public)
    session.execute(delete(Departure).where(Departure.record_id.in_(leaving)))
    count = session.scalar(select(func.count()).select_from(leaving.subquery())) or 0
    rows = select(Record.id, literal(day)).where(*public)
    session.execute(insert(Departure).from_select(["record_id", "left_on"], rows))
    if successor is not None and (own := session.get(Departure, record.id)):
        own.successor_id = successor.id
    return count


def forget_departure(session: Session, record: Record) -> None:
    """What left turned out to be secret: from now on it and all below it are missing like what never was."""
    inside = or_(Record.id == record.id, Record.lineage.contains(f" {record.public_id}", autoescape=True))
    session.execute(delete(Departure).where(Departure.record_id.in_(select(Record.id).where(inside))))


def find_departure(session: Session, public_id: str) -> Gone | None:
    """What is left of a record that was public and that nobody sees any more; None for everything else."""
    if not is_identifier(public_id):
        return None
    left = session.execute(
        select(Record.level, Departure.left_on, Departure.successor_id)
        .join(Departure, Departure.record_id == Record.id)
        .where(Record.public_id == public_id, Record.everyone_from_see >= NEVER, Record.allow_see == "")
    ).one_or_none()
    if left is None:
        return None
    return Gone(left[0], left[1], _last(session, left[2]))


def same_page(session: Session, public_id: str, n: int, heir: Record) -> int:
    """The number of the page of ``heir`` that is the very image or recording that page ``n`` of the departed record is:
    the first of them; 0 where none is, or readers do not get to see it."""
    own = select(Record.id).where(Record.public_id == public_id).scalar_subquery()
    there = aliased(Page)
    page = session.scalar(
        select(func.min(there.n))
        .select_from(Page)
        .join(there, and_(there.image_sha256 == Page.image_sha256, there.image_index == Page.image_index))
        .where(Page.record_id == own, Page.n == n, there.record_id == heir.id)
        .where(Page.image_held.not_in(CLOSED_IMAGES), there.image_held.not_in(CLOSED_IMAGES))
    )
    heard = aliased(Recording)
    return page or (
        session.scalar(
            select(func.min(heard.n))
            .select_from(Recording)
            .join(heard, heard.sha256 == Recording.sha256)
            .where(Recording.record_id == own, Recording.n == n, heard.record_id == heir.id)
        )
        or 0
    )


def _last(session: Session, successor: int | None) -> str:
    """The public identifier at the end of a chain of replacements; "" where there is none."""
    following = aliased(Departure)
    for _step in range(MOST_STEPS):
        if successor is None:
            return ""
        found = session.execute(
            select(Record.public_id, following.successor_id)
            .outerjoin(following, following.record_id == Record.id)
            .where(Record.id == successor)
        ).one()
        if found[1] is None:
            return str(found[0])
        successor = found[1]
    return ""
