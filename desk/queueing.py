"""The staff's day: what waits, sorted by what is to be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from analyzers.fold import fold
from archive.access import Viewer, sql_condition
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from desk.covered import is_closed
from desk.fees.owing import holds_too_much
from desk.handing import waits_to_be_handed
from desk.states import OPEN, WAITS_FOR_READER

WINDOW = 50
MOST_WORDS = 8
NOBODY = "-"  # no account's name

GROUPS = (
    "all", "mine", "new", "today", "overdue", "approval", "reader", "fee", "making", "handing", "stuck", "refund",
    "ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the officer narrows a group by; empty leaves it whole."""

    words: str = ""  # begin the request's code, or stand in who asks, a record's number or code
    kind: str = ""  # of desk.kinds
    officer: str = ""  # who took it up; NOBODY: not taken up
    access: str = ""  # open: all its records are; conditional: one, or a document in a file of them, is not


def waiting(
    session: Session, group: str, name: str, day: int, start: int = 0, *,
    sieved: Sequence[ColumnElement[bool]] = (), most: int = WINDOW,
) -> list[ReadingRequest]:  # fmt: skip
    """A window of ``most`` requests of that group for the officer of that name, those due first (ended: the latest)."""
    rows = select(ReadingRequest).where(_condition(group, name, day), *sieved)
    ordered = (
        (ReadingRequest.ended_at.desc(), ReadingRequest.id.desc())
        if group == "ended"
        else (ReadingRequest.due_on, ReadingRequest.id)
    )
    return list(session.scalars(rows.order_by(*ordered).offset(start).limit(most)))


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
        "making": ReadingRequest.state == "making",
        "handing": waits_to_be_handed(),
        "stuck": ReadingRequest.id.in_(
            select(IssuedCopy.request_id).where(IssuedCopy.state.in_(("waiting", "failed")), IssuedCopy.error != "")
        ),
        "refund": holds_too_much(),
        "ended": ReadingRequest.state.not_in(OPEN),
    }
    return conditions[group]


def sieved(session: Session, sieve: Sieve, viewer: Viewer, day: int) -> list[ColumnElement[bool]]:
    """The conditions of a sieve; records that the officer does not see neither find a request nor keep one away."""
    asked: list[ColumnElement[bool]] = []
    concerned = (
        select(RequestItem.request_id)
        .join(Record, Record.id == RequestItem.record_id)
        .where(sql_condition(viewer, "see", day))
    )
    if sieve.kind:
        asked.append(ReadingRequest.kind == sieve.kind)
    if sieve.officer:
        asked.append(ReadingRequest.officer == ("" if sieve.officer == NOBODY else sieve.officer))
    if sieve.access:
        shut = ReadingRequest.id.in_(concerned.where(is_closed(day, viewer)))
        asked.append(shut if sieve.access == "conditional" else ~shut)
    for word in sieve.words.split()[:MOST_WORDS]:
        named = or_(*(one.contains(word.upper(), autoescape=True) for one in (Record.number, Record.code)))
        asked.append(
            or_(
                ReadingRequest.code.startswith(word.lower(), autoescape=True),
                ReadingRequest.account_id.in_(_people(session, word)),
                ReadingRequest.id.in_(concerned.where(named)),
            )
        )
    return asked


def _people(session: Session, word: str) -> list[int]:
    """The accounts with requests whose name has that word, with or without its marks."""
    told = select(Account.id, Account.name, Account.full_name).where(
        Account.id.in_(select(ReadingRequest.account_id)), Account.erased_at.is_(None)
    )
    wanted = fold(word)
    return [number for number, name, full_name in session.execute(told) if wanted in fold(f"{name} {full_name}")]
