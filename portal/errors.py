"""Errors as people and programs read them: what happened, what can be done; never the text of an exception.

The API answers ``application/problem+json`` (RFC 9457) with a Vietnamese and an English text.
"""

import json

from flask import Flask, Response, current_app, make_response, render_template
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from archive.access import Viewer
from portal.departing import GONE, answer_departed
from portal.viewing import NarrowToken, UnknownToken, asking
from portal.wording import wants_json
from search.errors import SearchDownError

#: Title and detail in Vietnamese and in English.
PROBLEMS: dict[int, tuple[str, str, str, str]] = {
    400: ("Yêu cầu chưa đúng", "Yêu cầu có chỗ không hiểu được.", "Bad request", "The request cannot be understood."),
    401: ("Chưa được nhận", "Mã truy cập không đúng hoặc đã bị thu hồi.", "Unauthorized", "The token is not valid."),
    403: (
        "Khóa không đủ phạm vi",
        "Khóa truy cập này không được cấp cho việc ấy.",
        "Forbidden",
        "The token was not made for this.",
    ),
    404: (
        "Không có trang này",
        "Có thể địa chỉ sai, tài liệu đã chuyển chỗ, hoặc không dành cho mọi người.",
        "Not found",
        "The address may be wrong, the record moved, or not be for everyone.",
    ),
    405: (
        "Không dùng được cách gọi này",
        "Địa chỉ này không nhận cách gọi ấy.",
        "Method not allowed",
        "Use another method.",
    ),
    410: (
        "Tài liệu đã rút",
        "Tài liệu từng mở cho mọi người xem; Trung tâm đã rút khỏi cổng.",
        "Gone",
        "The record was public once; the archive has withdrawn it.",
    ),
    413: ("Gửi quá nhiều", "Nội dung gửi lên lớn hơn mức cho phép.", "Too large", "The body is larger than allowed."),
    429: (
        "Hỏi quá nhiều một lúc",
        "Từ mạng hoặc tài khoản này vừa có quá nhiều yêu cầu. Hãy đợi một phút rồi thử lại.",
        "Too many requests",
        "Too much was asked from this network or account. Wait for a minute and try again.",
    ),
    500: (
        "Có lỗi ở phía Trung tâm",
        "Lỗi đã được ghi lại. Hãy thử lại sau ít phút.",
        "Internal error",
        "The error has been logged. Try again in a few minutes.",
    ),
    503: (
        "Tạm thời chưa phục vụ được",
        "Kho đang bận hoặc đang bảo trì. Hãy thử lại sau ít phút.",
        "Unavailable",
        "The archive is busy or under maintenance. Try again in a few minutes.",
    ),
}


#: Said of a page that the record which replaced its own does not have.
PAGE_GONE = (
    "Tài liệu này đã được thay bằng tài liệu khác; trang này không có ở đó hoặc không dành cho mọi người.",
    "Another record has replaced this one; this page is not in it, or not for everyone.",
)

#: Said when the index cannot be asked; browsing goes on.
SEARCH_DOWN = (
    "Chỉ mục tìm kiếm đang tạm dừng; vẫn xem được tài liệu theo phông và hồ sơ. Hãy tìm lại sau ít phút.",
    "The search index is down for now; fonds and files can still be browsed. Try again in a few minutes.",
)


def problem(
    status: int, detail: str = "", detail_en: str = "", parameter: str = "", **more: int | str | None
) -> Response:
    """A problem document; empty details fall back to those of the status, ``more`` are further members."""
    title, text, title_en, text_en = PROBLEMS.get(status, PROBLEMS[400])
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or text,
        "title_en": title_en,
        "detail_en": detail_en or text_en,
    } | ({"parameter": parameter} if parameter else {})
    body |= {name: value for name, value in more.items() if value is not None}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def missing() -> NotFound:
    """What a route raises for a record that is hidden or does not exist: one and the same."""
    return NotFound()


