"""One's own account: where it is signed in, its password, its tokens."""

from collections.abc import Sequence

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.accounts import TooManyFailures, confirm_password
from archive.audit import record_event
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account
from archive.clock import today_number
from archive.database import reading, writing
from archive.identity import tokens
from archive.identity.errors import AccountError
from archive.identity.passwords import set_password
from archive.identity.registration import ask_for_letter, normal_email
from archive.identity.second_factor import recovery_codes_left
from archive.identity.sessions import SESSION_ENDED, end_session, new_epoch, running_sessions
from desk.consents import note_consents, purposes, said_of, take_back, wrong_ticks
from desk.notices import CHOICES, choose
from desk.own_data import own_data as held_about
from desk.persons import LONGEST, PERSON, describe_self, masked
from desk.steps import FormError, RequestError, faults_of
from portal.devices import known_device
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.languages import chosen
from portal.registering import consents_ticked, sends_letters
from portal.signing import open_for, signed_in
from portal.viewing import asking
from portal.wording import either

LONGEST_PASSWORD_FIELD = 1000

blueprint = Blueprint("account", __name__)


@blueprint.get("/tai-khoan")
@for_signed_in
def show() -> ResponseReturnValue:
    """The account: who, where signed in, password, second factor, tokens."""
    return _page()


@blueprint.post("/tai-khoan/mat-khau")
@for_signed_in
def change_password() -> ResponseReturnValue:
    """Changes the password; every other session ends, this one goes on under a new cookie."""
    account = own_account()
    old, new, again = (request.form.get(name, "")[:LONGEST_PASSWORD_FIELD] for name in ("cu", "moi", "lai"))
    if new != again:
        return _page(password=_("Hai lần gõ mật khẩu mới không giống nhau.")), 422
    try:
        if not confirm_password(account, old, request.remote_addr or "", known_device(account.name)):
            return _page(password=_("Mật khẩu hiện tại không đúng.")), 422
        with writing() as work:
            mine = work.get_one(Account, account.id, with_for_update=True)
            set_password(work, mine, new, mine.name)
    except TooManyFailures:
        return _page(password=_("Đã sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc hỏi Trung tâm.")), 429
    except AccountError as error:
        return _page(password=either(error.vi, error.en)), 422
    return open_for(mine, "password", make_response(redirect(url_for("account.show", xong="mat-khau"), 303)))


@blueprint.post("/tai-khoan/phien/<int:session_id>")
@for_signed_in
def end_one(session_id: int) -> ResponseReturnValue:
    """Ends one of one's own sessions."""
    if not end_session(own_account(), session_id):
        raise missing()
    return redirect(url_for("account.show", xong="phien"), 303)


@blueprint.post("/tai-khoan/phien")
@for_signed_in
def end_others() -> ResponseReturnValue:
    """Ends every session but this one, which goes on under a new cookie."""
    with writing() as work:
        account = work.get_one(Account, own_account().id, with_for_update=True)
        new_epoch(account)
        record_event(work, account.name, SESSION_ENDED, name=account.name, others=True)
    return open_for(account, _means(), make_response(redirect(url_for("account.show", xong="cac-phien"), 303)))


@blueprint.post("/tai-khoan/nguoi-dung")
@for_signed_in
def change_person() -> ResponseReturnValue:
    """A reader says who he is (``ho-ten``, ``so-dinh-danh``: empty keeps it, ``dien-thoai``, ``noi-lam-viec``)."""
    account = own_account()
    if account.role != "reader":
        raise missing()  # of staff an administrator says it
    told = {name: request.form.get(name, "").replace("\0", "")[: 2 * LONGEST] for name in PERSON}
    try:
        with writing() as work:
            mine = work.get_one(Account, account.id, with_for_update=True)
            describe_self(work, mine, told, consents_ticked(), chosen())
    except RequestError as error:
        return _page(faults=faults_of(error), person=told), 422
    return redirect(url_for("account.show", xong="nguoi-dung"), 303)


@blueprint.post("/tai-khoan/dong-y")
@for_signed_in
def change_consent() -> ResponseReturnValue:
    """A reader agrees to the use of data for a purpose in the words he read (``dong-y-…``), or takes that back
    (``rut``: the purpose)."""
    account, ticked, back = own_account(), consents_ticked(), request.form.get("rut", "")
    if account.role != "reader" or not (ticked or back):
        raise missing()
    try:
        with writing() as work:
            mine = work.get_one(Account, account.id, with_for_update=True)
            if back:
                take_back(work, mine, back, chosen())
            else:
                if wrong := wrong_ticks(ticked, ()):
                    raise FormError(wrong)
                note_consents(work, mine, ticked, method="online", language=chosen(), actor=mine.name)
    except RequestError as error:
        return _page(faults=faults_of(error)), 422
    return redirect(url_for("account.show", xong="rut-dong-y" if back else "dong-y", _anchor="dy"), 303)


