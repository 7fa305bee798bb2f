"""Ordering copies when a request is granted, and finding those of a request.

TT 05/2025/TT-BNV Articles 40 (copy), 41 (certified copy), 42 (package).  Knows tables only: what decides calls it.
"""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import now
from archive.identifiers import is_identifier, new_identifier
from archive.settings import settings

#: Which grade a kind of request asks for.
GRADES = {"copy": "plain", "certified": "certified", "dip": "dip"}
FOLDER = "copies"


def order(session: Session, request: ReadingRequest, grade: str) -> list[IssuedCopy]:
    """One copy of each record that was granted with copying, in the caller's transaction; what is ordered already is
    not ordered again.  ValueError for a grade that is not known.  Returns the new ones."""
    if grade not in GRADES.values():
        raise ValueError(f"no grade of copies: {grade!r}")
    there = set(
        session.scalars(
            select(IssuedCopy.record_id).where(IssuedCopy.request_id == request.id, IssuedCopy.grade == grade)
        )
    )
    items = session.scalars(
        select(RequestItem)
        .where(RequestItem.request_id == request.id, RequestItem.answer == "granted", RequestItem.copying)
        .order_by(RequestItem.record_id)
    )
    made = [
        IssuedCopy(
            code=new_identifier(), request_id=request.id, record_id=one.record_id, account_id=request.account_id,
            grade=grade, pages=one.pages, masks={}, ordered_at=now(), next_at=now(),
        )
        for one in items
        if one.record_id not in there
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def fulfil(session: Session, request: ReadingRequest) -> None:
    """Orders what a kind of request asks for (a fulfilment of desk.decision)."""
    if grade := GRADES.get(request.kind):
        order(session, request, grade)


def copies_of(session: Session, request_id: int) -> list[IssuedCopy]:
    """The copies of a request, in the order of its records."""
    rows = select(IssuedCopy).where(IssuedCopy.request_id == request_id)
    return list(session.scalars(rows.order_by(IssuedCopy.record_id, IssuedCopy.id)))


def find_copy(session: Session, code: str) -> IssuedCopy | None:
    """The copy of that code."""
    if not is_identifier(code):
        return None
    return session.scalar(select(IssuedCopy).where(IssuedCopy.code == code))


def copy_path(code: str) -> Path:
    """Where the file of a copy lies, or will; ValueError on what is no code, so that no text becomes a path."""
    if not is_identifier(code):
        raise ValueError("no code of a copy")
    return settings().home / FOLDER / f"{code}.pdf"
