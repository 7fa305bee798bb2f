"""What nobody may see any more leaves the open storage: its files go to quarantine, its texts leave the database.

A record that turns out to be secret is withdrawn in the transaction that learns it; this step follows, and can be
repeated: killed anywhere, the next one finds what is left.  (Law 117/2025/QH15 on state secrets; DESIGN section 5.)
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from archive.accession.releases import reopen
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.deliveries import HeldChange, QuarantinedRow
from archive.catalogue.fixity import StoredObject
from archive.catalogue.personal import PersonalMark
from archive.catalogue.reading import FileSignature, Proposal, RecognitionTask
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Page, Record, RecordFile
from archive.database import reading, writing
from archive.derivatives import drop_derivatives
from archive.storage.folder import FolderStorage

PART = 100
SHEETS = {"fonds": "phong", "inventory": "ho-so", "file": "ho-so", "document": "van-ban"}


def seclude(storage: FolderStorage, apart: FolderStorage, home: Path, package_id: int) -> int:
    """Moves files and texts of all records that nobody may see or read; returns how many records.

    The bytes are durable in quarantine before they leave the storage, and the catalogue forgets them last.
    """
    moved = 0
    while True:
        with reading() as session:
            held = (exists().where(RecordFile.record_id == Record.id), exists().where(Page.record_id == Record.id))
            ids = list(session.scalars(select(Record.id).where(Record.allow_read == "", or_(*held)).limit(PART)))
            files = list(session.scalars(select(RecordFile).where(RecordFile.record_id.in_(ids))))
        if not ids:
            return moved
        with apart.batch() as batch:
            for name in {file.sha256 for file in files}:
                if storage.has(name):
                    with storage.open(name) as source:
                        batch.put(source)
        with writing() as session:
            for record in session.scalars(select(Record).where(Record.id.in_(ids))):
                _set_apart(session, record, [f for f in files if f.record_id == record.id], package_id)
            for table in (
                RecordFile,
                Recording,
                Page,
                PersonalMark,
                RecognitionTask,
                FileSignature,
                Proposal,
                LineCorrection,
            ):
                session.execute(delete(table).where(table.record_id.in_(ids)))
            session.execute(update(Record).where(Record.id.in_(ids)).values(page_count=0))
            # Inside the transaction: killed between the two, the rows are still there and the step is repeated.
            for name in _forget_objects(session, sorted({file.sha256 for file in files})):
                storage.remove(name)
                drop_derivatives(home, name)
        moved += len(ids)


def _set_apart(session: Session, record: Record, files: Sequence[RecordFile], package_id: int) -> None:
    kept = [[file.name, file.kind, file.sha256] for file in files]
    told = json.dumps(["withdrawn", record.public_id, record.delivered, kept], ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(told.encode()).hexdigest()
    if there := session.scalar(select(QuarantinedRow).where(QuarantinedRow.key == key)):
        reopen(there)
    else:
        session.add(
            QuarantinedRow(
                key=key,
                package_id=package_id,
                sheet=SHEETS[record.level],
                row=0,
                natural_key=record.natural_key,
                ground="record.withdrawn",
                values=record.delivered,
                files=kept,
            )
        )


def _forget_objects(session: Session, names: list[str]) -> list[str]:
    """Removes the fixity rows of objects that nothing names any more; returns those objects."""
    session.flush()
    used = set(session.scalars(select(RecordFile.sha256).where(RecordFile.sha256.in_(names))))
    waiting = session.scalars(select(HeldChange.values).where(HeldChange.decided_at.is_(None)))
    used |= {file[2] for values in waiting for file in values.get("files", [])}
    gone = [name for name in names if name not in used]
    session.execute(delete(StoredObject).where(StoredObject.sha256.in_(gone)))
    return gone
