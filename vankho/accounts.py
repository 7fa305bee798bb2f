"""``vankho user`` and ``vankho token``: accounts and API tokens, made by whoever has the machine."""

import secrets
import sys
import unicodedata

import click
import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accounts import hash_password, token_digest
from archive.audit import record_event
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account, AccountToken
from archive.clock import now
from archive.database import writing
from archive.identifiers import new_identifier
from vankho.output import JSON, fail, say
from vankho.wiring import prepare_catalogue

ROLES = ("reader", "clerk", "archivist", "head", "administrator", "auditor")
SHORTEST_PASSWORD = 10


class AccountError(ValueError):
    """The account cannot be made; the text is Vietnamese."""


def add_account(session: Session, name: str, password: str, role: str, agency: str = "", *, totp: bool = True) -> str:
    """Adds an account, or gives an existing one this password, role and agency; returns its TOTP secret or "".

    Raises AccountError where the name is empty, the password short, or the clerk's agency is not known.
    """
    name = _normal(name)
    if not name:
        raise AccountError("Tên tài khoản còn trống.")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự.")
    agency_row = session.scalar(select(Agency).where(Agency.code == agency)) if agency else None
    if agency and agency_row is None:
        agency_row = Agency(public_id=new_identifier(), code=agency, name=agency)
        session.add(agency_row)
        session.flush()
    if role == "clerk" and agency_row is None:
        raise AccountError("Cán bộ cơ quan cần --agency, mã cơ quan.")
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        account = Account(name=name, active=True)
        session.add(account)
    account.password_hash, account.role, account.epoch = hash_password(password), role, secrets.token_hex(16)
    account.agency_id = agency_row.id if agency_row else None
    account.totp_secret = pyotp.random_base32() if totp else None
    session.flush()
    record_event(session, "command-line", "account-set", name=name, role=role, agency=agency)
    return account.totp_secret or ""


def _normal(name: str) -> str:
    """The name as signing in reads it: without it an account typed in NFD could never be used."""
    return unicodedata.normalize("NFC", name.strip())


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
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Văn Khố") if secret else ""
    text = f"Đã ghi tài khoản {name} ({role})." + (f"\nNạp mã một lần vào điện thoại: {address}" if address else "")
    say(text, {"name": name, "role": role, "agency": agency, "totp": address}, as_json=as_json)


@click.group("token")
def token_group() -> None:
    """Khóa truy cập API."""


@token_group.command("add")
@click.argument("name")
@JSON
def add_token(name: str, as_json: bool) -> None:
    """Cấp một khóa API cho tài khoản; khóa chỉ hiện lần này."""
    prepare_catalogue()
    token = secrets.token_urlsafe(32)
    with writing() as session:
        account = session.scalar(select(Account).where(Account.name == _normal(name)))
        if account is None:
            fail(f"Không có tài khoản {name}.", as_json=as_json)
        session.add(AccountToken(digest=token_digest(token), account_id=account.id, created=now()))
        record_event(session, "command-line", "token-added", name=name)
    say(token, {"name": name, "token": token}, as_json=as_json)
