"""What a record that is asked for stands for: a file (hồ sơ) for itself and the documents in it, a document for itself.

A file's own row knows its own pages and closures only.  Whoever decides, charges, copies or hands out takes it with
what lies in it, and the strictest of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from archive.access import Viewer, may, sql_condition
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem

LAYERS = (Record.delivered, Record.proposed, Record.curated, Record.contradicted)  # large, and of no use here


@dataclass(frozen=True, slots=True)
class Covered:
    """A record and, of a file, the documents in it in their order."""

    record: Record
    documents: tuple[Record, ...] = ()

    @property
    def unit_id(self) -> int:
        """The file it is or lies in, by row id: what limits and fees count as one hồ sơ."""
        return unit_id(self.record)

    @property
    def everything(self) -> tuple[Record, ...]:
        """The record, then what is in it."""
        return (self.record, *self.documents)

    @property
    def digitised(self) -> tuple[Record, ...]:
        """What has pages here and stands for the record: itself, or of a file without own pages documents in it."""
        return (self.record,) if self.record.page_count else tuple(one for one in self.documents if one.page_count)

    @property
    def held(self) -> int:
        """How many of the documents have pages here."""
        return sum(1 for one in self.documents if one.page_count)

    @property
    def is_on_paper(self) -> bool:
        """Whether any of it is on paper only: nothing stands for it, or not for each document in it."""
        if self.record.page_count:
            return False
        return not self.documents or any(not one.page_count for one in self.documents)

    def part(self, pages: str) -> "Covered":
        """What it stands for where these pages only are meant ("": all): pages of a file are its own."""
        return Covered(self.record) if pages else self

    def unread(self, viewer: Viewer, day: int) -> list[Record]:
        """What of it the viewer may not read on that day."""
        return [one for one in self.everything if not may(viewer, "read", one, day)]

    def is_open(self, day: int) -> bool:
        """Whether everyone may read all of it on that day."""
        return not self.unread(Viewer.anonymous(), day)


def unit_id(record: Record) -> int:
    """The file that a record is or lies in, by row id; the record itself where it is neither file nor document."""
    return record.parent_id if record.level == "document" and record.parent_id else record.id


def cover(
    session: Session, records: Iterable[Record], viewer: Viewer | None = None, day: int = 0
) -> dict[int, Covered]:
    """What each of the records stands for, by its row id, in the order given.  ``viewer``: only documents that he sees
    on that day, for whatever he is told; None: all there are, for whatever is decided."""
    records = list(records)
    inside: dict[int, list[Record]] = {one.id: [] for one in records if one.level == "file"}
    if inside:
        rows = select(Record).where(
            Record.parent_id.in_(inside), Record.level == "document", Record.withdrawn.is_(False)
        )
        if viewer is not None:
            rows = rows.where(sql_condition(viewer, "see", day))
        ordered = rows.order_by(Record.order_key, Record.id).options(*(defer(one) for one in LAYERS))
        for one in session.scalars(ordered):
            inside[unit_id(one)].append(one)
    return {one.id: Covered(one, tuple(inside.get(one.id, ()))) for one in records}


def asked_for(session: Session, request: ReadingRequest) -> dict[int, Covered]:
    """What the records of a request stand for, by row id."""
    rows = select(Record).join(RequestItem, RequestItem.record_id == Record.id)
    return cover(session, session.scalars(rows.where(RequestItem.request_id == request.id).order_by(Record.id)))


def copied(wholes: Iterable[Covered], pages: Mapping[int, str]) -> dict[int, tuple[Record, str]]:
    """What has pages here and is copied of the records, each once, by row id: the record, and which pages ("": all).
    ``pages`` by row id of what was asked for; what is wanted whole, by itself or with its file, has them all."""
    found: dict[int, tuple[Record, str]] = {}
    for whole in wholes:
        for one in whole.digitised:
            wanted = pages.get(one.id, "") if one is whole.record else ""
            if one.id not in found or not wanted:
                found[one.id] = (one, wanted)
    return found


def digitised_counts(
    session: Session, records: Sequence[Record], viewer: Viewer, day: int
) -> dict[int, tuple[int, int]]:
    """Of each file among the records, by row id: how many documents in it have pages here, and how many there are, of
    those that the viewer sees on that day.  One query; files without any are left out."""
    files = [one.id for one in records if one.level == "file"]
    if not files:
        return {}
    rows = session.execute(
        select(Record.parent_id, func.count().filter(Record.page_count > 0), func.count())
        .where(Record.parent_id.in_(files), Record.level == "document", sql_condition(viewer, "see", day))
        .group_by(Record.parent_id)
    )
    return {file or 0: (held, whole) for file, held, whole in rows}


def closed_ids(session: Session, records: Iterable[Record], viewer: Viewer, day: int) -> set[int]:
    """Those of the records, by row id, of which not everyone may read all on that day (:func:`is_closed`)."""
    ids = [one.id for one in records]
    return set(session.scalars(select(Record.id).where(Record.id.in_(ids), is_closed(day, viewer))))


def on_paper_only() -> ColumnElement[bool]:
    """:attr:`Covered.is_on_paper` as SQL, on the records table."""
    inside = aliased(Record)
    documents = exists().where(inside.parent_id == Record.id, inside.level == "document", inside.withdrawn.is_(False))
    return and_(
        Record.page_count == 0,
        or_(Record.level != "file", ~documents, documents.where(inside.page_count == 0)),
    )


def is_closed(day: int, viewer: Viewer) -> ColumnElement[bool]:
    """Whether not everyone may read all of a record on that day, as SQL on the records table; of what is in a file
    only what the viewer sees."""
    inside = aliased(Record)
    shut = exists().where(
        inside.parent_id == Record.id, inside.level == "document", inside.everyone_from_read > day,
        sql_condition(viewer, "see", day, inside),
    )  # fmt: skip
    return or_(Record.everyone_from_read > day, and_(Record.level == "file", shut))
