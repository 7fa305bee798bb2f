"""Reading the catalogue as a viewer: every record, member, count and date that comes from here may be seen.

A record that is hidden and a record that does not exist are the same answer: None.
"""

from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from archive.access import NEVER, Viewer, may, sql_condition
from archive.catalogue.records import Page, Record
from archive.identifiers import is_identifier
from archive.remembering import remembered

WINDOW = 50


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a record's members in their order: ``start`` counts from 1, ``total`` is all that may be seen."""

    records: tuple[Record, ...]
    start: int
    total: int

    @property
    def end(self) -> int:
        """The place of the last member of this window."""
        return self.start + len(self.records) - 1

    @property
    def before(self) -> int | None:
        """Where the window before begins, or None."""
        return max(1, self.start - WINDOW) if self.start > 1 else None

    @property
    def after(self) -> int | None:
        """Where the window after begins, or None."""
        return self.end + 1 if self.end < self.total else None


IMAGED = ("digital", "photo")  # media of documents that have images


@dataclass(frozen=True, slots=True)
class Extent:
    """What lies below a record, of what the viewer may see: members by level, earliest and latest day, own pages."""

    inventories: int = 0
    files: int = 0
    documents: int = 0
    date_from: int | None = None
    date_to: int | None = None
    digital: int = 0  # documents with page images, where they were counted


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands among the siblings that may be seen."""

    position: int
    total: int
    previous: Record | None
    next: Record | None


def find_record(session: Session, viewer: Viewer, public_id: str, day: int) -> Record | None:
    """The record of that public identifier if the viewer may see it on that day."""
    if not is_identifier(public_id):
        return None
    return session.scalar(select(Record).where(Record.public_id == public_id, sql_condition(viewer, "see", day)))


def find_readable(session: Session, viewer: Viewer, public_id: str, day: int) -> Record | None:
    """The record of that public identifier if the viewer may see and read it on that day."""
    found = find_record(session, viewer, public_id, day)
    return found if found is not None and may(viewer, "read", found, day) else None


def ancestors(session: Session, viewer: Viewer, record: Record, day: int) -> tuple[Record, ...]:
    """The record's ancestors that may be seen, from the fonds down."""
    above = record.lineage.split()[1:]
    if not above:
        return ()
    found = session.scalars(select(Record).where(Record.public_id.in_(above), sql_condition(viewer, "see", day)))
    by_id = {one.public_id: one for one in found}
    return tuple(by_id[one] for one in reversed(above) if one in by_id)


def children(
    session: Session, viewer: Viewer, parent: Record, day: int, start: int = 1, *, level: str = "", size: int = WINDOW
) -> Window:
    """Members directly below the parent, ``size`` from place ``start`` (from 1), in their order."""
    below = _members(viewer, day, parent, level)
    total = remembered(
        session,
        viewer,
        day,
        ("children", parent.id, level),
        lambda: session.scalar(select(func.count()).select_from(below.subquery())) or 0,
    )
    start = max(1, min(start, total))
    # The index alone skips what is before the window; only the window's rows are read
    ids = list(session.scalars(below.order_by(Record.order_key, Record.id).offset(start - 1).limit(size)))
    rows = {one.id: one for one in session.scalars(select(Record).where(Record.id.in_(ids)))}
    return Window(tuple(rows[one] for one in ids if one in rows), start, total)


def position(
    session: Session, viewer: Viewer, parent: Record, day: int, public_id: str, *, level: str = ""
) -> int | None:
    """The place (from 1) of that member in the members' own order; None where there is none that may be seen."""
    below = _members(viewer, day, parent, level)
    if not is_identifier(public_id):
        return None
    own = below.with_only_columns(Record.order_key, Record.id).where(Record.public_id == public_id)
    found = session.execute(own).one_or_none()
    if found is None:
        return None
    before = tuple_(Record.order_key, Record.id) < tuple_(*found)
    return (session.scalar(select(func.count()).select_from(below.where(before).subquery())) or 0) + 1


def _members(viewer: Viewer, day: int, parent: Record, level: str) -> Select[int]:
    below = select(Record.id).where(Record.parent_id == parent.id, sql_condition(viewer, "see", day))
    return below.where(Record.level == level) if level else below


def all_fonds(session: Session, viewer: Viewer, day: int) -> tuple[Record, ...]:
    """Every fonds that may be seen, by title."""
    ordered = _seen(viewer, day, Record.level == "fonds").order_by(Record.order_key, Record.title, Record.id)
    return tuple(session.scalars(ordered))


