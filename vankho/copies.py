"""``vankho copies``: copies that wait, and making them; a thread of the worker does the same, so that a slow
time-stamp server never holds up the index."""

import click
from sqlalchemy import select

from archive.catalogue.copies import IssuedCopy
from archive.database import reading, writing
from desk.copies.making import make_waiting, retry_failed
from desk.finishing import finish_all
from vankho.looking import start_looking
from vankho.output import JSON, say, thousands
from vankho.wiring import prepare_catalogue

AT_ONCE = 20
SHOWN = 50


def start_copier() -> None:
    """Starts the thread that makes copies; it ends with the process."""
    start_looking("copier", lambda: make_waiting(AT_ONCE) + finish_all())


@click.group("copies")
def copies_group() -> None:
    """Bản sao cấp cho độc giả."""


@copies_group.command("pending")
@JSON
def pending(as_json: bool) -> None:
    """Những bản sao đang chờ làm, và những bản không làm được cùng lý do."""
    prepare_catalogue()
    with reading() as session:
        asked = select(IssuedCopy).where(IssuedCopy.state.in_(("waiting", "failed"))).order_by(IssuedCopy.id)
        rows = list(session.scalars(asked.limit(SHOWN)))
    copies = [
        {"code": one.code, "grade": one.grade, "state": one.state, "error": one.error, "attempts": one.attempts}
        for one in rows
    ]
    lines = [f"{one.code} {one.grade}: {one.error or 'đang chờ'}" for one in rows] or ["Không có bản sao nào chờ."]
    say("\n".join(lines), {"copies": copies}, as_json=as_json)


@copies_group.command("make")
@click.option("--again", is_flag=True, help="thử lại ngay cả những bản đã không làm được hoặc còn đợi lượt")
@JSON
def make(again: bool, as_json: bool) -> None:
    """Làm những bản sao đang chờ; dừng lúc nào cũng được, chạy lại thì làm tiếp."""
    prepare_catalogue()
    if again:
        with writing() as session:
            retry_failed(session)
    made = 0
    while found := make_waiting(AT_ONCE):
        made += found
    with reading() as session:
        left = len(session.scalars(select(IssuedCopy.id).where(IssuedCopy.state.in_(("waiting", "failed")))).all())
    say(
        f"Đã làm {thousands(made)} bản sao; còn {thousands(left)} bản chờ hoặc không làm được.",
        {"made": made, "left": left}, as_json=as_json,
    )  # fmt: skip
    raise SystemExit(1 if left else 0)
