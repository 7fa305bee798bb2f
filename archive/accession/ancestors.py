"""What a new record takes from the records above it: path, fonds, agency, closures."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Access
from archive.access_rules import Closure, derive_access
from archive.catalogue.records import Record


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A record as its members need it."""

    id: int
    public_id: str
    fonds_id: int
    agency_id: int | None
    agency_code: str
    lineage: tuple[str, ...]
    closures: tuple[Closure, ...]
    hidden_when_closed: bool
    withdrawn: bool

    def member_access(self, own: Iterable[Closure], public_id: str) -> Access:
        """The access of a member closed by itself as ``own``: the strictest of all wins."""
        return derive_access(
            (*own, *self.closures),
            lineage=(public_id, *self.lineage),
            agency=self.agency_code,
            hidden_when_closed=self.hidden_when_closed,
            withdrawn=self.withdrawn,
        )


def ancestor_of(record: Record, agency_code: str, above: "Ancestor | None") -> Ancestor:
    """The record as an ancestor, below ``above``."""
    return Ancestor(
        id=record.id,
        public_id=record.public_id,
        fonds_id=record.fonds_id or record.id,
        agency_id=record.agency_id,
        agency_code=agency_code,
        lineage=tuple(record.lineage.split()),
        closures=(*record.closures, *(above.closures if above else ())),
        hidden_when_closed=record.hidden_when_closed or (above.hidden_when_closed if above else False),
        withdrawn=record.withdrawn or (above.withdrawn if above else False),
    )


class Ancestors:
    """Loads ancestors by level and natural key; keeps what it loaded until told to forget."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Ancestor] = {}

    def forget(self, level: str | None = None, key: str = "") -> None:
        """Forgets one ancestor and whatever may lie below it, or all."""
        if level == "file":
            self._known.pop((level, key), None)
        elif level != "document":  # nothing lies below a document
            self._known.clear()

    def load(self, session: Session, level: str, keys: Iterable[str]) -> dict[str, Ancestor]:
        """The ancestors of that level by natural key; those that are not there are absent."""
        from archive.catalogue.authorities import Agency

        wanted = dict.fromkeys(keys)
        missing = [key for key in wanted if (level, key) not in self._known]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            rows = session.execute(
                select(Record, Agency.code)
                .outerjoin(Agency, Agency.id == Record.agency_id)
                .where(Record.level == level, Record.natural_key.in_(part))
            )
            for record, code in rows:
                above = self._above(session, record, code or "")
                self._known[level, record.natural_key] = ancestor_of(record, code or "", above)
        return {key: self._known[level, key] for key in wanted if (level, key) in self._known}

    def _above(self, session: Session, record: Record, agency_code: str) -> Ancestor | None:
        parent = session.get(Record, record.parent_id) if record.parent_id else None
        if parent is None:
            return None
        known = self._known.get((parent.level, parent.natural_key))
        if known is None:
            known = ancestor_of(parent, agency_code, self._above(session, parent, agency_code))
            self._known[parent.level, parent.natural_key] = known
        return known