def fonds_extents(session: Session, viewer: Viewer, day: int) -> dict[int, Extent]:
    """What lies in each fonds, by the fonds' row id."""
    return remembered(session, viewer, day, ("fonds",), lambda: _fonds_extents(session, viewer, day))


def _fonds_extents(session: Session, viewer: Viewer, day: int) -> dict[int, Extent]:
    digital = func.count().filter(Record.medium.in_(IMAGED), Record.level == "document")
    rows = session.execute(
        select(
            Record.fonds_id, Record.level, func.count(), func.min(Record.date_from), func.max(Record.date_to), digital
        )
        .where(Record.fonds_id.is_not(None), Record.level != "fonds", sql_condition(viewer, "see", day))
        .group_by(Record.fonds_id, Record.level)
    ).all()
    found: dict[int, list[tuple[str, int, int | None, int | None]]] = {}
    images: Counter[int] = Counter()
    for fonds_id, level, count, first, last, held in rows:
        found.setdefault(fonds_id or 0, []).append((level, count, first, last))
        images[fonds_id or 0] += held
    return {fonds_id: replace(_extent(parts), digital=images[fonds_id]) for fonds_id, parts in found.items()}


def extent(session: Session, viewer: Viewer, record: Record, day: int) -> Extent:
    """What lies below a fonds, an inventory or a file."""
    return remembered(session, viewer, day, ("below", record.id), lambda: _extent_below(session, viewer, record, day))


def _extent_below(session: Session, viewer: Viewer, record: Record, day: int) -> Extent:
    if record.level == "fonds":
        below: ColumnElement[bool] = and_(Record.fonds_id == record.id, Record.id != record.id)
    else:
        middle = aliased(Record)
        inside = select(middle.id).where(middle.parent_id == record.id)
        below = or_(Record.parent_id == record.id, Record.parent_id.in_(inside))
    rows = session.execute(
        select(Record.level, func.count(), func.min(Record.date_from), func.max(Record.date_to))
        .where(below, sql_condition(viewer, "see", day))
        .group_by(Record.level)
    ).all()
    return _extent([(level, count, first, last) for level, count, first, last in rows])


def children_extents(session: Session, viewer: Viewer, records: tuple[Record, ...], day: int) -> dict[int, Extent]:
    """What lies directly below each of the records, by row id."""
    if not records:
        return {}
    rows = session.execute(
        select(Record.parent_id, Record.level, func.count(), func.min(Record.date_from), func.max(Record.date_to))
        .where(Record.parent_id.in_([one.id for one in records]), sql_condition(viewer, "see", day))
        .group_by(Record.parent_id, Record.level)
    ).all()
    found: dict[int, list[tuple[str, int, int | None, int | None]]] = {}
    for parent_id, level, count, first, last in rows:
        if parent_id is not None:
            found.setdefault(parent_id, []).append((level, count, first, last))
    return {parent_id: _extent(parts) for parent_id, parts in found.items()}


def digitised(session: Session, viewer: Viewer, fonds: Record, day: int) -> dict[int, tuple[int, int]]:
    """Of each inventory of a fonds, by row id: how many documents in its files have images, and how many there are."""
    return remembered(session, viewer, day, ("digitised", fonds.id), lambda: _digitised(session, viewer, fonds, day))


def _digitised(session: Session, viewer: Viewer, fonds: Record, day: int) -> dict[int, tuple[int, int]]:
    file = aliased(Record)
    rows = session.execute(
        select(file.parent_id, func.count().filter(Record.medium.in_(IMAGED)), func.count())
        .join(file, file.id == Record.parent_id)
        .where(Record.fonds_id == fonds.id, Record.level == "document", file.level == "file")
        .where(sql_condition(viewer, "see", day))
        .group_by(file.parent_id)
    )
    return {parent: (held, all_of_them) for parent, held, all_of_them in rows if parent is not None}


def access_counts(session: Session, viewer: Viewer, fonds: Record, day: int) -> dict[str, int]:
    """Documents and files of a fonds by how they may be read today: open, until, conditional."""
    return remembered(session, viewer, day, ("access", fonds.id), lambda: _access_counts(session, viewer, fonds, day))


