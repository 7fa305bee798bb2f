"""Signing in and out.  The only module that knows flask-login; the session says nothing but account and epoch."""

from datetime import timedelta

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from wtforms import PasswordField, StringField

from archive.accounts import TooManyFailures, account_of_session, authenticate, end_sessions
from archive.catalogue.people import Account
from archive.settings import Settings
from portal.returning import local_path

SESSION_HOURS = 8
LONGEST_FIELD = 400

blueprint = Blueprint("signing", __name__)


class _User(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """An account as flask-login wants it: the identifier carries the epoch, so a new epoch ends old sessions."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.id = f"{account.id}:{account.epoch}"


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf carries no types
    """Name, password, one-time code."""

    ten = StringField()
    mat_khau = PasswordField()
    ma = StringField()


def install(app: Flask, settings: Settings) -> None:
    """Prepares sessions: signed, HttpOnly, SameSite=Lax, only over TLS in production; forms carry a token."""
    app.config.update(
        SESSION_COOKIE_NAME="phien",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.mode == "production",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        WTF_CSRF_TIME_LIMIT=SESSION_HOURS * 3600,
    )
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.session_protection = None  # addresses of phones change; the epoch ends sessions instead

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(identifier: str) -> _User | None:
        number, _colon, epoch = identifier.partition(":")
        account = account_of_session(int(number), epoch) if number.isdigit() else None
        return _User(account) if account else None


def signed_in_account() -> Account | None:
    """The account of this request's session; asks nothing of the session when there is no cookie."""
    if "phien" not in request.cookies or not current_user.is_authenticated:
        return None
    account: Account = current_user.account
    return account


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The form; a good one opens a new session and goes to ``next``, a local path only."""
    wish = local_path(request.values.get("next", ""))
    form = SignInForm(meta={"csrf": False})  # CSRFProtect has checked it already
    if request.method != "POST":
        return _form(wish)
    name, password, code = (str(field.data or "")[:LONGEST_FIELD] for field in (form.ten, form.mat_khau, form.ma))
    try:
        account = authenticate(name, password, code, request.remote_addr or "")
    except TooManyFailures:
        return _form(wish, name, _("Đã sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc hỏi Trung tâm."), 429)
    if account is None:
        return _form(
            wish, name, _("Tên, mật khẩu hoặc mã không đúng. Kiểm tra dấu và phím Caps Lock rồi thử lại."), 422
        )
    session.clear()
    login_user(_User(account))
    session.permanent = True
    return redirect(wish, 303)


def _form(wish: str, name: str = "", error: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template("sign_in.html", wish=wish, name=name, error=error)
    return page, status, {"Cache-Control": "no-store"}


@blueprint.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    """Ends the account's sessions, on this device and on others: the cookie alone would outlive a signing out."""
    if account := signed_in_account():
        end_sessions(account.id)
    logout_user()
    session.clear()
    return redirect(url_for("home.show"), 303)


@blueprint.app_errorhandler(CSRFError)
def refuse_form(_error: CSRFError) -> ResponseReturnValue:
    """A form without its token, or with an old one: the form again, nothing done."""
    return _form(
        local_path(request.values.get("next", "")),
        str(request.form.get("ten", ""))[:LONGEST_FIELD],
        _("Chưa gửi được: mẫu này đã để quá lâu. Hãy gửi lại."),
        400,
    )
