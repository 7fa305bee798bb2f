"""Deliveries as people see them: receiving, whose they are, how far they are, their report, deciding what is held.

An archivist of the whole archive and a head see every delivery, a clerk those of the own agency, everybody else who may
hand over only the own ones: a report quotes what was delivered.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.audit import record_event
from archive.catalogue.authorities import Agency
from archive.catalogue.deliveries import Accession, Handover, Package, ReportRow
from archive.catalogue.reading import RecognitionTask
from archive.catalogue.records import ENCLOSED, Page, Record, RecordFile
from archive.claims import brought_before, changed_nothing, claimed, counts_of, own_lines
from archive.clock import now, seconds_left
from archive.identifiers import new_identifier
from archive.locks import is_held
from archive.outbox import positions
from archive.settings import settings

GIVERS = frozenset({"clerk", "archivist", "head", "administrator"})
CONTEXT = ("identifier", "organ", "fonds_name", "issuer", "access", "file")
INCOMING = ".incoming"
TAKING, READING = "intake", "recognition"  # the locks of who takes and of who reads images (indexer)
WINDOW = 50
PIECE = 1 << 20
LONGEST_NAME = 120
_UNSAFE = re.compile(r"[^\w.,()+ -]")


class HandoverError(ValueError):
    """A delivery cannot be received or decided; the text is Vietnamese and says why."""


class ConflictError(HandoverError):
    """The same key stands for another request, or a piece does not go on where the last one ended."""


class EndedError(HandoverError):
    """A piece for a delivery that was given up before it was whole."""


def may_give(viewer: Viewer) -> bool:
    """Whether somebody may hand over at all."""
    return viewer.role in GIVERS


def sees_all(viewer: Viewer) -> bool:
    """Whether somebody decides about deliveries, and so sees all of them."""
    return viewer.role == "head" or "role:archivist" in viewer.tags


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The deliveries that a viewer sees."""
    if not may_give(viewer):
        return false()
    if sees_all(viewer):
        return true()
    own = Handover.account == viewer.name
    if viewer.role == "clerk" and viewer.agency:
        return or_(own, Handover.agency_id.in_(select(Agency.id).where(Agency.code == viewer.agency)))
    return own


def folder_of(public_id: str) -> Path:
    """Where the bytes of a delivery lie."""
    return settings().home / "deliveries" / public_id


def safe_name(name: str) -> str:
    """A file's name without path and without what file systems or people could mistake; its ending stays."""
    last = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "goi"
    return last if len(last) <= LONGEST_NAME else last[-LONGEST_NAME:]


def receive(
    session: Session,
    viewer: Viewer,
    *,
    channel: str,
    name: str,
    context: Mapping[str, str],
    size: int = 0,
    place: Path | None = None,
    key: str | None = None,
    asked: str = "",
    goes_on: bool = False,
    agent: str = "",
    corrects: str = "",
) -> tuple[Handover, bool]:
    """A new delivery (state receiving, or waiting where it lies at ``place`` already), and whether it is new.

    The same ``key`` of the same account is the same delivery; ConflictError if something else was ``asked`` then,
    HandoverError where this viewer may not hand over.  ``goes_on``: what the account ``asked`` by this channel and did
    not send to its end is the same delivery, too; what is said of it now counts over what was said then.
    ``agent`` is the token that the account used; ``corrects`` the earlier delivery that this one corrects, which the
    viewer must see.
    """
    if not may_give(viewer) or (viewer.role == "clerk" and not viewer.agency):
        raise HandoverError("Tài khoản này không được giao nộp; cán bộ cơ quan cần được gắn với một cơ quan.")
    if key:
        known = session.scalar(select(Handover).where(Handover.account == viewer.name, Handover.idempotency_key == key))
        if known is not None:
            if known.asked != asked:
                raise ConflictError("Idempotency-Key này đã dùng cho một lần giao khác.")
            return known, False
    told = {one: context[one].strip() for one in CONTEXT if context.get(one, "").strip()}
    if told.get("access") not in (None, "01", "02"):
        raise HandoverError("Mức tiếp cận chỉ là 01 hoặc 02.")
    agency = None
    if viewer.role == "clerk":
        told |= {"only": viewer.agency, "organ": told.get("organ") or viewer.agency}
        agency = session.scalar(select(Agency.id).where(Agency.code == viewer.agency))
    if corrects and find(session, viewer, corrects) is None:
        raise HandoverError("Không có lần giao trước như vậy.")
    if goes_on and (begun := _unfinished(session, viewer, channel, asked)):
        begun.context, begun.corrects = {**begun.context, **told}, corrects or begun.corrects
        return begun, False
    public_id = new_identifier()
    made = Handover(
        public_id=public_id,
        account=viewer.name,
        agent=agent,
        agency_id=agency,
        channel=channel,
        name=safe_name(name) if place is None else name,
        place=str(place or folder_of(public_id) / safe_name(name)),
        size=size,
        arrived=0 if place is None else size,
        idempotency_key=key or None,
        asked=asked,
        context=told,
        corrects=corrects,
        state="receiving" if place is None else "waiting",
        received=now(),
    )
    session.add(made)
    session.flush()
    record_event(session, viewer.name, "delivery-received", None, delivery=public_id, name=made.name, channel=channel)
    return made, True


