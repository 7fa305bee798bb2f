"""``vankho retention``: how long personal data is kept, what is due, and erasing it; the worker does it once a day."""

from datetime import date, datetime

import click

from archive.clock import today_number
from archive.database import reading
from desk.retention.running import due_on, erase_due, history
from vankho.output import JSON, say, thousands
from vankho.wiring import prepare_catalogue


@click.group("retention")
def retention_group() -> None:
    """Thời hạn giữ dữ liệu cá nhân của độc giả."""


@retention_group.command("preview")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="ngày; mặc định hôm nay")
@JSON
def preview(on: datetime | None, as_json: bool) -> None:
    """Những gì sẽ bị xóa hay bỏ tên vào ngày ấy, theo từng quy tắc; không xóa gì."""
    prepare_catalogue()
    day = on.date().toordinal() if on else today_number()
    with reading() as session:
        found = due_on(session, day)
    rows = [
        {
            "kind": one.name, "count": one.count, "value": one.rule.term.value, "unit": one.rule.term.unit,
            "from": one.rule.since, "basis": one.rule.term.basis, "sure": one.rule.term.sure,
        }
        for one in found
    ]  # fmt: skip
    lines = [
        f"{one.name}\t{thousands(one.count)}\t{one.rule.term.value} {one.rule.term.unit} ({one.rule.since})\t"
        f"{one.rule.term.basis} [{one.rule.term.sure}]"
        for one in found
    ]
    told = {"day": date.fromordinal(day).isoformat(), "rules": rows, "total": sum(one.count for one in found)}
    say("\n".join(lines), told, as_json=as_json)


@retention_group.command("run")
@JSON
def run(as_json: bool) -> None:
    """Xóa ngay những gì đã đến hạn (tiến trình worker tự làm mỗi ngày); làm lại thì không xóa thêm gì."""
    prepare_catalogue()
    gone = erase_due()
    lines = [f"{name}: {thousands(count)}" for name, count in gone.items()] or ["Không có gì đến hạn."]
    say("\n".join(lines), {"erased": gone}, as_json=as_json)


@retention_group.command("report")
@JSON
def report(as_json: bool) -> None:
    """Những lần đã xóa gần đây: ngày, loại, số lượng, căn cứ; không có nội dung."""
    prepare_catalogue()
    with reading() as session:
        rows = history(session)
    told = [
        {"at": one.at.isoformat(timespec="seconds"), "kind": one.name, "count": one.count, "ground": one.ground}
        for one in rows
    ]
    lines = [f"{one['at']}\t{one['kind']}\t{one['count']}\t{one['ground']}" for one in told] or ["Chưa xóa gì."]
    say("\n".join(lines), {"lots": told}, as_json=as_json)
