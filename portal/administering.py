"""The administration of accounts; for everybody but administrators it is not there.  Every act is audited."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import may, sql_condition
from archive.accounts import end_sessions
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.identity import administration as acts
from archive.identity.errors import AccountError
from archive.identity.links import password_link
from archive.identity.registration import normal_email, send_letter
from archive.identity.roles import ROLES, assignments_of
from archive.identity.sessions import running_sessions
from archive.identity.tokens import tokens_of
from archive.terms import term
from desk.forgetting import erase_account
from portal.errors import missing
from portal.guarding import for_administrators, own_account
from portal.house import house
from portal.languages import chosen
from portal.registering import sends_letters
from portal.viewing import asking
from portal.wording import either

ON_A_PAGE = 50
LONGEST_FIELD = 200

blueprint = Blueprint("administering", __name__, url_prefix="/quan-tri/tai-khoan")


@blueprint.get("")
@for_administrators
def index() -> ResponseReturnValue:
    """Accounts, fifty a page, by name; ``q`` is part of a name, person or e-mail, ``vai-tro`` a role."""
    text, role = request.args.get("q", "")[:LONGEST_FIELD], request.args.get("vai-tro", "")
    page = request.args.get("trang", "1")
    number = int(page) if page.isdecimal() and 1 <= len(page) < 7 else 1
    role = role if role in ROLES else ""
    with reading() as work:
        start = (max(number, 1) - 1) * ON_A_PAGE
        rows, total = acts.find_accounts(work, text, role, start, ON_A_PAGE)
        agencies = {one.id: one.code for one in work.scalars(select(Agency))}
    return render_template(
        "administration/accounts.html", rows=rows, total=total, text=text, role=role, roles=ROLES, agencies=agencies,
        number=max(number, 1), more=start + len(rows) < total, start=start, done=_done(),
    )  # fmt: skip


@blueprint.get("/moi")
@for_administrators
def begin() -> ResponseReturnValue:
    """The form of a new account."""
    return _new({})


@blueprint.post("/moi")
@for_administrators
def add() -> ResponseReturnValue:
    """Adds an account without a password; its owner chooses one by an invitation."""
    given = {name: request.form.get(name, "").strip()[:LONGEST_FIELD] for name in _FIELDS}
    try:
        email = normal_email(given["thu"]) if given["thu"] else None
        with writing() as work:
            made = acts.add_account(
                work, given["ten"], given["vai-tro"], given["co-quan"], own_account().name,
                full_name=given["ho-ten"], email=email,
            )  # fmt: skip
    except AccountError as error:
        return _new(given, either(error.vi, error.en))
    return redirect(url_for("administering.show", account_id=made.id, xong="them"), 303)


@blueprint.get("/<int:account_id>")
@for_administrators
def show(account_id: int) -> ResponseReturnValue:
    """One account and what can be done with it."""
    return _page(account_id)


@blueprint.post("/<int:account_id>/vai-tro")
@for_administrators
def change_role(account_id: int) -> ResponseReturnValue:
    """Gives another role and agency; ends the sessions."""
    role, agency = request.form.get("vai-tro", ""), request.form.get("co-quan", "").strip()[:LONGEST_FIELD]
    return _act(account_id, "vai-tro", lambda work, it: acts.change_role(work, it, role, agency, own_account().name))


@blueprint.post("/<int:account_id>/nguoi-dung")
@for_administrators
def describe_person(account_id: int) -> ResponseReturnValue:
    """Notes whose account it is, and where its letters go."""
    name, typed = (request.form.get(one, "").strip()[:LONGEST_FIELD] for one in ("ho-ten", "thu"))

    def act(work: Session, account: Account) -> None:
        acts.describe_person(work, account, name, normal_email(typed) if typed else None, own_account().name)

    return _act(account_id, "nguoi-dung", act)


@blueprint.post("/<int:account_id>/phan-cong")
@for_administrators
def assign(account_id: int) -> ResponseReturnValue:
    """Assigns a fonds, or the whole archive, from a day to a day."""
    fonds = request.form.get("phong", "").strip()[:LONGEST_FIELD]

    def act(work: Session, account: Account) -> None:
        first, last = (_day(request.form.get(name, "")) for name in ("tu", "den"))
        acts.assign(work, account, fonds, own_account().name, first, last)

    return _act(account_id, "phan-cong", act)


@blueprint.post("/<int:account_id>/phan-cong/<int:assignment_id>")
@for_administrators
def unassign(account_id: int, assignment_id: int) -> ResponseReturnValue:
    """Ends an assignment at once."""
    return _act(account_id, "het", lambda work, it: acts.unassign(work, it, assignment_id, own_account().name))


@blueprint.post("/<int:account_id>/trang-thai")
@for_administrators
def set_active(account_id: int) -> ResponseReturnValue:
    """Closes the account or opens it."""
    active = request.form.get("mo") == "1"
    return _act(account_id, "trang-thai", lambda work, it: acts.set_active(work, it, active, own_account().name))


@blueprint.post("/<int:account_id>/ma-mot-lan")
@for_administrators
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    """Takes the second factor away, for a lost telephone."""
    return _act(account_id, "bo-ma", lambda work, it: acts.reset_second_factor(work, it, own_account().name))


@blueprint.post("/<int:account_id>/phien")
@for_administrators
def sign_out(account_id: int) -> ResponseReturnValue:
    """Ends every session of the account."""
    with reading() as work:
        if work.get(Account, account_id) is None:
            raise missing()
    end_sessions(account_id, own_account().name)
    return redirect(url_for("administering.show", account_id=account_id, xong="phien"), 303)


@blueprint.post("/<int:account_id>/loi-moi")
@for_administrators
def invite(account_id: int) -> ResponseReturnValue:
    """Sends the owner a link to choose a password; without mail it is shown here, to be handed over."""
    with writing() as work:
        account = work.get(Account, account_id)
        if account is None or not account.active:
            raise missing()
        acts.note_invitation(work, account, own_account().name)
        if account.email and sends_letters():
            send_letter(work, "invitation", account.email, chosen(), account=account.id)
            return redirect(url_for("administering.show", account_id=account_id, xong="loi-moi"), 303)
        link = password_link(house().settings.secret.get_secret_value(), account, invitation=True)
    site = house().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    return _page(account_id, link=site + url_for("registering.choose", link=link))


@blueprint.post("/<int:account_id>/xoa")
@for_administrators
def erase(account_id: int) -> ResponseReturnValue:
    """Erases a reader's account for its person, who asked otherwise (``can-cu``: by what, ``da-xem``: the papers were
    looked at)."""
    ground, seen = request.form.get("can-cu", "").strip()[:LONGEST_FIELD], request.form.get("da-xem") == "1"

    def act(work: Session, account: Account) -> None:
        if not ground or not seen:
            raise AccountError(
                "Cần ghi đơn hay văn bản xin xóa, và đã xem giấy tờ của người xin.",
                "Say by which letter it was asked, and that the papers of who asks were looked at.",
            )
        erase_account(work, account, own_account().name, ground)

    return _act(account_id, "xoa", act, onward=url_for("administering.index", xong="xoa"))


_FIELDS = ("ten", "ho-ten", "thu", "vai-tro", "co-quan")


def _act(account_id: int, done: str, act: "acts.Act", onward: str = "") -> ResponseReturnValue:
    try:
        with writing() as work:
            account = work.get(Account, account_id, with_for_update=True)
            if account is None or account.erased_at:
                raise missing()
            act(work, account)
    except AccountError as error:
        return _page(account_id, error=either(error.vi, error.en)), 422
    return redirect(onward or url_for("administering.show", account_id=account_id, xong=done), 303)


def _day(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).toordinal()
    except ValueError as error:
        raise AccountError(
            f"Ngày {text[:20]!r} không đúng dạng năm-tháng-ngày, ví dụ 2026-11-02.",
            f"The day {text[:20]!r} is not of the form year-month-day, such as 2026-11-02.",
        ) from error


def _done() -> str:
    words: dict[str, str] = {
        "them": _("Đã thêm tài khoản. Hãy gửi lời mời để người dùng chọn mật khẩu."),
        "vai-tro": _("Đã đổi vai trò; các phiên của tài khoản đã kết thúc."),
        "nguoi-dung": _("Đã ghi họ tên và thư điện tử."),
        "phan-cong": _("Đã phân công, có hiệu lực ngay."),
        "het": _("Đã thôi phân công, có hiệu lực ngay."),
        "trang-thai": _("Đã đổi trạng thái; các phiên của tài khoản đã kết thúc."),
        "bo-ma": _("Đã bỏ mã một lần; người dùng bật lại ở lần đăng nhập tới."),
        "phien": _("Các phiên của tài khoản đã kết thúc."),
        "xoa": _("Đã xóa tài khoản; hồ sơ yêu cầu được giữ đến hết thời hạn, không nêu người."),
        "loi-moi": _("Thư mời đang được gửi; liên kết trong thư dùng được bảy ngày."),
    }
    return words.get(request.args.get("xong", ""), "")


def _new(given: dict[str, str], error: str = "") -> ResponseReturnValue:
    filled = {name: given.get(name, "") for name in _FIELDS}
    page = render_template("administration/new_account.html", given=filled, error=error, roles=ROLES)
    return page, 422 if error else 200


def _page(account_id: int, *, error: str = "", link: str = "") -> str:
    who = asking()
    with reading() as work:
        account = work.get(Account, account_id)
        if account is None or account.erased_at:
            raise missing()
        agency = work.get(Agency, account.agency_id) if account.agency_id else None
        # An administrator meets no description that is not for everybody: then the code stands alone
        assigned = [
            (one, record, record is not None and may(who.viewer, "see", record, who.day))
            for one, record in assignments_of(work, account_id)
        ]
        fonds = work.scalars(
            select(Record)
            .where(Record.level == "fonds", sql_condition(who.viewer, "see", who.day))
            .order_by(Record.code)
            .limit(1000)
        ).all()
        tokens = tokens_of(work, account_id)
    return render_template(
        "administration/account.html", account=account, agency=agency, assigned=assigned, fonds=fonds, roles=ROLES,
        sessions=running_sessions(account_id), tokens=tokens, done=_done(), error=error, link=link,
        whole=acts.WHOLE_ARCHIVE, answered=term("subject.answer", who.day),
    )  # fmt: skip
