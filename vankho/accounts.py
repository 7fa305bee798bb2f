"""``vankho user add`` and ``vankho token add``: accounts and API tokens, made by whoever has the machine."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accounts import hash_password, normal_name
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.sign_in import Assignment
from archive.clock import now
from archive.database import writing
from archive.identity import tokens
from archive.identity.administration import WHOLE_ARCHIVE, account_named, assign, end_assignments, find_agency
from archive.identity.errors import AccountError
from archive.identity.nobody import is_reserved
from archive.identity.passwords import SHORTEST
from archive.identity.roles import ROLES
from archive.identity.second_factor import enrolment_address, new_secret, remove_second_factor
from archive.identity.sessions import new_epoch
from vankho.output import JSON, fail, say
from vankho.wiring import prepare_catalogue

ACTOR = "command-line"


def add_account(session: Session, name: str, password: str, role: str, agency: str = "", *, totp: bool = True) -> str:
    """Adds an account, or gives an existing one this password, role and agency; returns its TOTP secret or "".

    An archivist who has no assignment gets the whole archive.  Raises AccountError where the name is empty, the
    password short, or the clerk's agency is not known.
    """
    name = normal_name(name)
    if not name or is_reserved(name):
        raise AccountError("Tên tài khoản còn trống.", "The name is empty.")
    if len(password) < SHORTEST:
        raise AccountError(f"Mật khẩu cần ít nhất {SHORTEST} ký tự.", f"At least {SHORTEST} characters are needed.")
    agency_row = find_agency(session, agency)
    if role == "clerk" and agency_row is None:
        raise AccountError("Cán bộ cơ quan cần --agency, mã cơ quan.", "A clerk needs --agency.")
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        account = Account(name=name, active=True, created=now())
        session.add(account)
    account.password_hash, account.role = hash_password(password), role
    new_epoch(account)
    account.agency_id = agency_row.id if agency_row else None
    session.flush()
    remove_second_factor(session, account)
    account.totp_secret = new_secret() if totp else None
    record_event(session, ACTOR, "account-set", name=name, role=role, agency=agency)
    if role != "archivist":
        end_assignments(session, account)
    assigned = select(Assignment.id).where(Assignment.account_id == account.id, Assignment.ended.is_(None))
    if role == "archivist" and session.scalar(assigned.limit(1)) is None:
        assign(session, account, WHOLE_ARCHIVE, ACTOR, first=1)
    return account.totp_secret or ""


@click.group("user")
def user_group() -> None:
    """Tài khoản."""


@user_group.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--agency", default="", help="mã cơ quan, cho vai trò clerk")
@click.option("--password-stdin", is_flag=True, help="đọc mật khẩu từ dòng đầu của đầu vào chuẩn")
@click.option("--no-totp", is_flag=True, help="không dùng mã một lần")
@JSON
def add_user(name: str, role: str, agency: str, password_stdin: bool, no_totp: bool, as_json: bool) -> None:
    """Thêm tài khoản, hoặc đặt lại mật khẩu và vai trò của tài khoản đã có."""
    prepare_catalogue()
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt("Mật khẩu", hide_input=True, confirmation_prompt=True, err=True)
    )
    try:
        with writing() as session:
            secret = add_account(session, name, password, role, agency, totp=not no_totp)
    except AccountError as error:
        fail(str(error), as_json=as_json)
    address = enrolment_address(name, secret) if secret else ""
    text = f"Đã ghi tài khoản {name} ({role})." + (f"\nNạp mã một lần vào điện thoại: {address}" if address else "")
    say(text, {"name": name, "role": role, "agency": agency, "totp": address}, as_json=as_json)


@click.group("token")
def token_group() -> None:
    """Khóa truy cập API."""


@token_group.command("add")
@click.argument("name")
@click.option("--label", default="dòng lệnh", show_default=True, help="tên gọi của khóa")
@click.option("--scope", "scopes", type=click.Choice(tuple(tokens.SCOPES)), multiple=True, help="phạm vi; mặc định: cả")
@click.option("--days", type=int, default=max(tokens.LIFETIMES), show_default=True, help="số ngày còn hạn")
@JSON
def add_token(name: str, label: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Cấp một khóa API cho tài khoản; khóa chỉ hiện lần này."""
    prepare_catalogue()
    try:
        with writing() as session:
            account = account_named(session, name)
            token = tokens.add_token(session, account, label, list(scopes or tokens.SCOPES), days, ACTOR)
    except AccountError as error:
        fail(str(error), as_json=as_json)
    say(token, {"name": name, "token": token}, as_json=as_json)
