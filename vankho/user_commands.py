"""``vankho user`` beside ``add``: who there is, roles, assignments, closing and opening, the second factor."""

from collections.abc import Callable
from datetime import date
from typing import Any

import click
from sqlalchemy.orm import Session

from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Assignment
from archive.database import reading, writing
from archive.identity import administration as acts
from archive.identity.errors import AccountError
from archive.identity.roles import ROLES, assignments_of
from archive.identity.tokens import tokens_of
from vankho.accounts import ACTOR, user_group
from vankho.output import JSON, fail, say
from vankho.wiring import prepare_catalogue

__all__ = ["user_group"]  # with every command of it

MOST = 1000
DAY = click.DateTime(["%Y-%m-%d"])


@user_group.command("list")
@click.option("--role", type=click.Choice(ROLES), default=None, help="chỉ vai trò này")
@click.option("--search", default="", help="một phần của tên, họ tên hoặc thư")
@JSON
def list_users(role: str | None, search: str, as_json: bool) -> None:
    """Liệt kê tài khoản theo tên, nhiều nhất 1.000."""
    prepare_catalogue()
    with reading() as session:
        rows, total = acts.find_accounts(session, search, role or "", 0, MOST)
        told = [_brief(session, one) for one in rows]
    lines = [f"{one['name']}\t{one['role']}\t{one['agency']}\t{'' if one['active'] else 'đã đóng'}" for one in told]
    say("\n".join([*lines, f"{total} tài khoản"]), {"accounts": told, "total": total}, as_json=as_json)


@user_group.command("show")
@click.argument("name")
@JSON
def show_user(name: str, as_json: bool) -> None:
    """Cho biết một tài khoản: vai trò, cơ quan, phân công, khóa."""
    prepare_catalogue()
    _finish(name, None, as_json)


@user_group.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--agency", default="", help="mã cơ quan, cho vai trò clerk")
@JSON
def set_role(name: str, role: str, agency: str, as_json: bool) -> None:
    """Đổi vai trò; các phiên của tài khoản kết thúc."""
    _finish(name, lambda session, account: acts.change_role(session, account, role, agency, ACTOR), as_json)


@user_group.command("assign")
@click.argument("name")
@click.argument("fonds")
@click.option("--from", "first", type=DAY, default=None, help="từ ngày (năm-tháng-ngày); mặc định hôm nay")
@click.option("--to", "last", type=DAY, default=None, help="đến hết ngày; mặc định đến khi thôi")
@JSON
def assign(name: str, fonds: str, first: date | None, last: date | None, as_json: bool) -> None:
    """Phân công một phông (mã phông, hoặc * là cả kho) cho lưu trữ viên."""
    days = [one.toordinal() if one else None for one in (first, last)]
    _finish(name, lambda session, account: acts.assign(session, account, fonds, ACTOR, *days), as_json)


@user_group.command("unassign")
@click.argument("name")
@click.argument("fonds")
@JSON
def unassign(name: str, fonds: str, as_json: bool) -> None:
    """Thôi mọi phân công của một phông (mã phông, hoặc * là cả kho)."""

    def act(session: Session, account: Account) -> None:
        found = [
            one
            for one, record in assignments_of(session, account.id)
            if fonds in ((record.code, record.public_id) if record else (acts.WHOLE_ARCHIVE,))
        ]
        if not found:
            raise AccountError(f"{account.name} không được phân công {fonds}.", f"{fonds} is not assigned.")
        for one in found:
            acts.unassign(session, account, one.id, ACTOR)

    _finish(name, act, as_json)


@user_group.command("deactivate")
@click.argument("name")
@JSON
def deactivate(name: str, as_json: bool) -> None:
    """Đóng tài khoản: không đăng nhập, không dùng khóa được nữa; không xóa gì."""
    _finish(name, lambda session, account: acts.set_active(session, account, False, ACTOR), as_json)


@user_group.command("activate")
@click.argument("name")
@JSON
def activate(name: str, as_json: bool) -> None:
    """Mở lại tài khoản đã đóng."""
    _finish(name, lambda session, account: acts.set_active(session, account, True, ACTOR), as_json)


@user_group.command("reset-totp")
@click.argument("name")
@JSON
def reset_totp(name: str, as_json: bool) -> None:
    """Bỏ mã một lần và mã dự phòng, cho người mất điện thoại."""
    _finish(name, lambda session, account: acts.reset_second_factor(session, account, ACTOR), as_json)


def _finish(name: str, act: Callable[[Session, Account], object] | None, as_json: bool) -> None:
    prepare_catalogue()
    try:
        with writing() as session:
            account = acts.account_named(session, name)
            if act:
                act(session, account)
            session.flush()
            told = _whole(session, account)
    except AccountError as error:
        fail(str(error), as_json=as_json)
    assigned = [f"  {one['fonds']}: {one['from']} → {one['to'] or '…'}" for one in told["assignments"]]
    state = "đang dùng" if told["active"] else "đã đóng"
    head = f"{told['name']}: {told['role']} {told['agency']}, {state}, mã một lần: {'có' if told['totp'] else 'không'}"
    say("\n".join([head, *assigned]), told, as_json=as_json)


def _brief(session: Session, account: Account) -> dict[str, Any]:
    agency = session.get(Agency, account.agency_id) if account.agency_id else None
    return {
        "name": account.name,
        "role": account.role,
        "agency": agency.code if agency else "",
        "active": account.active,
        "totp": bool(account.totp_secret),
        "email": account.email or "",
    }


def _whole(session: Session, account: Account) -> dict[str, Any]:
    return _brief(session, account) | {
        "full_name": account.full_name,
        "assignments": [_assigned(one, record) for one, record in assignments_of(session, account.id)],
        "tokens": len(tokens_of(session, account.id)),
    }


def _assigned(one: Assignment, record: Record | None) -> dict[str, str | None]:
    return {
        "fonds": record.code if record else acts.WHOLE_ARCHIVE,
        "from": date.fromordinal(one.valid_from).isoformat(),
        "to": date.fromordinal(one.valid_to).isoformat() if one.valid_to else None,
    }
