"""Money over the counter, and money that goes back: by a person, each form counted once however often it is sent."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Bill, Payment
from archive.catalogue.requests import ReadingRequest
from archive.clock import now
from archive.identifiers import is_identifier
from desk.fees.settling import FeeError, balance, locked, settle
from desk.steps import is_own

OFFICERS = frozenset({"archivist", "head"})
HEAD = frozenset({"head"})
LONGEST_REASON = 500


def pay_at_desk(session: Session, bill_id: int, amount: int, form: str, role: str, actor: str) -> Bill:
    """Takes what is owed for a bill in cash.  ``form`` is the number of the form (archive.identifiers): sent twice, it
    pays once.  Raises FeeError."""
    if role not in OFFICERS:
        raise FeeError("Việc thu phí do lưu trữ viên hoặc người đứng đầu làm.")
    bill = others(session, locked(session, bill_id), actor)
    if _sent(session, "desk", form, bill):
        return bill
    if bill.state != "due":
        raise FeeError("Phí này không còn chờ nộp; không thu thêm.")
    owed = bill.total - balance(session, bill)
    if amount != owed:
        raise FeeError(
            "Số tiền thu phải đúng %(owed)s đồng; đã ghi %(given)s đồng.", owed=_dong(owed), given=_dong(amount)
        )
    _write(session, bill, "desk", amount, form, actor, "")
    settle(session, bill, actor)
    record_event(session, actor, "payment-taken", bill=bill.code, way="desk", amount=amount)
    return bill


def refund(session: Session, bill_id: int, amount: int, reason: str, form: str, role: str, actor: str) -> Bill:
    """Gives money of a bill back: at most what is there, with a reason; all of it ends the bill.  Raises FeeError."""
    if role not in HEAD:
        raise FeeError("Việc hoàn phí do người đứng đầu quyết định.")
    bill, reason = others(session, locked(session, bill_id), actor), " ".join(reason.split())
    if _sent(session, "refund", form, bill):
        return bill
    there = balance(session, bill)
    if not reason or len(reason) > LONGEST_REASON:
        raise FeeError("Cần ghi lý do hoàn phí (không quá %(n)s ký tự).", n=LONGEST_REASON)
    if not 0 < amount <= there:
        told = {"most": _dong(there), "given": _dong(amount)}
        raise FeeError("Số tiền hoàn phải từ 1 đồng đến %(most)s đồng; đã ghi %(given)s đồng.", **told)
    _write(session, bill, "refund", -amount, form, actor, reason)
    if amount == there:
        bill.state = "refunded" if bill.state == "paid" else bill.state
    session.flush()
    record_event(session, actor, "payment-refunded", bill=bill.code, amount=amount, ground=reason)
    return bill


def others(session: Session, bill: Bill, actor: str) -> Bill:
    """The bill, which is somebody else's; FeeError where the actor asked for what it is for (the database refuses
    money over the counter and back then, too)."""
    if is_own(session, session.get_one(ReadingRequest, bill.request_id), actor):
        raise FeeError("Đây là phí của chính bạn: người khác thu, hoàn hoặc ghi.")
    return bill


def _sent(session: Session, way: str, form: str, bill: Bill) -> bool:
    if not is_identifier(form):
        raise FeeError("Mẫu này không còn dùng được; hãy mở lại trang.")
    there = session.scalar(select(Payment).where(Payment.way == way, Payment.outside == form))
    if there is not None and there.bill_id != bill.id:
        raise FeeError("Mẫu này không còn dùng được; hãy mở lại trang.")
    return there is not None


def _write(session: Session, bill: Bill, way: str, amount: int, form: str, actor: str, note: str) -> None:
    told = {"bill_id": bill.id, "way": way, "amount": amount, "outside": form, "actor": actor, "note": note}
    session.add(Payment(at=now(), **told))
    session.flush()


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
