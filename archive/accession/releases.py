"""What people let out of quarantine: the very row, with the very files, that they looked at, as they decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.access_rules import Closure
from archive.accession.candidate import Candidate
from archive.audit import record_event
from archive.catalogue.deliveries import QuarantinedRow
from archive.catalogue.records import ENCLOSED, Record
from archive.clock import now

WAITS_FOR_ITS_FILE = ("file.orphan", "file.quarantined")
TWIN = "row.differs"  # two rows of one number: released, it takes the place of the other


@dataclass(frozen=True, slots=True)
class Release:
    """A decision to release; ``used`` once its row is in the catalogue."""

    id: int
    package_id: int
    ground: str
    values: dict[str, str]
    files: frozenset[str]
    closure: Closure
    used: bool

    def covers(self, candidate: Candidate) -> bool:
        """Whether this is the row that was looked at, with the same files."""
        return self.values == candidate.values and self.files == _delivered(
            (file.kind, file.sha256) for file in candidate.files
        )


def find_releases(session: Session, sheets: Sequence[str], keys: Sequence[str]) -> dict[str, list[Release]]:
    """The releases of rows of these tables by natural key."""
    asked = select(QuarantinedRow).where(
        QuarantinedRow.sheet.in_(sheets), QuarantinedRow.natural_key.in_(keys), QuarantinedRow.decision == "released"
    )
    found: dict[str, list[Release]] = {}
    for row in session.scalars(asked.order_by(QuarantinedRow.id)):
        files = _delivered((kind, sha256) for _name, kind, sha256 in row.files)
        closure = Closure(row.level, row.opens_on)
        one = Release(row.id, row.package_id, row.ground, row.values, files, closure, row.entered_at is not None)
        found.setdefault(row.natural_key, []).append(one)
    return found


def settle_release(session: Session, release_id: int, level: str, candidate: Candidate) -> None:
    """Notes, once, that a released row is in the catalogue: on the record itself, where its custody is read."""
    row = session.get_one(QuarantinedRow, release_id)
    record = session.scalar(select(Record.public_id).where(Record.level == level, Record.natural_key == candidate.key))
    if row.entered_at is None:
        row.entered_at = now()
        record_event(session, row.decided_by, "quarantine-entered", record, ground=row.reason, why=row.ground)


def settle_waiting(session: Session, sheet: str, keys: Sequence[str]) -> None:
    """Rows that waited only for their file wait no more when they came in."""
    waits = (QuarantinedRow.decided_at.is_(None), QuarantinedRow.ground.in_(WAITS_FOR_ITS_FILE))
    session.execute(
        update(QuarantinedRow)
        .where(QuarantinedRow.sheet == sheet, QuarantinedRow.natural_key.in_(keys), *waits)
        .values(decided_at=now(), decision="entered", version=QuarantinedRow.version + 1)
    )


def was_released(session: Session, record: Record, sha256: str) -> bool:
    """Whether a person let this record out of quarantine with this very file."""
    asked = select(QuarantinedRow.files).where(
        QuarantinedRow.natural_key == record.natural_key,
        QuarantinedRow.decision == "released",
        QuarantinedRow.entered_at.is_not(None),
    )
    return any(sha256 == file[2] for files in session.scalars(asked) for file in files)


def reopen(row: QuarantinedRow) -> None:
    """What comes apart again waits again, but for what was refused for good."""
    if row.decided_at is not None and row.decision != "refused":
        row.decided_at, row.decision, row.entered_at = None, "", None


def _delivered(files: Iterable[tuple[str, str]]) -> frozenset[str]:
    """What lay in messages and archives is found again by reading them."""
    return frozenset(sha256 for kind, sha256 in files if kind != ENCLOSED)
