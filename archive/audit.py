"""The audit trail: one row for every act that somebody may have to answer for.

A writer adds its row to the transaction of the act itself and waits for nobody; the row gets its place in the chain
afterwards (archive.sealing).  No row keeps the words of a search.
"""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive.access import NEVER, Access
from archive.access_rules import is_looser
from archive.catalogue.people import AuditEvent
from archive.clock import now

LONGEST = 200
ERASED = "audit-erased"
DELIVERY = "delivery"  # the actor of what a delivered package does by itself


def record_event(
    session: Session, actor: str, action: str, record: str | None = None, *, ground: str = "", **detail: Any
) -> AuditEvent:
    """Adds an event to the session's transaction and returns it.

    ``ground`` is the tag that let the actor in (archive.access.ground), or the decision or law that was followed;
    ``detail`` is plain data; texts are cut at 200 characters.
    """
    kept = {k: v[:LONGEST] if isinstance(v, str) else v for k, v in detail.items()}
    event = AuditEvent(
        at=now(), actor=actor[:LONGEST], action=action, record=record, ground=ground[:LONGEST], detail=kept
    )
    session.add(event)
    return event


def record_access(
    session: Session, actor: str, record: str, before: Access, after: Access, *, members: bool = False
) -> None:
    """Adds the change of a record's rights: withdrawn from everybody, tightened, or else changed; and from when
    everyone may read it.  ``members``: those of what lies below it follow."""
    action = "withdrawn" if after == Access() else "access-changed" if is_looser(after, before) else "access-tightened"
    days = {"before": _opening(before), "after": _opening(after)}
    record_event(session, actor, action, record, members=members, **days)


def _opening(access: Access) -> str:
    day = access.read.everyone_from
    return "conditional" if day >= NEVER else date.fromordinal(day).isoformat() if day else "open"
