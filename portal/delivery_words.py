"""Deliveries in words: states, ways, outcomes, and the columns of a report."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from archive.catalogue.deliveries import Handover, ReportRow
from archive.claims import all_there, changed_nothing, is_empty
from portal.rule_words import say_inside
from portal.wording import moment_time, number


def state_name(state: str) -> str:
    """A state of a delivery as people say it."""
    names: dict[str, str] = {
        "receiving": _("đang gửi lên"),
        "waiting": _("đã nhận, chờ kiểm tra"),
        "taking": _("đang kiểm tra và nhập"),
        "taken": _("đã nhập"),
        "refused": _("không nhận được"),
        "failed": _("đã thôi thử, chờ người xem"),
        "undone": _("đã hoàn tác"),
    }
    return names.get(state, state)


def state_of(one: Handover) -> str:
    """The same for one delivery: what was taken in and brought nothing says so."""
    if changed_nothing(one):
        waits = any(one.context["counts"].get(name) for name in ("held", "quarantined"))
        return str(_("không đổi gì, có dòng phải xem") if waits else _("không đổi gì"))
    if not is_empty(one):
        return state_name(one.state)
    return str(_("không nhận dòng nào") if one.context["counts"].get("rejected") else _("không có dòng nào để nhận"))


def time_left(seconds: int) -> str:
    """How long something still takes, as people say it: seconds up to two minutes, then minutes, then hours."""
    if seconds <= 120:
        n = max(seconds, 1)
        return str(ngettext("còn khoảng %(n)s giây", "còn khoảng %(n)s giây", n, n=n))
    if seconds < 7200:
        n = round(seconds / 60)
        return str(ngettext("còn khoảng %(n)s phút", "còn khoảng %(n)s phút", n, n=n))
    n = round(seconds / 3600)
    return str(ngettext("còn khoảng %(n)s giờ", "còn khoảng %(n)s giờ", n, n=number(n)))


def channel_name(channel: str) -> str:
    """A way by which deliveries come."""
    names: dict[str, str] = {
        "page": _("trang giao nộp"),
        "folder": _("thư mục trên máy chủ"),
        "api": _("giao nộp qua API"),
        "watch": _("thư mục được canh"),
        "command": _("câu lệnh"),
    }
    if channel not in names:
        return str(_("nhập kho"))
    return names[channel]


def hand_name(one: Handover) -> str:
    """Who handed it over, for staff: the account with its token, the user of the machine, the watched folder."""
    if not one.agent:
        return one.account
    kinds: dict[str, str] = {
        "api": _("%(account)s, khóa “%(agent)s”", account=one.account, agent=one.agent),
        "command": _("người dùng máy %(agent)s", agent=one.agent),
        "watch": _("thư mục %(agent)s", agent=one.agent),
    }
    return kinds.get(one.channel, f"{one.account}, {one.agent}")


def outcome_name(outcome: str) -> str:
    """What became of a row."""
    names: dict[str, str] = {
        "accepted": _("nhận"),
        "warned": _("nhận, có cảnh báo"),
        "held": _("chờ xác nhận"),
        "decided": _("đã quyết định"),
        "quarantined": _("để riêng (cách ly)"),
        "rejected": _("không nhận"),
        "unchanged": _("không đổi"),
    }
    return names.get(outcome, outcome)


def table_name(sheet: str) -> str:
    """A table of a package."""
    names: dict[str, str] = {
        "phong": _("Phông"),
        "ho-so": _("Hồ sơ"),
        "van-ban": _("Văn bản"),
        "phim-anh": _("Phim, ảnh"),
        "ghi-am": _("Ghi âm, ghi hình"),
        "data": _("Tệp"),
        "package": _("Gói"),
    }
    return names.get(sheet, sheet)


def quarantine_ground(ground: str) -> str:
    """Why a row waits in quarantine."""
    names: dict[str, str] = {
        "secrecy.stamp": _("có dấu hay chữ chỉ độ mật"),
        "access.secret": _("ghi mức mật"),
        "access.unknown": _("không rõ mức tiếp cận"),
        "access.conflict": _("mức tiếp cận mâu thuẫn"),
        "record.withdrawn": _("đã rút khỏi mọi người"),
        "row.differs": _("trùng số với dòng khác, nội dung khác"),
        "file.orphan": _("không có hồ sơ"),
        "file.quarantined": _("hồ sơ đang cách ly"),
        "checksum.differs": _("tệp khác với mã kiểm tra"),
        "checksum.metadata": _("dữ liệu đặc tả khác với mã kiểm tra"),
        "code.double": _("trùng mã với dòng khác"),
        "file.lost": _("thiếu tệp mà gói nêu"),
    }
    return names.get(ground, ground)


def held_name(name: str) -> str:
    """A file of a row in quarantine as its delivery calls it: those of an SIP are kept below a `data/` of ours."""
    inside = name.removeprefix("data/")
    return inside if inside.startswith("representations/") else name


def file_kind(kind: str) -> str:
    """What a delivered file is."""
    names: dict[str, str] = {
        "text": _("tệp chữ"),
        "image": _("ảnh"),
        "word": _("tệp văn phòng"),
        "mail": _("thư điện tử"),
        "archive": _("tệp nén"),
        "audio": _("ghi âm"),
        "video": _("ghi hình"),
        "captions": _("phụ đề"),
        "other": _("tệp khác"),
        "pdf": "PDF",
        "alto": "ALTO",
        "hocr": "hOCR",
    }
    return names.get(kind, kind)


def quarantine_state(state: str) -> str:
    """What was decided about a row in quarantine."""
    names: dict[str, str] = {
        "waiting": _("đang chờ"),
        "kept": _("giữ lại, còn chờ"),
        "released": _("đã cho ra"),
        "refused": _("không nhận nữa"),
        "entered": _("đã vào cùng hồ sơ"),
    }
    return names.get(state, state)


def report_heading() -> list[str]:
    """The columns of a report."""
    return [
        _("Kết quả"), _("Bảng"), _("Dòng"), _("Cột"), _("Mã bản ghi"), _("Điều phát hiện"), _("Đã xử lý"), _("Quy tắc"),
    ]  # fmt: skip


def report_cells(line: ReportRow) -> list[str]:
    """A line of a report in these columns, whole."""
    row = "" if line.row is None else str(line.row)
    return [
        outcome_name(line.outcome), table_name(line.sheet), row, line.field or "", line.record or "",
        say_inside(line.message), line.action, line.code,
    ]  # fmt: skip


def nothing_new(one: Handover, first: datetime | None) -> str:
    """What is said of a delivery that changed nothing, with when its package was taken first; '' of others."""
    if not changed_nothing(one):
        return ""
    told = (
        _("Mọi dòng của gói này đã có trong kho từ trước; lần giao này không thêm và không sửa gì.")
        if all_there(one)
        else _("Lần giao này không thêm và không sửa gì: có dòng phải xem ở báo cáo, các dòng khác đã có từ trước.")
    )
    when = _("Gói này được nhận lần đầu lúc %(at)s.", at=moment_time(first)) if first else ""
    return f"{told} {when}".strip()


def nothing_new_cells(one: Handover, first: datetime | None) -> list[list[str]]:
    """The same as the first line of the report in a file; none of others."""
    told = nothing_new(one, first)
    cells = [outcome_name("unchanged"), table_name("package"), "", "", "", told, "", "package.unchanged"]
    return [cells] if told else []
