"""Filters of the staff's queue that an officer keeps under a name; they lie on his shelf, and nobody else sees them."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.catalogue.keeping import KeptItem
from archive.keeping import QUEUE, keep
from desk.steps import RequestError

MOST = 30
LONGEST_NAME = 60


def filters_of(session: Session, account: int) -> Sequence[KeptItem]:
    """His filters by name: ``note`` is the name, ``what`` the query of the queue's address."""
    mine = select(KeptItem).where(KeptItem.account_id == account, KeptItem.kind == QUEUE)
    return session.scalars(mine.order_by(KeptItem.note, KeptItem.id)).all()


def keep_filter(session: Session, account: int, name: str, query: str) -> None:
    """Keeps it in the place of one of that name; the same filter gets the new name.  Raises RequestError."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RequestError("Hãy đặt tên cho bộ lọc (không quá %(n)s ký tự).", "ten", n=LONGEST_NAME)
    others = [one for one in filters_of(session, account) if one.what != query]
    for one in others:
        if one.note == name:
            session.delete(one)
    if len([one for one in others if one.note != name]) >= MOST:
        raise RequestError("Đã có %(n)s bộ lọc. Hãy bỏ bớt rồi lưu lại.", "ten", n=MOST)
    keep(session, account, QUEUE, query, name)


def remove_filter(session: Session, account: int, number: int) -> None:
    """Takes one of his filters away; another's stays."""
    session.execute(
        delete(KeptItem).where(KeptItem.id == number, KeptItem.account_id == account, KeptItem.kind == QUEUE)
    )
