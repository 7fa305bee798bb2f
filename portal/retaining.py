"""How long personal data is kept, for staff: the rules, what goes when, what went."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from archive.database import reading
from archive.terms import Term, term
from desk.fees.tariff import SURE
from desk.retention.rules import rule
from desk.retention.running import due_on, history
from portal.errors import missing
from portal.following import PRIVATE
from portal.viewing import asking

READERS = frozenset({"archivist", "head", "administrator"})
FARTHEST = 366 * 30  # days ahead

blueprint = Blueprint("retaining", __name__)


@blueprint.get("/quan-tri/luu-giu")
def show() -> ResponseReturnValue:
    """The rules with how many rows go on a day (``ngay``; none or a wrong one: today), and the last that went; counts
    only."""
    who = asking()
    if who.viewer.role not in READERS:
        raise missing()
    day = _day(request.args.get("ngay", ""), who.day)
    with reading() as session:
        found, went = due_on(session, day), history(session)
    page = render_template(
        "retention.html", found=found, went=went, kinds=kind_labels(), since=moment_labels(), length=length,
        others=other_terms(day), day=date.fromordinal(day).isoformat(), today=day == who.day, sure=sure_labels(),
    )  # fmt: skip
    return page, 200, PRIVATE


def other_terms(day: int) -> list[tuple[str, Term]]:
    """What of people is kept by a term of its own."""
    return [
        (_("tệp bản sao đã cấp, sau ngày cuối được tải"), term("copy.deleted", day)),
        (_("giấy tờ gửi kèm yêu cầu, sau khi yêu cầu kết thúc"), term("evidence.kept", day)),
        (_("giấy tờ đã tải lên mà chưa gửi yêu cầu"), term("evidence.waiting", day)),
        (_("người xin gỡ bỏ dữ liệu cá nhân, sau quyết định"), term("takedown.keep_contact", day)),
    ]


def by_law_and_by_house(day: int) -> tuple[list[tuple[str, Term]], list[tuple[str, Term]]]:
    """What of people is kept how long on that day: what a text that was read gives a term for; all else, where the term
    is the archive's own or was not compared with its text."""
    found = [(label, rule(name, day).term) for name, label in kind_labels().items()] + other_terms(day)
    return [one for one in found if one[1].sure in SURE], [one for one in found if one[1].sure not in SURE]


def kind_labels() -> dict[str, str]:
    """What the kinds of personal data are called."""
    return {
        "draft": _("bản nháp yêu cầu"),
        "request.certified": _("hồ sơ yêu cầu bản sao có xác thực: người, mục đích, trao đổi"),
        "request.other": _("hồ sơ yêu cầu khác: người, mục đích, trao đổi"),
        "grant": _("giấy phép đọc: người, mục đích"),
        "visit": _("lịch hẹn phòng đọc: người, ghi chú"),
        "loan": _("phiếu giao bản gốc: người"),
        "consent": _("lời đồng ý dùng dữ liệu của tài khoản đã xóa"),
        "enquiry": _("câu hỏi và báo lỗi đã trả lời"),
        "letter": _("thư đã gửi: địa chỉ nhận"),
        "session": _("phiên đăng nhập: thiết bị, địa chỉ mạng"),
        "attempt": _("lần thử đăng nhập"),
        "bank.line": _("dòng sao kê ngân hàng: lời người chuyển"),
        "bank.unmatched": _("khoản tiền chờ khớp: lời người chuyển"),
    }


def moment_labels() -> dict[str, str]:
    """What terms are counted from."""
    return {
        "saved": _("lúc lưu"), "ended": _("lúc kết thúc"), "received": _("lúc nhận"), "day": _("ngày diễn ra"),
        "returned": _("lúc trả"), "answered": _("lúc trả lời"), "written": _("lúc viết"), "expired": _("lúc hết hạn"),
        "opened": _("lúc mở"), "tried": _("lúc thử"), "given": _("lúc đồng ý"),
    }  # fmt: skip


def sure_labels() -> dict[str, str]:
    """How sure the basis of a rule is."""
    return {
        "V": _("đã đọc nguồn"), "V2": _("nguồn thứ hai"), "R": _("chờ xác nhận"), "U": _("chưa chắc"),
    }  # fmt: skip


def length(told: Term) -> str:
    """A term in words."""
    words: dict[str, str] = {
        "days": ngettext("%(n)s ngày", "%(n)s ngày", told.value, n=told.value),
        "years": _("%(n)s năm", n=told.value),
        "working_days": ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", told.value, n=told.value),
    }  # fmt: skip
    return words.get(told.unit, str(told.value))


def _day(text: str, today: int) -> int:
    try:
        wanted = date.fromisoformat(text).toordinal()
    except ValueError:
        return today
    return wanted if today <= wanted <= today + FARTHEST else today
