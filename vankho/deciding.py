"""``vankho access``: what people decide about access, each with its ground, effective at the next request."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import browsing
from archive.access import NEVER, RIGHTS
from archive.access_rules import Closure
from archive.accession.seclusion import seclude
from archive.catalogue.deliveries import Package
from archive.catalogue.people import Account, Grant
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import (
    DecisionError,
    grant,
    move,
    replace_record,
    revoke,
    set_closure,
    set_hiding,
    withdraw_record,
)
from archive.named_persons import close_for_person, end_person_closure, running_closures
from archive.settings import settings
from vankho.intake import index_changes
from vankho.output import JSON, ProgressLine, fail, say
from vankho.wiring import prepare_catalogue, quarantine_storage, storage

ACTOR = "command-line"
GROUND = click.option("--ground", required=True, help="căn cứ: quyết định, văn bản, ngày")
Made = TypeVar("Made")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("access")
def access_group() -> None:
    """Quyền tiếp cận: đóng, mở, chuyển, rút, cấp phép; có hiệu lực ngay ở lần hỏi kế tiếp."""


@access_group.command("show")
@click.argument("public_id")
@JSON
def show(public_id: str, as_json: bool) -> None:
    """Một tài liệu đang mở cho ai, và ai có giấy phép."""
    prepare_catalogue()
    with reading() as session:
        record = session.scalar(select(Record).where(Record.public_id == public_id))
        if record is None:
            fail(f"Không có tài liệu nào mang mã “{public_id}”.", as_json=as_json)
        state, opens_on = browsing.standing(record, today_number())
        rules = {
            right: {"everyone_from": getattr(record.access, right).everyone_from,
                    "allow": sorted(getattr(record.access, right).allow)}
            for right in RIGHTS
        }  # fmt: skip
        running = session.execute(
            select(Grant.id, Account.name, Grant.valid_from, Grant.valid_to, Grant.ground, Grant.purpose, Grant.copying)
            .join(Account, Account.id == Grant.account_id)
            .where(
                Grant.record_id == record.id,
                Grant.revoked.is_(None),
                Grant.ended.is_(None),
                Grant.valid_to >= today_number(),
            )
        ).all()
        persons = [
            {"id": one.id, "person": one.person, "died": _iso(one.died_on), "opens_on": _iso(one.opens_on),
             "ground": one.ground}
            for one in running_closures(session, record.id)
        ]  # fmt: skip
    grants = [
        {"id": i, "name": n, "from": _iso(a), "until": _iso(b), "ground": g, "purpose": p, "copying": c}
        for i, n, a, b, g, p, c in running
    ]
    told = {"id": public_id, "level": record.level, "closure": record.level_code, "opens_on": _iso(record.opens_on),
            "withdrawn": record.withdrawn, "state": state, "rights": rules, "grants": grants,
            "persons": persons}  # fmt: skip
    lines = [f"{record.level} {record.code}: mức {record.level_code}, {state}"]
    for one in grants:
        kind = "đọc và sao" if one["copying"] else "chỉ đọc"
        lines.append(f"giấy phép {one['id']}: {one['name']}, {one['from']} đến {one['until']}, {kind}, {one['ground']}")
    lines += [
        f"đóng vì người được nêu tên, số {p['id']}: {p['person']}, mở {p['opens_on'] or 'khi biết ngày mất'}"
        for p in persons
    ]
    say("\n".join(lines) + (f"\nmở từ {_iso(opens_on)}" if opens_on else ""), told, as_json=as_json)


@access_group.command("close")
@click.argument("public_id")
@click.option("--opens", type=DAY, default=None, help="ngày tự mở, YYYY-MM-DD; không ghi là không có ngày")
@GROUND
@JSON
def close(public_id: str, opens: Any, ground: str, as_json: bool) -> None:
    """Đóng một tài liệu (mức 02, tiếp cận có điều kiện), cùng mọi thứ bên trong."""
    closure = Closure("02", opens.date().toordinal() if opens else None)
    _decide(lambda s: set_closure(s, public_id, closure, actor=ACTOR, ground=ground), as_json)


@access_group.command("open")
@click.argument("public_id")
@GROUND
@JSON
def open_record(public_id: str, ground: str, as_json: bool) -> None:
    """Mở một tài liệu (mức 01); cấp trên của nó đóng thì nó vẫn đóng."""
    _decide(lambda s: set_closure(s, public_id, Closure("01"), actor=ACTOR, ground=ground), as_json)


@access_group.command("hide")
@click.argument("public_id")
@click.option("--no", "shown", is_flag=True, help="thôi ẩn")
@GROUND
@JSON
def hide(public_id: str, shown: bool, ground: str, as_json: bool) -> None:
    """Ẩn cả phần mô tả của những gì đóng trong một phông."""
    _decide(lambda s: set_hiding(s, public_id, not shown, actor=ACTOR, ground=ground), as_json)


@access_group.command("withdraw")
@click.argument("public_id")
@click.option("--silent", is_flag=True, help="Không để lại trang báo đã rút (tài liệu hóa ra là mật).")
@GROUND
@JSON
def withdraw(public_id: str, silent: bool, ground: str, as_json: bool) -> None:
    """Rút một tài liệu khỏi mọi người, cùng mọi thứ bên trong."""
    _leave(lambda s: withdraw_record(s, public_id, actor=ACTOR, ground=ground, silent=silent), as_json)


@access_group.command("replace")
@click.argument("public_id")
@click.argument("successor")
@GROUND
@JSON
def replace(public_id: str, successor: str, ground: str, as_json: bool) -> None:
    """Rút một tài liệu và dẫn địa chỉ của nó đến tài liệu thay thế."""
    _leave(lambda s: replace_record(s, public_id, successor, actor=ACTOR, ground=ground), as_json)


def _leave(decide: Callable[[Session], Record], as_json: bool) -> None:
    record = _take(decide, as_json)
    with reading() as session:
        package = session.scalar(select(func.max(Package.id))) or 0
    seclude(storage(), quarantine_storage(), settings().home, package)
    _settle(record, as_json)


@access_group.command("move")
@click.argument("public_id")
@click.argument("file_id")
@GROUND
@JSON
def move_document(public_id: str, file_id: str, ground: str, as_json: bool) -> None:
    """Chuyển một văn bản sang hồ sơ khác; từ đó theo mức của hồ sơ ấy."""
    _decide(lambda s: move(s, public_id, file_id, actor=ACTOR, ground=ground), as_json)


@access_group.command("grant")
@click.argument("name")
@click.argument("public_id")
@click.option("--from", "first", type=DAY, default=None, help="ngày đầu; mặc định hôm nay")
@click.option("--until", "last", type=DAY, required=True, help="ngày cuối, tính cả ngày ấy")
@click.option("--purpose", default="", help="mục đích sử dụng")
@click.option("--copy", "copying", is_flag=True, help="được đọc và sao; không ghi là chỉ được đọc")
@GROUND
@JSON
def give(
    name: str, public_id: str, first: Any, last: Any, purpose: str, copying: bool, ground: str, as_json: bool
) -> None:
    """Cho một tài khoản tìm và đọc một tài liệu, hồ sơ hay phông, đến một ngày."""
    days = (first.date().toordinal() if first else today_number(), last.date().toordinal())
    terms: Any = {"actor": ACTOR, "ground": ground, "purpose": purpose, "copying": copying}
    made = _take(lambda s: grant(s, name, public_id, days, **terms), as_json)
    say(f"Giấy phép số {made.id}, đến hết {_iso(made.valid_to)}.", {"grant": made.id}, as_json=as_json)


@access_group.command("revoke")
@click.argument("grant_id", type=int)
@GROUND
@JSON
def take_back(grant_id: int, ground: str, as_json: bool) -> None:
    """Thu hồi một giấy phép, ngay lúc này."""
    _take(lambda s: revoke(s, grant_id, actor=ACTOR, ground=ground), as_json)
    say(f"Đã thu hồi giấy phép số {grant_id}.", {"grant": grant_id}, as_json=as_json)


@access_group.command("person")
@click.argument("public_id")
@click.option("--name", "person", required=True, help="người được nêu tên trong tài liệu")
@click.option("--died", type=DAY, default=None, help="ngày mất, YYYY-MM-DD, nếu biết")
@click.option("--died-year", type=click.IntRange(1, 9999), default=None, help="năm mất, nếu chỉ biết năm")
@GROUND
@JSON
def close_for(public_id: str, person: str, died: Any, died_year: int | None, ground: str, as_json: bool) -> None:
    """Đóng một tài liệu vì người được nêu tên trong đó, đến hết thời hạn sau ngày mất của người ấy."""
    day = died.date() if died else date(died_year, 12, 31) if died_year else None
    died_on = day.toordinal() if day else None
    made = _take(lambda s: close_for_person(s, public_id, person, died_on, actor=ACTOR, ground=ground), as_json)
    index_changes(ProgressLine(quiet=as_json))
    until = f"mở từ {_iso(made.opens_on)}" if made.died_on else "mở khi biết ngày mất"
    told = {"closure": made.id, "opens_on": _iso(made.opens_on)}
    say(f"Đã đóng, lần đóng số {made.id}; {until}.", told, as_json=as_json)


@access_group.command("person-end")
@click.argument("closure_id", type=int)
@GROUND
@JSON
def end_for(closure_id: int, ground: str, as_json: bool) -> None:
    """Thôi đóng một tài liệu vì người được nêu tên trong đó."""
    _take(lambda s: end_person_closure(s, closure_id, actor=ACTOR, ground=ground), as_json)
    index_changes(ProgressLine(quiet=as_json))
    say(f"Đã thôi lần đóng số {closure_id}.", {"closure": closure_id}, as_json=as_json)


def _decide(decision: Callable[[Session], Record], as_json: bool) -> None:
    """Takes a decision about a record and waits until the indices have it."""
    _settle(_take(decision, as_json), as_json)


def _settle(record: Record, as_json: bool) -> None:
    index_changes(ProgressLine(quiet=as_json))
    told = {"id": record.public_id, "closure": record.level_code, "opens_on": _iso(record.opens_on)}
    say(f"Đã quyết định: {record.code}.", told, as_json=as_json)


def _take(decision: Callable[[Session], Made], as_json: bool) -> Made:
    prepare_catalogue()
    try:
        with writing() as session:
            made = decision(session)
            session.flush()
            session.expunge_all()
            return made
    except DecisionError as error:
        fail(str(error), as_json=as_json)


def _iso(number: int | None) -> str:
    return date.fromordinal(number).isoformat() if number and number < NEVER else ""
