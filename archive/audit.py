"""The audit trail: one row for every act that somebody may have to answer for."""

from typing import Any

from sqlalchemy.orm import Session

from archive.catalogue.people import AuditEvent
from archive.clock import now

LONGEST = 200


def record_event(session: Session, actor: str, action: str, record: str | None = None, **detail: Any) -> None:
    """Adds an event to the session's transaction.  ``detail`` is plain data; texts are cut at 200 characters."""
    kept = {k: v[:LONGEST] if isinstance(v, str) else v for k, v in detail.items()}
    session.add(AuditEvent(at=now(), actor=actor[:LONGEST], action=action, record=record, detail=kept))
