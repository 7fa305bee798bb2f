"""Photographs, sound and film below a record: those that the viewer may see, shown as far as he may read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from archive.access import Viewer, may, sql_condition
from archive.browsing import Window
from archive.catalogue.recordings import Recording
from archive.catalogue.records import CLOSED_IMAGES, Page, Record
from archive.remembering import remembered

MEDIA = ("photo", "video", "audio")
SIZE = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A document of a gallery: the page whose image stands for it (0: none that the viewer may see), and how long its
    recordings are in milliseconds (0: not told)."""

    record: Record
    page: int
    milliseconds: int


def media_counts(session: Session, viewer: Viewer, record: Record, day: int) -> dict[str, int]:
    """How many documents of each of MEDIA lie below the fonds, inventory or file."""
    return remembered(session, viewer, day, ("media", record.id), lambda: _counts(session, viewer, record, day))


def _counts(session: Session, viewer: Viewer, record: Record, day: int) -> dict[str, int]:
    rows = session.execute(
        select(Record.medium, func.count())
        .where(_below(record), sql_condition(viewer, "see", day))
        .group_by(Record.medium)
    )
    found = {medium: count for medium, count in rows}  # noqa: C416 - rows are no pairs to the type checker
    return {medium: found[medium] for medium in MEDIA if medium in found}


def gallery(session: Session, viewer: Viewer, record: Record, day: int, start: int, medium: str = "") -> Window:
    """SIZE documents of MEDIA (or of one of them) below the record from place ``start`` (from 1), oldest first."""
    counts = media_counts(session, viewer, record, day)
    total = counts.get(medium, 0) if medium else sum(counts.values())
    start = max(1, min(start, total))
    wanted = select(Record).where(_below(record), sql_condition(viewer, "see", day))
    if medium:
        wanted = wanted.where(Record.medium == medium)
    ordered = wanted.order_by(Record.date_from.is_(None), Record.date_from, Record.order_key, Record.id)
    return Window(tuple(session.scalars(ordered.offset(start - 1).limit(SIZE))), start, total)


def _below(record: Record) -> ColumnElement[bool]:
    own = and_(Record.level == "document", Record.medium.in_(MEDIA))
    if record.level == "fonds":
        return and_(Record.fonds_id == record.id, own)
    if record.level == "file":
        return and_(Record.parent_id == record.id, own)
    middle = aliased(Record)
    return and_(Record.parent_id.in_(select(middle.id).where(middle.parent_id == record.id)), own)


def pieces(session: Session, viewer: Viewer, records: Sequence[Record], day: int) -> list[Piece]:
    """The documents with what stands for each; nothing of the content of what the viewer may not read."""
    readable = [one.id for one in records if may(viewer, "read", one, day)]
    images = session.execute(
        select(Page.record_id, func.min(Page.n))
        .where(Page.record_id.in_(readable), Page.image_sha256.is_not(None), Page.image_held.not_in(CLOSED_IMAGES))
        .group_by(Page.record_id)
    )
    first = {row[0]: row[1] for row in images}
    lengths = session.execute(
        select(Recording.record_id, func.sum(Recording.milliseconds))
        .where(Recording.record_id.in_(readable))
        .group_by(Recording.record_id)
    )
    long = {row[0]: row[1] or 0 for row in lengths}
    return [Piece(one, first.get(one.id, 0), long.get(one.id, 0)) for one in records]
