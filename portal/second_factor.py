"""One-time codes for one's own account: enrolling a telephone, recovery codes, turning them off.

In production who works for the archive or an agency cannot go anywhere else before enrolling.
"""

import segno
from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from archive.accounts import TooManyFailures, confirm_code
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.database import reading, writing
from archive.identity.roles import STAFF_ROLES
from archive.identity.second_factor import (
    enrolment_address,
    matching_step,
    new_recovery_codes,
    new_secret,
    recovery_codes_left,
    remove_second_factor,
)
from archive.identity.sessions import new_epoch
from archive.settings import Settings
from portal.cookies import in_production
from portal.devices import known_device
from portal.guarding import for_signed_in, own_account
from portal.signing import open_for, signed_in

LONGEST_CODE = 40

#: What somebody who has to enrol first can reach.
_OPEN = frozenset({"static", "signing.sign_out", "second_factor.show", "second_factor.enrol", "language.switch",
                   "health.alive", "health.ready"})  # fmt: skip

blueprint = Blueprint("second_factor", __name__)


def install(app: Flask, settings: Settings) -> None:
    """In production, sends staff without a second factor to their enrolment, whatever they ask for."""
    if settings.mode == "production":
        app.before_request(_enrol_first)


def _enrol_first() -> ResponseReturnValue | None:
    if request.endpoint in _OPEN or (request.path.startswith("/api/") and "Authorization" in request.headers):
        return None
    signed = signed_in()
    if signed is None or not is_required(signed.account) or signed.account.totp_secret:
        return None
    return None if signed.session.means == "openid" else redirect(url_for("second_factor.show"), 303)


def is_required(account: Account) -> bool:
    """Whether the account may not do without: staff, where it is for real."""
    return in_production() and account.role in STAFF_ROLES


@blueprint.get("/tai-khoan/ma-mot-lan")
@for_signed_in
def show() -> ResponseReturnValue:
    """Enrolment with a QR code, or what there is to do with the second factor."""
    return _page()


@blueprint.post("/tai-khoan/ma-mot-lan")
@for_signed_in
def enrol() -> ResponseReturnValue:
    """Takes the telephone's first code, shows the recovery codes; sessions without the second factor end."""
    code = _typed()
    with writing() as work:
        account = work.get_one(Account, own_account().id, with_for_update=True)
        step = matching_step(account.totp_pending, code) if account.totp_pending and not account.totp_secret else None
        if step is not None:
            account.totp_secret, account.totp_pending, account.totp_step = account.totp_pending, None, step
            codes = new_recovery_codes(work, account)
            new_epoch(account)
            record_event(work, account.name, "second-factor-added")
    if step is None:
        return _page(_("Mã không đúng. Kiểm tra giờ trên điện thoại rồi gõ mã đang hiện.")), 422
    return open_for(account, "password", make_response(_codes(codes)))


@blueprint.post("/tai-khoan/ma-mot-lan/du-phong")
@for_signed_in
def renew_codes() -> ResponseReturnValue:
    """Ten new recovery codes for a one-time code; the old ones end."""
    if answer := _refuse_code():
        return answer
    with writing() as work:
        account = work.get_one(Account, own_account().id, with_for_update=True)
        codes = new_recovery_codes(work, account)
        record_event(work, account.name, "recovery-codes-renewed")
    return _codes(codes)


@blueprint.post("/tai-khoan/ma-mot-lan/tat")
@for_signed_in
def turn_off() -> ResponseReturnValue:
    """Does without a second factor from now on; for a one-time code, and never for staff in production."""
    if is_required(own_account()):
        return _page(_("Vai trò của bạn cần mã một lần; chỉ đổi được điện thoại, nhờ quản trị.")), 422
    if answer := _refuse_code():
        return answer
    with writing() as work:
        account = work.get_one(Account, own_account().id, with_for_update=True)
        remove_second_factor(work, account)
        new_epoch(account)
        record_event(work, account.name, "second-factor-removed")
    return open_for(account, "password", make_response(redirect(url_for("account.show", xong="bo-ma"), 303)))


def _typed() -> str:
    return request.form.get("ma", "")[:LONGEST_CODE]


def _refuse_code() -> ResponseReturnValue | None:
    account = own_account()
    if not account.totp_secret:
        return redirect(url_for("second_factor.show"), 303)
    try:
        if confirm_code(account, _typed(), request.remote_addr or "", known_device(account.name)):
            return None
    except TooManyFailures:
        return _page(_("Đã sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc hỏi Trung tâm.")), 429
    return _page(_("Mã không đúng, hoặc đã dùng rồi; hãy đợi mã kế tiếp.")), 422


def _codes(codes: list[str]) -> Response:
    return make_response(render_template("recovery_codes.html", codes=codes), {"Cache-Control": "no-store"})


def _page(error: str = "") -> str:
    account = own_account()
    if account.totp_secret:
        with reading() as work:
            left = recovery_codes_left(work, account.id)
        return render_template("second_factor.html", account=account, left=left, error=error, secret="",
                               required=is_required(account))  # fmt: skip
    if not account.totp_pending:
        with writing() as work:
            account = work.get_one(Account, account.id, with_for_update=True)
            account.totp_pending = account.totp_pending or new_secret()
    secret = account.totp_pending or ""
    drawn = segno.make(enrolment_address(account.name, secret), error="m", micro=False)
    picture = Markup(drawn.svg_inline(omitsize=True, svgclass=None, lineclass=None, title=_("Mã QR")))  # noqa: S704
    return render_template(
        "second_factor.html",
        account=account,
        error=error,
        picture=picture,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        required=is_required(account),
    )
