"""The reading room: places by half-day, originals handed out and returned.

How many places, how far ahead, how many originals at once and for how long are dated terms (config/desk/terms.tsv).
What is digitised is read on the system, its original stays where it is (procedure 1.013932, facts 5.4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.accounts import viewer_of
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.records import Record
from archive.clock import VIET_NAM, now, today_number
from archive.identifiers import new_identifier
from archive.telling import Told, said
from archive.terms import term
from archive.working_days import is_working_day
from desk.consents import SERVICE, WITHDRAWN, agrees
from desk.covered import Covered, cover, unit_id
from desk.named_records import UnnamedError, record_named
from desk.reading_cards import card_holder

HALVES = ("morning", "afternoon")
MOST_BOOKED = 4  # half-days of one reader at a time
LONGEST_NOTE = 300
MOST_NAMED = 5


class RoomError(Told):
    """What was asked of the reading room cannot be, and why."""


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half-day of the reading room, and how many places are free."""

    day: int
    half: str
    free: int


def half_days(session: Session) -> list[HalfDay]:
    """The half-days that can be booked: working days from the next one on."""
    today, seats = today_number(), term("room.seats", today_number()).value
    last = term("room.ahead", today).end(today)
    rows = (
        select(Appointment.day, Appointment.half, func.count())
        .where(Appointment.seat.is_not(None), Appointment.day > today, Appointment.day <= last)
        .group_by(Appointment.day, Appointment.half)
    )
    taken = {(day, half): count for day, half, count in session.execute(rows)}
    return [HalfDay(day, half, seats - taken.get((day, half), 0)) for day, half in _bookable(today, last)]


def book(session: Session, account_id: int, day: int, half: str, note: str = "") -> Appointment:
    """Books the lowest free place.  Raises RoomError; where somebody takes that place at the same moment, too."""
    today = today_number()
    if agrees(session, account_id, SERVICE) is False:
        raise RoomError(WITHDRAWN)
    if (day, half) not in set(_bookable(today, term("room.ahead", today).end(today))):
        raise RoomError("Buổi này không đặt chỗ được; hãy chọn một buổi trong danh sách.")
    own = select(Appointment).where(
        Appointment.account_id == account_id, Appointment.state == "booked", Appointment.day > today
    )
    mine = list(session.scalars(own))
    if any((one.day, one.half) == (day, half) for one in mine):
        raise RoomError("Bạn đã có chỗ ở buổi này.")
    if len(mine) >= MOST_BOOKED:
        raise RoomError("Mỗi người giữ không quá %(n)s buổi một lúc; hãy huỷ bớt.", n=MOST_BOOKED)
    rows = select(Appointment.seat).where(
        Appointment.day == day, Appointment.half == half, Appointment.seat.is_not(None)
    )
    taken = set(session.scalars(rows))
    free = [seat for seat in range(1, term("room.seats", today).value + 1) if seat not in taken]
    if not free:
        raise RoomError("Buổi này đã hết chỗ.")
    made = Appointment(
        account_id=account_id, day=day, half=half, seat=free[0], made_at=now(), state="booked",
        note=" ".join(note.split())[:LONGEST_NOTE],
    )  # fmt: skip
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise RoomError("Chỗ ấy vừa có người đặt; hãy thử lại.") from error
    return made


def cancel(session: Session, account_id: int, appointment_id: int) -> None:
    """Gives an own place back.  Raises RoomError."""
    found = session.get(Appointment, appointment_id, with_for_update=True)
    if found is None or found.account_id != account_id or found.state != "booked":
        raise RoomError("Không có lịch hẹn nào như thế.")
    found.state, found.seat = "cancelled", None


def note_visit(session: Session, appointment_id: int, came: bool, actor: str) -> None:
    """Notes that who booked came or did not, on that day or later.  Raises RoomError."""
    found = session.get(Appointment, appointment_id, with_for_update=True)
    if found is None or found.state != "booked" or found.day > today_number():
        raise RoomError("Lịch hẹn này chưa đến ngày, hoặc đã được ghi.")
    _others(session, found.account_id, actor)
    found.state = "came" if came else "missed"
    record_event(session, actor, "visit-noted", appointment=found.id, came=came)


