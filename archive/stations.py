"""The way of a record into the archive: when each delivery of it was received, checked and accepted, and from whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.catalogue.authorities import Agency
from archive.catalogue.deliveries import Accession, Handover, Package
from archive.catalogue.records import Record
from archive.claims import owner
from archive.handovers import visible_to


@dataclass(frozen=True, slots=True)
class Custody:
    """One station: ``kind`` new or changed; ``giver`` the agency that handed it over; ``channel`` and ``giver`` are
    empty where they are not known.  ``delivery`` is there for who sees that delivery: it names who handed it over."""

    kind: str
    channel: str
    giver: str
    received: datetime
    checked: datetime
    accepted: datetime
    undone: bool
    delivery: Handover | None


def custody_of(session: Session, record: Record, viewer: Viewer) -> Iterator[Custody]:
    """How a record came: when it was received, checked and accepted, by which kind of way, from which body; for who
    sees the delivery the person or program, too."""
    rows = session.execute(
        select(Accession, Package).join(Package, Package.id == Accession.package_id)
        .where(Accession.record_id == record.id).order_by(Accession.id)
    )  # fmt: skip
    for accession, package in rows:
        by = owner(session, accession)
        shown = by is not None and session.scalar(select(visible_to(viewer)).where(Handover.id == by.id))
        received = by.received if by else package.first_taken
        checked = by.begun if by and by.begun else package.first_taken
        agency = session.get(Agency, by.agency_id) if by and by.agency_id else None
        undone = accession.undone is not None
        giver, channel = agency.name if agency else "", by.channel if by else ""
        told = by if shown else None
        yield Custody(accession.kind, channel, giver, received, checked, accession.at, undone, told)
