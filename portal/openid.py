"""Signing in through an OpenID provider (OpenID Connect Core 1.0, authorization code with PKCE)."""

from typing import cast

from flask import Blueprint, Flask, current_app, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from archive.accounts import SIGNED_IN
from archive.audit import record_event
from archive.database import writing
from archive.identity.errors import AccountError
from archive.identity.openid import account_of, lacks_second_factor, read_mapping, role_of
from archive.settings import Settings
from portal.cookies import in_production
from portal.errors import missing
from portal.house import house
from portal.resuming import is_ours
from portal.resuming_elsewhere import brought_back
from portal.returning import local_path
from portal.signing import open_for, resumed, sign_in_page
from portal.wording import either

_WISH, _OWN = "openid-next", "openid-typed"

blueprint = Blueprint("openid", __name__)


def install(app: Flask, settings: Settings) -> None:
    """Prepares the client if there is a provider."""
    if not settings.oidc_issuer:
        return
    from portal import openid_client  # its libraries are loaded only where there is a provider

    openid_client.register(app, settings)


def provider_name() -> str:
    """What the provider is called on the sign-in page; empty where there is none."""
    settings = house().settings
    return settings.oidc_name if settings.oidc_issuer else ""


@blueprint.get("/dang-nhap/openid")
def begin() -> ResponseReturnValue:
    """Goes to the provider; comes back to ``next``, or to what was typed before (``tiep``: of which page)."""
    if not house().settings.oidc_issuer:
        raise missing()
    from portal import openid_client

    try:
        client = openid_client.client(house().settings.oidc_issuer)
        answer = client.authorize_redirect(house().settings.public_url.rstrip("/") + url_for("openid.come_back"))
    except (*openid_client.UNREACHABLE, *openid_client.REFUSED) as error:
        return _refuse(error, 503)
    session[_WISH] = local_path(request.args.get("next", ""))
    session[_OWN] = request.args.get("tiep", "")[:40]
    answer.headers["Cache-Control"] = "no-store"
    return cast(ResponseReturnValue, answer)


@blueprint.get("/dang-nhap/openid/ve")
def come_back() -> ResponseReturnValue:
    """Takes the provider's answer: state, PKCE, nonce, signature, issuer, audience and times are checked by Authlib."""
    settings = house().settings
    if not settings.oidc_issuer:
        raise missing()
    from portal import openid_client

    wish, kept = local_path(str(session.get(_WISH, ""))), brought_back(str(session.get(_OWN, "")))
    try:
        claims = dict(openid_client.client(settings.oidc_issuer).authorize_access_token()["userinfo"])
    except openid_client.UNREACHABLE as error:
        return _refuse(error, 503)
    except openid_client.REFUSED as error:
        return _refuse(error, 400)
    role, agency = role_of(read_mapping(settings.oidc_roles), claims.get(settings.oidc_claim))
    try:
        with writing() as work:
            account = account_of(work, settings.oidc_issuer, claims, role, agency)
            if in_production() and lacks_second_factor(account, claims):
                raise AccountError(
                    "Vai trò của bạn cần xác thực hai lớp ở nơi cấp danh tính; hãy bật ở đó rồi đăng nhập lại.",
                    "Your role needs a second factor at the identity provider; turn it on there and sign in again.",
                )
            record_event(work, account.name, SIGNED_IN, address=request.remote_addr or "", means="openid")
    except IntegrityError as error:  # twice in the same moment
        return _refuse(error, 503)
    except AccountError as error:
        return _page(either(error.vi, error.en), 403)
    if is_ours(kept):
        return resumed(open_for(account, "openid", make_response()), kept)
    return open_for(account, "openid", make_response(redirect(wish, 303)))


def _refuse(error: Exception, status: int) -> ResponseReturnValue:
    current_app.logger.warning("openid: %s: %s", type(error).__name__, error)
    if status == 503:
        return _page(_("Nơi cấp danh tính chưa trả lời. Hãy thử lại sau ít phút, hoặc dùng mật khẩu."), status)
    return _page(_("Nơi cấp danh tính chưa xác nhận lần đăng nhập này. Hãy bắt đầu lại."), status)


def _page(error: str, status: int) -> ResponseReturnValue:
    kept = brought_back(request.args.get("tiep", "") or str(session.get(_OWN, "")))
    return sign_in_page("/", "", error, kept, status)