def _unfinished(session: Session, viewer: Viewer, channel: str, asked: str) -> Handover | None:
    own = (Handover.account == viewer.name, Handover.channel == channel, Handover.state == "receiving")
    return session.scalars(select(Handover).where(*own, Handover.asked == asked).order_by(Handover.id.desc())).first()


@dataclass(frozen=True, slots=True)
class Spooled:
    """Bytes that came, in a file of their own until they belong to a delivery."""

    path: Path
    size: int
    sha256: str


@contextmanager
def spooled(stream: IO[bytes], most: int) -> Iterator[Spooled]:
    """Puts a stream into a file, outside any transaction; HandoverError where there are more than ``most`` bytes.

    What the block did not take over is removed behind it.
    """
    folder = folder_of(INCOMING)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / new_identifier()
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            while data := stream.read(PIECE):
                size += len(data)
                if size > most:
                    raise HandoverError(f"Lớn quá giới hạn {max(1, most >> 20)} MiB; hãy chia nhỏ.")
                digest.update(data)
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield Spooled(path, size, digest.hexdigest())
    finally:
        path.unlink(missing_ok=True)


def add_piece(session: Session, handover: Handover, offset: int, piece: Spooled) -> int:
    """Adds bytes at ``offset``; the last ones make the delivery wait for its taking.  Returns how many have arrived.

    ConflictError where the offset is not where the last piece ended, HandoverError where more comes than was told,
    EndedError where nothing is awaited any more.  The row's version refuses a second piece at the same place.
    """
    if handover.state != "receiving" and handover.arrived < handover.size:
        raise EndedError("Lần giao này không nhận tiếp nữa; hãy gửi lại từ đầu.")
    if handover.state != "receiving":
        raise ConflictError("Lần giao này đã nhận đủ.")
    if offset != handover.arrived:
        raise ConflictError(f"Đã có {handover.arrived} byte; phần tiếp phải bắt đầu ở đó.")
    if offset + piece.size > handover.size:
        raise HandoverError(f"Nhiều byte hơn đã khai ({handover.size}).")
    handover.arrived = offset + piece.size
    if handover.arrived == handover.size:
        handover.state = "waiting"
    session.flush()
    path = Path(handover.place)
    path.parent.mkdir(parents=True, exist_ok=True)
    if offset == 0:
        piece.path.replace(path)
        return handover.arrived
    with path.open("r+b") as file, piece.path.open("rb") as source:
        file.truncate(offset)
        file.seek(offset)
        shutil.copyfileobj(source, file, PIECE)
    return handover.arrived


def digest_of(name: str, size: int, context: Mapping[str, str], content: str = "") -> str:
    """What a request under an idempotency key asks for."""
    told = [name, size, sorted((k, v) for k, v in context.items() if v), content]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def find(session: Session, viewer: Viewer, public_id: str) -> Handover | None:
    """The delivery, if the viewer sees it."""
    return session.scalar(select(Handover).where(Handover.public_id == public_id, visible_to(viewer)))


