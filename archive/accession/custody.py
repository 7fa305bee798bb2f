"""What a package did to each record, noted in its transaction: readable custody, and what an undoing puts back."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import zstandard
from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from archive.accession.kept_lines import keep_corrections
from archive.catalogue.deliveries import Accession
from archive.catalogue.personal import PersonalMark
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Page, Record, RecordFile, RecordPlace, RecordSubject
from archive.clock import now
from archive.filing import filing_day, filing_number, filing_title
from archive.holdings import ON_SHELVES_ONLY

NEW, CHANGED = "new", "changed"

#: The columns of a record that a delivery writes; its access follows from them.
COLUMNS = (
    "parent_id", "fonds_id", "agency_id", "lineage", "delivered", "contradicted", "title", "number", "type_slug",
    "issuer_id", "date_from", "date_to", "ordinal", "order_key", "medium", "page_count", "source_digest", "level_code",
    "opens_on",
)  # fmt: skip
MEMBERS: tuple[type[Any], ...] = (RecordFile, Page, RecordPlace, RecordSubject, PersonalMark, Recording)


def note_new(session: Session, package_id: int, record_ids: Sequence[int]) -> None:
    """These records are there since this package."""
    if record_ids:
        moment = now()
        rows = [{"package_id": package_id, "record_id": one, "kind": NEW, "at": moment} for one in record_ids]
        session.execute(insert(Accession), rows)


def note_changed(session: Session, package_id: int, record: Record) -> None:
    """This package is about to change the record; how it is now is kept."""
    known = {"before": _pack(session, record), "was_paper": record.medium == ON_SHELVES_ONLY}
    session.add(Accession(package_id=package_id, record_id=record.id, kind=CHANGED, at=now(), **known))


def was_undone(session: Session, record: Record) -> bool:
    """Whether the record was taken back with the package that brought it, and nothing else withdrew it."""
    newest = select(Accession).where(Accession.record_id == record.id).order_by(Accession.id.desc()).limit(1)
    found = session.scalars(newest).first()
    return found is not None and found.kind == NEW and found.undone is not None


def is_known(session: Session, record_id: int) -> bool:
    """Whether anything is noted of the record: older ones came before custody was."""
    return bool(session.scalar(select(exists().where(Accession.record_id == record_id))))


def restore(session: Session, record: Record, before: bytes) -> None:
    """Puts a record back to how it was, with its files, pages, places, subjects, marks; its access is the caller's."""
    kept = json.loads(zstandard.ZstdDecompressor().decompress(before))
    for name in COLUMNS:
        setattr(record, name, kept["record"][name])
    record.filing_title = filing_title(record.title)
    record.filing_number = filing_number(record.number, record.code)
    record.filing_day = filing_day(record.date_from)
    session.flush()
    for table in reversed(MEMBERS):
        session.execute(delete(table).where(table.record_id == record.id))
    for table in MEMBERS:
        if rows := [_unpacked(one) for one in kept.get(table.__tablename__, ())]:
            session.execute(insert(table), rows)
    keep_corrections(session, {record.id: None})


def _pack(session: Session, record: Record) -> bytes:
    kept: dict[str, Any] = {"record": {name: getattr(record, name) for name in COLUMNS}}
    for table in MEMBERS:
        columns = [column for column in table.__table__.columns if column.name != "id"]
        rows = session.execute(select(*columns).where(table.record_id == record.id)).mappings()
        kept[table.__tablename__] = [{name: _packed(value) for name, value in row.items()} for row in rows]
    return zstandard.ZstdCompressor().compress(json.dumps(kept, ensure_ascii=False).encode())


def _packed(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _unpacked(row: dict[str, Any]) -> dict[str, Any]:
    return {k: base64.b64decode(v["base64"]) if isinstance(v, dict) and "base64" in v else v for k, v in row.items()}
