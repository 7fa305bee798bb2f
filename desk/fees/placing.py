"""The list of money that matched nothing: staff put it to a bill, return it, or say what it is.  Nothing leaves it
without a name and a word."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Bill, Payment, UnmatchedMoney
from archive.clock import now
from desk.fees.counter import HEAD, LONGEST_REASON, OFFICERS, others
from desk.fees.settling import FeeError, locked, settle


def listed(session: Session, *, done: bool = False, limit: int = 200) -> list[UnmatchedMoney]:
    """Money that waits, oldest first; or the last that was placed."""
    rows = select(UnmatchedMoney)
    if done:
        rows = rows.where(UnmatchedMoney.state != "open").order_by(UnmatchedMoney.resolved_at.desc())
    else:
        rows = rows.where(UnmatchedMoney.state == "open").order_by(UnmatchedMoney.id)
    return list(session.scalars(rows.limit(limit)))


def assign(session: Session, money_id: int, code: str, note: str, role: str, actor: str) -> Bill:
    """Puts money to the bill of that reference, whatever the amount: less leaves the rest owed, more can be refunded.
    Raises FeeError."""
    money, note = _came(_open(session, money_id, role, OFFICERS, actor)), _words(note)
    bill = others(session, locked(session, _bill(session, code).id), actor)
    if bill.state not in {"due", "paid"}:
        raise FeeError("Phí ấy đã hủy hoặc đã hoàn; không ghi thêm tiền được. Hãy trả lại người chuyển.")
    made = Payment(
        bill_id=bill.id, way=money.way, amount=money.amount, outside=money.outside, at=now(), actor=actor, note=note
    )
    session.add(made)
    session.flush()
    _close(session, money, "assigned", note, actor, made, bill.code)
    settle(session, bill, actor)
    return bill


def give_back(session: Session, money_id: int, note: str, role: str, actor: str) -> None:
    """The money went back to who sent it; only heads say so.  Raises FeeError."""
    _close(session, _open(session, money_id, role, HEAD, actor), "returned", _words(note), actor)


def set_aside(session: Session, money_id: int, note: str, role: str, actor: str) -> None:
    """It is no fee, and stays with the archive: what it is.  Raises FeeError."""
    _close(session, _open(session, money_id, role, OFFICERS, actor), "noted", _words(note), actor)


def call_same(session: Session, money_id: int, code: str, note: str, role: str, actor: str) -> None:
    """It was counted already, told by another way under another reference (a gateway passes on to the bank what it
    took).  One payment is the same as one other only.  Raises FeeError."""
    money, note = _came(_open(session, money_id, role, OFFICERS, actor)), _words(note)
    bill = others(session, locked(session, _bill(session, code).id), actor)
    taken = select(UnmatchedMoney.payment_id).where(
        UnmatchedMoney.state == "same", UnmatchedMoney.payment_id.is_not(None)
    )
    asked = select(Payment).where(
        Payment.bill_id == bill.id, Payment.amount == money.amount, Payment.way.in_(("transfer", "gateway")),
        Payment.way != money.way, Payment.id.not_in(taken),
    )  # fmt: skip
    same = session.scalars(asked.order_by(Payment.id).limit(1)).first()
    if same is None:
        raise FeeError("Phí ấy không có khoản nào cùng số tiền, nộp bằng cách khác, mà chưa đối chiếu.")
    _close(session, money, "same", note, actor, same, bill.code)


def _open(session: Session, money_id: int, role: str, who: frozenset[str], actor: str) -> UnmatchedMoney:
    if role not in who:
        if who is HEAD:
            raise FeeError("Việc này do người đứng đầu quyết định.")
        raise FeeError("Việc này không do bạn làm.")
    asked = select(UnmatchedMoney).where(UnmatchedMoney.id == money_id).with_for_update()
    found = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.state != "open":
        raise FeeError("Khoản tiền này đã được xử lý; hãy xem lại trang.")
    if found.bill_id is not None:
        others(session, session.get_one(Bill, found.bill_id), actor)
    return found


def _came(money: UnmatchedMoney) -> UnmatchedMoney:
    if money.reason == "outgoing":
        raise FeeError("Tiền ra không nộp vào phí nào được: ghi hoàn ở phí ấy nếu đúng, rồi ghi ở đây đó là khoản gì.")
    if money.reason == "unread":
        raise FeeError("Dòng này chưa đọc được: sửa nó trong tệp rồi đối chiếu lại, sau đó ghi ở đây đã sửa thế nào.")
    return money


def _words(note: str) -> str:
    note = " ".join(note.split())
    if not note or len(note) > LONGEST_REASON:
        raise FeeError("Cần ghi rõ vì sao (không quá %(n)s ký tự).", n=LONGEST_REASON)
    return note


def _bill(session: Session, code: str) -> Bill:
    wanted = "".join(code.split()).upper()
    found = session.scalar(select(Bill).where(Bill.code == wanted))
    if found is None:
        raise FeeError("Không có phí nào mang mã “%(code)s”.", code=wanted[:20])
    return found


def _close(
    session: Session, money: UnmatchedMoney, state: str, note: str, actor: str, payment: Payment | None = None,
    code: str = "",
) -> None:  # fmt: skip
    money.state, money.note, money.resolved_by, money.resolved_at = state, note, actor, now()
    money.payment_id = payment.id if payment else None
    session.flush()
    record_event(
        session, actor, "money-placed", ground=note, bill=code, amount=money.amount, outside=money.outside, after=state
    )