def listed(session: Session, viewer: Viewer, state: str = "", start: int = 0) -> tuple[list[Handover], int]:
    """Deliveries that the viewer sees, newest first, ``WINDOW`` from place ``start`` (from 0), and their number."""
    asked = select(Handover).where(visible_to(viewer), *([Handover.state == state] if state else []))
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    rows = session.scalars(asked.order_by(Handover.id.desc()).offset(max(0, start)).limit(WINDOW))
    return list(rows), total


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a delivery is: rows by outcome, what it holds, whether it is searchable, seconds left of its taking, then
    of the pages that a machine reads (None: unknown); ``rests``: both wait, and no process is at it now."""

    counts: Mapping[str, int]
    files: int
    pages: int
    records: int
    indexed: bool
    seconds_left: int | None
    recognised: int  # pages that a machine has read
    to_recognise: int  # that wait for it
    unread: int  # that it could not read: they wait for a person
    rests: bool


def progress(session: Session, handover: Handover) -> Progress:
    """Measured from the catalogue at this moment."""
    package = session.get(Package, handover.package_id) if handover.package_id else None
    records = pages = files = read = 0
    waiting: dict[bool, int] = {}
    if package:
        ours = select(Accession.record_id).where(claimed(session, handover)).distinct()
        documents = (Record.id.in_(ours), Record.level == "document")
        counted = select(func.count(), func.coalesce(func.sum(Record.page_count), 0)).where(*documents)
        records, pages = session.execute(counted).one()
        delivered = (RecordFile.record_id.in_(ours), RecordFile.kind != ENCLOSED)
        files = session.scalar(select(func.count()).select_from(RecordFile).where(*delivered)) or 0
        read = pages_read(session, handover)
        tasks = select(RecognitionTask.failed, func.count()).where(RecognitionTask.record_id.in_(ours))
        waiting = dict(session.execute(tasks.group_by(RecognitionTask.failed)).all())
    at = min(positions(session).values(), default=0)
    indexed = handover.state in {"taken", "undone"} and at >= handover.position
    left, unread, unrecognised = None, waiting.get(True, 0), waiting.get(False, 0)
    rests = False
    if handover.state == "taking" and handover.begun:
        rests = not is_held(session, TAKING)
        left = seconds_left(handover.done, handover.total, (now() - handover.begun) / timedelta(seconds=1))
    elif unrecognised and handover.finished:
        rests = not is_held(session, READING)
        since = read - handover.context.get("read", 0)  # taken once more, it had pages that were read before
        left = seconds_left(since, since + unrecognised, (now() - handover.finished) / timedelta(seconds=1))
    left = None if rests else left  # a pace says nothing of work that nobody does
    return Progress(
        counts_of(handover, package), files, pages, records, indexed, left, read, unrecognised, unread, rests
    )


def pages_read(session: Session, handover: Handover) -> int:
    """How many pages of what a delivery claims a machine has read."""
    ours = select(Accession.record_id).where(claimed(session, handover)).distinct()
    read = select(func.count()).select_from(Page).where(Page.record_id.in_(ours), Page.text_source == "ocr")
    return session.scalar(read) or 0


def report_rows(handover: Handover, outcome: str = "", code: str = "", field: str = "") -> Select[Any]:
    """The lines of a delivery's report in their order, narrowed by outcome, rule (the code of the line, or its kind:
    what stands before the point) and field."""
    asked = select(ReportRow).where(own_lines(handover))
    if code:
        asked = asked.where(or_(ReportRow.code == code, ReportRow.code.startswith(f"{code}.", autoescape=True)))
    for column, value in ((ReportRow.outcome, outcome), (ReportRow.field, field)):
        if value:
            asked = asked.where(column == value)
    return asked.order_by(ReportRow.id)


def report_choices(session: Session, handover: Handover) -> dict[str, list[tuple[str, int]]]:
    """Outcomes, rules and fields of a report with their numbers of lines, most first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name in ("outcome", "code", "field"):
        column = getattr(ReportRow, name)
        asked = select(column, func.count()).where(own_lines(handover))
        rows = session.execute(asked.group_by(column).order_by(func.count().desc(), column))
        found[name] = [(value, count) for value, count in rows if value]
    return found


def same_before(session: Session, viewer: Viewer, handover: Handover) -> list[Handover]:
    """Of a delivery that changed nothing those that the viewer sees of the ones that brought the same package."""
    if not changed_nothing(handover):
        return []
    asked = select(Handover).where(Handover.id.in_(brought_before(session, handover)), visible_to(viewer))
    return list(session.scalars(asked.order_by(Handover.id)))


def first_taken(session: Session, handover: Handover) -> datetime | None:
    """When the package of a delivery that changed nothing was taken first, by another one; None for all others."""
    if not changed_nothing(handover) or not brought_before(session, handover):
        return None
    return session.get_one(Package, handover.package_id).first_taken


def is_put_off(handover: Handover) -> bool:
    """Whether the taking of a delivery broke off, and it waits for its next attempt or for a person."""
    return handover.state == "failed" or (handover.state == "waiting" and handover.due is not None)


def send_again(handover: Handover) -> None:
    """Puts a delivery back into the row of those that wait, as if it had just come."""
    handover.state, handover.message, handover.attempts, handover.due = "waiting", "", 0, None
