"""What each kind of personal data is, which moments its term may be counted from, and how it goes.

A row of no further use is deleted.  One that is counted, or that the law wants kept, stays without the person: its
account becomes the one that is nobody's (archive.identity.nobody), its words are emptied.  Grounds of decisions stay:
they name law, not people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive.catalogue.base import Base
from archive.catalogue.consents import Consent
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.evidence import Evidence
from archive.catalogue.fees import StatementLine, UnmatchedMoney
from archive.catalogue.keeping import Enquiry
from archive.catalogue.people import Account, Grant
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.requests import ReadingRequest, RequestDraft, RequestEvent
from archive.catalogue.sign_in import AccountSession, Letter, SignInAttempt
from archive.identity.nobody import NOBODY, nobody
from desk.states import OPEN

Column = InstrumentedAttribute[Any]
#: Takes the person out of the rows of these keys.
Going = Callable[[Session, Sequence[int]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of a table that hold personal data: their key, the moments that a term may be counted from (day numbers or
    moments), what else must hold of one that is to go, and how it goes."""

    key: Column
    moments: Mapping[str, Column]
    go: Going
    which: tuple[ColumnElement[bool], ...] = field(default=())


def _deleting(table: type[Base], key: Column) -> Going:
    def go(session: Session, keys: Sequence[int]) -> None:
        session.execute(delete(table).where(key.in_(keys)), execution_options={"synchronize_session": False})

    return go


def _emptying(table: Any, *, person: bool = False, **values: Any) -> Going:
    """Empties columns; with ``person`` the account becomes nobody's.  What people edit gets its next version."""

    def go(session: Session, keys: Sequence[int]) -> None:
        told = dict(values)
        if person:
            told["account_id"] = nobody(session).id
        if hasattr(table, "version"):
            told["version"] = table.version + 1
        change = update(table).where(table.id.in_(keys)).values(**told)
        session.execute(change, execution_options={"synchronize_session": False})

    return go


def _request(session: Session, keys: Sequence[int]) -> None:
    """Who asked, what for, what was said on the way; kind, states, days and officers stay, and are counted."""
    owner = select(Account.name).join(ReadingRequest, ReadingRequest.account_id == Account.id)
    events = RequestEvent.request_id.in_(keys)
    by_owner = RequestEvent.actor == owner.where(ReadingRequest.id == RequestEvent.request_id).scalar_subquery()
    for change in (
        update(RequestEvent).where(events, by_owner).values(actor=NOBODY),
        update(RequestEvent).where(events).values(reason=""),
    ):
        session.execute(change, execution_options={"synchronize_session": False})
    copies = session.scalars(select(IssuedCopy.id).where(IssuedCopy.request_id.in_(keys))).all()
    _emptying(IssuedCopy, person=True)(session, copies)
    papers = session.scalars(select(Evidence.id).where(Evidence.request_id.in_(keys))).all()
    _emptying(Evidence, person=True)(session, papers)  # names and bytes went earlier (term evidence.kept)
    words = dict.fromkeys(
        ("purpose", "wanted", "behalf", "proof", "rating_note", "asker", "payer_class", "post_to"), ""
    )
    _emptying(ReadingRequest, person=True, submission=None, **words)(session, keys)


def _somebody(table: Any) -> ColumnElement[bool]:
    account: ColumnElement[int | None] = table.account_id
    return ~account.in_(select(Account.id).where(Account.name == NOBODY))


_ENDED = (ReadingRequest.state.not_in(OPEN), _somebody(ReadingRequest))
_CERTIFIED = ReadingRequest.kind.in_(("certified", "dip"))

KINDS: dict[str, Kind] = {
    "draft": Kind(
        RequestDraft.account_id, {"saved": RequestDraft.saved_at}, _deleting(RequestDraft, RequestDraft.account_id)
    ),
    "request.certified": Kind(
        ReadingRequest.id, {"ended": ReadingRequest.ended_at, "received": ReadingRequest.received_at}, _request,
        (*_ENDED, _CERTIFIED),
    ),
    "request.other": Kind(
        ReadingRequest.id, {"ended": ReadingRequest.ended_at, "received": ReadingRequest.received_at}, _request,
        (*_ENDED, ~_CERTIFIED),
    ),
    "grant": Kind(Grant.id, {"ended": Grant.valid_to}, _emptying(Grant, person=True, purpose=""), (_somebody(Grant),)),
    "visit": Kind(
        Appointment.id, {"day": Appointment.day}, _emptying(Appointment, person=True, note=""),
        (_somebody(Appointment),),
    ),
    "loan": Kind(Loan.id, {"returned": Loan.back_at}, _emptying(Loan, person=True), (_somebody(Loan),)),
    "enquiry": Kind(
        Enquiry.id, {"answered": Enquiry.answered_at, "received": Enquiry.received_at},
        _emptying(Enquiry, text="", answer="", source=""),
        (Enquiry.answered_at.is_not(None), or_(Enquiry.text != "", Enquiry.answer != "", Enquiry.source != "")),
    ),
    "consent": Kind(
        Consent.id, {"given": Consent.at}, _deleting(Consent, Consent.id),
        (Consent.account_id.in_(select(Account.id).where(Account.erased_at.is_not(None))),),
    ),
    "letter": Kind(Letter.id, {"written": Letter.created}, _deleting(Letter, Letter.id)),
    "session": Kind(
        AccountSession.id, {"expired": AccountSession.expires, "opened": AccountSession.opened},
        _deleting(AccountSession, AccountSession.id),
    ),
    "attempt": Kind(SignInAttempt.id, {"tried": SignInAttempt.at}, _deleting(SignInAttempt, SignInAttempt.id)),
    "bank.line": Kind(
        StatementLine.id, {"day": StatementLine.day, "received": StatementLine.read_at},
        _emptying(StatementLine, told=""), (StatementLine.told != "",),
    ),
    "bank.unmatched": Kind(
        UnmatchedMoney.id, {"received": UnmatchedMoney.at}, _emptying(UnmatchedMoney, told="", note=""),
        (UnmatchedMoney.state != "open", or_(UnmatchedMoney.told != "", UnmatchedMoney.note != "")),
    ),
}  # fmt: skip
