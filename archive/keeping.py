"""The shelf of a reader: records and searches with notes of his own.  An officer's filters of the queue, too."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.keeping import KeptItem
from archive.clock import now

MOST = 1_000
LONGEST_NOTE = 2_000
LONGEST_SEARCH = 2_000
ON_PAGE = ("record", "search")
QUEUE = "queue"  # a filter of the staff's queue (desk.queue_filters)


class FullShelfError(Exception):
    """There are MOST items on the shelf already."""


def shelf(session: Session, account: int) -> Sequence[KeptItem]:
    """The records and searches that the account keeps, the latest first."""
    mine = select(KeptItem).where(KeptItem.account_id == account, KeptItem.kind.in_(ON_PAGE))
    return session.scalars(mine.order_by(KeptItem.id.desc())).all()


def keep(session: Session, account: int, kind: str, what: str, note: str = "") -> KeptItem:
    """Puts it on the shelf; what is there already gets the note, if there is one.  Raises FullShelfError."""
    mine = (KeptItem.account_id == account, KeptItem.kind == kind, KeptItem.what == what)
    item = session.scalar(select(KeptItem).where(*mine))
    if item is None:
        if (session.scalar(select(func.count()).where(KeptItem.account_id == account)) or 0) >= MOST:
            raise FullShelfError
        present = now()
        item = KeptItem(account_id=account, kind=kind, what=what, note="", kept_at=present)
        item.seen_at = present if kind == "search" else None
        session.add(item)
    if note:
        item.note = note[:LONGEST_NOTE]
    session.flush()
    return item


def find_item(session: Session, account: int, item: int) -> KeptItem | None:
    """A record or search of that account; nobody finds another's."""
    mine = (KeptItem.account_id == account, KeptItem.kind.in_(ON_PAGE))
    return session.scalar(select(KeptItem).where(KeptItem.id == item, *mine))
