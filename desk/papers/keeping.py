"""Evidence from the form to its end: held until the request is sent, then the request's, erased by dated rules.

A file is on the disk before its row says so; one without a row is of a process that was killed, and is swept.
"""

import hashlib
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.evidence import Evidence
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM, now, today_number
from archive.database import reading, writing
from archive.identifiers import is_identifier, new_identifier
from archive.settings import settings
from archive.storage.durability import flush_path
from archive.telling import said
from archive.terms import term
from desk.papers.allowed import paper_kinds
from desk.papers.judging import FIELD, EvidenceError, clean_name, judge
from desk.states import OPEN, SYSTEM
from desk.steps import RequestError

FOLDER = "evidence"
HELD_FORMS = 3  # how many full forms one account may hold unsent
ORPHAN_HOURS = 24


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a form: the kind of paper it is said to be, its name, its bytes."""

    paper: str
    name: str
    file: BinaryIO


def evidence_path(code: str) -> Path:
    """Where a file of evidence lies; ValueError on what is no code, so that no text becomes a path."""
    if not is_identifier(code):
        raise ValueError("no code of evidence")
    return settings().home / FOLDER / code


def hold(account_id: int, submission: str, files: Iterable[Sent]) -> list[RequestError]:
    """Judges the files of a form and keeps those that can be taken, each in a transaction of its own; what is there
    already is not kept twice.  Returns what is wrong with the others."""
    wrong = []
    for one in files:
        try:
            _hold(account_id, submission, one)
        except RequestError as error:
            wrong.append(error)
    return wrong


def held(session: Session, account_id: int, submission: str) -> list[Evidence]:
    """What is held for a form that is not sent yet."""
    rows = select(Evidence).where(
        Evidence.account_id == account_id, Evidence.submission == submission, Evidence.request_id.is_(None),
        Evidence.erased_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(rows.order_by(Evidence.id)))


def drop_held(session: Session, account_id: int, submission: str, codes: Iterable[str]) -> None:
    """Takes files off a form that is not sent yet; their bytes go with the next sweep."""
    wanted = set(codes)
    for one in held(session, account_id, submission):
        if one.code in wanted:
            session.delete(one)


def attach(session: Session, request: ReadingRequest, account_id: int, submission: str, actor: str) -> int:
    """Makes what is held for a form the evidence of its request, in the caller's transaction; returns how many."""
    found = held(session, account_id, submission) if request.state in OPEN else []
    for one in found:
        one.request_id = request.id
    if found:
        record_event(session, actor, "evidence-received", request=request.code, papers=len(found))
    return len(found)


def evidence_of(session: Session, request: ReadingRequest) -> list[Evidence]:
    """The evidence of a request, what was erased included, in the order in which it came."""
    return list(session.scalars(select(Evidence).where(Evidence.request_id == request.id).order_by(Evidence.id)))


def find_evidence(session: Session, request: ReadingRequest, code: str) -> Evidence | None:
    """The evidence of that code, if it is the request's and its file is there."""
    if not is_identifier(code):
        return None
    found = session.scalar(
        select(Evidence).where(Evidence.code == code, Evidence.request_id == request.id, Evidence.erased_at.is_(None))
    )
    return found if found is not None and evidence_path(code).is_file() else None


def erase_evidence(session: Session, request: ReadingRequest, actor: str, ground: str) -> int:
    """Erases the evidence of a request: names and sums at once, the bytes with :func:`sweep_evidence` after the commit.
    The rows keep that there was one, of which kind and when.  Returns how many."""
    found = [one for one in evidence_of(session, request) if one.erased_at is None]
    for one in found:
        one.erased_at, one.name, one.sha256 = now(), "", f"erased {one.code}"
    if found:
        record_event(session, actor, "evidence-erased", request=request.code, papers=len(found), ground=ground)
    return len(found)


def evidence_due(session: Session) -> list[ReadingRequest]:
    """The requests whose evidence is to be erased today (term ``evidence.kept``, from the day they ended)."""
    rows = select(ReadingRequest).where(
        ReadingRequest.ended_at.is_not(None),
        ReadingRequest.id.in_(select(Evidence.request_id).where(Evidence.erased_at.is_(None))),
    )
    day = today_number()
    return [one for one in session.scalars(rows) if one.ended_at and _ends(one.ended_at) < day]


