"""What a reader owes and how to pay it: the bill on the page of the request, its QR code, the receipt; and the door at
which a payment gateway tells us of money."""

from dataclasses import dataclass
from typing import Any

import segno
from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from sqlalchemy.orm import Session

from archive.catalogue.fees import Bill, BillLine, Payment, Receipt
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM, now
from archive.database import reading, repeated, writing
from archive.settings import settings
from desk import requests as desk
from desk.fees.assessing import bill_of, lines_of
from desk.fees.notices import LARGEST, ForgedError, UnreadableError, read_notice
from desk.fees.offering import offer
from desk.fees.receipts import receipt_of, shown
from desk.fees.settling import owed, payments_of
from desk.fees.taking import Money, Taken, take_money
from desk.fees.tariff import SURE, reduction
from desk.fees.vietqr import bill_payload
from portal.errors import missing, problem
from portal.guarding import for_signed_in, own_account
from portal.wording import number

PRIVATE = {"Cache-Control": "no-store"}
GATEWAY = "payment-gateway"  # the actor of what a notice does by itself

blueprint = Blueprint("paying", __name__)


def install(app: Flask) -> None:
    """A gateway carries no form's token: its notice is signed instead."""
    guard: CSRFProtect = app.extensions["csrf"]
    guard.exempt("portal.paying.notified")
    app.jinja_env.globals.update(
        item_name=item_name, counted_unit=counted_unit, payer_name=payer_name, way_name=way_name
    )


@dataclass(frozen=True, slots=True)
class BillPage:
    """What a page shows of a bill; amounts in đồng."""

    bill: Bill
    lines: list[BillLine]
    payments: list[Payment]
    receipt: Receipt | None
    number: str  # of the receipt
    standing: str
    picture: Markup  # the QR code of a transfer; "" where none can be made
    bank: str
    account: str
    gateway: bool  # whether it can be paid there

    @property
    def code(self) -> str:
        """The payment reference."""
        return self.bill.code

    @property
    def total(self) -> int:
        """What is to be paid altogether."""
        return self.bill.total

    @property
    def balance(self) -> int:
        """What came in less what went back."""
        return sum(one.amount for one in self.payments)

    @property
    def owed(self) -> int:
        """What is still to be paid."""
        return max(0, self.bill.total - self.balance) if self.bill.state == "due" else 0

    @property
    def sure_reduction(self) -> bool:
        """Whether the share that is taken off needs no confirming."""
        less = reduction(self.bill.payer_class, self.bill.made_at.astimezone(VIET_NAM).date().toordinal())
        return not self.bill.reduction or (less is not None and less.sure in SURE)

    @property
    def sure(self) -> bool:
        """Whether no figure of it has to be confirmed."""
        return self.sure_reduction and all(one.sure in SURE for one in self.lines)


def bill_page(session: Session, found: ReadingRequest) -> BillPage | None:
    """What the page of a request shows of its bill, if it has one (templates/parts/bill.html)."""
    bill = bill_of(session, found)
    return page_of(session, bill) if bill else None


def page_of(session: Session, bill: Bill) -> BillPage:
    """The same of a bill."""
    payments, receipt = payments_of(session, bill), receipt_of(session, bill)
    owed = bill.total - sum(one.amount for one in payments)
    told = bill_payload(owed, bill.code) if bill.state == "due" and owed > 0 else ""
    return BillPage(
        bill, lines_of(session, bill), payments, receipt, shown(receipt) if receipt else "",
        standings()[bill.state], _picture(told), settings().bank_name, settings().bank_account,
        bool(settings().payment_url),
    )  # fmt: skip


def _picture(told: str) -> Markup:
    if not told:
        return Markup("")
    drawn = segno.make(told, error="m", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, svgclass=None, lineclass=None, title=_("Mã VietQR")))  # noqa: S704


