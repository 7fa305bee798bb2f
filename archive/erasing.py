"""Erasing what the audit trail says of somebody, where the law asks for it: the chain stays whole, and an event says
who erased which rows under which ground (an erasing itself cannot be erased)."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from archive.audit import ERASED, record_event
from archive.catalogue.people import AuditEvent
from archive.database import writing
from archive.sealing import seal

LOT = 1_000  # rows of one event of erasing


class EraseError(ValueError):
    """What is asked cannot be erased; the text is Vietnamese."""


def erase(actor: str, ground: str, *, person: str = "", numbers: Iterable[int] = ()) -> int:
    """Erases actor, record, ground and detail of the events of that person, or of those numbers; returns how many.

    Everything is sealed first: only what is in the chain can be erased.  EraseError where actor or ground is missing,
    or nothing fits.
    """
    if not actor.strip() or not ground.strip():
        raise EraseError("Cần người xóa và căn cứ (điều, khoản, số văn bản).")
    seal()
    which = AuditEvent.actor == person if person else AuditEvent.id.in_(list(numbers))
    with writing() as session:
        found = _fitting(session, which)
        for lot in _lots(found):
            _erase(session, actor.strip(), ground.strip(), lot)
    if not found:
        raise EraseError("Không có việc nào đã niêm phong, chưa xóa, khớp với yêu cầu.")
    return len(found)


def _fitting(session: Session, which: ColumnElement[bool]) -> list[int]:
    sealed = (AuditEvent.place.is_not(None), AuditEvent.erased.is_(None), AuditEvent.action != ERASED)
    return list(session.scalars(select(AuditEvent.id).where(which, *sealed).order_by(AuditEvent.id)))


def _lots(numbers: list[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while lot := list(islice(rest, LOT)):
        yield lot


def _erase(session: Session, actor: str, ground: str, numbers: list[int]) -> None:
    cause = record_event(session, actor, ERASED, ground=ground, events=numbers)
    session.flush()
    session.execute(
        update(AuditEvent)
        .where(AuditEvent.id.in_(numbers))
        .values(actor="", record=None, ground="", salt="", detail={}, erased=cause.id),
        execution_options={"synchronize_session": False},
    )
