"""Masking what a catalogue held before personal numbers were looked for: in parts, each a transaction of its own.

Killed anywhere, the next call goes on: ``masking_progress`` moves with what it tells of.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, select
from sqlalchemy.orm import Session

from analyzers.personal import find_personal, mask
from archive.accession.concealing import conceal
from archive.accession.description import describe
from archive.accession.names import NameBook
from archive.catalogue.authorities import Agent, Place, Term
from archive.catalogue.deliveries import ReportRow
from archive.catalogue.personal import MaskingProgress, PersonalMark
from archive.catalogue.records import Page, Record, RecordPlace, RecordSubject
from archive.database import reading, writing
from archive.filing import filing_title
from archive.masking import masked_values
from archive.outbox import announce

PART = 200  # records

Progress = Callable[[str, int, int], None]


class UnmaskedError(RuntimeError):
    """An older catalogue still holds personal numbers; the text is Vietnamese and says what to do."""


def unmasked(session: Session) -> int:
    """How far the records reach that have not been masked yet: 0 where all are."""
    row = session.get(MaskingProgress, 1)
    return row.until - row.last if row else 0


def check_masked() -> None:
    """UnmaskedError while records wait: what would be served is not masked."""
    with reading() as session:
        if unmasked(session):
            raise UnmaskedError("Dữ liệu cá nhân trong kho cũ chưa che xong. Hãy chạy: vankho migrate")


def mask_catalogue(progress: Progress | None = None) -> int:
    """Masks what waits; returns how many records had something.  The indices follow by the outbox."""
    masked = 0
    while True:
        with writing() as session:
            row = session.get(MaskingProgress, 1, with_for_update=True)
            if row is None:
                return masked
            if row.last >= row.until:
                _mask_names(session)
                session.delete(row)
                continue
            masked += _mask_part(session, row)
            if progress:
                progress("mask", row.last, row.until)


def _mask_part(session: Session, row: MaskingProgress) -> int:
    records = session.scalars(
        select(Record).where(Record.id > row.last, Record.id <= row.until).order_by(Record.id).limit(PART)
    ).all()
    names, changed = NameBook(), []
    for record in records:
        told = {**record.delivered, **record.curated}
        columns = ("n", "text", "image_sha256", "image_index")
        pages = session.scalars(select(Page).where(Page.record_id == record.id)).all()
        rows, marks = conceal(record.id, ({c: getattr(page, c) for c in columns} for page in pages), told)
        if not marks and find_personal(record.title) == []:
            continue
        record.title = mask(record.title)
        record.filing_title = filing_title(record.title)
        for page, new in zip(pages, rows, strict=True):
            page.text, page.image_held = new["text"], new["image_held"]
        if marks:
            session.execute(insert(PersonalMark), marks)
        if masked_values(told) != told:
            _describe_again(session, names, record, told)
        changed.append(record.id)
    session.flush()
    announce(session, changed)
    row.last = records[-1].id if records else row.until
    return len(changed)


def _describe_again(session: Session, names: NameBook, record: Record, told: dict[str, str]) -> None:
    words = describe(record.level, told)
    record.title, record.number, record.order_key = words.title, words.number, words.order_key
    record.filing_title, record.filing_number = words.filing_title, words.filing_number
    record.type_slug = names.term(session, "type", words.type_name)
    record.issuer_id = names.agent(session, words.issuer)
    names.people(session, words.people)
    for table in (RecordPlace, RecordSubject):
        session.execute(delete(table).where(table.record_id == record.id))
    places = [{"record_id": record.id, "place_id": one} for one in names.places(session, words.places)]
    slugs = dict.fromkeys(filter(None, (names.term(session, "field", one) for one in words.subjects)))
    for table, rows in ((RecordPlace, places), (RecordSubject, [{"record_id": record.id, "slug": s} for s in slugs])):
        if rows:
            session.execute(insert(table), rows)


def _mask_names(session: Session) -> None:
    """Forgets names and terms that held a number and name nothing any more; masks the lines of reports."""
    used: dict[type[Any], ColumnElement[bool]] = {
        Agent: exists().where(Record.issuer_id == Agent.id),
        Place: exists().where(RecordPlace.place_id == Place.id),
    }
    for table, named in used.items():
        for row in session.scalars(select(table).where(~named)):
            if find_personal(row.name):
                session.delete(row)
    for term in session.scalars(select(Term)):
        if find_personal(term.label):
            session.delete(term)
    lines = select(ReportRow.id, ReportRow.message).execution_options(yield_per=1000)
    for line, message in session.execute(lines).all():
        if find_personal(message):
            session.get_one(ReportRow, line).message = mask(message)
