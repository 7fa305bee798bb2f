"""What the archive holds about a reader, given to that reader on the spot (Law 91/2025/QH15; NĐ 356/2025 Article 5: two
working days at most).  Records that the reader does not see (any more) are named by nothing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.consents import Consent
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.fees import Bill, Payment
from archive.catalogue.keeping import KeptItem
from archive.catalogue.people import Account, Grant
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.records import Record
from archive.catalogue.sign_in import AccountSession, Letter
from archive.clock import VIET_NAM
from archive.keeping import QUEUE
from archive.line_corrections import words_of
from desk.drafts import FIELDS, draft_of
from desk.papers.keeping import evidence_of
from desk.requests import events_of, items_of, requests_of

MOST = 10_000
TYPED = tuple(name for name in FIELDS if name != "submission")


def own_data(session: Session, viewer: Viewer, account: Account, day: int) -> dict[str, Any]:
    """Everything about the account, as plain values: dates in ISO's form, moments in Viet Nam's time."""
    own = session.get_one(Account, account.id)
    person = {name: getattr(own, name) for name in (
        "name", "role", "full_name", "identification", "email", "phone", "workplace", "notices",
    )}  # fmt: skip
    return {
        "account": person | {"created": _moment(own.created)},
        "consents": [
            {
                "purpose": one.purpose, "given": one.given, "wording": one.wording, "language": one.language,
                "method": one.method, "at": _moment(one.at),
            }
            for one in session.scalars(select(Consent).where(Consent.account_id == own.id).order_by(Consent.id))
        ],
        "sessions": [
            {"device": one.device, "opened": _moment(one.opened)}
            for one in session.scalars(select(AccountSession).where(AccountSession.account_id == own.id))
        ],
        "grants": [
            {
                "record": _named(session.get_one(Record, one.record_id), viewer, day), "purpose": one.purpose,
                "from": _day(one.valid_from), "until": _day(one.valid_to), "revoked": _moment(one.revoked),
                "ended": _moment(one.ended),
                "pages": one.pages, "copying": one.copying,
            }
            for one in session.scalars(select(Grant).where(Grant.account_id == own.id).order_by(Grant.id))
        ],
        "requests": [_request(session, viewer, one, day) for one in requests_of(session, own.id, MOST)],
        "draft": _draft(session, own.id),
        "kept": [_kept(session, viewer, one, day) for one in session.scalars(
            select(KeptItem).where(KeptItem.account_id == own.id).order_by(KeptItem.id))],
        "corrections": [_correction(session, viewer, one, day) for one in session.scalars(
            select(LineCorrection).where(LineCorrection.account_id == own.id).order_by(LineCorrection.id))],
        "visits": [
            {"day": _day(one.day), "half": one.half, "state": one.state, "note": one.note}
            for one in session.scalars(select(Appointment).where(Appointment.account_id == own.id))
        ],
        "originals": [
            {
                "record": _named(session.get_one(Record, one.record_id), viewer, day), "out": _moment(one.out_at),
                "back": _moment(one.back_at),
            }
            for one in session.scalars(select(Loan).where(Loan.account_id == own.id).order_by(Loan.id))
        ],
        "letters": [
            {"kind": one.kind, "created": _moment(one.created), "state": one.state}
            for one in session.scalars(select(Letter).where(Letter.recipient == (own.email or "")).order_by(Letter.id))
        ],
    }  # fmt: skip


def _request(session: Session, viewer: Viewer, one: Any, day: int) -> dict[str, Any]:
    bill = session.scalar(select(Bill).where(Bill.request_id == one.id))
    paid = select(Payment).where(Payment.bill_id == bill.id).order_by(Payment.id) if bill else None
    return {
        "code": one.code, "kind": one.kind, "state": one.state, "purpose": one.purpose, "wanted": one.wanted,
        "requester": one.requester, "payer_class": one.payer_class, "paper_copies": one.paper_copies,
        "post_to": one.post_to,
        "behalf": one.behalf, "proof": one.proof, "channel": one.channel,
        "received": _moment(one.received_at), "ended": _moment(one.ended_at), "rating": one.rating,
        "rating_note": one.rating_note,
        "records": [
            {
                "record": _named(record, viewer, day), "pages_asked": item.pages_asked, "answer": item.answer,
                "pages": item.pages, "ground": item.ground,
            }
            for item, record in items_of(session, one)
        ],
        "evidence": [
            {
                "paper": paper.paper, "name": paper.name, "sent": _moment(paper.sent_at),
                "erased": _moment(paper.erased_at),
                "fetched_at": f"/yeu-cau/{one.code}/giay-to/{paper.code}" if paper.erased_at is None else None,
            }
            for paper in evidence_of(session, one)
        ],
        "copies": [
            {
                "code": copy.code, "record": _named(session.get_one(Record, copy.record_id), viewer, day),
                "grade": copy.grade, "state": copy.state, "pages": copy.pages, "made": _moment(copy.made_at),
                "until": _day(copy.until) if copy.until else None,
            }
            for copy in session.scalars(
                select(IssuedCopy).where(IssuedCopy.request_id == one.id).order_by(IssuedCopy.id)
            )
        ],
        "steps": [
            {"state": event.after, "at": _moment(event.at), "words": event.reason} for event in events_of(session, one)
        ],
        "bill": {"code": bill.code, "total": bill.total, "state": bill.state} if bill else None,
        "payments": [
            {"way": pay.way, "amount": pay.amount, "at": _moment(pay.at)}
            for pay in (session.scalars(paid) if paid is not None else ())
        ],
    }  # fmt: skip


def _draft(session: Session, account_id: int) -> dict[str, Any] | None:
    """What was typed into the form of a request and not sent."""
    draft = draft_of(session, account_id)
    if draft is None:
        return None
    return {"saved": _moment(draft.saved_at)} | {name: draft.form.get(name, "") for name in TYPED}


def _kept(session: Session, viewer: Viewer, one: KeptItem, day: int) -> dict[str, Any]:
    told = {"kind": one.kind, "note": one.note, "kept": _moment(one.kept_at)}
    if one.kind == "search":
        return told | {"search": one.what, "letters": one.letters}
    if one.kind == QUEUE:
        return told | {"queue": one.what}
    record = session.scalar(select(Record).where(Record.public_id == one.what))
    return told | {"record": _named(record, viewer, day) if record else None}


def _correction(session: Session, viewer: Viewer, one: LineCorrection, day: int) -> dict[str, Any]:
    """A line that the reader proposed; its words only while he may read the record."""
    record = session.get_one(Record, one.record_id)
    told = {"record": _named(record, viewer, day), "proposed": _moment(one.proposed_at), "state": one.state}
    if not may(viewer, "read", record, day):
        return told
    before, after = words_of(session, one)
    return told | {"page": one.page, "line": one.line, "before": before, "after": after}


def _named(record: Record, viewer: Viewer, day: int) -> dict[str, str] | None:
    return {"id": record.public_id, "code": record.code} if may(viewer, "see", record, day) else None


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(VIET_NAM).isoformat(timespec="seconds") if moment else None


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat()
