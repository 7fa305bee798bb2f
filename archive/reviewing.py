"""Images of pages that show personal numbers: what waits for a person's decision, and deciding.

An image is released with a ground, or kept from readers; either is in the audit trail, without the numbers.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.audit import record_event
from archive.catalogue.personal import PersonalMark
from archive.catalogue.recordings import Recording
from archive.catalogue.records import CLOSED_IMAGES, Page, Record

Decision = Literal["released", "kept"]
WINDOW = 50


class ReviewError(ValueError):
    """The decision cannot be taken; the text is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class HeldImage:
    """A page whose image waits, or its recording: its record, its number, the kinds of what was found on it."""

    record: Record
    n: int
    kinds: tuple[str, ...]
    is_recording: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A stretch of what waits: ``start`` counts from 1, ``total`` is all."""

    images: tuple[HeldImage, ...]
    start: int
    total: int


def waiting_images(session: Session, viewer: Viewer | None, day: int, start: int = 1, *, size: int = WINDOW) -> Queue:
    """What waits in records that the viewer may read (None: whoever has the machine), ``size`` from place ``start``."""
    readable: ColumnElement[bool] = sql_condition(viewer, "read", day) if viewer else true()
    images = select(Page.record_id, Page.n, literal(value=False).label("heard")).where(Page.image_held == "held")
    sounds = select(Recording.record_id, Recording.n, literal(value=True)).where(Recording.held == "held")
    waits = union_all(images, sounds).subquery()
    held = select(Record, waits.c.n, waits.c.heard).join(waits, waits.c.record_id == Record.id).where(readable)
    total = session.scalar(select(func.count()).select_from(held.subquery())) or 0
    start = max(1, min(start, total))
    rows = session.execute(held.order_by(Record.id, waits.c.n).offset(start - 1).limit(size)).all()
    kinds: dict[tuple[int, int], set[str]] = defaultdict(set)
    if rows:
        places = or_(*(and_(PersonalMark.record_id == record.id, PersonalMark.page == n) for record, n, _heard in rows))
        marks = select(PersonalMark.record_id, PersonalMark.page, PersonalMark.kind).where(places).distinct()
        for record_id, n, kind in session.execute(marks):
            kinds[record_id, n].add(kind)
    found = tuple(HeldImage(one, n, tuple(sorted(kinds[one.id, n])), bool(heard)) for one, n, heard in rows)
    return Queue(found, start, total)


def decide_image(session: Session, actor: str, record: Record, n: int, decision: Decision, ground: str) -> None:
    """Releases or keeps the image or the recording of page ``n``; a later decision replaces an earlier one.

    ReviewError where the page has none such, or it is to be released without a ground.
    """
    recording = session.get(Recording, (record.id, n))
    if recording is not None and recording.held:
        if decision == "released" and not ground.strip():
            raise ReviewError("Cần nêu căn cứ để công khai bản ghi.")
        recording.held = decision
        session.flush()
        record_event(session, actor, f"recording-{decision}", record.public_id, page=n, ground=ground.strip())
        return
    page = session.get(Page, (record.id, n))
    if page is None or page.image_sha256 is None or not page.image_held:
        raise ReviewError(f"Trang {n} không có ảnh chờ duyệt.")
    if decision == "released" and not ground.strip():
        raise ReviewError("Cần nêu căn cứ để công khai ảnh.")
    page.image_held = decision
    session.flush()
    record_event(session, actor, f"image-{decision}", record.public_id, page=n, ground=ground.strip())


def keep_image(session: Session, actor: str, record: Record, n: int, ground: str) -> None:
    """Takes the image or the recording of any page out of readers' sight; ReviewError where the page has none."""
    recording = session.get(Recording, (record.id, n))
    if recording is not None:
        recording.held = "kept"
        session.flush()
        record_event(session, actor, "recording-kept", record.public_id, page=n, ground=ground.strip())
        return
    page = session.get(Page, (record.id, n))
    if page is None or page.image_sha256 is None:
        raise ReviewError(f"Trang {n} không có ảnh.")
    page.image_held = "kept"
    session.flush()
    record_event(session, actor, "image-kept", record.public_id, page=n, ground=ground.strip())


def closed_images(session: Session, record: Record) -> set[int]:
    """The numbers of the record's pages whose image readers are not shown."""
    closed = (Page.record_id == record.id, Page.image_sha256.is_not(None), Page.image_held.in_(CLOSED_IMAGES))
    return set(session.scalars(select(Page.n).where(*closed)))


def marks_of_page(session: Session, record: Record, n: int) -> list[PersonalMark]:
    """What is masked on page ``n`` (0: in the description)."""
    own = (PersonalMark.record_id == record.id, PersonalMark.page == n, PersonalMark.end > PersonalMark.start)
    return list(session.scalars(select(PersonalMark).where(*own).order_by(PersonalMark.field, PersonalMark.start)))
