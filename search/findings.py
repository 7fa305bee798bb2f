"""What the engine found, as the database has it: every id is checked again, in one query, before anything is shown."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from archive.access import NEVER, Access, Viewer, may, sql_condition
from archive.among import among_named
from archive.catalogue.authorities import Agent, Term
from archive.catalogue.outbox import Veto
from archive.catalogue.records import Record, read_access, read_days
from search.results import Hit, PageHit, Parts, Step

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Dropped:
    """How often the index offered a record that the database withheld; more than a few an hour is an alarm."""

    count: int = 0

    def add(self, number: int) -> None:
        """Counts, and says so in the log (without names)."""
        if number:
            self.count += number
            _log.warning("the index offered %d record(s) that the catalogue withholds", number)


DROPPED = Dropped()


class Found(NamedTuple):
    """What is shown of a record, and its rights: a row as it comes, since a search needs no objects that can change."""

    id: int
    public_id: str
    level: str
    lineage: str
    code: str
    title: str
    number: str
    type: str | None
    issuer: str | None
    date_from: int | None
    date_to: int | None
    medium: str
    page_count: int
    everyone_from_see: int
    everyone_from_search: int
    everyone_from_read: int
    allow_see: str
    allow_search: str
    allow_read: str
    deny_see: str
    deny_search: str
    deny_read: str

    @property
    def access(self) -> Access:
        """The three rights of the record."""
        return read_access(self)


_VETOES = select(Veto.record).distinct().order_by(Veto.record)
# Found by their keys, at most one each: cheaper with the record than in statements of their own.
_SHOWN = {
    "type": select(Term.label).where(Term.vocabulary == "type", Term.slug == Record.type_slug),
    "issuer": select(Agent.name).where(Agent.id == Record.issuer_id),
}


def read_vetoes(session: Session) -> tuple[str, ...]:
    """The public identifiers kept back, with all below them, until the indices confirm."""
    return tuple(session.connection().scalars(_VETOES))


def _unmarked(title: str) -> Parts:
    return ((title, False),) if title else ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Records that the viewer may see, in the order asked for, with what is needed to show them."""

    viewer: Viewer
    day: int
    records: tuple[Found, ...] = ()
    above: dict[str, Found] = field(default_factory=dict)  # ancestors that he may see, by public identifier

    def searchable(self) -> tuple[Found, ...]:
        """Those whose text he may search."""
        return tuple(record for record in self.records if may(self.viewer, "search", record, self.day))

    def path(self, record: Found) -> tuple[Step, ...]:
        """The ancestors from the fonds down."""
        known = (self.above.get(one) for one in reversed(record.lineage.split()[1:]))
        return tuple(Step(one.public_id, one.level, one.title, one.code) for one in known if one)

    def hit(
        self, record: Found, snippet: Parts, pages: tuple[PageHit, ...], mark_title: Callable[[str], Parts] = _unmarked
    ) -> Hit:
        """The record as a hit; ``mark_title`` marks what of a title matches."""
        opens = record.everyone_from_read
        state = "open" if opens <= self.day else "until" if opens < NEVER else "conditional"
        top = record.lineage.split()[-1]
        return Hit(
            id=record.public_id,
            level=record.level,
            title=record.title,
            code=record.code,
            number=record.number,
            issuer=record.issuer or "",
            type=record.type or "",
            dates=read_days(record),
            fonds=top if top in self.above or top == record.public_id else "",
            path=self.path(record),
            access=state,
            opens_on=opens if state == "until" else None,
            readable=may(self.viewer, "read", record, self.day),
            medium=record.medium,
            page_count=record.page_count,
            snippet=snippet,
            pages=pages,
            mark_title=mark_title,
        )

    def plain_hit(self, record: Found) -> Hit:
        """The record as a hit without marks or snippets."""
        return self.hit(record, (), ())


def load_findings(
    session: Session, viewer: Viewer, day: int, ids: Sequence[str], vetoes: Iterable[str] = ()
) -> Findings:
    """Loads what the viewer may see of the public identifiers, with their ancestors, in one query for all of them."""
    if not ids:
        return Findings(viewer, day)
    records = _visible(session, viewer, day, ids)
    kept_back = set(vetoes)
    found = {one.public_id: one for one in records if kept_back.isdisjoint(one.lineage.split())}
    wanted = {one for record in found.values() for one in record.lineage.split()[1:]}
    above = {one.public_id: one for one in _visible(session, viewer, day, wanted)} if wanted else {}
    return Findings(viewer, day, tuple(found[one] for one in ids if one in found), above)


def _visible(session: Session, viewer: Viewer, day: int, ids: Iterable[str]) -> list[Found]:
    asked = {"ids": list(ids), "day": day}
    rows = session.connection().execute(_visible_records(tuple(sorted(viewer.tags))), asked)
    return list(map(Found._make, rows.all()))


@lru_cache(maxsize=1_000)
def _visible_records(tags: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Records of ``ids`` that a viewer with the tags may see on a ``day``; building it costs more than running it."""
    may_see = sql_condition(Viewer(frozenset(tags)), "see", bindparam("day", type_=Integer))
    asked = among_named(Record.public_id, "ids")
    shown = (_SHOWN[name].scalar_subquery() if name in _SHOWN else getattr(Record, name) for name in Found._fields)
    return select(*shown).where(asked, ~Record.withdrawn, may_see)
