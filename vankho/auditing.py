"""``vankho audit``: the head of the trail for keeping elsewhere, the proof that nothing was changed, erasing by law."""

import click

from archive.database import reading
from archive.erasing import EraseError, erase
from archive.proving import prove
from archive.sealing import head, read_head, seal
from vankho.output import JSON, fail, say, thousands
from vankho.wiring import prepare_catalogue


def _readable(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for one in values:
        try:
            read_head(one)
        except ValueError as error:
            raise click.BadParameter(f"“{one}” không phải đầu chuỗi, dạng SỐ:MÃ của vankho audit head") from error
    return values


#: Heads of the trail that were written down outside.
HEADS = click.option(
    "--audit-head", "heads", multiple=True, callback=_readable, help="đầu chuỗi đã ghi ra ngoài; dùng được nhiều lần"
)


@click.group("audit")
def audit_group() -> None:
    """Sổ nhật ký."""


@audit_group.command("head")
@JSON
def show_head(as_json: bool) -> None:
    """Niêm phong những gì còn chờ, rồi in đầu chuỗi: chép ra nơi khác, để cắt đuôi sổ cũng bị phát hiện."""
    prepare_catalogue()
    sealed = seal()
    with reading() as session:
        newest = head(session)
    say(newest, {"head": newest, "sealed": sealed}, as_json=as_json)


@audit_group.command("verify")
@HEADS
@JSON
def verify(heads: tuple[str, ...], as_json: bool) -> None:
    """Kiểm tra cả chuỗi: mục nào bị sửa, xóa, chèn hay đổi chỗ thì nêu tên mục ấy; mã thoát 1."""
    prepare_catalogue()
    proof = prove(*heads)
    counted = (
        f"Đã niêm phong {thousands(proof.sealed)} mục, còn chờ {thousands(proof.unsealed)}, "
        f"đã xóa nội dung {thousands(proof.erased)}."
    )
    text = "\n".join((counted, *(proof.broken or ["Sổ nguyên vẹn."])))
    told = {
        "sealed": proof.sealed, "unsealed": proof.unsealed, "erased": proof.erased, "head": proof.head,
        "broken": proof.broken,
    }  # fmt: skip
    say(text, told, as_json=as_json)
    raise SystemExit(1 if proof.broken else 0)


@audit_group.command("erase")
@click.option("--by", required=True, help="người xóa")
@click.option("--ground", required=True, help="căn cứ: luật, điều, số văn bản")
@click.option("--person", default="", help="xóa mọi việc do tài khoản này làm")
@click.option("--event", "events", type=click.IntRange(1), multiple=True, help="số dòng; dùng được nhiều lần")
@JSON
def erase_events(by: str, ground: str, person: str, events: tuple[int, ...], as_json: bool) -> None:
    """Xóa theo luật nội dung của những việc trong sổ; chuỗi vẫn nguyên vẹn và ghi ai xóa, theo căn cứ nào."""
    prepare_catalogue()
    if bool(person) == bool(events):
        fail("cần --person hoặc --event, một trong hai", as_json=as_json)
    try:
        count = erase(by, ground, person=person, numbers=events)
    except EraseError as error:
        fail(str(error), as_json=as_json)
    seal()
    say(f"Đã xóa nội dung của {thousands(count)} việc.", {"erased": count}, as_json=as_json)
