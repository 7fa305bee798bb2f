"""The bank's statement against the ledger, for staff: reading a file, what matched, and the list of what did not."""

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from sqlalchemy import select
from wtforms.validators import ValidationError

from archive.catalogue.fees import Bill
from archive.database import reading, writing
from desk.fees import placing
from desk.fees.owing import owed_back
from desk.fees.reconciling import Reconciled, last_day, reconcile, unseen
from desk.fees.settling import FeeError
from desk.fees.statements import LARGEST, StatementError, read_statement
from portal.answering import officer
from portal.errors import missing
from portal.paying import PRIVATE
from portal.viewing import Asking, asking
from portal.wording import say

ACTS = {"ghi", "trung", "tra", "khac"}

blueprint = Blueprint("reconciling", __name__, url_prefix="/quan-tri/doi-chieu")


def install(app: Flask) -> None:
    """The form of a statement is larger than others may be: its view says how large, then checks its token."""
    guard: CSRFProtect = app.extensions["csrf"]
    guard.exempt("portal.reconciling.read")
    app.jinja_env.globals["reason_name"] = reason_name


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The form for a statement, how far statements were read, and money that none shows."""
    officer()
    return _show()


@blueprint.post("")
def read() -> ResponseReturnValue:
    """Reads a statement (``tep``: CSV or XLSX) and says of each line what became of it.  The same file again changes
    nothing."""
    who = asking()
    if who.viewer.is_staff:
        request.max_content_length = LARGEST + (64 << 10)
        request.max_form_memory_size = LARGEST
    try:
        validate_csrf(request.form.get("csrf_token", ""))
    except ValidationError as error:
        if not who.viewer.is_staff:
            raise CSRFError from error
        return _show(_("Chưa đọc được: mẫu này đã để quá lâu. Hãy gửi lại."), 400)
    officer()
    file = request.files.get("tep")
    if file is None or not file.filename:
        return _show(_("Hãy chọn một tệp."), 422)
    try:
        statement = read_statement(file.filename, file.stream.read(LARGEST + 1))
    except StatementError as error:
        return _show(say(error), 422)
    return _show(told=reconcile(statement, who.viewer.name))


@blueprint.get("/tien")
def money() -> ResponseReturnValue:
    """Money that matched nothing: what waits, and what was placed last."""
    return _money(officer())


@blueprint.post("/tien/<int:money_id>")
def place(money_id: int) -> ResponseReturnValue:
    """Says what money is (``viec``): of the bill ``ma`` (ghi), the same as money of it that was counted (trung), given
    back (tra; heads), no fee (khac); always with ``ghi-chu``."""
    who, wish, note = officer(), request.form.get("viec", ""), request.form.get("ghi-chu", "")
    if wish not in ACTS:
        raise missing()
    role, name, code = who.viewer.role, who.viewer.name, request.form.get("ma", "")
    try:
        with writing() as session:
            if wish == "ghi":
                placing.assign(session, money_id, code, note, role, name)
            elif wish == "trung":
                placing.call_same(session, money_id, code, note, role, name)
            elif wish == "tra":
                placing.give_back(session, money_id, note, role, name)
            else:
                placing.set_aside(session, money_id, note, role, name)
    except FeeError as error:
        return _money(who, say(error), money_id, 422)
    return redirect(url_for("reconciling.money"), 303)


def _show(error: str = "", status: int = 200, told: Reconciled | None = None) -> ResponseReturnValue:
    with reading() as session:
        missed, last = unseen(session), last_day(session)
        bills = select(Bill.id, Bill.code).where(Bill.id.in_([one.bill_id for one in missed]))
        codes = {row.id: row.code for row in session.execute(bills)}
    page = render_template(
        "statement.html", error=error, told=told, missed=missed, last=last, codes=codes, columns=column_names()
    )
    return page, status, PRIVATE


def _money(who: Asking, error: str = "", wrong: int = 0, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        waiting, placed = placing.listed(session), placing.listed(session, done=True, limit=20)
        named = [one.bill_id for one in (*waiting, *placed) if one.bill_id]
        back = owed_back(session)
        codes = {row.id: row.code for row in session.execute(select(Bill.id, Bill.code).where(Bill.id.in_(named)))}
    page = render_template(
        "money.html", waiting=waiting, placed=placed, back=back, codes=codes, error=error, wrong=wrong,
        kept=request.form, acts=act_names(who.viewer.role == "head"), states=state_names(), whys=why_back(),
    )  # fmt: skip
    return page, status, PRIVATE


def act_names(head: bool) -> dict[str, str]:
    """What may be said of money."""
    back = {"tra": _("Đã trả lại người chuyển")} if head else {}
    own = {"ghi": _("Ghi vào phí mang mã này"), "trung": _("Cổng thanh toán chuyển về, đã ghi ở phí ấy")}
    return {**own, **back, "khac": _("Không phải phí, giữ lại")}


def why_back() -> dict[str, str]:
    """Why money of a bill has to go back."""
    return {"over": _("nộp thừa so với phí"), "ended": _("yêu cầu đã kết thúc mà không được giải quyết")}


def state_names() -> dict[str, str]:
    """What was said of it."""
    return {
        "assigned": _("đã ghi vào phí"), "returned": _("đã trả lại"), "same": _("đã tính ở khoản khác"),
        "noted": _("không phải phí"),
    }  # fmt: skip


def reason_name(reason: str) -> str:
    """Why money matched nothing."""
    names = {
        "unknown": _("nội dung không có mã phí nào"),
        "several": _("nội dung có nhiều mã phí"),
        "under": _("thiếu so với phí"),
        "over": _("thừa so với phí"),
        "paid": _("phí ấy đã nộp"),
        "cancelled": _("phí ấy đã hủy"),
        "refunded": _("phí ấy đã hoàn"),
        "outgoing": _("tiền ra mang mã phí: ngân hàng rút lại, hoặc hoàn mà chưa ghi"),
        "differs": _("mã giao dịch này đã báo với nội dung khác"),
        "unread": _("dòng sao kê có tiền mà không đọc được"),
    }
    return str(names.get(reason, reason))


def column_names() -> dict[str, str]:
    """What a column of a statement means."""
    return {
        "day": _("ngày"), "credit": _("tiền vào"), "debit": _("tiền ra"), "amount": _("số tiền"),
        "told": _("nội dung"), "reference": _("mã giao dịch"), "side": _("tiền vào hay ra"),
    }  # fmt: skip
