"""Uploads that nobody sent to their end: after a while the delivery is refused with its reason, and its bytes go."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from archive.audit import record_event
from archive.catalogue.deliveries import Handover
from archive.clock import VIET_NAM, now
from archive.database import reading, writing
from archive.handovers import INCOMING, folder_of

UNFINISHED_DAYS = 14
ORPHAN_HOURS = 24  # of a piece whose request was killed: it belongs to no delivery


def end_unfinished() -> int:
    """Refuses each delivery of which no byte has come for UNFINISHED_DAYS days, then removes what lies of it.

    How many were refused.  One that gets a piece at this very moment stays; what a kill left is removed next time.
    """
    with reading() as session:
        waiting = session.scalars(select(Handover.public_id).where(Handover.state == "receiving")).all()
    ended = sum(_end(one) for one in waiting)
    with reading() as session:
        never_whole = (Handover.state == "refused", Handover.arrived < Handover.size)
        for one in session.scalars(select(Handover.public_id).where(*never_whole)):
            shutil.rmtree(folder_of(one), ignore_errors=True)
    _remove_orphans()
    return ended


def _end(public_id: str) -> bool:
    try:
        with writing() as session:
            found = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
            last = _last_byte(found)
            if found.state != "receiving" or now() - last < timedelta(days=UNFINISHED_DAYS):
                return False
            found.state, found.finished = "refused", now()
            day = f"{last.astimezone(VIET_NAM):%d/%m/%Y}"
            found.message = (
                f"Chưa gửi hết: mới có {found.arrived}/{found.size} byte, phần cuối ngày {day}; "
                f"quá {UNFINISHED_DAYS} ngày không gửi tiếp nên đã xóa. Hãy gửi lại."
            )
            record_event(session, "", "delivery-refused", None, delivery=public_id, why=found.message)
            session.flush()
            return True
    except StaleDataError:
        return False


def _last_byte(handover: Handover) -> datetime:
    place = Path(handover.place)
    return _changed(place) if handover.arrived and place.exists() else handover.received


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _remove_orphans() -> None:
    for one in folder_of(INCOMING).glob("*"):
        with suppress(FileNotFoundError):  # taken over meanwhile
            if now() - _changed(one) >= timedelta(hours=ORPHAN_HOURS):
                one.unlink()