@blueprint.post("/tai-khoan/doi-thu")
@for_signed_in
def ask_new_email() -> ResponseReturnValue:
    """A reader asks for another address (``thu-moi``, with ``mat-khau``): a letter goes there; the answer does not say
    whether it has an account."""
    account = own_account()
    if account.role != "reader" or not account.password_hash or not sends_letters():
        raise missing()
    typed = request.form.get("thu-moi", "")[:400]
    wrong: list[RequestError] = []
    try:
        email = normal_email(typed)
    except AccountError as error:
        wrong.append(RequestError(either(error.vi, error.en), "thu-moi"))
    try:
        password = request.form.get("mat-khau", "")[:LONGEST_PASSWORD_FIELD]
        if not confirm_password(account, password, request.remote_addr or "", known_device(account.name)):
            wrong.append(RequestError(_("Mật khẩu hiện tại không đúng."), "mat-khau"))
    except TooManyFailures:
        late = RequestError(_("Đã sai nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc hỏi Trung tâm."), "mat-khau")
        return _page(faults=[late]), 429
    if wrong:
        return _page(faults=wrong), 422
    with writing() as work:
        ask_for_letter(work, "email", email, chosen(), request.remote_addr or "", account=account.id)
    return redirect(url_for("account.show", xong="thu-moi"), 303)


@blueprint.post("/tai-khoan/thu")
@for_signed_in
def choose_letters() -> ResponseReturnValue:
    """Chooses when letters tell of one's requests (``thu``: each, daily, none but the obligatory ones)."""
    wish = request.form.get("thu", "")
    if wish not in CHOICES:
        raise missing()
    with writing() as work:
        choose(work, work.get_one(Account, own_account().id, with_for_update=True), wish)
    return redirect(url_for("account.show", xong="thu"), 303)


@blueprint.get("/tai-khoan/du-lieu.json")
@for_signed_in
def own_data() -> ResponseReturnValue:
    """What the archive holds about the account's owner, to take away; noted in the trail."""
    who, account = asking(), own_account()
    with writing() as work:
        told = held_about(work, who.viewer, account, who.day)
        record_event(work, account.name, "own-data-fetched", name=account.name)
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.json"'
    return answer


@blueprint.post("/tai-khoan/khoa")
@for_signed_in
def add_token() -> ResponseReturnValue:
    """Makes a token and shows it, this once."""
    account, form = own_account(), request.form
    days = form.get("ngay", "")
    try:
        with writing() as work:
            made = tokens.add_token(
                work, account, form.get("ten", ""), form.getlist("pham-vi"),
                int(days) if days.isdecimal() and len(days) < 5 else 0, account.name,
            )  # fmt: skip
    except AccountError as error:
        return _page(token=either(error.vi, error.en), wish=form.get("ten", "")[: tokens.LONGEST_NAME]), 422
    return _page(made=made)


@blueprint.post("/tai-khoan/khoa/<digest>")
@for_signed_in
def revoke_token(digest: str) -> ResponseReturnValue:
    """Ends one of one's own tokens."""
    account = own_account()
    with writing() as work:
        there = tokens.revoke_token(work, account, digest, account.name)
    if not there:
        raise missing()
    return redirect(url_for("account.show", xong="khoa"), 303)


def done_words() -> str:
    """What was just done, from the address; empty for an unknown word."""
    words: dict[str, str] = {
        "mat-khau": _("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."),
        "phien": _("Đã kết thúc phiên ấy."),
        "cac-phien": _("Các thiết bị khác phải đăng nhập lại."),
        "khoa": _("Đã thu hồi khóa; từ nay nó không dùng được nữa."),
        "nguoi-dung": _("Đã lưu thông tin của bạn."),
        "thu": _("Đã lưu cách báo qua thư."),
        "thu-moi": _("Đã gửi một liên kết đến địa chỉ mới; mở nó trong 24 giờ để đổi."),
        "dong-y": _("Đã ghi lời đồng ý của bạn."),
        "rut-dong-y": _("Đã rút lại. Việc đã làm trước đó vẫn hợp lệ; hồ sơ buộc phải giữ thì giữ hết thời hạn."),
        "ma": _("Đã bật mã một lần."),
        "bo-ma": _("Đã tắt mã một lần."),
    }
    return words.get(request.args.get("xong", ""), "")


def scope_words(scopes: str) -> str:
    """What a token may be used for."""
    return "; ".join(either(*tokens.SCOPES[one]) for one in scopes.split() if one in tokens.SCOPES)


def _means() -> str:
    signed = signed_in()
    return signed.session.means if signed else "password"


def _page(
    *,
    password: str = "",
    token: str = "",
    wish: str = "",
    made: str = "",
    faults: Sequence[RequestError] = (),
    person: dict[str, str] | None = None,
) -> str:
    signed = signed_in()
    if signed is None:
        raise missing()
    account = signed.account
    with reading() as work:
        agency = work.get(Agency, account.agency_id) if account.agency_id else None
        own_tokens = tokens.tokens_of(work, account.id)
        codes_left = recovery_codes_left(work, account.id)
        agreed = said_of(work, account.id)
    return render_template(
        "account.html",
        account=account,
        agency=agency,
        this=signed.session.id,
        sessions=running_sessions(account.id),
        tokens=own_tokens,
        codes_left=codes_left,
        lifetimes=tokens.LIFETIMES,
        scopes=tokens.SCOPES,
        done=done_words(),
        password_error=password,
        token_error=token,
        wish=wish,
        made=made,
        faults=faults,
        uses=purposes(today_number()),
        agreed=agreed,
        ticked=consents_ticked(),
        letters=sends_letters(),
        person=person or dict(zip(PERSON, (account.full_name, "", account.phone, account.workplace), strict=True)),
        identification=masked(account.identification),
    )
