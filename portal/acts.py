"""The audit trail in words: names of acts, grounds and details.  What is not known stays as it is written."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from portal.wording import role_name

LONGEST_LIST = 10


def act_name(action: str) -> str:
    """An act as people say it."""
    names: dict[str, str] = {
        "read": _("Đọc tài liệu chưa mở"),
        "refused": _("Không được vào"),
        "refused-many": _("Không được vào, nhiều lần"),
        "token-refused": _("Khóa API bị từ chối"),
        "sign-in": _("Đăng nhập"),
        "sign-in-failed": _("Đăng nhập không được"),
        "sign-out": _("Đăng xuất"),
        "account-set": _("Lập hoặc đổi tài khoản"),
        "token-added": _("Cấp khóa API"),
        "access-changed": _("Đổi quyền tiếp cận"),
        "access-tightened": _("Siết quyền tiếp cận"),
        "withdrawn": _("Rút khỏi mọi người"),
        "closure-set": _("Quyết định đóng hoặc mở"),
        "hiding-set": _("Quyết định ẩn tài liệu đóng"),
        "withdrawal-decided": _("Quyết định rút"),
        "replaced": _("Thay bằng tài liệu khác"),
        "moved": _("Chuyển hồ sơ"),
        "granted": _("Cấp phép đọc"),
        "person-closure-set": _("Đóng vì người được nêu tên"),
        "person-closure-ended": _("Thôi đóng vì người được nêu tên"),
        "revoked": _("Thu hồi giấy phép"),
        "grant-ended": _("Giấy phép hết hạn"),
        "evidence-received": _("Nhận giấy tờ kèm yêu cầu"),
        "evidence-read": _("Xem giấy tờ kèm yêu cầu"),
        "evidence-erased": _("Xóa giấy tờ kèm yêu cầu"),
        "export": _("Xuất kết quả"),
        "package-exported": _("Xuất gói dữ liệu"),
        "delivery-received": _("Nhận lần giao nộp"),
        "delivery-pointed": _("Chỉ thư mục giao nộp"),
        "delivery-taken": _("Nhập lần giao nộp"),
        "delivery-refused": _("Không nhận được lần giao"),
        "delivery-failed": _("Thôi thử nhập lần giao"),
        "delivery-again": _("Cho nhập lại lần giao"),
        "delivery-undone": _("Hoàn tác lần giao nộp"),
        "correction-proposed": _("Đề nghị sửa một dòng chữ"),
        "correction-accepted": _("Nhận sửa một dòng chữ"),
        "correction-refused": _("Bỏ đề nghị sửa chữ"),
        "correction-undone": _("Hoàn tác sửa một dòng chữ"),
        "held-confirmed": _("Xác nhận thay đổi giữ lại"),
        "held-refused": _("Bỏ thay đổi giữ lại"),
        "quarantine-read": _("Xem dòng trong khu cách ly"),
        "quarantine-released": _("Cho một dòng ra khỏi cách ly"),
        "quarantine-kept": _("Giữ một dòng trong cách ly"),
        "quarantine-refused": _("Thôi không nhận một dòng"),
        "quarantine-entered": _("Vào kho sau cách ly"),
        "mapping-saved": _("Lưu cách đọc sổ"),
        "mapping-forgotten": _("Bỏ cách đọc sổ đã lưu"),
        "account-added": _("Lập tài khoản"),
        "consent-given": _("Đồng ý dùng dữ liệu cá nhân"),
        "consent-withdrawn": _("Rút lại đồng ý dùng dữ liệu"),
        "account-erased": _("Xóa tài khoản theo yêu cầu của chủ"),
        "retention-erased": _("Xóa dữ liệu cá nhân hết thời hạn"),
        "account-opened": _("Mở lại tài khoản"),
        "account-closed": _("Đóng tài khoản"),
        "registered": _("Độc giả tự mở tài khoản"),
        "invited": _("Mời mở tài khoản"),
        "role-changed": _("Đổi vai trò"),
        "email-changed": _("Đổi thư điện tử"),
        "person-changed": _("Đổi thông tin người dùng"),
        "assigned": _("Phân công phông"),
        "unassigned": _("Thôi phân công phông"),
        "password-changed": _("Đổi mật khẩu"),
        "session-ended": _("Kết thúc phiên"),
        "second-factor-added": _("Bật mã một lần"),
        "second-factor-removed": _("Tắt mã một lần"),
        "second-factor-reset": _("Bỏ mã một lần của người khác"),
        "recovery-codes-renewed": _("Đổi mã dự phòng"),
        "token-revoked": _("Thu hồi khóa API"),
        "request-received": _("Nhận yêu cầu của độc giả"),
        "request-take": _("Nhận giải quyết yêu cầu"),
        "visit-noted": _("Ghi người đến phòng đọc"),
        "original-out": _("Giao bản gốc"),
        "original-back": _("Nhận lại bản gốc"),
        "request-release": _("Yêu cầu: thả ra"),
        "request-hand_over": _("Yêu cầu: bàn giao"),
        "requests-export": _("Xuất hàng đợi yêu cầu"),
        "request-consent": _("Yêu cầu: ghi ý kiến"),
        "request-charge": _("Yêu cầu: chờ phí"),
        "request-pay": _("Yêu cầu: đã nộp phí"),
        "request-finish": _("Yêu cầu: làm xong kết quả"),
        "request-give_up": _("Yêu cầu: thôi làm kết quả"),
        "request-hand_out": _("Yêu cầu: trả kết quả"),
        "request-lapse": _("Yêu cầu: hết thời gian chờ"),
        "account-assisted": _("Lập tài khoản hộ độc giả"),
        "own-data-fetched": _("Tải dữ liệu của chính mình"),
        "copy-made": _("Làm xong bản sao"),
        "copy-failed": _("Không làm được bản sao"),
        "copy-fetched": _("Tải bản sao"),
        "copy-masked": _("Che phần của bản sao"),
        "copy-expired": _("Bản sao hết hạn tải"),
        "copy-deleted": _("Xoá tệp bản sao hết hạn"),
        "delegated": _("Uỷ quyền quyết định"),
        "delegation-ended": _("Thôi uỷ quyền quyết định"),
        "request-ask": _("Yêu cầu độc giả bổ sung"),
        "request-answer": _("Độc giả bổ sung"),
        "request-propose": _("Trình phê duyệt yêu cầu"),
        "request-return": _("Trả lại yêu cầu"),
        "request-decide": _("Quyết định yêu cầu"),
        "request-revoke": _("Thu hồi quyền đã cấp theo yêu cầu"),
        "request-refuse": _("Từ chối yêu cầu"),
        "request-withdraw": _("Độc giả rút yêu cầu"),
        "bill-assessed": _("Tính phí"),
        "bill-cancelled": _("Hủy phí"),
        "payment-taken": _("Nhận tiền phí"),
        "payment-refunded": _("Hoàn phí"),
        "payment-forged": _("Báo thanh toán giả"),
        "receipt-issued": _("Cấp biên lai"),
        "money-listed": _("Tiền chưa khớp phí nào"),
        "money-placed": _("Xử lý tiền chưa khớp"),
        "statement-read": _("Đọc sao kê ngân hàng"),
        "refused-sent-again": _("Gửi lại tài liệu bị chỉ mục từ chối"),
        "letter-again": _("Gửi lại thư"),
        "personal-shown": _("Xem dữ liệu cá nhân"),
        "proposal-accepted": _("Nhận đề xuất cho mô tả"),
        "proposal-refused": _("Bỏ đề xuất cho mô tả"),
        "image-released": _("Công khai ảnh trang"),
        "image-kept": _("Giữ ảnh trang"),
        "recording-released": _("Công khai bản ghi"),
        "recording-kept": _("Giữ bản ghi"),
        "conditional-list-added": _("Lập danh mục có điều kiện"),
        "conditional-list-ended": _("Kết thúc danh mục"),
        "conditional-listed": _("Đưa vào danh mục"),
        "conditional-unlisted": _("Đưa ra khỏi danh mục"),
        "conditional-list-review": _("Ghi ngày xem lại danh mục"),
        "enquiry-answered": _("Trả lời câu hỏi"),
        "takedown-received": _("Nhận yêu cầu gỡ bỏ"),
        "takedown-review": _("Xem xét yêu cầu gỡ bỏ"),
        "takedown-refused": _("Từ chối yêu cầu gỡ bỏ"),
        "takedown-masked": _("Che chữ theo yêu cầu"),
        "takedown-restricted": _("Hạn chế theo yêu cầu"),
        "takedown-held": _("Giữ ảnh theo yêu cầu"),
        "takedown-contact-erased": _("Xóa liên hệ của người yêu cầu"),
        "theme-begun": _("Lập chuyên đề"),
        "theme-published": _("Đăng chuyên đề"),
        "theme-unpublished": _("Gỡ chuyên đề về bản nháp"),
        "theme-removed": _("Xóa chuyên đề"),
        "audit-search": _("Tra nhật ký"),
        "audit-export": _("Xuất nhật ký"),
        "audit-erased": _("Xóa theo luật"),
    }
    return names.get(action, action)


def ground_name(ground: str) -> str:
    """A ground as people say it: by a tag's kind, else the decision or law as it was written."""
    kind, _colon, value = ground.partition(":")
    if kind == "grant":
        return str(_("Giấy phép đọc"))
    if kind == "agency":
        return str(_("Cơ quan %(name)s", name=value.upper()))
    if kind == "role":
        return role_name(value)
    return ground


