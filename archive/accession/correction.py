"""A later delivery about a record that is there: corrected, held, or withdrawn."""

import hashlib
import json
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from archive.access import Access
from archive.access_rules import derive_access, is_tighter
from archive.accession.ancestors import Ancestor
from archive.accession.candidate import Candidate
from archive.accession.description import Described
from archive.accession.scans import ClosedScan, bind_scan, close_scans, has_scan
from archive.audit import DELIVERY, record_access
from archive.catalogue.authorities import Agency
from archive.catalogue.deliveries import HeldChange
from archive.catalogue.records import Record
from archive.outbox import announce, veto

LOOSER = "Lần nộp này mở rộng quyền tiếp cận so với hiện tại; chờ lưu trữ viên xác nhận."
PART = 1000


def correct(
    session: Session,
    candidate: Candidate,
    record: Record,
    access: Access,
    told: tuple[dict[str, Any], Described],
    parent: Ancestor | None = None,
) -> None:
    """Brings the record to what was delivered; a curated field stays, and is flagged where the delivery denies it.

    ``access`` must not be looser than the record's.  A record delivered below another ``parent`` of its fonds moves
    there, and its members with it.  A tightening is vetoed in this transaction, so that no answer
    shows the record before the indices know.
    """
    before = record.access
    record.contradicted = sorted(
        field
        for field, value in record.curated.items()
        if candidate.values.get(field, "") not in ("", value)
        and (candidate.values.get(field) != record.delivered.get(field) or field in record.contradicted)
    )
    record.delivered = candidate.values
    record.source_digest = candidate.digest
    record.level_code, record.opens_on = candidate.closure.level, candidate.closure.opens_on
    for column, value in told[0].items():
        setattr(record, column, value)
    if parent is not None and parent.id != record.parent_id:
        record.parent_id, record.lineage = parent.id, " ".join((record.public_id, *parent.lineage))
    apply_access(session, record, access, before)


def apply_access(
    session: Session,
    record: Record,
    access: Access,
    before: Access,
    by: str = DELIVERY,
    *,
    members_too: bool = False,
) -> None:
    """Gives the record its access, and its members theirs; announces, and vetoes where somebody loses a right.

    A move changes the access, too: grants on the ancestors are part of it.  ``by`` is who answers for it in the audit
    trail.  ``members_too``: theirs changes, and may become tighter, though its own does not.
    """
    record.access = access
    session.flush()
    changed = members_too or access != before
    if changed:
        record_access(session, by, record.public_id, before, access, members=record.level != "document")
    if changed and record.level != "document":
        _pass_on(session, record)
    announce(session, [record.id], members=changed and record.level != "document")
    if members_too or is_tighter(access, before):
        veto(session, record.public_id)


def settle_access(
    session: Session, record: Record, before: Access, by: str = DELIVERY, *, members_too: bool = False
) -> None:
    """Gives a record whose closure or place was changed, and all below it, the access that follows; ``before`` is what
    it had.  The scan of a file follows its documents."""
    session.flush()
    access = own_access(session, record)
    if record.level == "file" and has_scan(session, record.id, before):
        access = bind_scan(session, record.id, access, before)
    apply_access(session, record, access, before, by, members_too=members_too)
    if record.level == "document" and (file := session.get(Record, record.parent_id)):
        close_scans(session, [file])


def own_access(session: Session, record: Record) -> Access:
    """The access that follows from how the record and what it is in are closed; a scan's binding is the caller's."""
    chain = _chain(session, record)
    agency = session.get(Agency, record.agency_id) if record.agency_id else None
    return derive_access(
        (closure for one in chain for closure in one.closures),
        lineage=tuple(record.lineage.split()),
        agency=agency.code if agency else "",
        hidden_when_closed=any(one.hidden_when_closed for one in chain),
        withdrawn=any(one.withdrawn for one in chain),
    )


def withdraw(session: Session, record: Record, by: str = DELIVERY) -> list[ClosedScan]:
    """Nobody sees the record or anything below it from now on; a scan that shows it is closed with it."""
    before = record.access
    record.withdrawn = True
    apply_access(session, record, Access(), before, by)
    if record.level == "document" and (file := session.get(Record, record.parent_id)):
        return close_scans(session, [file])
    return []


def hold(session: Session, package_id: int, candidate: Candidate, record: Record) -> None:
    """Keeps the delivered change as a proposal; the same proposal stands once, and is asked anew where another package
    brings what was refused, or its delivery was undone."""
    key = _key_of(candidate, record)
    same = session.scalars(select(HeldChange).where(_is_of(key, record))).all()
    mine = next((one for one in same if one.package_id == package_id), None)
    if mine is not None and mine.decided_at and not mine.decision:  # its delivery was undone
        mine.decided_at = None
    elif mine is None and all(one.decided_at and one.decision != "accepted" for one in same):
        values = {
            "values": candidate.values,
            "level": candidate.closure.level,
            "opens_on": candidate.closure.opens_on,
            "files": [[f.name, f.kind, f.sha256] for f in candidate.files],
        }
        key = f"{key}.{package_id}" if same else key
        session.add(HeldChange(record_id=record.id, package_id=package_id, key=key, values=values, ground=LOOSER))
    session.flush()


def is_confirmed(session: Session, candidate: Candidate, record: Record) -> bool:
    """Whether an archivist confirmed this very change when it was held."""
    key = _key_of(candidate, record)
    confirmed = select(HeldChange.id).where(_is_of(key, record), HeldChange.decision == "accepted").limit(1)
    return session.scalar(confirmed) is not None


def _key_of(candidate: Candidate, record: Record) -> str:
    return hashlib.sha256(json.dumps([record.public_id, candidate.digest]).encode()).hexdigest()


def _is_of(key: str, record: Record) -> ColumnElement[bool]:
    # By the record, which has an index: a delivery may hold a hundred thousand changes.
    return and_(HeldChange.record_id == record.id, or_(HeldChange.key == key, HeldChange.key.startswith(f"{key}.")))


def _pass_on(session: Session, above: Record) -> None:
    """Computes anew path and access of everything below a record, in parts."""
    agency = session.get(Agency, above.agency_id) if above.agency_id else None
    chain = _chain(session, above)
    closures = tuple(closure for one in chain for closure in one.closures)
    hidden, withdrawn = any(one.hidden_when_closed for one in chain), any(one.withdrawn for one in chain)
    last = 0
    while part := list(
        session.scalars(
            select(Record).where(Record.parent_id == above.id, Record.id > last).order_by(Record.id).limit(PART)
        )
    ):
        before = {record.id: record.access for record in part}
        for record in part:
            record.lineage = f"{record.public_id} {above.lineage}"
            record.access = derive_access(
                (*record.closures, *closures),
                lineage=tuple(record.lineage.split()),
                agency=agency.code if agency else "",
                hidden_when_closed=hidden,
                withdrawn=record.withdrawn or withdrawn,
            )
        session.flush()
        for record in part:
            if record.level != "document":
                _pass_on(session, record)
            if record.level == "file" and has_scan(session, record.id, before[record.id]):
                record.access = bind_scan(session, record.id, record.access, before[record.id])
        session.flush()
        last = part[-1].id


def _chain(session: Session, record: Record | None) -> list[Record]:
    found = []
    while record is not None:
        found.append(record)
        record = session.get(Record, record.parent_id) if record.parent_id else None
    return found
