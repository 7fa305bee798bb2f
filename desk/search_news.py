"""What is new in a kept search since its reader last looked: by the rule of the feed, with his own rights of today.

Two totals tell nothing of it: what left makes room for what came, and a right that ended hides both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.arriving import LOOKED_AT, Arrival
from archive.catalogue.deliveries import Accession
from archive.catalogue.keeping import KeptItem
from archive.catalogue.outbox import OutboxRow
from archive.clock import now
from archive.outbox import positions
from search.criteria import Criteria
from search.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is new: public ids, the latest first; ``more``: more came since than was looked at."""

    ids: tuple[str, ...]
    more: bool


def seen_at(item: KeptItem) -> datetime:
    """When the reader last looked at the search, or kept it."""
    return item.seen_at or item.kept_at


def fresh(gateway: Gateway, viewer: Viewer, criteria: Criteria, arrivals: Sequence[Arrival], since: datetime) -> Fresh:
    """Of the viewer's latest arrivals (``latest_arrivals``, LOOKED_AT of them) those after the moment that the question
    finds.  Raises QueryError, SearchDownError."""
    late = [one.public_id for one in arrivals if one.at > since]
    found = gateway.among(viewer, criteria, late) if late else frozenset()
    return Fresh(tuple(own for own in late if own in found), len(late) == len(arrivals) >= LOOKED_AT)


def note_seen(session: Session, item: KeptItem, shown_at: datetime) -> None:
    """Remembers that the reader looked at what was shown to him at that moment; it never goes back, nor past what came
    before it and waits for the index: that he could not see yet."""
    before = seen_at(item)
    waits = or_(OutboxRow.seq.is_(None), OutboxRow.seq > min(positions(session).values(), default=0))
    late = (
        select(func.min(Accession.at))
        .join(OutboxRow, OutboxRow.record_id == Accession.record_id)
        .where(Accession.undone.is_(None), Accession.at > before, waits)
    )
    reached = [one - timedelta(microseconds=1) for one in [session.scalar(late)] if one]
    item.seen_at = max(before, min(shown_at, now(), *reached))