def detail_names() -> dict[str, str]:
    """What belongs to acts, by the names that record_event gets (a test compares)."""
    return {
        "channel": _("qua"), "page": _("trang"), "kind": _("dạng"), "kinds": _("dạng"), "total": _("số lượng"),
        "filters": _("lọc"), "address": _("địa chỉ mạng"), "path": _("đường dẫn"), "asked": _("tìm"),
        "role": _("vai trò"), "agency": _("cơ quan"), "name": _("tên"), "events": _("các dòng"), "before": _("trước"),
        "after": _("nay"), "members": _("cả bên dưới"), "first": _("từ"), "last": _("đến"), "until": _("đến hết"),
        "level": _("mức"), "opens_on": _("mở ngày"), "to": _("cho"), "count": _("số lượng"), "term": _("giữ"),
        "by_owner": _("chính chủ"), "again": _("đã đọc từ trước"), "amount": _("số tiền"),
        "appointment": _("lịch hẹn"), "approver": _("người phê duyệt"), "basis": _("căn cứ"), "bill": _("phí"),
        "by": _("thay bằng"), "came": _("đã đến"), "closure": _("hạn mở"), "code": _("mã"), "columns": _("các cột"),
        "copy": _("bản sao"), "days": _("số ngày"), "decision": _("quyết định"), "delegation": _("uỷ quyền"),
        "deputises": _("thay mặt"),
        "delivery": _("lần giao"), "evidence": _("giấy tờ"), "field": _("trường"), "forgotten": _("quên mật khẩu"),
        "grade": _("hạng bản sao"), "grant": _("giấy phép"), "granted": _("cho đọc"), "hidden": _("ẩn"),
        "known": _("đã ghi từ trước"), "letter": _("thư"), "line": _("dòng"), "lines": _("số dòng"),
        "list": _("danh mục"), "listed": _("chưa khớp"), "masks": _("vùng che"), "means": _("nghĩa của cột"),
        "method": _("cách"), "purpose": _("mục đích"), "wording": _("bản lời"),
        "number": _("số"), "others": _("các phiên khác"), "outside": _("mã giao dịch"), "package": _("gói"),
        "paid": _("khớp phí"), "papers": _("giấy tờ"),
        "payer": _("đối tượng giảm phí"), "reason": _("lý do"), "records": _("tài liệu"),
        "row": _("dòng cách ly"),
        "request": _("yêu cầu"), "scopes": _("phạm vi"), "sha256": _("dấu vân tay của tệp"), "silent": _("không báo"),
        "slip": _("phiếu giao"), "agent": _("qua tay"),
        "theme": _("chuyên đề"), "token": _("khóa"), "unread": _("không đọc được"),
        "way": _("cách nộp"), "why": _("vì sao"),
    }  # fmt: skip


def detail_text(detail: Mapping[str, Any]) -> str:
    """What belongs to an act, in one line."""
    names = detail_names()
    return "; ".join(
        f"{names.get(name, name)}: {_value(name, value)}"
        for name, value in detail.items()
        if value not in ("", None, [], {}) and value is not False and (name, value) != ("page", 0)
    )


def _value(name: str, value: Any) -> str:
    if name == "role":
        return role_name(str(value)).lower()
    if name == "channel":
        channels: dict[str, str] = {
            "page": _("trang đọc"),
            "image": _("ảnh trang"),
            "text": _("tải chữ"),
            "pdf": _("tải PDF"),
            "recording": _("nghe, xem"),
        }
        return channels.get(str(value), str(value))
    if value is True:
        return str(_("có"))
    if name in {"before", "after"}:
        standings: dict[str, str] = {"open": _("mở"), "conditional": _("có điều kiện")}
        return standings.get(str(value), str(value))
    if isinstance(value, dict):
        return ", ".join(f"{key}={one}" for key, one in value.items())
    if isinstance(value, list):
        told = ", ".join(str(one) for one in value[:LONGEST_LIST])
        return f"{told}… ({len(value)})" if len(value) > LONGEST_LIST else told
    return str(value)
