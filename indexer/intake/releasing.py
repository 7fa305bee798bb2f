"""Rows of a part that a person let out of quarantine: they come in with the access that was decided."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from archive.accession.register import Known
from archive.accession.releases import TWIN, Release, find_releases
from archive.packages.fields import ITEMS
from archive.packages.findings import Finding, Outcome
from indexer.intake.preparation import Prepared


class Released:
    """Of one part: the releases by place, and the places of rows whose twin was chosen instead of them."""

    def __init__(self, session: Session, sheet: str, part: Sequence[Prepared], package_id: int) -> None:
        sheets = ITEMS if sheet in ITEMS else (sheet,)
        self._found = find_releases(session, sheets, [one.candidate.key for one in part])
        self._package_id = package_id
        self.by_place: dict[int, Release] = {}
        self.replaced: set[int] = set()

    def apply(self, part: Sequence[Prepared], known: Mapping[str, Known]) -> None:
        """Gives the rows their decided closure, and tells the decision in place of what kept them apart.

        A release counts once: a record that was withdrawn after it came in stays withdrawn.
        """
        for place, prepared in enumerate(part):
            releases = self._found.get(prepared.candidate.key, [])
            there = known.get(prepared.candidate.key)
            for one in releases:
                if one.covers(prepared.candidate) and not (one.used and there and there.withdrawn):
                    self.by_place[place] = one
                    _let_in(prepared, one)
            if place not in self.by_place and any(self._chosen(one) for one in releases):
                self.replaced.add(place)

    def _chosen(self, one: Release) -> bool:
        return one.ground == TWIN and one.package_id == self._package_id


def _let_in(prepared: Prepared, release: Release) -> None:
    candidate = prepared.candidate
    candidate.closure, candidate.released = release.closure, not release.used
    candidate.seal()
    prepared.findings = [one for one in prepared.findings if one.outcome != Outcome.QUARANTINED]
    place = f"Dòng {prepared.row.row}: " if prepared.row.row else ""
    said = "lưu trữ viên đã cho ra khỏi cách ly"
    done = f"nhận ở mức {release.closure.level} theo quyết định ấy"
    told = (place + said, done, Outcome.WARNED, prepared.row.code)
    prepared.findings.append(Finding(prepared.sheet, prepared.row.row, None, "quarantine.released", *told))
