"""Erasing a reader's account because its person wants it (Law 91/2025/QH15; NĐ 356/2025: answered within two working
days, here at once).

What says who it is goes, and whatever nobody else has a right to.  The files of requests stay for their term
(config/desk/retention.tsv) under a pseudonym; a certified copy's file names its person until then, since whoever
relies on the copy may ask who had it (TT 10/2014/TT-BNV).  The sealed trail keeps what it has: archive.erasing.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.consents import Consent
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.evidence import Evidence
from archive.catalogue.keeping import KeptItem
from archive.catalogue.people import Account, AccountToken, Grant
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.requests import ReadingRequest, RequestDraft, RequestEvent
from archive.catalogue.sign_in import AccountSession, Letter, RecoveryCode
from archive.clock import now, today_number
from archive.identity.errors import AccountError
from archive.identity.nobody import pseudonym
from archive.identity.registration import send_letter
from archive.identity.sessions import new_epoch
from desk.copies.ordering import copies_of
from desk.papers.keeping import erase_evidence
from desk.states import OPEN, STEPS
from desk.steps import take_step

#: Of certified copies that were given out, the file names who had them.
NAMED = frozenset({"certified", "dip"})
GIVEN = frozenset({"resolved", "returned"})


def erase_account(session: Session, account: Account, actor: str, ground: str, language: str = "vi") -> str:
    """Erases the account (locked by the caller) and returns the pseudonym under which its files stay.  ``actor`` is
    who of the staff does it, empty for the owner.

    AccountError where it is not a reader's, while an original is out or a decision is being taken.
    """
    if account.role != "reader" or account.erased_at:
        raise AccountError(
            "Chỉ tài khoản độc giả được xóa như thế này; tài khoản của người làm việc thì đóng lại.",
            "Only readers' accounts are erased like this; those of staff are closed.",
        )
    if waits := what_waits(session, account):
        raise waits[0]
    _end_requests(session, account)
    name, before, email = pseudonym(), account.name, account.email
    session.flush()
    _keep_files(session, account, before, name, ground)
    _delete_rows(session, account)
    account.name, account.password_hash, account.erased_at = name, "", now()
    account.full_name = account.identification = account.phone = account.workplace = ""
    account.email = account.openid = account.totp_secret = account.totp_pending = account.totp_step = None
    account.active, account.notices = False, "none"
    new_epoch(account)
    if email:
        send_letter(session, "erased", email, language)
    record_event(session, actor or name, "account-erased", ground=ground, name=name, by_owner=not actor)
    return name


def what_waits(session: Session, account: Account) -> list[AccountError]:
    """Why the account cannot be erased yet: originals that are out, requests that are being decided or made."""
    found = []
    if session.scalar(select(Loan.id).where(Loan.account_id == account.id, Loan.back_at.is_(None)).limit(1)):
        found.append(
            AccountError(
                "Còn bản gốc chưa trả phòng đọc; hãy trả rồi xóa.",
                "An original is still out; bring it back to the reading room first.",
            )
        )
    found += [
        AccountError(
            f"Yêu cầu {one.code[:8]} đang chờ phê duyệt hay đang làm; hãy đợi kết quả rồi xóa.",
            f"Request {one.code[:8]} is being decided or made; wait for its result first.",
        )
        for one in _open_requests(session, account)
        if not _withdrawn(one)
    ]
    return found


def withdrawn_with(session: Session, account: Account) -> list[ReadingRequest]:
    """The requests under way that are withdrawn when the account is erased."""
    return [one for one in _open_requests(session, account) if _withdrawn(one)]


def _open_requests(session: Session, account: Account) -> list[ReadingRequest]:
    mine = select(ReadingRequest).where(ReadingRequest.account_id == account.id, ReadingRequest.state.in_(OPEN))
    return list(session.scalars(mine.order_by(ReadingRequest.id)))


def _withdrawn(request: ReadingRequest) -> bool:
    return (request.state, "withdraw") in STEPS


def _end_requests(session: Session, account: Account) -> None:
    """Withdraws what is under way: nobody would be there to have the answer."""
    for one in withdrawn_with(session, account):
        take_step(session, one, "withdraw", "owner", account.name)


def _keep_files(session: Session, account: Account, before: str, name: str, ground: str) -> None:
    """The files of requests without their person and the papers he sent; certified ones that were given out say who it
    was."""
    spoke = update(Consent).where(Consent.account_id == account.id, Consent.actor == before)  # the proof stays
    session.execute(spoke.values(actor=name), execution_options={"synchronize_session": False})
    asker = ", ".join(filter(None, (account.full_name or before, account.identification)))
    for one in session.scalars(select(ReadingRequest).where(ReadingRequest.account_id == account.id)).all():
        if one.kind in NAMED and one.state in GIVEN:
            one.asker = asker
        one.submission = None
        erase_evidence(session, one, name, ground)
        steps = update(RequestEvent).where(RequestEvent.request_id == one.id, RequestEvent.actor == before)
        session.execute(steps.values(actor=name), execution_options={"synchronize_session": False})
        for copy in copies_of(session, one.id):
            if copy.state == "made" and copy.until is not None:
                copy.until = min(copy.until, today_number() - 1)  # nobody fetches it any more: the daily job deletes it
            elif copy.state != "made":
                copy.state, copy.next_at = "expired", None


def _delete_rows(session: Session, account: Account) -> None:
    own, day = account.id, today_number()
    for table in (AccountSession, AccountToken, RecoveryCode, KeptItem, RequestDraft):
        session.execute(delete(table).where(table.account_id == own))
    session.execute(delete(Evidence).where(Evidence.account_id == own, Evidence.request_id.is_(None)))  # not sent yet
    session.execute(update(LineCorrection).where(LineCorrection.account_id == own).values(account_id=None))
    if account.email:
        session.execute(delete(Letter).where(Letter.recipient == account.email))
    for visit in session.scalars(select(Appointment).where(Appointment.account_id == own)):
        visit.note = ""
        if visit.day >= day and visit.state == "booked":
            visit.state, visit.seat = "cancelled", None
    for grant in session.scalars(select(Grant).where(Grant.account_id == own, Grant.revoked.is_(None))):
        if grant.valid_to >= day:
            grant.revoked = now()