def hand_out(session: Session, reader: str, code: str, actor: str) -> Loan:
    """Hands an original out to a reader (number of the card, or the account's name).  Raises RoomError.

    The reader may read all of it today (of a file the documents in it, too); it is not digitised; neither it nor its
    file or a document in it is with anybody; he has nothing of an earlier delivery any more (what goes out within
    ``loan.delivery`` is one), and not too many files already.
    """
    today = today_number()
    account = card_holder(session, reader)
    if account is None:
        raise RoomError("Không có thẻ độc giả hay tài khoản “%(reader)s” đang mở.", reader=reader[:60])
    _others(session, account.id, actor)
    try:
        record = record_named(session, code)
    except UnnamedError as error:
        raise RoomError(error.words, **error.values) from error
    named, whole = record.code, cover(session, [record])[record.id]
    _check_original(whole, viewer_of(account, today), today)
    _check_out(session, whole)
    _check_delivery(session, account.id, today)
    most, files = term("loan.most", today), _files_out(session, account.id)
    if whole.unit_id not in files and len(files) >= most.value:
        told = {"out": len(files), "n": most.value, "basis": most.basis}
        raise RoomError("Người này đang giữ %(out)s hồ sơ; mỗi lần không quá %(n)s (%(basis)s).", **told)
    made = Loan(
        code=new_identifier(), record_id=record.id, account_id=account.id, out_at=now(), out_by=actor,
        due_on=term("loan.days", today).end(today), back_by="", note="",
    )  # fmt: skip
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise RoomError("“%(record)s” đang ở ngoài kho, chưa được trả.", record=named) from error
    record_event(session, actor, "original-out", record.public_id, to=account.name, slip=made.code)
    return made


def take_back(session: Session, slip: str, actor: str, note: str = "") -> Loan:
    """Takes an original back by the code of its slip, with a word on its condition.  Raises RoomError."""
    found = session.scalar(select(Loan).where(Loan.code == slip.strip().lower()).with_for_update())
    if found is None or found.back_at is not None:
        raise RoomError("Không có phiếu nào như thế đang mở.")
    _others(session, found.account_id, actor)
    found.back_at, found.back_by, found.note = now(), actor, " ".join(note.split())[:LONGEST_NOTE]
    record = session.get_one(Record, found.record_id)
    record_event(session, actor, "original-back", record.public_id, slip=found.code)
    return found


def out_now(session: Session) -> list[tuple[Loan, Record, Account]]:
    """What is with readers now, those due first: the loan, the record, the reader."""
    rows = (
        select(Loan, Record, Account)
        .join(Record, Record.id == Loan.record_id)
        .join(Account, Account.id == Loan.account_id)
        .where(Loan.back_at.is_(None))
        .order_by(Loan.due_on, Loan.id)
    )
    return [(loan, record, reader) for loan, record, reader in session.execute(rows)]


def overdue_originals(session: Session, day: int) -> int:
    """How many originals are with readers after the day that they were due."""
    late = select(func.count()).select_from(Loan).where(Loan.back_at.is_(None), Loan.due_on < day)
    return session.scalar(late) or 0


def visits(session: Session, day: int) -> list[tuple[Appointment, Account]]:
    """The appointments of a day with the readers, in their order."""
    rows = (
        select(Appointment, Account)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.day == day, Appointment.state != "cancelled")
        .order_by(Appointment.half.desc(), Appointment.seat)
    )
    return [(one, reader) for one, reader in session.execute(rows)]


def own_visits(session: Session, account_id: int) -> list[Appointment]:
    """A reader's appointments from today on."""
    rows = select(Appointment).where(
        Appointment.account_id == account_id, Appointment.day >= today_number(), Appointment.state != "cancelled"
    )
    return list(session.scalars(rows.order_by(Appointment.day, Appointment.half.desc())))


def own_loans(session: Session, account_id: int) -> list[tuple[Loan, Record]]:
    """What a reader has in hand."""
    rows = select(Loan, Record).join(Record, Record.id == Loan.record_id)
    mine = rows.where(Loan.account_id == account_id, Loan.back_at.is_(None)).order_by(Loan.due_on)
    return [(loan, record) for loan, record in session.execute(mine)]


def slip_of(session: Session, code: str, viewer: Viewer) -> tuple[Loan, Record, str] | None:
    """The slip of that code, for staff, with the reader's full name and account: who signs it is a person."""
    if not viewer.is_staff:
        return None
    rows = select(Loan, Record, Account).join(Record, Record.id == Loan.record_id)
    found = session.execute(rows.join(Account, Account.id == Loan.account_id).where(Loan.code == code)).first()
    if found is None:
        return None
    reader = f"{found[2].full_name} ({found[2].name})" if found[2].full_name else found[2].name
    return found[0], found[1], reader


