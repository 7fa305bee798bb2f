"""``/xac-thuc``: everybody may check a copy, by its code or by its file; nothing of a file is kept."""

from threading import Lock
from typing import BinaryIO, cast

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect, validate_csrf
from limits import RateLimitItemPerHour
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms.validators import ValidationError

from archive.database import reading
from desk.copies.verifying import CheckedFile, check_file, issued_facts
from portal.house import house
from portal.limiting import network
from portal.signed import three_answers

MOST = 320 << 20  # bytes of a file
OF_NETWORK = RateLimitItemPerHour(120)
PRIVATE = {"Cache-Control": "no-store"}

blueprint = Blueprint("verifying", __name__)
_one = Lock()  # one file is judged at a time, so that uploads never take the machine away from readers


def install(app: Flask) -> None:
    """The form of an upload is larger than others may be: its view says how large, then checks its token."""
    guard: CSRFProtect = app.extensions["csrf"]
    guard.exempt("portal.verifying.check")
    app.jinja_env.globals["three_answers"] = three_answers


@blueprint.get("/xac-thuc")
def show() -> ResponseReturnValue:
    """The form; with ``ma``, what may be said of the copy of that code."""
    code = "".join(request.args.get("ma", "").split()).lower()[:60]
    if not code:
        return _page()
    with reading() as session:
        issued = issued_facts(session, code)
    if issued is None:
        return _page(_("Không có bản sao nào được cấp với mã này. Hãy xem lại mã trên phiếu."), 404, code=code)
    return _page(code=code, issued=issued)


@blueprint.post("/xac-thuc")
def check() -> ResponseReturnValue:
    """Judges a file (``tep``): which copy it is, whether it is untouched."""
    request.max_content_length = MOST + (64 << 10)
    request.max_form_memory_size = 1 << 20
    try:
        if (request.content_length or 0) > request.max_content_length:
            raise RequestEntityTooLarge  # before a byte of it is kept
        token, file = request.form.get("csrf_token", ""), request.files.get("tep")
        validate_csrf(token)
    except RequestEntityTooLarge:
        return _page(_("Tệp lớn quá %(n)s MB, không kiểm tra được ở đây.", n=MOST >> 20), 413)
    except ValidationError:
        return _page(_("Chưa kiểm tra được: mẫu này đã để quá lâu. Hãy chọn lại tệp và gửi lại."), 400)
    if file is None or not file.filename:
        return _page(_("Hãy chọn tệp bản sao (PDF, hoặc gói DIP)."), 422)
    if house().limits.wait(OF_NETWORK, f"verify@{network(request.remote_addr or '')}"):
        return _page(_("Từ mạng này đã kiểm tra nhiều tệp. Hãy đợi một giờ rồi thử lại."), 429)
    if not _one.acquire(timeout=20):
        return _page(_("Đang kiểm tra tệp khác. Hãy gửi lại sau một phút."), 503)
    try:
        with reading() as session:
            checked = check_file(session, cast(BinaryIO, file.stream))
    finally:
        _one.release()
    return _page(checked=checked)


def _page(error: str = "", status: int = 200, **told: object) -> ResponseReturnValue:
    checked = cast("CheckedFile | None", told.get("checked"))
    issued = told.get("issued") or (checked.issued if checked else None)
    shown = {"code": "", "checked": None, **told, "issued": issued, "error": error, "findings": _findings()}
    return render_template("verify.html", **shown, grades=grade_labels()), status, PRIVATE


def grade_labels() -> dict[str, str]:
    """The grades of copies."""
    return {
        "plain": _("bản sao không xác thực"),
        "certified": _("bản sao có xác thực"),
        "dip": _("bản sao có xác thực dạng gói DIP"),
    }


def _findings() -> dict[str, str]:
    return {
        "whole": _("Đúng là bản sao do Trung tâm cấp, nguyên vẹn từng byte."),
        "extended": _("Bản sao do Trung tâm ký, nội dung đã ký không đổi; sau đó chỉ thêm chữ ký hay dấu thời gian."),
        "added": _(
            "Bản sao do Trung tâm ký; sau khi ký, người khác đã thêm nội dung vào tệp. "
            "Phần đã ký còn nguyên, phần thêm không phải của Trung tâm."
        ),
        "changed": _("Tệp đã bị sửa sau khi ký. Không dùng được như bản sao có xác thực."),
        "void": _("Tệp do chứng thư số của Trung tâm ký, nhưng chứng thư số không có hiệu lực vào lúc ký."),
        "foreign": _("Tệp do người khác ký số; sổ cấp bản sao của Trung tâm không có tệp này."),
        "unknown": _(
            "Tệp có chữ ký số nhưng chưa biết của ai: chứng thư số không có trong sổ của Trung tâm. "
            "Chưa xác nhận được gì về tệp này."
        ),
        "unsigned": _(
            "Tệp không có chữ ký số và không trùng từng byte với bản sao nào trong sổ của Trung tâm. "
            "Chưa xác nhận được gì về tệp này."
        ),
        "unreadable": _("Không đọc được tệp hoặc chữ ký số trong tệp. Không xác nhận được gì về tệp này."),
        "large": _(
            "Tệp không trùng từng byte với bản sao nào trong sổ của Trung tâm, và quá lớn để xét chữ ký số. "
            "Chưa xác nhận được gì về tệp này."
        ),
        "package": _(
            "Gói không trùng với gói nào Trung tâm đã cấp, và không có tệp PDF nào đọc được trong gói. "
            "Chưa xác nhận được gì về gói này."
        ),
        "not-pdf": _("Tệp không phải là PDF hay gói DIP. Hãy gửi đúng tệp đã nhận, không chụp lại hay đổi dạng."),
    }
