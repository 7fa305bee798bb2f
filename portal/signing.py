"""Signing in and out.  The only module that knows flask-login; the cookie holds an account's number, a row's secret."""

from datetime import timedelta

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from wtforms import PasswordField, StringField

from archive.accounts import TooManyFailures, authenticate, end_sessions
from archive.catalogue.people import Account
from archive.database import writing
from archive.identity.sessions import HOURS, Signed, find_session, open_session
from archive.settings import Settings
from portal.cookies import cookie_name, in_production
from portal.devices import known_device, remember_device
from portal.house import house
from portal.resuming import FIELD, resume_page, wants_nobody, what_was_typed
from portal.resuming_elsewhere import drop, new_link, packed, put_along
from portal.returning import local_path

COOKIE = "phien"
LONGEST_FIELD = 400

blueprint = Blueprint("signing", __name__)


class _User(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """A session as flask-login wants it: its identifier is the account's number, a colon, the secret of the session's
    row.  The number is for counting (portal.limiting); only the secret finds anything."""

    def __init__(self, account_id: int, secret: str, signed: Signed | None = None) -> None:
        self.id, self.signed = f"{account_id}:{secret}", signed


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf carries no types
    """Name, password, one-time code."""

    ten = StringField()
    mat_khau = PasswordField()
    ma = StringField()


def install(app: Flask, settings: Settings) -> None:
    """Prepares sessions: signed, HttpOnly, SameSite=Lax, only over TLS in production; forms carry a token."""
    production = settings.mode == "production"
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(COOKIE, production=production),
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=HOURS),
        WTF_CSRF_TIME_LIMIT=HOURS * 3600,
    )
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.session_protection = None  # addresses of phones change; the epoch ends sessions instead

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(identifier: str) -> _User | None:
        secret = identifier.partition(":")[2]
        signed = find_session(secret, request.remote_addr or "")
        return _User(signed.account.id, secret, signed) if signed else None


def signed_in() -> Signed | None:
    """Account and session of this request; asks nothing of the catalogue when there is no cookie."""
    if cookie_name(COOKIE, production=in_production()) not in request.cookies or not current_user.is_authenticated:
        return None
    signed: Signed = current_user.signed
    return signed


def signed_in_account() -> Account | None:
    """The account of this request's session."""
    signed = signed_in()
    return signed.account if signed else None


def open_for(account: Account, means: str, answer: Response, typed: str = "") -> Response:
    """Signs the account in on this device: a new session, nothing of what the browser brought is kept but the reading
    list (names of records, asked for anew with the rights of whoever looks).

    ``typed`` is what stood in the field of the name: this device is known by it, too (an e-mail address).
    """
    with writing() as work:
        secret = open_session(work, account, means, request.remote_addr or "", request.headers.get("User-Agent", ""))
    listed = {name: session[name] for name in ("gio", "gio-trang") if session.get(name)}
    session.clear()
    session.update(listed)
    login_user(_User(account.id, secret))
    session.permanent = True
    remember_device(answer, *dict.fromkeys((account.name, typed or account.name)))
    return answer


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The form; a good one opens a new session and goes to ``next``, a local path only."""
    wish = local_path(request.values.get("next", ""))
    form = SignInForm(meta={"csrf": False})  # CSRFProtect has checked it already
    if request.method != "POST":
        return _form(wish)
    name, password, code = (str(field.data or "")[:LONGEST_FIELD] for field in (form.ten, form.mat_khau, form.ma))
    try:
        account = authenticate(name, password, code, request.remote_addr or "", known_device(name))
    except TooManyFailures:
        return _form(wish, name, _("Đã sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc hỏi Trung tâm."), 429)
    if account is None:
        return _form(
            wish, name, _("Tên, mật khẩu hoặc mã không đúng. Kiểm tra dấu và phím Caps Lock rồi thử lại."), 422
        )
    if kept := what_was_typed():
        return resumed(open_for(account, "password", make_response(), name), kept)
    return open_for(account, "password", make_response(redirect(wish, 303)), name)


def resumed(answer: Response, kept: str) -> Response:
    """The answer of signing in, with what was typed before it."""
    current_user.signed = find_session(current_user.id.partition(":")[2], request.remote_addr or "")
    g.pop("asking", None)
    answer.set_data(resume_page(kept))
    answer.headers["Cache-Control"] = "no-store"
    drop(answer)
    return answer


def _form(wish: str, name: str = "", error: str = "", status: int = 200) -> ResponseReturnValue:
    words: dict[str, str] = {
        "dang-ky": _("Đã mở tài khoản. Từ nay bạn đăng nhập bằng thư điện tử và mật khẩu vừa chọn."),
        "da-xoa": _("Đã xóa tài khoản và những gì Trung tâm không phải giữ. Cảm ơn bạn đã dùng kho."),
        "doi-thu": _("Đã đổi thư điện tử. Đăng nhập được bằng địa chỉ mới."),
        "mat-khau": _("Đã đặt mật khẩu mới. Hãy đăng nhập bằng mật khẩu ấy."),
    }
    done = words.get(request.args.get("xong", ""), "")
    kept = what_was_typed() if request.method == "POST" else ""
    return sign_in_page(wish, name, error, kept, status, done=done)


def sign_in_page(
    wish: str, name: str, error: str, kept: str, status: int, *, done: str = ""
) -> tuple[Response, int]:  # fmt: skip
    """The form of signing in; what was typed before (``kept``) goes along, to an identity provider, too, if there is
    one and it is not too long."""
    own = new_link() if kept and house().settings.oidc_issuer and packed(kept, "a" * 16) else ""
    told = {"wish": wish, "name": name, "error": error, "done": done, "field": FIELD, "kept": kept, "own": own}
    answer = make_response(render_template("sign_in.html", **told))
    if own:
        put_along(answer, kept, own)
    answer.headers["Cache-Control"] = "no-store"
    return answer, status


@blueprint.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    """Ends the account's sessions, on this device and on others; a single one ends on the account's page."""
    if account := signed_in_account():
        end_sessions(account.id)
    forget()
    answer = redirect(url_for("home.show"), 303)
    answer.headers["Clear-Site-Data"] = '"storage"'  # what the browser kept of this reader's visits (portal.history)
    return answer


def forget() -> None:
    """This browser is nobody's any more: its cookie leads to no session."""
    logout_user()
    session.clear()


@blueprint.app_errorhandler(CSRFError)
def refuse_form(_error: CSRFError) -> ResponseReturnValue:
    """A form without its token, or with an old one: nothing is done, and what was typed may be sent again."""
    return ask_again()


def ask_again() -> ResponseReturnValue:
    """The answer to a form that cannot be taken as it came: to sign in, or to whom needs not, the form again."""
    if (signed_in() or wants_nobody()) and (kept := what_was_typed()):
        return resume_page(kept), 400, {"Cache-Control": "no-store"}
    return _form(
        local_path(request.values.get("next", "")),
        str(request.form.get("ten", ""))[:LONGEST_FIELD],
        _("Chưa gửi được: bạn đã đăng xuất hoặc để mẫu quá lâu. Đăng nhập rồi gửi tiếp; những gì đã gõ còn nguyên.")
        if what_was_typed()
        else _("Chưa gửi được: mẫu này đã để quá lâu. Hãy gửi lại."),
        400,
    )
