"""What came lately: records by the moment at which they were accepted, changed by a delivery, or opened to all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.catalogue.deliveries import Accession
from archive.catalogue.records import Record
from archive.clock import VIET_NAM, now

#: Of what came last, and of what opened last, so many are asked whether a question finds them.
LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record (its public id), and when it last came, changed or opened: aware, never in the future."""

    public_id: str
    at: datetime


def latest_arrivals(session: Session, viewer: Viewer, day: int, most: int) -> Sequence[Arrival]:
    """Of what the viewer may see on that day (a day number) the last ``most`` that came or changed and the last
    ``most`` that opened, the latest first."""
    came = (
        select(Record.public_id, Record.everyone_from_read, Accession.at)
        .join(Accession, Accession.record_id == Record.id)
        .where(Accession.undone.is_(None), sql_condition(viewer, "see", day))
        .order_by(Accession.id.desc())
        .limit(most)
    )
    opened = (
        select(Record.public_id, Record.everyone_from_read)
        .where(Record.everyone_from_read.between(2, day), sql_condition(viewer, "see", day))
        .order_by(Record.everyone_from_read.desc(), Record.id)
        .limit(most)
    )
    moments: dict[str, datetime] = {}
    present = now()
    told: list[tuple[str, int, datetime | None]] = [(own, opens, at) for own, opens, at in session.execute(came)]
    told += [(own, opens, None) for own, opens in session.execute(opened)]
    for own, opens, at in told:
        begun = datetime.fromordinal(opens).replace(tzinfo=VIET_NAM).astimezone(UTC) if 1 < opens <= day else None
        for one in (at, begun):
            if one:
                moments[own] = max(moments.get(own, one), min(one, present))
    return sorted((Arrival(own, at) for own, at in moments.items()), key=lambda one: one.at, reverse=True)