@blueprint.get("/yeu-cau/<code>/thanh-toan")
@for_signed_in
def go(code: str) -> ResponseReturnValue:
    """Leads the reader who owes to the payment gateway (desk.fees.offering); back to the request where nothing is owed
    any more; missing where there is no gateway."""
    chosen = settings()
    if not chosen.payment_url:
        raise missing()
    with reading() as session:
        found = desk.find_request(session, code)
        if found is None or found.account_id != own_account().id:
            raise missing()
        bill = bill_of(session, found)
        left = owed(session, bill) if bill else 0
    if bill is None or not left:
        return redirect(url_for("following.follow", code=code), 303)
    back = url_for("following.follow", code=code, ve="cong", _external=True)
    secret = chosen.payment_secret.get_secret_value()
    answer = redirect(offer(chosen.payment_url, secret, bill.code, left, back, now()), 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/yeu-cau/<code>/bien-lai")
@for_signed_in
def receipt(code: str) -> ResponseReturnValue:
    """The receipt of one's own request, to be printed; missing before it is paid."""
    with reading() as session:
        found = desk.find_request(session, code)
        if found is None or found.account_id != own_account().id:
            raise missing()
        return receipt_sheet(session, found)


def receipt_sheet(session: Session, found: ReadingRequest) -> ResponseReturnValue:
    """The receipt of a request as a sheet; missing before it is paid."""
    told = bill_page(session, found)
    if told is None or told.receipt is None:
        raise missing()
    account = session.get_one(Account, found.account_id)
    payer = account.full_name or account.name
    return render_template("receipt.html", bill=told, request=found, payer=payer), 200, PRIVATE


@blueprint.post("/thanh-toan/bao")
def notified() -> ResponseReturnValue:
    """A gateway's notice of money (desk.fees.notices): JSON, signed in ``X-Vankho-Signature`` over
    ``X-Vankho-Timestamp`` and the body.  What is signed is answered 200 whatever becomes of it, so that the gateway
    stops; what is not, 401."""
    secret = settings().payment_secret.get_secret_value()
    if not secret:
        raise missing()
    request.max_content_length = LARGEST
    stamp, signed = request.headers.get("X-Vankho-Timestamp", ""), request.headers.get("X-Vankho-Signature", "")
    try:
        money = read_notice(secret, stamp, signed, request.get_data(), now())
    except ForgedError:
        return problem(401)
    except UnreadableError as error:
        wrong = str(error)
        return problem(
            422, f"Không đọc được mục “{wrong}” của tin báo.", f"“{wrong}” of the notice is unreadable.", wrong
        )
    return jsonify(result=repeated(lambda: _take(money)).result), 200, PRIVATE


def _take(money: Money) -> Taken:
    with writing() as session:
        return take_money(session, money, GATEWAY)


def standings() -> dict[str, str]:
    """The states of a bill."""
    return {
        "due": _("Chờ nộp"), "paid": _("Đã nộp"), "cancelled": _("Đã hủy"), "refunded": _("Đã hoàn"),
    }  # fmt: skip


def item_name(item: str) -> str:
    """An item of the tariff (config/desk/fees.tsv) as people say it."""
    names: dict[str, Any] = {
        "copy.a4": _("Sao chụp đen trắng, khổ A4"),
        "copy.a4.colour": _("Sao chụp màu, khổ A4"),
        "print.a4": _("In đen trắng từ bản số hóa, khổ A4"),
        "print.a4.colour": _("In màu từ bản số hóa, khổ A4"),
        "copy.digital": _("Cấp tệp bản sao số"),
        "certification": _("Chứng thực lưu trữ"),
        "reading.original": _("Đọc tài liệu gốc"),
        "reading.digitised": _("Đọc tài liệu số hóa"),
        "copy.audio": _("Sao tài liệu ghi âm"),
        "copy.film": _("Sao phim điện ảnh"),
        "post.parcel": _("Cước gửi bưu chính"),
    }
    return str(names.get(item, item))


def counted_unit(unit: str, count: int) -> str:
    """So many of what an item is counted in."""
    n = number(count)
    names: dict[str, Any] = {
        "page": ngettext("%(n)s trang", "%(n)s trang", count, n=n),
        "document": ngettext("%(n)s văn bản", "%(n)s văn bản", count, n=n),
        "file": ngettext("%(n)s hồ sơ", "%(n)s hồ sơ", count, n=n),
        "minute": ngettext("%(n)s phút", "%(n)s phút", count, n=n),
        "parcel": ngettext("%(n)s lần gửi", "%(n)s lần gửi", count, n=n),
    }
    return str(names.get(unit, f"{n} {unit}"))


def payer_name(who: str) -> str:
    """A class of people that pays less (feeObjectType of TT 05/2025/TT-BNV)."""
    names: dict[str, Any] = {
        "01": _("Học sinh, sinh viên, học viên, nghiên cứu sinh"),
        "02": _("Thân nhân liệt sĩ"),
        "03": _("Thương binh, bệnh binh"),
        "04": _("Người hoạt động kháng chiến"),
        "05": _("Người có công giúp đỡ cách mạng"),
        "06": _("Người thờ cúng liệt sĩ"),
        "07": _("Người hưởng chế độ hưu trí"),
        "08": _("Người mất sức lao động, tai nạn lao động"),
        "09": _("Người mắc bệnh nghề nghiệp"),
        "10": _("Đối tượng khác"),
        "donor": _("Người hiến tặng, ký gửi dùng tài liệu của mình"),
        "official": _("Cơ quan dùng vào việc công được miễn phí theo quy định"),
    }
    return str(names.get(who, who))


def way_name(way: str) -> str:
    """How money moved."""
    names: dict[str, Any] = {
        "transfer": _("Chuyển khoản"), "gateway": _("Cổng thanh toán"), "desk": _("Tại quầy"), "refund": _("Hoàn lại"),
    }  # fmt: skip
    return str(names.get(way, way))
