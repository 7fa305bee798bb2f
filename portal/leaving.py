"""Erasing one's own account: what goes, what stays and why, and who asks is asked once more who he is."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.accounts import TooManyFailures, confirm_code, confirm_password
from archive.catalogue.people import Account
from archive.clock import now
from archive.database import reading, writing
from archive.identity.errors import AccountError
from archive.terms import term
from desk.forgetting import erase_account, what_waits, withdrawn_with
from desk.retention.rules import rule
from portal.devices import known_device
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.languages import chosen
from portal.retaining import kind_labels, length, moment_labels
from portal.signing import forget, signed_in
from portal.viewing import asking
from portal.wording import either

LONGEST_FIELD = 1000
#: Who has no password here signs in with the provider, so long ago at most.
FRESH = timedelta(minutes=15)
KEPT = ("request.certified", "request.other", "grant", "loan", "visit", "bank.line")
PRIVATE = {"Cache-Control": "no-store"}
GROUND = "Luật 91/2025/QH15"  # the wish of its owner

blueprint = Blueprint("leaving", __name__)


@blueprint.get("/tai-khoan/xoa")
@for_signed_in
def ask() -> ResponseReturnValue:
    """What is erased, what stays until when and why; the form.  For readers; staff accounts are closed instead."""
    return _page()


@blueprint.post("/tai-khoan/xoa")
@for_signed_in
def erase() -> ResponseReturnValue:
    """Erases the account at once (``mat-khau``, ``ma`` where there is a second factor, ``hieu``: it is understood)."""
    account = _reader()
    if request.form.get("hieu") != "1":
        return _page(_("Hãy đánh dấu rằng bạn hiểu: việc này không lấy lại được."), "hieu")
    try:
        if wrong := _wrong(account):
            return _page(*wrong)
        with writing() as work:
            mine = work.get_one(Account, account.id, with_for_update=True)
            erase_account(work, mine, "", GROUND, chosen())
    except TooManyFailures:
        return _page(_("Đã sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc hỏi Trung tâm."), status=429)
    except AccountError as error:
        return _page(either(error.vi, error.en))
    forget()
    return redirect(url_for("signing.sign_in", xong="da-xoa"), 303)


def _wrong(account: Account) -> tuple[str, str] | None:
    """What of the proof is wrong, and in which field: password, then the second factor; both where there are both."""
    address, device = request.remote_addr or "", known_device(account.name)
    typed = {name: request.form.get(name, "")[:LONGEST_FIELD] for name in ("mat-khau", "ma")}
    if account.password_hash and not confirm_password(account, typed["mat-khau"], address, device):
        return _("Mật khẩu không đúng."), "mat-khau"
    if account.totp_secret and not confirm_code(account, typed["ma"], address, device):
        return _("Mã không đúng, hoặc đã dùng rồi; hãy đợi mã kế tiếp."), "ma"
    signed = signed_in()
    if (
        not account.password_hash
        and not account.totp_secret
        and (signed is None or now() - signed.session.opened > FRESH)
    ):
        return _("Bạn đăng nhập đã lâu; hãy đăng xuất, đăng nhập lại rồi xóa."), ""
    return None


def _reader() -> Account:
    account = own_account()
    if account.role != "reader":
        raise missing()
    return account


def _page(error: str = "", field: str = "", status: int = 0) -> ResponseReturnValue:
    account, day = _reader(), asking().day
    with reading() as work:
        running, waits = withdrawn_with(work, account), what_waits(work, account)
    page = render_template(
        "leaving.html", account=account, running=running, waits=[either(one.vi, one.en) for one in waits],
        error=error, field=field, kinds=kind_labels(), since=moment_labels(), length=length,
        kept=[(name, rule(name, day)) for name in KEPT], answered=term("subject.answer", day),
    )  # fmt: skip
    return page, status or (422 if error else 200), PRIVATE
