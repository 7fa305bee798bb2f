"""The scan of a whole file shows the pages of its documents: it is as closed as the strictest of them.

Only the content of the file is bound so, not its description and not its other documents.  A scan that holds a secret
document is for nobody, and leaves the open storage (Law 117/2025/QH15; DESIGN section 5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from archive.access import Access, Rule
from archive.access_rules import is_tighter
from archive.accession.candidate import SEPARATOR
from archive.audit import DELIVERY, record_access
from archive.catalogue.deliveries import QuarantinedRow
from archive.catalogue.records import Record, RecordFile
from archive.outbox import announce, veto
from archive.packages.fields import ITEMS

#: Grounds of a quarantine that make a document a secret, or may.
SECRET = frozenset({"access.secret", "access.unknown", "secrecy.stamp", "record.withdrawn"})


@dataclass(frozen=True, slots=True)
class ClosedScan:
    """A file whose scan was closed on account of its documents; ``secret`` if nobody may have it any more."""

    code: str
    secret: bool


def is_sealed(access: Access) -> bool:
    """Whether the record is there but nobody may have its content: its scan held a secret."""
    return bool(access.see.allow) and not access.read.allow


def has_scan(session: Session, file_id: int, access: Access) -> bool:
    """Whether a file of that access has a scan, or had one that was sealed."""
    return is_sealed(access) or bool(session.scalar(select(exists().where(RecordFile.record_id == file_id))))


def bind_scan(session: Session, file_id: int, access: Access, before: Access) -> Access:
    """The access of a file with a scan, its content bound to the file's documents; ``before`` is what it had.

    What was sealed stays sealed: only the quarantine's decision opens it.
    """
    gone = func.count().filter(Record.withdrawn)
    last, withdrawn = session.execute(
        select(func.max(Record.everyone_from_read), gone).where(Record.parent_id == file_id)
    ).one()
    if withdrawn or is_sealed(before):
        return _sealed(access)
    search, read = (
        replace(one, everyone_from=max(one.everyone_from, last or 0)) for one in (access.search, access.read)
    )
    return replace(access, search=search, read=read)


def close_scans(session: Session, files: Sequence[Record]) -> list[ClosedScan]:
    """Tightens those of the files whose scan shows more than their documents; never loosens.  Returns these."""
    ids = [one.id for one in files if one.level == "file" and not one.withdrawn]
    held = set(session.scalars(select(RecordFile.record_id).where(RecordFile.record_id.in_(ids)).distinct()))
    scanned = [one for one in files if one.id in held]
    secret = _with_secrets(session, scanned)
    closed = []
    for file in scanned:
        before = file.access
        access = _sealed(before) if file.id in secret else bind_scan(session, file.id, before, before)
        if is_tighter(access, before):
            file.access = access
            record_access(session, DELIVERY, file.public_id, before, access)
            session.flush()
            announce(session, [file.id])
            veto(session, file.public_id)
            closed.append(ClosedScan(file.code, is_sealed(access)))
    return closed


def _sealed(access: Access) -> Access:
    return replace(access, search=Rule(), read=Rule())


def _with_secrets(session: Session, files: Iterable[Record]) -> set[int]:
    """The row ids of the files of which a document lies in quarantine as a secret."""
    by_fonds: dict[str, dict[str, int]] = {}
    for file in files:
        fonds, _separator, code = file.natural_key.rpartition(SEPARATOR)
        by_fonds.setdefault(fonds + SEPARATOR, {})[code] = file.id
    found = set[int]()
    for fonds, codes in by_fonds.items():
        rows = select(QuarantinedRow.values["FileCode"].as_string()).where(
            QuarantinedRow.natural_key.startswith(fonds, autoescape=True),
            QuarantinedRow.sheet.in_(ITEMS),
            QuarantinedRow.ground.in_(SECRET),
            or_(QuarantinedRow.decided_at.is_(None), QuarantinedRow.decision == "refused"),
        )
        found |= {codes[code] for code in session.scalars(rows.distinct()) if code in codes}
    return found
