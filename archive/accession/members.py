"""What hangs on a record: its files, pages, places, subjects and marks, and the fixity rows of its objects."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from archive.accession.candidate import Candidate
from archive.accession.concealing import Decided, conceal, forget_marks
from archive.accession.description import Described
from archive.accession.kept_lines import keep_corrections
from archive.accession.names import NameBook
from archive.accession.proposing import propose_all
from archive.accession.spoken import decided_recordings, keep_recordings
from archive.catalogue.fixity import StoredObject
from archive.catalogue.personal import PersonalMark
from archive.catalogue.reading import FileSignature, RecognitionTask
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Page, RecordFile, RecordPlace, RecordSubject
from archive.clock import now


def write_members(
    session: Session, names: NameBook, records: Sequence[tuple[int, Candidate, Described]], *, replace: bool = False
) -> None:
    """Writes the members of records (id, candidate, description); with ``replace``, after removing the old ones."""
    ids = [record_id for record_id, _, _ in records]
    decided: dict[int, Decided] = {}
    heard: dict[tuple[int, str], str] = {}
    if replace:
        heard = decided_recordings(session, ids)
        decided = forget_marks(session, ids)
        for table in (RecognitionTask, FileSignature, Recording, Page, RecordFile, RecordPlace, RecordSubject):
            session.execute(delete(table).where(table.record_id.in_(ids)))
    record_objects(session, {f.sha256: f.size for _, candidate, _ in records for f in candidate.files})
    files = [
        {"record_id": i, "sha256": f.sha256, "name": f.name, "kind": f.kind} for i, c, _ in records for f in c.files
    ]
    pages, marks = list[dict[str, Any]](), list[dict[str, Any]]()
    for i, candidate, _ in records:
        concealed = conceal(i, candidate.pages, candidate.values, decided.get(i))
        pages += concealed[0]
        marks += concealed[1]
    places = [{"record_id": i, "place_id": p} for i, _, d in records for p in names.places(session, d.places)]
    subjects = [
        {"record_id": i, "slug": s}
        for i, _, d in records
        for s in dict.fromkeys(names.term(session, "field", one) for one in d.subjects)
        if s
    ]
    tasks = [
        {"record_id": i, "n": n, "package_id": c.package_id, "reason": reason}
        for i, c, _ in records
        for n, reason in c.unread.items()
    ]
    recordings = keep_recordings([(i, c.recordings) for i, c, _ in records], marks, heard)
    moment = now()
    signatures = [{"record_id": i, "checked_at": moment, **one} for i, c, _ in records for one in c.signatures]
    rows: list[tuple[type[Any], list[dict[str, Any]]]] = [
        (RecordFile, files), (Page, pages), (RecordPlace, places), (RecordSubject, subjects),
        (PersonalMark, marks), (RecognitionTask, tasks), (FileSignature, signatures), (Recording, recordings),
    ]  # fmt: skip
    for table, values in rows:
        if values:
            session.execute(insert(table), values)
    if replace:
        keep_corrections(session, {i: c.package_id for i, c, _ in records})
    propose_all(session, [(i, c.level, c.values, c.pages) for i, c, _ in records], replace=replace)


def record_objects(session: Session, sizes: dict[str, int]) -> None:
    """A fixity row for each object (SHA-256: bytes) that has none yet."""
    names = list(sizes)
    known: set[str] = set()
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        known |= set(session.scalars(select(StoredObject.sha256).where(StoredObject.sha256.in_(part))))
    moment = now()
    fresh = [
        {"sha256": s, "size": sizes[s], "stored_at": moment, "checked_at": moment} for s in names if s not in known
    ]
    if fresh:
        session.execute(insert(StoredObject), fresh)
