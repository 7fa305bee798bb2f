"""``vankho danh-muc``: lists of records of conditional access, as an authority approved them."""

from datetime import datetime
from pathlib import Path

import click

from archive.accession.listed import ListError, add_list, end_list
from archive.catalogue.conditional import ConditionalList
from archive.conditional_lists import TableError, all_lists, read_table
from archive.database import reading, writing
from archive.locks import held
from indexer.intake.taking import LOCK
from vankho.output import JSON, fail, say, thousands
from vankho.wiring import prepare_catalogue

ACTOR = "command-line"
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.group("danh-muc")
def list_group() -> None:
    """Danh mục tài liệu tiếp cận có điều kiện."""


@list_group.command("add")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--decision", required=True, help="số quyết định")
@click.option("--date", "day", required=True, type=DAY, help="ngày quyết định")
@click.option("--approver", required=True, help="người phê duyệt")
@JSON
def add(file: Path, decision: str, day: datetime, approver: str, as_json: bool) -> None:
    """Thêm một danh mục (CSV) hay bổ sung tài liệu vào danh mục đã có; tài liệu trong đó thành có điều kiện ngay."""
    prepare_catalogue()
    try:
        with held(LOCK) as mine:  # a package taken meanwhile may know these records as they were
            if not mine:
                fail("đang có một gói được nhập vào kho này; hãy chạy lại khi việc ấy xong", as_json=as_json)
            with writing() as session:
                told = add_list(session, decision, day.toordinal(), approver, read_table(file), ACTOR)
    except (ListError, TableError) as error:
        fail(str(error), as_json=as_json)
    wrong = [{"row": row, "message": message} for row, message in told.wrong]
    text = "\n".join(
        [
            f"Danh mục {decision}: thêm {thousands(told.added)}, đã có {thousands(told.unchanged)}.",
            *(f"Dòng {row}: {message}" for row, message in told.wrong),
        ]
    )
    result = {"list": told.public_id, "added": told.added, "unchanged": told.unchanged, "wrong": wrong}
    say(text, result, as_json=as_json)
    raise SystemExit(1 if wrong else 0)


@list_group.command("list")
@JSON
def show(as_json: bool) -> None:
    """Các danh mục đang có."""
    prepare_catalogue()
    with reading() as session:
        lists = [_told(one, count) for one, count in all_lists(session)]
    text = "\n".join(f"{one['decision']}: {one['members']} tài liệu" for one in lists) or "Chưa có danh mục nào."
    say(text, {"lists": lists}, as_json=as_json)


@list_group.command("end")
@click.option("--decision", required=True, help="số quyết định của danh mục")
@click.option("--date", "day", required=True, type=DAY, help="ngày hết hiệu lực")
@JSON
def end(decision: str, day: datetime, as_json: bool) -> None:
    """Danh mục hết hiệu lực từ một ngày; tài liệu trong đó không tự mở."""
    prepare_catalogue()
    try:
        with writing() as session:
            found = end_list(session, decision, day.toordinal(), ACTOR)
    except ListError as error:
        fail(str(error), as_json=as_json)
    say(f"Danh mục {found.decision} hết hiệu lực từ {day:%d/%m/%Y}.", _told(found, None), as_json=as_json)


def _told(found: ConditionalList, members: int | None) -> dict[str, object]:
    days = {"decided_on": found.decided_on, "ended_on": found.ended_on}
    dates = {name: datetime.fromordinal(day).date().isoformat() if day else None for name, day in days.items()}
    told: dict[str, object] = {"list": found.public_id, "decision": found.decision, "approver": found.approver, **dates}
    return told if members is None else {**told, "members": members}
