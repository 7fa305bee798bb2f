"""Ordering copies when a request is granted, and finding those of a request.

TT 05/2025/TT-BNV Articles 40 (copy), 41 (certified copy), 42 (package).  Knows tables only: what decides calls it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import now
from archive.identifiers import is_identifier, new_identifier
from archive.settings import settings
from desk.covered import Covered, copied, cover

#: Which grade a kind of request asks for.
GRADES = {"copy": "plain", "certified": "certified", "dip": "dip"}
FOLDER = "copies"
PREPARED = "prepared"


def order(session: Session, request: ReadingRequest, grade: str) -> list[IssuedCopy]:
    """One copy of each record that was granted with copying and has pages here, of a file without own pages of each
    such document in it, in the caller's transaction; what is ordered already is not ordered again.  ValueError for a
    grade that is not known.  Returns the new ones."""
    if grade not in GRADES.values():
        raise ValueError(f"no grade of copies: {grade!r}")
    rows = select(IssuedCopy).where(IssuedCopy.request_id == request.id, IssuedCopy.grade == grade)
    there = {one.record_id: one for one in session.scalars(rows)}
    items = session.execute(
        select(RequestItem, Record)
        .join(Record, Record.id == RequestItem.record_id)
        .where(RequestItem.request_id == request.id, RequestItem.answer == "granted", RequestItem.copying)
        .order_by(RequestItem.record_id)
    ).all()
    whole = cover(session, [record for _item, record in items])
    made = []
    for number, (_record, pages) in copied(whole.values(), {item.record_id: item.pages for item, _ in items}).items():
        copy = there.get(number) or prepared(request, number, grade)
        if copy.state == PREPARED:
            copy.state, copy.pages, copy.ordered_at, copy.next_at = "waiting", pages, now(), now()
            made.append(copy)
    session.add_all(made)
    session.flush()
    return made


def to_copy(whole: Mapping[int, Covered]) -> list[Record]:
    """What will be copied of a request that is not decided: what has pages here of the records (what they stand for:
    desk.covered.asked_for), of a file without own pages the documents in it."""
    return [record for record, _pages in copied(whole.values(), {}).values()]


def prepared(request: ReadingRequest, record_id: int, grade: str) -> IssuedCopy:
    """A copy that is not ordered yet: what staff prepare for it (masks) has a place before the decision."""
    return IssuedCopy(
        code=new_identifier(), request_id=request.id, record_id=record_id, account_id=request.account_id,
        grade=grade, state=PREPARED, masks={}, ordered_at=now(),
    )  # fmt: skip


def copies_of(session: Session, request_id: int) -> list[IssuedCopy]:
    """The copies of a request that were ordered, in the order of its records."""
    return ordered(every_copy(session, request_id))


def every_copy(session: Session, request_id: int) -> list[IssuedCopy]:
    """The copies of a request, those not ordered yet (:func:`prepared`), too, in the order of its records."""
    rows = select(IssuedCopy).where(IssuedCopy.request_id == request_id)
    return list(session.scalars(rows.order_by(IssuedCopy.record_id, IssuedCopy.id)))


def ordered(copies: Iterable[IssuedCopy]) -> list[IssuedCopy]:
    """Those of the copies that were ordered."""
    return [one for one in copies if one.state != PREPARED]


def find_copy(session: Session, code: str) -> IssuedCopy | None:
    """The copy of that code."""
    if not is_identifier(code):
        return None
    return session.scalar(select(IssuedCopy).where(IssuedCopy.code == code))


def copy_path(code: str, grade: str = "") -> Path:
    """Where the file of a copy lies, or will; ValueError on what is no code, so that no text becomes a path."""
    if not is_identifier(code):
        raise ValueError("no code of a copy")
    return settings().home / FOLDER / f"{code}.{'zip' if grade == 'dip' else 'pdf'}"
