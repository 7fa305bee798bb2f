"""What of a delivery would loosen a restriction: waiting for an archivist, decided, alone or all together."""

from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.audit import record_event
from archive.catalogue.deliveries import Handover, HeldChange, ReportRow
from archive.catalogue.records import Record
from archive.clock import now
from archive.handovers import WINDOW, HandoverError, send_again, visible_to


def held_changes(session: Session, handover: Handover) -> list[tuple[HeldChange, Record]]:
    """What of a delivery waits for an archivist, with the records, in order."""
    asked = select(HeldChange, Record).join(Record, Record.id == HeldChange.record_id)
    return [
        (one, record)
        for one, record in session.execute(asked.where(*_waiting(handover)).order_by(HeldChange.id).limit(WINDOW))
    ]


def count_held(session: Session, handover: Handover) -> int:
    """How many changes of a delivery wait for an archivist."""
    return session.scalar(select(func.count()).select_from(HeldChange).where(*_waiting(handover))) or 0


def held_elsewhere(session: Session, viewer: Viewer, handover: Handover) -> tuple[int, list[Handover]]:
    """How many changes of a delivery wait as those of another one that brought the very same, and which of these
    the viewer sees, of a package its last."""
    package = handover.package_id or 0
    held = select(func.coalesce(ReportRow.record, ReportRow.about))
    held = held.where(ReportRow.package_id == package, ReportRow.outcome == "held")
    own = select(HeldChange.record_id).where(HeldChange.package_id == package)
    waits = (HeldChange.decided_at.is_(None), Record.code.in_(held), Record.id.not_in(own))
    asked = select(HeldChange.package_id, func.count()).join(Record, Record.id == HeldChange.record_id).where(*waits)
    found = dict(session.execute(asked.group_by(HeldChange.package_id)).all())
    others = select(Handover).where(Handover.package_id.in_(found), Handover.state == "taken", visible_to(viewer))
    last = {one.package_id: one for one in session.scalars(others.order_by(Handover.id))}
    return sum(found.values()), list(last.values())


def decided_changes(session: Session, handover: Handover) -> list[HeldChange]:
    """What of a delivery was held and decided by a person, newest first."""
    own = (HeldChange.package_id == (handover.package_id or 0), HeldChange.decision != "")
    return list(session.scalars(select(HeldChange).where(*own).order_by(HeldChange.decided_at.desc()).limit(WINDOW)))


def decide_held(session: Session, handover: Handover, held_id: int, accepted: bool, *, actor: str, ground: str) -> None:
    """Confirms a held change, or with 0 all of the delivery, so that it is taken once more with it, or leaves the
    record as it is.

    HandoverError where there is no such change, no ground, or a confirmed delivery no longer lies where it was.
    """
    asked = select(HeldChange).where(*_waiting(handover), *([HeldChange.id == held_id] if held_id else []))
    changes = session.scalars(asked.order_by(HeldChange.id).with_for_update()).all()
    if not changes:
        raise HandoverError("Không có thay đổi nào như vậy đang chờ.")
    ground = " ".join(ground.split())[:500]
    if not ground:
        raise HandoverError("Cần ghi căn cứ của quyết định.")
    if accepted and not Path(handover.place).exists():
        raise HandoverError("Gói đã giao không còn ở chỗ cũ; hãy giao lại rồi xác nhận.")
    if accepted:
        send_again(handover)
    action = "held-confirmed" if accepted else "held-refused"
    for held in changes:
        held.decided_at, held.decided_by, held.decision = now(), actor, "accepted" if accepted else "refused"
        record = session.get_one(Record, held.record_id)
        record_event(session, actor, action, record.public_id, ground=ground, delivery=handover.public_id)


def _waiting(handover: Handover) -> tuple[ColumnElement[bool], ...]:
    return HeldChange.package_id == (handover.package_id or 0), HeldChange.decided_at.is_(None)
