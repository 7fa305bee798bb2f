"""What became of a package: counts by outcome, report rows, quarantined rows."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from analyzers.personal import mask
from archive.accession.candidate import HashedFile
from archive.accession.releases import reopen
from archive.catalogue.deliveries import Package, QuarantinedRow, ReportRow
from archive.clock import now
from archive.identifiers import new_identifier
from archive.packages.bundling import bundle
from archive.packages.findings import Finding

OUTCOMES = ("accepted", "warned", "held", "quarantined", "rejected", "unchanged")


@dataclass(slots=True)
class Tally:
    """Counts of rows by table and outcome; a row is counted once."""

    by_sheet: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, sheet: str, outcome: str) -> None:
        """Counts one row."""
        self.by_sheet.setdefault(sheet, Counter())[outcome] += 1

    def totals(self) -> dict[str, int]:
        """The counts of all tables together, every outcome present."""
        return {outcome: sum(counter[outcome] for counter in self.by_sheet.values()) for outcome in OUTCOMES}

    def tables(self) -> dict[str, dict[str, int]]:
        """The counts by table."""
        return {sheet: dict(counter) for sheet, counter in self.by_sheet.items()}


def begin_package(session: Session, name: str, digest: str) -> tuple[int, bool]:
    """The row of the package, made at the first taking.  Returns its id, and whether it was there already."""
    package = session.scalar(select(Package).where(Package.digest == digest))
    moment = now()
    if package is None:
        package = Package(
            public_id=new_identifier(), name=name, digest=digest, first_taken=moment, last_taken=moment, counts={}
        )
        session.add(package)
        session.flush()
        return package.id, False
    package.last_taken = moment
    return package.id, True


def finish_package(session: Session, package_id: int, counts: dict[str, Any]) -> str:
    """Marks the package as wholly taken; the counts of its first whole taking stay.  Returns its public id."""
    package = session.get_one(Package, package_id)
    if not package.finished:
        package.finished, package.counts = True, counts
    return package.public_id


def newest_line(session: Session) -> int:
    """The number of the newest line of all reports."""
    return session.scalar(select(func.max(ReportRow.id))) or 0


def clear_report(session: Session, package_id: int, sheet: str, rows: Sequence[int], upto: int) -> None:
    """Removes the lines about these rows of a table that are not newer than ``upto``.

    A row that is taken again gets its lines anew; the lines of rows that did not change stay as they were written.
    New lines are written first: so their numbers are never those of older ones, and say which taking wrote them.
    """
    old = (ReportRow.package_id == package_id, ReportRow.id <= upto)
    session.execute(delete(ReportRow).where(*old, ReportRow.sheet == sheet, ReportRow.row.in_(rows)))


def write_overall(session: Session, package_id: int, findings: Iterable[Finding]) -> None:
    """Writes the lines about the package, its files and whole tables in place of those of an earlier taking.

    A line about a whole table names its heading row, which no other line does.  Many of one rule are bundled.
    """
    told, upto = bundle(findings), newest_line(session)
    write_report(session, package_id, told)
    for sheet, row in {(f.table, f.row) for f in told if f.row is not None}:
        clear_report(session, package_id, sheet, [row], upto)
    old = (ReportRow.package_id == package_id, ReportRow.id <= upto)
    session.execute(delete(ReportRow).where(*old, ReportRow.row.is_(None), ReportRow.record.is_(None)))


def write_report(session: Session, package_id: int, findings: Iterable[Finding]) -> None:
    """Adds lines to the report of a package."""
    rows = [
        {
            "package_id": package_id,
            "sheet": f.table,
            "row": f.row,
            "field": f.field,
            "code": f.code,
            "message": mask(f.message),  # it may quote what was delivered
            "action": f.action,
            "outcome": str(f.outcome),
            "record": f.record,
            "about": f.about,
        }
        for f in findings
    ]
    if rows:
        session.execute(insert(ReportRow), rows)


def quarantine(
    session: Session,
    package_id: int,
    *,
    sheet: str,
    row: int,
    key: str,
    values: dict[str, str],
    files: Sequence[HashedFile],
    ground: str,
) -> None:
    """Keeps a row apart, with its files' names; the same row stands once, whichever package brings it."""
    told = json.dumps([sheet, key, values, [f.sha256 for f in files]], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()
    if there := session.scalar(select(QuarantinedRow).where(QuarantinedRow.key == digest)):
        reopen(there)
    else:
        session.add(
            QuarantinedRow(
                key=digest,
                package_id=package_id,
                sheet=sheet,
                row=row,
                natural_key=key,
                ground=ground,
                values=values,
                files=[[f.name, f.kind, f.sha256] for f in files],
            )
        )