def _access_counts(session: Session, viewer: Viewer, fonds: Record, day: int) -> dict[str, int]:
    open_now = Record.everyone_from_read <= day
    later = and_(Record.everyone_from_read > day, Record.everyone_from_read < NEVER)
    rows = session.execute(
        select(open_now, later, func.count())
        .where(Record.fonds_id == fonds.id, Record.level.in_(("file", "document")), sql_condition(viewer, "see", day))
        .group_by(open_now, later)
    ).all()
    return {("open" if o else "until" if u else "conditional"): count for o, u, count in rows}


def place_of(session: Session, viewer: Viewer, record: Record, day: int) -> Place:
    """The record's place among its siblings of the same level."""
    siblings = _seen(viewer, day, Record.parent_id == record.parent_id).where(Record.level == record.level)
    own = Record.order_key == record.order_key
    earlier = siblings.where(or_(Record.order_key < record.order_key, and_(own, Record.id < record.id)))
    later = siblings.where(or_(Record.order_key > record.order_key, and_(own, Record.id > record.id)))
    before = _count(session, earlier)
    total = remembered(
        session,
        viewer,
        day,
        ("siblings", record.parent_id, record.level),
        lambda: _count(session, siblings),
    )
    return Place(
        position=before + 1,
        total=total,
        previous=session.scalar(earlier.order_by(Record.order_key.desc(), Record.id.desc()).limit(1)),
        next=session.scalar(later.order_by(Record.order_key, Record.id).limit(1)),
    )


def recently_opened(
    session: Session, viewer: Viewer, day: int, *, within: int = 90, limit: int = 6
) -> tuple[Record, ...]:
    """Files and documents that everyone may read since at most ``within`` days, the latest first."""
    # Only files and documents have a day of opening; without a condition on the level the index on the day is taken
    opened = Record.everyone_from_read.between(max(1, day - within), day)
    found = _seen(viewer, day, opened)
    return tuple(session.scalars(found.order_by(Record.everyone_from_read.desc(), Record.id).limit(limit)))


def opened_between(session: Session, viewer: Viewer, day: int, first: int, last: int, start: int = 1) -> Window:
    """Files and documents that opened for everyone from the day ``first`` to ``last``, the latest first, WINDOW from
    place ``start`` on."""
    found = _seen(viewer, day, Record.everyone_from_read.between(max(1, first), last))
    total = _count(session, found)
    start = max(1, min(start, total))
    ordered = found.order_by(Record.everyone_from_read.desc(), Record.id).offset(start - 1).limit(WINDOW)
    return Window(tuple(session.scalars(ordered)), start, total)


def first_documents(
    session: Session, viewer: Viewer, record: Record, day: int, *, limit: int = 2
) -> tuple[Record, ...]:
    """A few documents below the record, by going down to the first member of each level."""
    while record.level != "document":
        below = children(session, viewer, record, day, size=limit).records
        if not below or below[0].level == "document":
            return below
        record = below[0]
    return ()


def own_pages(session: Session, record: Record) -> list[tuple[int, bool]]:
    """The record's own pages: number, and whether it has an image.  Only for one who may read it."""
    rows = session.execute(
        select(Page.n, Page.image_sha256.is_not(None)).where(Page.record_id == record.id).order_by(Page.n)
    )
    return [(n, bool(has_image)) for n, has_image in rows]


def standing(record: Record, day: int) -> tuple[str, int | None]:
    """How a record's content may be read on that day: ``open``, ``until`` with the day it opens, ``conditional``."""
    opens = record.everyone_from_read
    if opens <= day:
        return "open", None
    return ("until", opens) if opens < NEVER else ("conditional", None)


def _count(session: Session, found: Select[Record]) -> int:
    return session.scalar(select(func.count()).select_from(found.with_only_columns(Record.id).subquery())) or 0


def _seen(viewer: Viewer, day: int, condition: ColumnElement[bool]) -> Select[Record]:
    return select(Record).where(condition, sql_condition(viewer, "see", day))


def _extent(parts: list[tuple[str, int, int | None, int | None]]) -> Extent:
    counts = {level: count for level, count, _first, _last in parts}
    firsts = [first for _level, _count, first, _last in parts if first is not None]
    lasts = [last for _level, _count, _first, last in parts if last is not None]
    return Extent(
        inventories=counts.get("inventory", 0),
        files=counts.get("file", 0),
        documents=counts.get("document", 0),
        date_from=min(firsts) if firsts else None,
        date_to=max(lasts) if lasts else None,
    )
