"""What earlier attempts of a taking brought before they broke off: unchanged now, and yet this delivery's own."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.deliveries import Accession, ReportRow
from archive.catalogue.records import Record
from archive.claims import Span
from archive.packages.findings import Outcome, worst
from indexer.intake.preparation import Prepared


class Earlier:
    """The records that lie in ``span`` of a package's accessions; each is counted for one row only."""

    def __init__(self, package_id: int, span: Span) -> None:
        self._package_id, (self._since, self._upto) = package_id, span
        self._counted = set[tuple[str, str]]()

    def outcomes(self, session: Session, level: str, part: Sequence[Prepared]) -> dict[int, str]:
        """Of rows of one table those, by their place, that came with an earlier attempt: accepted or warned."""
        if self._upto <= self._since:
            return {}
        spanned = (Accession.package_id == self._package_id, Accession.id > self._since, Accession.id <= self._upto)
        ours = select(Record.natural_key).join(Accession, Accession.record_id == Record.id).where(*spanned)
        keys = [one.candidate.key for one in part]
        brought = set(session.scalars(ours.where(Record.level == level, Record.natural_key.in_(keys))))
        lines = select(ReportRow.row).where(
            ReportRow.package_id == self._package_id, ReportRow.sheet == part[0].sheet,
            ReportRow.row.in_([one.row.row for one in part]), ReportRow.outcome != str(Outcome.ACCEPTED),
        )  # fmt: skip
        warned = set(session.scalars(lines))
        found: dict[int, str] = {}
        for place, one in enumerate(part):
            key = level, one.candidate.key
            if one.candidate.key in brought and key not in self._counted:
                self._counted.add(key)
                told = one.row.row in warned or worst(one.findings) != Outcome.ACCEPTED
                found[place] = "warned" if told else "accepted"
        return found