def _others(session: Session, account_id: int, actor: str) -> None:
    """Nobody of the staff does that for himself; the database refuses it of originals, too."""
    if session.scalar(select(Account.name).where(Account.id == account_id)) == actor:
        raise RoomError("Đây là việc của chính bạn ở phòng đọc: người khác ghi, giao và nhận.")


def _check_original(whole: Covered, reader: Viewer, day: int) -> None:
    """Raises RoomError where the reader may not read all of it, or it is read on the system."""
    record = whole.record
    if record.level not in {"file", "document"}:
        raise RoomError("“%(record)s” không phải hồ sơ hay văn bản; hãy giao từng hồ sơ.", record=record.code)
    if not may(reader, "read", record, day):
        words = said("“%(record)s”: người này chưa được phép đọc; cần có yêu cầu đã được chấp thuận.")
        raise RoomError(words, record=record.code)
    if shut := whole.unread(reader, day):
        words = said(
            "“%(record)s”: trong hồ sơ có văn bản người này chưa được phép đọc: %(shut)s; cần có yêu cầu đã được chấp "
            "thuận cho cả hồ sơ."
        )
        raise RoomError(words, record=record.code, shut=_named(shut))
    if record.page_count:
        words = said("“%(record)s” đã được số hoá: chỉ phục vụ bản số, không đưa bản gốc.")
        raise RoomError(words, record=record.code)
    if not whole.is_on_paper:
        words = said(
            "“%(record)s”: cả %(n)s văn bản trong hồ sơ đã được số hoá: %(held)s; chỉ phục vụ bản số, không đưa bản "
            "gốc."
        )
        raise RoomError(words, record=record.code, n=len(whole.documents), held=_named(whole.documents))


def _check_out(session: Session, whole: Covered) -> None:
    """Raises RoomError where its file, or a document in it, is with somebody.  The row of the file is locked until the
    end of the transaction, so that of two who hand out at once the second sees what the first did."""
    record, file = whole.record, whole.unit_id
    session.execute(select(Record.id).where(Record.id == file).with_for_update(key_share=True))
    near = or_(Record.id == file, Record.parent_id == file) if record.id == file else Record.id == file
    rows = select(Record.code).join(Loan, Loan.record_id == Record.id)
    out = session.scalar(rows.where(Loan.back_at.is_(None), Record.id != record.id, near).limit(1))
    if out is not None:
        inside = said("“%(out)s” của hồ sơ này đang ở ngoài kho, chưa được trả.")
        around = said("“%(out)s”, hồ sơ của văn bản này, đang ở ngoài kho, chưa được trả.")
        raise RoomError(inside if record.id == file else around, out=out)


def _check_delivery(session: Session, account_id: int, today: int) -> None:
    """Raises RoomError where the reader still has something of an earlier delivery.  His account is locked until the
    end of the transaction: two officers who hand out to him at once do not both count without the other's."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    rule = term("loan.delivery", today)
    out = session.scalars(select(Loan.out_at).where(Loan.account_id == account_id, Loan.back_at.is_(None)))
    days = [at.astimezone(VIET_NAM).toordinal() for at in out]
    if before := [day for day in days if rule.end(day) <= today]:
        words = said(
            "Người này còn giữ %(n)s bản gốc của lần giao trước, từ ngày %(day)s; trả xong mới giao lần tiếp "
            "(%(basis)s)."
        )
        since = date.fromordinal(min(before))
        raise RoomError(words, n=len(before), day=f"{since:%d/%m/%Y}", basis=rule.basis)


def _named(records: Sequence[Record]) -> str:
    """Documents by their codes, the first few of many."""
    named = ", ".join(f"“{one.code}”" for one in records[:MOST_NAMED])
    return named if len(records) <= MOST_NAMED else f"{named} và {len(records) - MOST_NAMED} văn bản khác"


def _files_out(session: Session, account_id: int) -> set[int]:
    """The files of which a reader has something in hand, by row id."""
    rows = select(Record).join(Loan, Loan.record_id == Record.id)
    return {unit_id(one) for one in session.scalars(rows.where(Loan.account_id == account_id, Loan.back_at.is_(None)))}


def _bookable(today: int, last: int) -> Iterator[tuple[int, str]]:
    for day in range(today + 1, last + 1):
        if is_working_day(day):
            yield from ((day, half) for half in HALVES)
