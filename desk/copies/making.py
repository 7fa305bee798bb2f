"""Making the copies that wait, one at a time, and taking those away whose time has ended.

The file is written under a temporary name, flushed and renamed, then the row says that it is there; it is given to
nobody before.  Killed anywhere, the next look makes the file again over what was left.  An attempt is counted before it
is made: a record whose pages kill the process is given up like one that fails.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.accounts import viewer_of
from archive.audit import record_event
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Page, Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import VIET_NAM, now, today_number
from archive.database import reading, writing
from archive.locks import ensure_held, held
from archive.retrying import MOST_ATTEMPTS, is_due, next_attempt
from archive.settings import settings
from archive.storage.durability import replace_file
from archive.storage.folder import FolderStorage
from archive.terms import term
from desk.copies.composing import CopyPdf
from desk.copies.errors import CopyError, CopyWaitsError
from desk.copies.ordering import copy_path
from desk.copies.packaging import describe, pack_copy
from desk.copies.pages import chosen_pages, draw_pages
from desk.copies.recordings import given_recordings
from desk.copies.rights import ends_with_its_decision, may_have
from desk.copies.sheet import HEADING, NOTE, check_address, sheet_facts
from desk.copies.signing import SignedCopy, sign
from desk.covered import unit_id
from desk.finishing import finish_made
from desk.states import SYSTEM

LOCK = "copies"
UNEXPECTED = "lỗi không lường trước; xem nhật ký của tiến trình"

log = logging.getLogger("vankho.copies")


def make_waiting(limit: int) -> int:
    """Makes up to ``limit`` copies that are due; returns how many were made.  One process at a time does it."""
    if not _due(1):
        return 0
    with held(LOCK) as mine:
        return sum(_make(one) for one in _due(limit)) if mine else 0


def expire() -> int:
    """Marks what may no longer be fetched, and deletes its file some days later (terms ``copy.*``); returns how many
    files were deleted.  What a killed maker left goes, too."""
    day, deleted = today_number(), 0
    with writing() as session:
        for copy in session.scalars(select(IssuedCopy).where(IssuedCopy.state == "made", IssuedCopy.until < day)):
            copy.state = "expired"
            record_event(session, SYSTEM, "copy-expired", _record(session, copy).public_id, copy=copy.code)
    with reading() as session:
        gone = session.scalars(select(IssuedCopy).where(IssuedCopy.state == "expired", IssuedCopy.size > 0)).all()
    for copy in gone:
        if copy.until is not None and term("copy.deleted", copy.until).end(copy.until) < day:
            copy_path(copy.code, copy.grade).unlink(missing_ok=True)
            with writing() as session:
                row = session.get_one(IssuedCopy, copy.id)
                row.size = 0
                record_event(session, SYSTEM, "copy-deleted", _record(session, row).public_id, copy=row.code)
            deleted += 1
    return deleted


def retry_failed(session: Session) -> int:
    """Lets what was given up be tried again, and what waits at once; returns how many."""
    rows = session.scalars(select(IssuedCopy).where(IssuedCopy.state.in_(("waiting", "failed")))).all()
    for copy in rows:
        copy.state, copy.attempts, copy.next_at = "waiting", 0, now()
    return len(rows)


def _due(limit: int) -> list[int]:
    due = select(IssuedCopy.id).where(
        IssuedCopy.state == "waiting", or_(IssuedCopy.next_at.is_(None), is_due(IssuedCopy.next_at))
    )
    with reading() as session:
        return list(session.scalars(due.order_by(IssuedCopy.next_at, IssuedCopy.id).limit(limit)))


def _make(copy_id: int) -> bool:
    if not _begin(copy_id):
        return False
    try:
        made = _compose(copy_id)
    except CopyWaitsError as error:
        _note(copy_id, str(error), waits=True)
    except CopyError as error:
        _note(copy_id, str(error))
    except Exception:
        log.exception("a copy could not be made; it will be tried again")
        _note(copy_id, UNEXPECTED)
    else:
        _keep(copy_id, made)
        return True
    return False


def _begin(copy_id: int) -> bool:
    """Counts an attempt; False where there were enough, none of which came to an end."""
    with writing() as session:
        copy = session.get_one(IssuedCopy, copy_id)
        if copy.attempts >= MOST_ATTEMPTS:
            copy.state, copy.next_at, copy.error = "failed", None, copy.error or UNEXPECTED
            return False
        copy.attempts += 1
        copy.next_at = next_attempt(copy.attempts)
        return True


def _note(copy_id: int, why: str, *, waits: bool = False) -> None:
    """Keeps the reason; what waits for something outside is never given up."""
    with writing() as session:
        copy = session.get_one(IssuedCopy, copy_id)
        copy.error = why
        if waits:
            copy.attempts = min(copy.attempts, MOST_ATTEMPTS - 1)
        elif copy.attempts >= MOST_ATTEMPTS:
            copy.state, copy.next_at = "failed", None
            record_event(session, SYSTEM, "copy-failed", _record(session, copy).public_id, copy=copy.code, why=why)


@dataclass(frozen=True, slots=True)
class _Made:
    """A copy before it is kept: its file, what was signed in it, its moment and its last day."""

    data: bytes
    signed: SignedCopy
    moment: datetime
    until: int


def _compose(copy_id: int) -> _Made:
    """The file of a copy.  Raises CopyError."""
    moment, day = now(), today_number()
    until = term("copy.days", day).end(day)
    with reading() as session:
        copy = session.get_one(IssuedCopy, copy_id)
        record, account = _record(session, copy), session.get_one(Account, copy.account_id)
        if not may_have(session, viewer_of(account, day), copy, record, day):
            raise CopyError("người yêu cầu không còn được sao tài liệu này")
        pages = chosen_pages(session, record, copy.pages)
        heard = given_recordings(session, record, copy.grade, copy.pages)
        pages = [one for one in pages if one.n not in {given.n for given in heard}]
        asked = select(RequestItem).where(
            RequestItem.request_id == copy.request_id, RequestItem.record_id.in_((record.id, unit_id(record))),
            RequestItem.until >= day,
        )  # fmt: skip
        ends = [one.until for one in session.scalars(asked) if ends_with_its_decision(one, copy, record, day)]
        until = min(until, max(ends, default=until))  # nothing is promised beyond
        facts = sheet_facts(session, copy, record, moment, until)
        told = describe(session, session.get_one(ReadingRequest, copy.request_id), record)
    if not pages:  # the recordings are given from the storage
        return _Made(b"", SignedCopy(b"", "", moment), moment, until)
    data = _composed(copy, record, pages, facts, moment)
    if copy.grade == "plain":
        return _Made(data, SignedCopy(b"", "", moment), moment, until)
    signed = sign(data, copy.code)
    packed = pack_copy(copy.code, signed.data, told, moment) if copy.grade == "dip" else signed.data
    return _Made(packed, signed, moment, until)


def _composed(
    copy: IssuedCopy, record: Record, pages: list[Page], facts: list[tuple[str, str]], moment: datetime
) -> bytes:
    """The file before it is signed; a function of its own, so that the pictures leave memory before that."""
    certified = copy.grade != "plain"
    agency = settings().archive_name
    marks = ("BẢN SAO", agency, f"{moment.astimezone(VIET_NAM):%Y-%m-%dT%H:%M:%S%z}") if certified else ("BẢN SAO",)
    with CopyPdf(agency, record.number or record.code, copy.code, moment, marks) as pdf:
        pdf.add(draw_pages(FolderStorage(settings().home / "storage"), pages, copy.masks))
        if certified:
            pdf.add_sheet(HEADING, NOTE, facts, check_address(copy.code))
        return pdf.finish()


def _keep(copy_id: int, made: _Made) -> None:
    with reading() as session:
        copy = session.get_one(IssuedCopy, copy_id)
        path = copy_path(copy.code, copy.grade)
    if made.data:
        _write(path, made.data)
    ensure_held(LOCK)
    with writing() as session:
        copy, signed = session.get_one(IssuedCopy, copy_id), made.signed
        copy.state, copy.error, copy.next_at, copy.made_at, copy.until = "made", "", None, made.moment, made.until
        if made.data:
            copy.sha256, copy.size = hashlib.sha256(made.data).hexdigest(), len(made.data)
        if signed.signer:
            copy.signer, copy.signed_at, copy.certificate = signed.signer, signed.at, signed.certificate
            copy.signed_sha256, copy.signed_size = hashlib.sha256(signed.data).hexdigest(), len(signed.data)
        told = {"grade": copy.grade, "copy": copy.code, "signer": copy.signer, "sha256": copy.sha256}
        record_event(session, SYSTEM, "copy-made", _record(session, copy).public_id, **told)
        session.flush()
        finish_made(session, session.get_one(ReadingRequest, copy.request_id))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in path.parent.glob(f".{path.name}.*.tmp"):  # of a maker that was killed
        left.unlink(missing_ok=True)
    replace_file(path, data)


def _record(session: Session, copy: IssuedCopy) -> Record:
    return session.get_one(Record, copy.record_id)
