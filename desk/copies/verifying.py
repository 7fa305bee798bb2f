"""Checking a copy: by its code, or by a file that somebody was given.

A file is known by its SHA-256; one that was changed is told by its signature, judged in a child with limits
(indexer.signatures).  What is told: who certified what, when, whether it is untouched; never who asked for it.
"""

import hashlib
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.settings import settings
from desk.copies.keys import roots_folder
from desk.copies.ordering import find_copy
from desk.copies.signing import FIELD
from indexer.signatures.found import FoundSignature
from indexer.signatures.judge import Judge

JUDGED = 64 << 20
"""Bytes up to which a signature is judged; a larger file is only compared with what was issued."""

SECONDS = 30.0
PIECE = 1 << 20
ISSUED = ("made", "expired")

Finding = Literal["whole", "extended", "changed", "foreign", "unsigned", "unreadable", "large", "not-pdf"]
"""``whole``: byte for byte a copy of this archive; ``extended``: signed by it, later only what signers may add was
added; ``changed``: signed, then altered; ``foreign``: signed whole, by somebody else; ``unsigned``: no signature, and
no copy of this archive; ``large``: no copy of this archive, and too large to look for signatures."""


@dataclass(frozen=True, slots=True)
class IssuedFacts:
    """What may be said to everybody of a copy that was issued.  ``record``: the code of the original, empty where the
    public does not see the record."""

    code: str
    grade: str
    made_at: datetime
    signer: str
    signed_at: datetime | None
    record: str


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What was found of a file: the finding, the copy that it is or says to be, its signatures."""

    finding: Finding
    issued: IssuedFacts | None
    signatures: tuple[FoundSignature, ...] = ()


def issued_facts(session: Session, code: str) -> IssuedFacts | None:
    """What may be said of the copy of that code; None where none was issued under it."""
    copy = find_copy(session, code)
    return _facts(session, copy) if copy is not None and copy.state in ISSUED else None


def check_file(session: Session, file: BinaryIO) -> CheckedFile:
    """What a file is.  It is read in pieces; hostile bytes are parsed in a child only."""
    file.seek(0)
    head = file.read(1024)
    size = file.seek(0, 2)
    copy = session.scalar(select(IssuedCopy).where(IssuedCopy.sha256 == _digest(file), IssuedCopy.state.in_(ISSUED)))
    if copy is not None:
        return CheckedFile("whole", _facts(session, copy), _judge(_signed_part(file, copy.grade)))
    if b"%PDF-" not in head:
        return CheckedFile("not-pdf", None)
    if size > JUDGED:
        return CheckedFile("large", None)
    file.seek(0)
    found = _judge(file.read())
    if not found:
        return CheckedFile("unsigned", None)
    return _told(session, found)


def _judge(data: bytes) -> tuple[FoundSignature, ...]:
    told = settings()
    options: dict[str, Any] = {"today": True, "lists": told.signature_lists, "ask": told.asked_hosts}
    with Judge(roots_folder(), seconds=SECONDS, **options) as judge:
        return tuple(judge.judge(data))


def _signed_part(file: BinaryIO, grade: str) -> bytes:
    """The signed PDF of a copy that is ours byte for byte; nothing of one that is not signed or too large."""
    file.seek(0)
    if grade == "certified":
        data = file.read(JUDGED + 1)
    elif grade == "dip":
        with zipfile.ZipFile(file) as package:
            name = next((one for one in package.infolist() if one.filename.endswith(".pdf")), None)
            data = package.read(name) if name and name.file_size <= JUDGED else b""
    else:
        return b""
    return data if len(data) <= JUDGED else b""


def _told(session: Session, found: tuple[FoundSignature, ...]) -> CheckedFile:
    verdicts = {one.verdict for one in found}
    named = [one.field.removeprefix(FIELD) for one in found if one.field.startswith(FIELD)]
    facts = issued_facts(session, named[0]) if named else None
    if "changed" in verdicts:
        return CheckedFile("changed", facts, found)
    if "unreadable" in verdicts:
        return CheckedFile("unreadable", None, found)
    own = any(
        facts is not None and one.field == f"{FIELD}{facts.code}" and one.signer == facts.signer
        and one.verdict in {"valid", "extended"}
        for one in found
    )  # fmt: skip
    # A name in a field proves nothing: only a signature that leads to a known root makes the file ours.
    return CheckedFile("extended", facts, found) if own else CheckedFile("foreign", None, found)


def _facts(session: Session, copy: IssuedCopy) -> IssuedFacts:
    record = session.get_one(Record, copy.record_id)
    seen = may(Viewer.anonymous(), "see", record, today_number())
    made = copy.made_at or copy.ordered_at
    return IssuedFacts(copy.code, copy.grade, made, copy.signer, copy.signed_at, record.code if seen else "")


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
