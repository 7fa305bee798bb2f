"""``vankho personal``: images that wait because they show personal numbers, by whoever has the machine."""

import click
from sqlalchemy import select

from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.reviewing import Decision, ReviewError, decide_image, waiting_images
from vankho.output import JSON, fail, say, thousands
from vankho.wiring import prepare_catalogue

ACTOR = "command-line"
ID = click.argument("public_id")
PAGE = click.argument("page", type=click.IntRange(1))


@click.group("personal")
def personal_group() -> None:
    """Ảnh trang có dữ liệu cá nhân."""


@personal_group.command("list")
@click.option("--from", "start", default=1, show_default=True, type=click.IntRange(1), help="từ chỗ thứ mấy")
@JSON
def list_images(start: int, as_json: bool) -> None:
    """Những ảnh đang chờ duyệt, mỗi lần 50."""
    prepare_catalogue()
    with reading() as session:
        queue = waiting_images(session, None, today_number(), start)
    images = [{"id": one.record.public_id, "page": one.n, "kinds": list(one.kinds)} for one in queue.images]
    rows = [f"{one['id']} trang {one['page']}: {', '.join(one['kinds'])}" for one in images]  # type: ignore[arg-type]
    text = "\n".join([f"{thousands(queue.total)} ảnh đang chờ", *rows])
    say(text, {"total": queue.total, "start": queue.start, "images": images}, as_json=as_json)


@personal_group.command("release")
@ID
@PAGE
@click.option("--ground", required=True, help="căn cứ")
@JSON
def release(public_id: str, page: int, ground: str, as_json: bool) -> None:
    """Công khai ảnh một trang."""
    _decide(public_id, page, "released", ground, as_json=as_json)


@personal_group.command("keep")
@ID
@PAGE
@click.option("--ground", default="", help="căn cứ")
@JSON
def keep(public_id: str, page: int, ground: str, as_json: bool) -> None:
    """Giữ ảnh một trang, bạn đọc không thấy."""
    _decide(public_id, page, "kept", ground, as_json=as_json)


def _decide(public_id: str, page: int, decision: Decision, ground: str, *, as_json: bool) -> None:
    prepare_catalogue()
    try:
        with writing() as session:
            record = session.scalar(select(Record).where(Record.public_id == public_id))
            if record is None:
                fail(f"Không có tài liệu {public_id}.", as_json=as_json)
            decide_image(session, ACTOR, record, page, decision, ground)
    except ReviewError as error:
        fail(str(error), as_json=as_json)
    done = "Đã công khai" if decision == "released" else "Đã giữ"
    say(f"{done} ảnh trang {page}.", {"id": public_id, "page": page, "decision": decision}, as_json=as_json)
