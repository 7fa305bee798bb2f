"""Checking a copy: by its code, or by a file that somebody was given.

A file is known by its SHA-256; one that was changed is told by its signature, judged in a child with limits
(indexer.signatures).  What is told: who certified what, when, whether it is untouched; never who asked for it.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.settings import settings
from desk.copies.keys import known_roots, own_certificate, roots_folder
from desk.copies.ordering import find_copy
from desk.copies.signing import FIELD
from desk.copies.unpacking import packed_pdfs
from indexer.signatures.found import FoundSignature
from indexer.signatures.judge import Judge

JUDGED = 64 << 20
"""Bytes up to which a signature is judged; a larger file is only compared with what was issued."""

SECONDS = 30.0
PIECE = 1 << 20
ISSUED = ("made", "expired")

Finding = Literal[
    "whole", "extended", "added", "changed", "void", "foreign", "unknown", "unsigned", "unreadable", "large", "package",
    "not-pdf",
]  # fmt: skip
"""``whole``: byte for byte a copy of this archive, or the file in a package of it; ``extended``: signed by it, later
only what signers may add was added; ``added``: what was signed is whole, something else follows it; ``changed``:
signed, then altered; ``void``: by this archive's certificate when it was not in force; ``foreign``: signed whole, by
somebody else whose root is known; ``unknown``: signed whole, nobody knows by whom; ``unsigned``: no signature, and no
copy of this archive; ``large``: no copy of this archive, and too large to look for signatures; ``package``: a zip that
was not issued, without a PDF that could be looked at."""


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
    """What was found of a file: the finding, the copy that it is or says to be, its signatures.

    ``packed``: it is said of the PDF in a zip that itself was not issued.  ``own``: the certificates (SHA-256) of the
    signatures that are known to be this archive's.  ``rooted``: whether roots are known that certificates may lead to.
    """

    finding: Finding
    issued: IssuedFacts | None
    signatures: tuple[FoundSignature, ...] = ()
    packed: bool = False
    own: frozenset[str] = frozenset()
    rooted: bool = True


def issued_facts(session: Session, code: str) -> IssuedFacts | None:
    """What may be said of the copy of that code; None where none was issued under it."""
    copy = find_copy(session, code)
    return _facts(session, copy) if copy is not None and copy.state in ISSUED else None


def check_file(session: Session, file: BinaryIO) -> CheckedFile:
    """What a file is.  It is read in pieces; hostile bytes are parsed in a child only."""
    file.seek(0)
    head = file.read(1024)
    if copy := _known(session, _digest(file)):
        return _told(session, "whole", copy, _judge(_signed_part(file, copy)))
    if head.startswith(b"PK"):
        return _check_package(session, file)
    if b"%PDF-" not in head:
        return CheckedFile("not-pdf", None)
    if file.seek(0, 2) > JUDGED:
        return CheckedFile("large", None)
    file.seek(0)
    return _check_pdf(session, file.read())


def _check_package(session: Session, file: BinaryIO) -> CheckedFile:
    """The best that is found of its PDF files: one that is ours, else the first that is signed."""
    best: CheckedFile | None = None
    for data in packed_pdfs(file, JUDGED):
        copy = _known(session, hashlib.sha256(data).hexdigest())
        found = _told(session, "whole", copy, _judge(data)) if copy else _check_pdf(session, data)
        if found.own or found.finding == "whole":
            return replace(found, packed=True)
        best = best if best and best.signatures else found
    return replace(best, packed=True) if best else CheckedFile("package", None)


def _check_pdf(session: Session, data: bytes) -> CheckedFile:
    found = _judge(data)
    if not found:
        return CheckedFile("unsigned", None)
    own = _own(session, found)
    ours = next((one for one in found if one.certificate in own and _proven(one)), None)
    said = (ours or next((one for one in found if one.field.startswith(FIELD)), found[0])).field
    copy = find_copy(session, said.removeprefix(FIELD)) if said.startswith(FIELD) else None
    copy = copy if copy is not None and copy.state in ISSUED else None
    if ours is not None:
        return _told(session, _of_ours(ours, found, copy, data), copy, found)
    verdicts = {one.verdict for one in found}
    if "changed" in verdicts:
        return _told(session, "changed", copy, found)
    if "unreadable" in verdicts:
        return _told(session, "unreadable", None, found)
    # A name in a field proves nothing, so a file of others is told beside no copy of ours.
    return _told(session, "foreign" if verdicts & {"valid", "extended"} else "unknown", None, found)


def _of_ours(ours: FoundSignature, found: tuple[FoundSignature, ...], copy: IssuedCopy | None, data: bytes) -> Finding:
    if ours.verdict in {"expired", "revoked"}:
        return "void"
    if ours.added:
        return "added"
    if any(one.verdict == "changed" for one in found):
        return "changed"
    # Bytes that no reader of PDF looks at are no revision: only the register knows where the copy ended.
    more = copy is not None and 0 < copy.signed_size < len(data)
    first = hashlib.sha256(data[: copy.signed_size]).hexdigest() if copy and more else ""
    return "added" if copy and more and first == copy.signed_sha256 and len(found) == 1 else "extended"


def _proven(one: FoundSignature) -> bool:
    """Whether its certificate did sign: a name or a certificate in a broken signature proves nothing."""
    return one.verdict not in {"changed", "unreadable"} or one.added


def _own(session: Session, found: tuple[FoundSignature, ...]) -> frozenset[str]:
    """Which certificates of those signatures are this archive's: it signs with them, or signed a copy."""
    told = {one.certificate for one in found if one.certificate and _proven(one)}
    asked = select(IssuedCopy.certificate).where(IssuedCopy.certificate.in_(told)).distinct()
    own = set(session.scalars(asked)) | (told & {own_certificate()})
    for one in found:
        copy = find_copy(session, one.field.removeprefix(FIELD)) if one.field.startswith(FIELD) else None
        # Copies made before certificates were kept: the same name, under a root that is known here.
        old = copy is not None and not copy.certificate and copy.signer == one.signer != ""
        if old and one.verdict in {"valid", "extended", "revoked", "expired"} and one.today:
            own.add(one.certificate)
    return frozenset(own)


def _told(
    session: Session, finding: Finding, copy: IssuedCopy | None, found: tuple[FoundSignature, ...]
) -> CheckedFile:
    facts = _facts(session, copy) if copy else None
    return CheckedFile(finding, facts, found, own=_own(session, found), rooted=bool(known_roots()))


def _known(session: Session, digest: str) -> IssuedCopy | None:
    """The copy that was issued as those bytes, or as the package that they are in."""
    same = or_(IssuedCopy.sha256 == digest, IssuedCopy.signed_sha256 == digest)
    return session.scalar(select(IssuedCopy).where(same, IssuedCopy.state.in_(ISSUED)).limit(1))


def _judge(data: bytes) -> tuple[FoundSignature, ...]:
    told = settings()
    options: dict[str, Any] = {"today": True, "lists": told.signature_lists, "ask": told.asked_hosts}
    with Judge(roots_folder(), seconds=SECONDS, **options) as judge:
        return tuple(judge.judge(data))


def _signed_part(file: BinaryIO, copy: IssuedCopy) -> bytes:
    """The signed PDF of a file that is ours byte for byte; nothing of one that is not signed or too large."""
    if copy.grade == "plain":
        return b""
    file.seek(0)
    if file.read(2) == b"PK":
        return next(packed_pdfs(file, JUDGED), b"")
    file.seek(0)
    data = file.read(JUDGED + 1)
    return data if len(data) <= JUDGED else b""


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
