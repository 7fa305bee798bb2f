"""Records closed for the sake of a person who is named in them.

They open a number of years after that person's death (`config/personal_terms.tsv`, ``person.closed``: Law 01/2011/QH13
Article 30, Decree 01/2013/NĐ-CP Article 16; what follows it since 07/2025 is not settled), and not before somebody
knows the death.  Several persons may be named: the last day counts.  The person's name stays in the catalogue and goes
into no event, index or page of readers.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.access import NEVER
from archive.accession.correction import settle_access
from archive.audit import record_event
from archive.catalogue.people import PersonClosure
from archive.catalogue.records import Record
from archive.clock import now, today_number
from archive.deciding import DecisionError, checked_ground, found_record
from archive.terms import term

TERM = "person.closed"


def close_for_person(
    session: Session, public_id: str, person: str, died_on: int | None, *, actor: str, ground: str
) -> PersonClosure:
    """Closes a record, and what is below it, until the term after the death of a person named in it.

    ``died_on`` is the last day number on which the person may have died, None where that is not known: then it stays
    closed until somebody knows.  A tightening is vetoed in this transaction.  Raises DecisionError.
    """
    record = found_record(session, public_id)
    ground = checked_ground(ground)
    person = " ".join(person.split())
    if not person:
        raise DecisionError("Cần ghi tên người được nêu trong tài liệu.")
    if died_on is not None and died_on > today_number():
        raise DecisionError("Ngày mất không thể ở sau hôm nay.")
    rule = term(TERM, today_number())
    opens_on = NEVER if died_on is None else rule.end(died_on)
    made = PersonClosure(record_id=record.id, person=person, died_on=died_on, opens_on=opens_on, ground=ground)
    session.add(made)
    session.flush()
    _settle(session, record, actor)
    record_event(session, actor, "person-closure-set", public_id, ground=ground, closure=made.id, basis=rule.basis)
    return made


def end_person_closure(session: Session, closure_id: int, *, actor: str, ground: str) -> PersonClosure:
    """Ends the closure for a person: a mistake, or the person or the heirs agree.  Raises DecisionError."""
    ground = checked_ground(ground)
    found = session.get(PersonClosure, closure_id, with_for_update=True)
    if found is None or found.ended is not None:
        raise DecisionError(
            "Không có lần đóng số %(number)s vì người được nêu tên đang có hiệu lực.", number=closure_id
        )
    found.ended = now()
    record = session.get_one(Record, found.record_id, with_for_update=True)
    _settle(session, record, actor)
    record_event(session, actor, "person-closure-ended", record.public_id, ground=ground, closure=closure_id)
    return found


def running_closures(session: Session, record_id: int) -> list[PersonClosure]:
    """The closures of a record for persons named in it that were not ended, oldest first."""
    rows = select(PersonClosure).where(PersonClosure.record_id == record_id, PersonClosure.ended.is_(None))
    return list(session.scalars(rows.order_by(PersonClosure.id)))


def _settle(session: Session, record: Record, actor: str) -> None:
    before = record.access
    session.flush()
    record.named_opens_on = session.scalar(
        select(func.max(PersonClosure.opens_on)).where(
            PersonClosure.record_id == record.id, PersonClosure.ended.is_(None)
        )
    )
    settle_access(session, record, before, actor)
