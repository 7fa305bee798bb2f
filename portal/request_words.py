"""Requests in words: states, kinds, who asks, by which way, what may be done."""

from flask_babel import get_locale
from flask_babel import gettext as _

from archive.clock import today_number
from desk.status_words import status_words


def state_labels() -> dict[str, str]:
    """The states of a request in the words of the national service."""
    return {"": "", **status_words(today_number(), str(get_locale()))}


def kind_labels() -> dict[str, str]:
    """What may be asked."""
    return {
        "reading": _("Đọc tài liệu"),
        "copy": _("Cấp bản sao không xác thực"),
        "certified": _("Cấp bản sao có xác thực"),
        "dip": _("Cấp bản sao có xác thực dạng gói (DIP)"),
        "information": _("Cung cấp thông tin"),
        "digitisation": _("Số hoá theo yêu cầu"),
    }


def kind_notes() -> dict[str, str]:
    """What each of them is, in a sentence."""
    return {
        "reading": _("Đọc trên hệ thống, không tải về."),
        "copy": _("Tệp PDF mang chữ BẢN SAO, tải về được; bản ghi âm, ghi hình là chính tệp ghi."),
        "certified": _("Tệp PDF được Trung tâm ký số, có giá trị như bản gốc; ai cũng kiểm tra được."),
        "dip": _("Gói gồm tệp, mô tả và phiếu xác thực, cho hệ thống khác đọc."),
        "information": _("Trung tâm tra cứu, tổng hợp và trả lời; không cần chọn tài liệu."),
        "digitisation": _("Tài liệu mới chỉ có bản giấy được quét rồi đưa lên hệ thống."),
    }


def requester_labels() -> dict[str, str]:
    """Who may ask."""
    return {
        "citizen": _("Cá nhân"),
        "official": _("Cơ quan, tổ chức (có giấy giới thiệu)"),
        "foreign": _("Người nước ngoài"),
    }


def channel_labels() -> dict[str, str]:
    """By which way a request came."""
    return {"online": _("trực tuyến"), "desk": _("tại quầy"), "post": _("qua bưu chính")}


def consent_name(consent: str) -> str:
    """Whose consent it is, or who decides: roles, or who is outside the archive."""
    if consent.startswith("out:"):
        return consent.removeprefix("out:")
    names = {"archivist": _("lưu trữ viên"), "head": _("lãnh đạo Trung tâm")}
    return str(_(" hoặc ")).join(str(names[one]) for one in consent.split())


def group_labels() -> dict[str, str]:
    """The groups of the staff's queue."""
    return {
        "all": _("Đang chờ"),
        "mine": _("Việc của tôi"),
        "new": _("Chưa ai nhận"),
        "today": _("Đến hạn hôm nay"),
        "overdue": _("Quá hạn"),
        "approval": _("Chờ phê duyệt"),
        "reader": _("Chờ độc giả"),
        "fee": _("Chờ phí"),
        "making": _("Đang làm kết quả"),
        "handing": _("Chờ trao tại quầy"),
        "stuck": _("Bản sao chưa làm được"),
        "refund": _("Có tiền phải hoàn"),
        "ended": _("Đã xong"),
    }
