"""The staff's day: what waits, sorted by what is to be done about it."""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from desk.handing import waits_to_be_handed
from desk.states import OPEN, WAITS_FOR_READER

WINDOW = 50

GROUPS = ("all", "mine", "new", "today", "overdue", "approval", "reader", "fee", "handing", "stuck", "ended")


def waiting(session: Session, group: str, name: str, day: int, start: int = 0) -> list[ReadingRequest]:
    """A window of the requests of that group for the officer of that name, those due first (of ended: the latest)."""
    rows = select(ReadingRequest).where(_condition(group, name, day))
    ordered = (
        (ReadingRequest.ended_at.desc(), ReadingRequest.id.desc())
        if group == "ended"
        else (ReadingRequest.due_on, ReadingRequest.id)
    )
    return list(session.scalars(rows.order_by(*ordered).offset(start).limit(WINDOW)))


def told(session: Session, requests: list[ReadingRequest]) -> tuple[dict[int, str], dict[int, list[Record]]]:
    """Who asks (an account's number to its person, else its name), and for which records (by a request's number)."""
    asking = {one.account_id for one in requests}
    accounts = session.scalars(select(Account).where(Account.id.in_(asking)))
    askers = {one.id: one.full_name or one.name for one in accounts if not one.erased_at}
    records: dict[int, list[Record]] = {}
    rows = select(RequestItem.request_id, Record).join(Record, Record.id == RequestItem.record_id)
    for number, record in session.execute(
        rows.where(RequestItem.request_id.in_([one.id for one in requests])).order_by(Record.id)
    ):
        records.setdefault(number, []).append(record)
    return askers, records


def counts(session: Session, name: str, day: int) -> dict[str, int]:
    """How many requests are in each group."""
    asked = [func.count().filter(_condition(group, name, day)).label(group) for group in GROUPS]
    row = session.execute(select(*asked).select_from(ReadingRequest)).one()
    return dict(zip(GROUPS, row, strict=True))


def _condition(group: str, name: str, day: int) -> ColumnElement[bool]:
    is_open = ReadingRequest.state.in_(OPEN)
    running = and_(is_open, ReadingRequest.state.not_in(WAITS_FOR_READER))
    conditions: dict[str, ColumnElement[bool]] = {
        "all": is_open,
        "mine": and_(is_open, ReadingRequest.officer == name),
        "new": ReadingRequest.state == "received",
        "today": and_(running, ReadingRequest.due_on == day),
        "overdue": and_(running, ReadingRequest.due_on < day),
        "approval": ReadingRequest.state == "approval",
        "reader": ReadingRequest.state == "supplement",
        "fee": ReadingRequest.state == "payment",
        "handing": waits_to_be_handed(),
        "stuck": ReadingRequest.id.in_(select(IssuedCopy.request_id).where(IssuedCopy.state == "failed")),
        "ended": ReadingRequest.state.not_in(OPEN),
    }
    return conditions[group]
