"""The register: candidates become records, a correction updates exactly what it changes, a loosening is held.

Everything happens in the caller's transaction, the outbox row beside the change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from archive.access_rules import Closure, derive_access, is_looser, without_grants
from archive.accession.ancestors import Ancestor, Ancestors
from archive.accession.candidate import Candidate, natural_key
from archive.accession.correction import correct, hold, is_confirmed, withdraw
from archive.accession.custody import note_changed, note_new, was_undone
from archive.accession.description import DATES, Days, Described, describe, inventory_title, read_days
from archive.accession.listed import CONDITIONAL, is_listed
from archive.accession.members import write_members
from archive.accession.names import NameBook
from archive.accession.scans import ClosedScan, bind_scan, close_scans, is_sealed
from archive.catalogue.records import Record, access_columns
from archive.departures import forget_departure
from archive.filing import filing_day
from archive.identifiers import new_identifier
from archive.outbox import announce
from archive.packages.csip.elements import sort_of


class Entry(StrEnum):
    """What the register did with a candidate."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    HELD = "held"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue has under a natural key."""

    digest: str
    withdrawn: bool


PARENT = {"inventory": "fonds", "file": "inventory", "document": "file"}


class Register:
    """Enters candidates, a batch of one level at a time."""

    def __init__(self) -> None:
        self.names = NameBook()
        self.ancestors = Ancestors()
        self._closed: list[ClosedScan] = []  # by a withdrawal, not told yet

    def look_up(self, session: Session, level: str, keys: Sequence[str]) -> dict[str, Known]:
        """What is there under these natural keys."""
        rows = session.execute(
            select(Record.natural_key, Record.source_digest, Record.withdrawn).where(
                Record.level == level, Record.natural_key.in_(keys)
            )
        )
        return {key: Known(digest, withdrawn) for key, digest, withdrawn in rows}

    def orphans(self, session: Session, level: str, candidates: Sequence[Candidate]) -> set[int]:
        """The places of the candidates whose parent is not there or was withdrawn: their bytes must stay apart.

        Inventories are made on the way, so a file asks for its fonds.
        """
        if level == "fonds":
            return set()
        above = PARENT[level] if level == "document" else "fonds"
        keys = [
            _parent_key(c) if level == "document" else natural_key(c.identifier, c.organ, c.organ) for c in candidates
        ]
        there = self.ancestors.load(session, above, keys)
        return {n for n, key in enumerate(keys) if (one := there.get(key)) is None or one.withdrawn}

    def enter(self, session: Session, package_id: int, candidates: Sequence[Candidate]) -> list[Entry]:
        """Enters candidates of one level, each natural key at most once; returns what was done with each."""
        if not candidates:
            return []
        level = candidates[0].level
        if level == "file":
            self._enter_inventories(session, package_id, candidates)
        parents = self._parents(session, level, candidates)
        existing = {
            record.natural_key: record
            for record in session.scalars(
                select(Record).where(Record.level == level, Record.natural_key.in_([c.key for c in candidates]))
            )
        }
        entries: list[Entry] = []
        fresh: list[tuple[Candidate, Ancestor | None]] = []
        for candidate in candidates:
            parent = parents.get(_parent_key(candidate))
            record = existing.get(candidate.key)
            if level != "fonds" and parent is None:
                entries.append(Entry.ORPHAN)
            elif record is None:
                fresh.append((candidate, parent))
                entries.append(Entry.NEW)
            else:
                entries.append(self._compare(session, package_id, candidate, record, parent))
        self._insert(session, package_id, fresh)
        return entries

    def close_scans(self, session: Session, candidates: Sequence[Candidate]) -> list[ClosedScan]:
        """Closes the scans of files, or of the files of documents, that show more than their documents may.

        Returns these, and those that a withdrawal closed since the last call.
        """
        told, self._closed = self._closed, []
        keys = {c.key if c.level == "file" else _parent_key(c) for c in candidates if c.level in {"file", "document"}}
        if not keys:
            return told
        files = session.scalars(select(Record).where(Record.level == "file", Record.natural_key.in_(keys)))
        return told + close_scans(session, files.all())

    def withdraw(self, session: Session, level: str, key: str) -> bool:
        """Takes a record that turned out to be secret out of everybody's sight at once; True if it was there."""
        record = session.scalar(select(Record).where(Record.level == level, Record.natural_key == key))
        if record is not None:
            forget_departure(session, record)
        if record is None or record.withdrawn:
            return False
        self._closed += withdraw(session, record)
        self.ancestors.forget(level, key)
        return True

    def _compare(
        self, session: Session, package_id: int, candidate: Candidate, record: Record, parent: Ancestor | None
    ) -> Entry:
        if record.source_digest == candidate.digest and not record.withdrawn:
            return Entry.UNCHANGED
        if is_listed(session, record.id):
            candidate.closure = CONDITIONAL  # the list binds whatever a delivery says
        access = _access(candidate, parent, record.public_id, self._agency_code(candidate, parent), record)
        if record.level == "file" and (candidate.files or is_sealed(record.access)):
            access = bind_scan(session, record.id, access, access if candidate.released else record.access)
        back = record.withdrawn and (candidate.released or was_undone(session, record))
        looser = record.withdrawn or is_looser(without_grants(access), without_grants(record.access))
        let = candidate.released or (not record.withdrawn and is_confirmed(session, candidate, record))
        if looser and not back and not let:
            hold(session, package_id, candidate, record)
            return Entry.HELD
        if back:
            record.withdrawn = False
            note_new(session, package_id, [record.id])
        else:
            note_changed(session, package_id, record)
        correct(session, candidate, record, access, self._described(session, candidate, record), parent)
        self.ancestors.forget(candidate.level, candidate.key)
        return Entry.CHANGED

    def _insert(self, session: Session, package_id: int, fresh: Sequence[tuple[Candidate, Ancestor | None]]) -> None:
        if not fresh:
            return
        columns, described = [], []
        for candidate, parent in fresh:
            row, words = self._columns(session, candidate, parent)
            columns.append(row)
            described.append(words)
        # Rows with and without a date, an issuer ... in one statement: otherwise each change of shape begins another.
        rows = insert(Record).returning(Record.id, sort_by_parameter_order=True).execution_options(render_nulls=True)
        ids = list(session.scalars(rows, columns))
        write_members(session, self.names, [(i, c, d) for i, (c, _), d in zip(ids, fresh, described, strict=True)])
        note_new(session, package_id, ids)
        announce(session, ids)

    def _columns(
        self, session: Session, candidate: Candidate, parent: Ancestor | None
    ) -> tuple[dict[str, Any], Described]:
        public_id = new_identifier()
        described = describe(candidate.level, candidate.values)
        agency = self._agency_code(candidate, parent)
        access = _access(candidate, parent, public_id, agency, None)
        agency_id = parent.agency_id if parent else self.names.agency(session, agency, described.title)
        row = {
            "public_id": public_id,
            "level": candidate.level,
            "natural_key": candidate.key,
            "parent_id": parent.id if parent else None,
            "fonds_id": parent.fonds_id if parent else None,
            "agency_id": agency_id,
            "lineage": " ".join((public_id, *(parent.lineage if parent else ()))),
            "delivered": candidate.values,
            "code": candidate.code,
            "source_digest": candidate.digest,
            "level_code": candidate.closure.level,
            "opens_on": candidate.closure.opens_on,
            **self._described_columns(session, candidate, described, candidate.dates),
            **access_columns(access),
        }
        return row, described

    def _described(self, session: Session, candidate: Candidate, record: Record) -> tuple[dict[str, Any], Described]:
        values = {**candidate.values, **record.curated}
        described = describe(candidate.level, values)
        write_members(session, self.names, [(record.id, candidate, described)], replace=True)
        curated = set(DATES[candidate.level]) & set(record.curated)
        days = read_days(candidate.level, values) if curated else candidate.dates
        return self._described_columns(session, candidate, described, days), described

    def _described_columns(
        self, session: Session, candidate: Candidate, words: Described, days: Days | None
    ) -> dict[str, Any]:
        first, last = days or (None, None)
        self.names.people(session, words.people)
        return {
            "title": words.title,
            "number": words.number,
            "type_slug": self.names.term(session, "type", words.type_name),
            "issuer_id": self.names.agent(session, words.issuer),
            "ordinal": words.ordinal,
            "order_key": words.order_key,
            "filing_title": words.filing_title,
            "filing_number": words.filing_number,
            "filing_day": filing_day(first),
            "date_from": first,
            "date_to": last,
            "medium": _medium(candidate),
            "page_count": len(candidate.pages),
        }

    def _enter_inventories(self, session: Session, package_id: int, files: Sequence[Candidate]) -> None:
        wanted: dict[str, Candidate] = {}
        for file in files:
            catalog = file.values.get("FileCatalog", "")
            inventory = Candidate(
                level="inventory",
                identifier=file.identifier,
                organ=file.organ,
                code=catalog,
                values={"FileCatalog": catalog, "Title": inventory_title(catalog) if catalog else "Chưa xếp mục lục"},
                closure=Closure(),
            )
            inventory.seal()
            wanted.setdefault(inventory.key, inventory)
        known = self.ancestors.load(session, "inventory", wanted)
        missing = [one for key, one in wanted.items() if key not in known or known[key].withdrawn]
        self.enter(session, package_id, missing)

    def _parents(self, session: Session, level: str, candidates: Sequence[Candidate]) -> dict[str, Ancestor]:
        if level == "fonds":
            return {}
        return self.ancestors.load(session, PARENT[level], [_parent_key(c) for c in candidates])

    @staticmethod
    def _agency_code(candidate: Candidate, parent: Ancestor | None) -> str:
        return parent.agency_code if parent else candidate.organ


def _parent_key(candidate: Candidate) -> str:
    code = {
        "inventory": candidate.organ,
        "file": candidate.values.get("FileCatalog", ""),
        "document": candidate.file_code,
    }
    return natural_key(candidate.identifier, candidate.organ, code.get(candidate.level, ""))


def _access(candidate: Candidate, parent: Ancestor | None, public_id: str, agency: str, record: Record | None) -> Any:
    own = (candidate.closure, *(record.named_closures if record else ()))
    if parent is not None:
        return parent.member_access(own, public_id)
    hidden = record.hidden_when_closed if record else False
    return derive_access(own, lineage=(public_id,), agency=agency, hidden_when_closed=hidden)


def _medium(candidate: Candidate) -> str:
    if kinds := {one["kind"] for one in candidate.recordings}:
        return "video" if "video" in kinds else "audio"
    if any(page.get("image_sha256") for page in candidate.pages):
        return "photo" if sort_of(candidate.values) == "pic" else "digital"
    if any(page.get("text") for page in candidate.pages):
        return "text"
    # What came as a file that gives no page may be on paper, too: nobody knows
    return "paper" if candidate.level == "document" and not candidate.files and not candidate.lost else ""
