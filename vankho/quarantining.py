"""``vankho quarantine``: what waits apart, decided by whoever has the machine; of what it says nothing is printed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import click
from sqlalchemy.orm import Session

from archive import quarantine
from archive.access_rules import Closure
from archive.catalogue.deliveries import QuarantinedRow
from archive.database import reading, writing
from archive.quarantine import QuarantineError
from vankho.output import JSON, fail, say, thousands
from vankho.wiring import prepare_catalogue

ACTOR = "command-line"
ROW = click.argument("row_id", type=click.IntRange(1))
GROUND = click.option("--ground", required=True, help="căn cứ: quyết định, văn bản, ngày")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("quarantine")
def quarantine_group() -> None:
    """Khu cách ly: những dòng chờ lưu trữ viên quyết định."""


@quarantine_group.command("list")
@click.option("--from", "start", default=1, show_default=True, type=click.IntRange(1), help="từ chỗ thứ mấy")
@click.option("--state", default="waiting", show_default=True, type=click.Choice(quarantine.STATES), help="trạng thái")
@JSON
def list_rows(start: int, state: str, as_json: bool) -> None:
    """Những dòng đang cách ly, mỗi lần 50: số, bảng, dòng, căn cứ, lần giao."""
    prepare_catalogue()
    with reading() as session:
        rows, total = quarantine.listed(session, state=state, start=start - 1)
        told = [_told(one) for one in rows]
    text = "\n".join(
        [f"{thousands(total)} dòng"]
        + [f"{one['row']}: {one['sheet']} dòng {one['line']}, {one['ground']}, gói {one['package']}" for one in told]
    )
    say(text, {"total": total, "start": start, "rows": told}, as_json=as_json)


@quarantine_group.command("release")
@ROW
@click.option("--access", "level", required=True, type=click.Choice(["01", "02"]), help="01 công khai, 02 có điều kiện")
@click.option("--opens", type=DAY, default=None, help="ngày tự mở, YYYY-MM-DD; không ghi là không có ngày")
@GROUND
@JSON
def release(row_id: int, level: str, opens: Any, ground: str, as_json: bool) -> None:
    """Cho một dòng ra khỏi cách ly với mức tiếp cận ấy; gói của nó được nhận lại."""
    day: date | None = opens.date() if opens else None
    closure = Closure(level, day.toordinal() if day else None)
    _decide(lambda s: quarantine.release(s, row_id, closure, actor=ACTOR, ground=ground), as_json)


@quarantine_group.command("keep")
@ROW
@click.option("--for-good", "refused", is_flag=True, help="không nhận nữa; tệp vẫn nằm trong gói đã giao")
@GROUND
@JSON
def keep(row_id: int, refused: bool, ground: str, as_json: bool) -> None:
    """Giữ một dòng trong khu cách ly, hoặc thôi hẳn không nhận."""
    act = quarantine.refuse if refused else quarantine.keep
    _decide(lambda s: act(s, row_id, actor=ACTOR, ground=ground), as_json)


def _decide(decision: Callable[[Session], QuarantinedRow], as_json: bool) -> None:
    prepare_catalogue()
    try:
        with writing() as session:
            row = decision(session)
            row_id, decided = row.id, row.decision
    except QuarantineError as error:
        fail(str(error), as_json=as_json)
    done = {
        "released": "cho ra; vào kho khi tiến trình nền nhận lại gói (vankho worker)",
        "kept": "giữ trong khu cách ly",
        "refused": "không nhận",
    }
    say(f"Dòng {row_id}: {done[decided]}.", {"row": row_id, "decision": decided}, as_json=as_json)


def _told(one: quarantine.Waiting) -> dict[str, Any]:
    return {
        "row": one.row.id,
        "sheet": one.row.sheet,
        "line": one.row.row,
        "ground": one.row.ground,
        "decision": one.row.decision,
        "package": one.package.public_id,
        "delivery": one.handover.public_id if one.handover else "",
        "since": one.package.first_taken.isoformat(),
    }
