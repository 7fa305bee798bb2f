"""Deadlines of requests, looked at once a day and after every outage: what waited for its reader too long ends,
officers get a letter of what is due, readers who want it that way one of what is new."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive.catalogue.fees import Bill
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.catalogue.sign_in import Letter
from archive.clock import VIET_NAM, today_number
from archive.database import reading, writing
from archive.identity.registration import send_letter
from archive.terms import term
from desk.delegation import is_decider
from desk.fees.owing import unplaced
from desk.notices import write_news
from desk.queueing import counts
from desk.reading_room import overdue_originals
from desk.steps import StepError, take_step

WAITS = {"supplement": "supplement.wait", "payment": "payment.days"}


def watch_requests() -> int:
    """Ends what waited too long, each in a transaction of its own, and writes the letters of the day; returns how
    many requests ended.  Done twice it does nothing more."""
    ended = 0
    for request_id, state in _overdue():
        waited = term(WAITS[state], today_number())
        unit = "ngày làm việc" if waited.unit == "working_days" else "ngày"
        reason = (
            f"Quá {waited.value} {unit}, hay quá ngày cuối được đọc, không có trả lời hay tiền nộp ({waited.basis})."
        )
        try:
            with writing() as session:
                take_step(session, session.get_one(ReadingRequest, request_id), "lapse", "system", "system", reason)
            ended += 1
        except (StepError, StaleDataError):
            continue  # somebody was quicker
    with writing() as session:
        _write_letters(session)
        write_news(session)
    return ended


def _overdue() -> list[tuple[int, str]]:
    day = today_number()
    asked = select(ReadingRequest.id, ReadingRequest.state, ReadingRequest.paused_on)
    late = select(Bill.request_id).where(Bill.state == "due", Bill.due_on < day)
    with reading() as session:
        rows = session.execute(asked.where(ReadingRequest.state.in_(WAITS))).all()
        unpaid = set(session.scalars(late))
    waited = [(one, state) for one, state, since in rows if since and term(WAITS[state], day).end(since) < day]
    return list(
        dict.fromkeys(waited + [(one, state) for one, state, _ in rows if state == "payment" and one in unpaid])
    )


def _write_letters(session: Session) -> None:
    day = today_number()
    since = datetime.fromordinal(day).replace(tzinfo=VIET_NAM)
    written = select(Letter.recipient).where(Letter.kind == "day", Letter.created >= since)
    there = set(session.scalars(written))
    staff = select(Account).where(
        Account.role.in_(("archivist", "head")), Account.active.is_(True), Account.email.is_not(None),
        Account.notices != "none",
    )  # fmt: skip
    late = unplaced(session) + overdue_originals(session, day)
    for account in session.scalars(staff):
        told = counts(session, account.name, day)
        due = (
            told["overdue"]
            + told["today"]
            + told["mine"]
            + told["stuck"]
            + late
            + (told["approval"] if is_decider(session, account.name, account.role) else 0)
            + (told["refund"] if account.role == "head" else 0)
        )
        if account.email and account.email not in there and due:
            send_letter(session, "day", account.email, "vi", account=account.id)