def answer_busy(seconds: int) -> Response:
    """The answer to one who asks too much: when to try again, and nothing asked of the database for it."""
    answer = problem(429) if wants_json() else make_response(_page(*_words(429), trusting=False), 429)
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def install(app: Flask) -> None:
    """Answers for every error."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(UnknownToken, lambda _error: _with(problem(401), {"WWW-Authenticate": "Bearer"}))
    app.register_error_handler(NarrowToken, _answer_narrow)
    app.register_error_handler(OperationalError, _answer_unavailable)
    app.register_error_handler(SearchDownError, _answer_search_down)
    app.register_error_handler(Exception, _answer_unexpected)


def _with(answer: Response, headers: dict[str, str]) -> Response:
    answer.headers.update(headers)
    return answer


def _answer_narrow(error: NarrowToken) -> Response:
    # RFC 6750 section 3.1
    return _with(problem(403), {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.scope}"'})


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return make_response(error.get_response())  # a redirect of the routing
    if status == 404 and (left := answer_departed()) is not None:
        return _gone(left.location) if wants_json() and left.status_code == GONE else left
    if wants_json():
        answer = problem(status)
    else:
        title, text = _words(status)
        answer = make_response(_page(title, text, trusting=status < 500), status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Content-Range"}:
            answer.headers[name] = value
    return answer


def _gone(heir: str | None) -> Response:
    if heir is None:
        return problem(GONE)
    link = {"Link": f'<{heir}>; rel="successor-version"'}
    return _with(problem(GONE, *PAGE_GONE, successor=heir), link)


def _answer_unavailable(error: OperationalError) -> Response:
    current_app.logger.error("database: %s", type(error.orig).__name__)
    return _answer(ServiceUnavailable(retry_after=30))


def _answer_search_down(error: SearchDownError) -> Response:
    current_app.logger.error("search: %s", error)
    if wants_json():
        answer = problem(503, *SEARCH_DOWN)
    else:
        text = _("Chỉ mục tìm kiếm đang tạm dừng; vẫn xem được tài liệu theo phông và hồ sơ. Hãy tìm lại sau ít phút.")
        answer = make_response(_page(_("Tạm thời chưa tìm được"), text, trusting=True), 503)
    answer.headers["Retry-After"] = "30"
    return answer


def _answer_unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected", exc_info=error)
    return _answer(InternalServerError())


def _page(title: str, text: str, *, trusting: bool) -> str:
    if trusting:
        try:
            asking()
        except (UnknownToken, NarrowToken):
            trusting = False
    # After a fault of ours the page asks nothing of the database
    more = {} if trusting else {"reader": Viewer.anonymous}
    return render_template("error.html", title=title, text=text, back="/", asked="", **more)


def _words(status: int) -> tuple[str, str]:
    texts = {
        404: (
            _("Không có trang này"),
            _("Có thể địa chỉ sai, tài liệu đã chuyển chỗ, hoặc không dành cho mọi người."),
        ),
        405: (_("Không dùng được cách gọi này"), _("Địa chỉ này không nhận cách gọi ấy.")),
        429: (
            _("Hỏi quá nhiều một lúc"),
            _("Từ mạng hoặc tài khoản này vừa có quá nhiều yêu cầu. Hãy đợi một phút rồi thử lại."),
        ),
        413: (_("Gửi quá nhiều"), _("Nội dung gửi lên lớn hơn mức cho phép.")),
        503: (_("Tạm thời chưa phục vụ được"), _("Kho đang bận hoặc đang bảo trì. Hãy thử lại sau ít phút.")),
    }
    if status >= 500:
        return texts.get(status, (_("Có lỗi ở phía Trung tâm"), _("Lỗi đã được ghi lại. Hãy thử lại sau ít phút.")))
    return texts.get(status, (_("Yêu cầu chưa đúng"), _("Yêu cầu có chỗ không hiểu được.")))
