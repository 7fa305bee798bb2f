"""What machines proposed and waits for a person: the queue, accepting, refusing.  Nothing is overwritten by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.accession.description import describe, read_days
from archive.accession.names import NameBook
from archive.audit import record_event
from archive.catalogue.reading import Proposal
from archive.catalogue.records import Record, RecordPlace
from archive.clock import now
from archive.filing import filing_day
from archive.outbox import announce

WINDOW = 20


class ProposalError(ValueError):
    """The decision cannot be taken; the text is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """A document and what waits for it."""

    record: Record
    rows: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """A stretch of documents with proposals: ``start`` counts from 1, ``total`` is all."""

    documents: tuple[Proposals, ...]
    start: int
    total: int


def waiting_proposals(session: Session, viewer: Viewer, day: int, start: int = 1) -> Queue:
    """Documents with waiting proposals that the viewer may read; contradictions first."""
    doubts = func.max(case((Proposal.contradicts, 1), else_=0)).label("doubts")
    waiting = (
        select(Proposal.record_id, doubts)
        .join(Record, Record.id == Proposal.record_id)
        .where(Proposal.state == "waiting", _readable(viewer, day))
        .group_by(Proposal.record_id)
    )
    total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    start = max(1, min(start, total))
    ids = session.execute(waiting.order_by(doubts.desc(), Proposal.record_id).offset(start - 1).limit(WINDOW)).all()
    found = []
    for record_id, _ in ids:
        own = select(Proposal).where(Proposal.record_id == record_id, Proposal.state == "waiting")
        rows = session.scalars(own.order_by(Proposal.contradicts.desc(), Proposal.id)).all()
        found.append(Proposals(session.get_one(Record, record_id), tuple(rows)))
    return Queue(tuple(found), start, total)


def find_proposals(session: Session, viewer: Viewer, day: int, public_id: str, fields: Sequence[str]) -> Proposals:
    """The waiting proposals for those fields of a document (none named: for all).

    ProposalError where the viewer may not read it or nothing waits any more.
    """
    own = select(Proposal).join(Record, Record.id == Proposal.record_id)
    own = own.where(Record.public_id == public_id, Proposal.state == "waiting", _readable(viewer, day))
    rows = session.scalars((own.where(Proposal.field.in_(fields)) if fields else own).with_for_update()).all()
    if not rows:
        raise ProposalError("Đề xuất này không còn chờ: đã có người xử lý hoặc tài liệu đã đổi.")
    return Proposals(session.get_one(Record, rows[0].record_id), tuple(rows))


def accept(session: Session, actor: str, proposals: Proposals) -> None:
    """Writes the proposed values into the curated layer, describes the record anew and announces it."""
    record, curated = proposals.record, dict(proposals.record.curated)
    for one in proposals.rows:
        if one.field == "CodeNumber":
            curated["CodeNumber"], _, curated["CodeNotation"] = one.value.partition("/")
        else:
            curated[one.field] = one.value
        _decide(session, actor, record, one, "accepted")
    record.curated = curated
    _describe(session, record)
    session.flush()
    announce(session, [record.id])


def refuse(session: Session, actor: str, proposals: Proposals) -> None:
    """Keeps the description; the same field is not proposed again."""
    for one in proposals.rows:
        _decide(session, actor, proposals.record, one, "refused")


def _decide(session: Session, actor: str, record: Record, one: Proposal, state: str) -> None:
    one.state, one.decided_at, one.decided_by = state, now(), actor
    record_event(session, actor, f"proposal-{state}", record.public_id, field=one.field, page=one.page)


def _describe(session: Session, record: Record) -> None:
    values, names = {**record.delivered, **record.curated}, NameBook()
    words = describe(record.level, values)
    record.title, record.number, record.order_key = words.title, words.number, words.order_key
    record.filing_title, record.filing_number = words.filing_title, words.filing_number
    record.type_slug = names.term(session, "type", words.type_name)
    record.issuer_id = names.agent(session, words.issuer)
    names.people(session, words.people)
    if "IssuedDate" in record.curated and (days := read_days(record.level, values)):
        record.date_from, record.date_to = days
        record.filing_day = filing_day(days[0])
    if "Place" in record.curated:
        there = set(session.scalars(select(RecordPlace.place_id).where(RecordPlace.record_id == record.id)))
        for place in names.places(session, words.places):
            if place not in there:
                session.add(RecordPlace(record_id=record.id, place_id=place))


def _readable(viewer: Viewer, day: int) -> ColumnElement[bool]:
    return sql_condition(viewer, "read", day)