def sweep_evidence() -> int:
    """Erases what is due (term ``evidence.kept``), lets go of what was held for forms that were never sent (term
    ``evidence.waiting``), then deletes every file that no row holds any more; returns how many files."""
    waited, kept = term("evidence.waiting", today_number()), term("evidence.kept", today_number())
    with writing() as session:
        for request in evidence_due(session):
            erase_evidence(session, request, SYSTEM, kept.basis)
        old = select(Evidence).where(
            Evidence.request_id.is_(None), Evidence.sent_at < now() - timedelta(days=waited.value)
        )
        gone = session.scalars(old).all()
        let_go = {one.code for one in gone}
        for one in gone:
            session.delete(one)
        if gone:
            record_event(session, SYSTEM, "evidence-erased", papers=len(gone), ground=waited.basis)
    folder, deleted = settings().home / FOLDER, 0
    with reading() as session:
        rows = session.execute(select(Evidence.code, Evidence.erased_at)).all()
    live, erased = {code for code, at in rows if at is None}, let_go | {code for code, at in rows if at is not None}
    before = time.time() - ORPHAN_HOURS * 3600  # files have the machine's clock
    for path in folder.iterdir() if folder.is_dir() else ():
        # a file without a row may be of one who is writing it right now
        if path.name not in live and (path.name in erased or path.stat().st_mtime < before):
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def _hold(account_id: int, submission: str, sent: Sent) -> None:
    day, name = today_number(), clean_name(sent.name)
    if sent.paper not in paper_kinds(day):
        raise EvidenceError(name, said("thuộc loại giấy tờ không nhận"))
    folder = settings().home / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, prefix=".", suffix=".tmp") as kept:
        shutil.copyfileobj(sent.file, kept)
        kept.flush()
        kept.seek(0)
        digest, temporary = hashlib.file_digest(kept, "sha256").hexdigest(), Path(kept.name)
        with reading() as session:
            if not _check_room(session, account_id, submission, digest, name, day):
                return  # it is there: the form was sent twice
        media = judge(temporary, name, day)
        code = new_identifier()
        flush_path(temporary)
        evidence_path(code).hardlink_to(temporary)
        flush_path(folder)
    size, kept_now = evidence_path(code).stat().st_size, False
    try:
        with writing() as session:
            if _check_room(session, account_id, submission, digest, name, day):
                session.add(
                    Evidence(
                        code=code, account_id=account_id, submission=submission, paper=sent.paper, name=name,
                        media=media, size=size, sha256=digest, sent_at=now(),
                    )
                )  # fmt: skip
                kept_now = True
    except IntegrityError:
        kept_now = False  # the same file in the same form was quicker
    finally:
        if not kept_now:
            evidence_path(code).unlink(missing_ok=True)


def _check_room(session: Session, account_id: int, submission: str, digest: str, name: str, day: int) -> bool:
    """False if the file is there already.  Raises EvidenceError where there are enough."""
    own = select(func.count()).select_from(Evidence).where(Evidence.account_id == account_id)
    if session.scalar(own.where(Evidence.submission == submission, Evidence.sha256 == digest)):
        return False
    most = term("evidence.most", day)
    mine = own.where(Evidence.erased_at.is_(None))
    if (session.scalar(mine.where(Evidence.submission == submission)) or 0) >= most.value:
        told = said("không nhận thêm được: mỗi yêu cầu không quá %(n)s tệp (%(basis)s)")
        raise EvidenceError(name, told, n=most.value, basis=most.basis)
    if (session.scalar(mine.where(Evidence.request_id.is_(None))) or 0) >= most.value * HELD_FORMS:
        raise RequestError("Bạn đang có nhiều giấy tờ tải lên mà chưa gửi yêu cầu; hãy gửi hoặc bỏ bớt.", FIELD)
    return True


def _ends(moment: datetime) -> int:
    day = moment.astimezone(VIET_NAM).toordinal()
    return term("evidence.kept", day).end(day)
