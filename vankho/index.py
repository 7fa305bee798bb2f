"""``vankho index``: how the indices are, and making them anew from the catalogue."""

from typing import Any

import click

from archive.database import reading, writing
from archive.outbox import end_of_log
from indexer.drainer import INDICES, draining
from indexer.lexicon import build_lexicon
from indexer.queue import queue_state, send_again
from indexer.rebuild import rebuild
from indexer.rollback import roll_back
from indexer.sweep import sweep
from vankho.intake import index_changes
from vankho.output import JSON, ProgressLine, fail, say
from vankho.wiring import prepare_catalogue, search_engine


@click.group("index")
def index_group() -> None:
    """Chỉ mục: tình trạng, lập lại."""


@index_group.command("status")
@JSON
def status(as_json: bool) -> None:
    """Mỗi chỉ mục: tên, số tài liệu, đã theo kịp đến đâu."""
    prepare_catalogue()
    engine = search_engine()
    with reading() as session:
        end, state = end_of_log(session), queue_state(session)
        session.expunge_all()
    result: dict[str, Any] = {}
    for index in INDICES:
        name = engine.current(index)
        result[index] = {
            "name": name,
            "documents": engine.count(name) if name else 0,
            "position": engine.position(name) if name else 0,
            "end": end,
        }
    lines = [
        f"{index}: {told['name'] or 'chưa có'}, {told['documents']} mục, đến {told['position']}/{end}"
        for index, told in result.items()
    ]
    result["refused"] = state.refused_in_all
    lines.append(f"bị từ chối: {state.refused_in_all}")
    if one := state.rebuild:
        result["rebuild"] = {"done": one.done, "total": one.total, "began_at": one.began_at.isoformat(),
                             "seconds_left": state.seconds_left}  # fmt: skip
        left = "" if state.seconds_left is None else f", còn khoảng {state.seconds_left} giây"
        lines.append(f"đang lập lại, hoặc dở dang: {one.done}/{one.total}{left}")
    if last := state.sweep:
        result["sweep"] = {"began_at": last.began_at.isoformat(), "ended": last.ended_at is not None,
                           "different": last.missing + last.outdated + last.foreign}  # fmt: skip
        lines.append(
            f"đối chiếu gần nhất: {last.began_at:%Y-%m-%d}, khác {last.missing + last.outdated + last.foreign}"
        )
    say("\n".join(lines), result, as_json=as_json)


@index_group.command("refused")
@click.option("--again", is_flag=True, help="gửi lại tất cả vào chỉ mục")
@JSON
def refused_command(again: bool, as_json: bool) -> None:
    """Tài liệu mà chỉ mục từ chối, kèm lý do.  Mã thoát 1 khi còn."""
    prepare_catalogue()
    if again:
        with writing() as session:
            send_again(session)
        index_changes(ProgressLine(quiet=as_json))
    with reading() as session:
        state = queue_state(session)
    told = [{"id": r.public_id, "index": r.index, "reason": r.reason, "at": str(r.at)} for r in state.refused]
    lines = [f"{r.public_id} ({r.index}): {r.reason}" for r in state.refused]
    say("\n".join(lines) or "Không có tài liệu nào bị từ chối.", {"refused": told}, as_json=as_json)
    raise SystemExit(1 if state.refused else 0)


@index_group.command("rebuild")
@click.option("--anew", is_flag=True, help="bỏ phần dở dang của lần trước, làm lại từ đầu")
@JSON
def rebuild_command(anew: bool, as_json: bool) -> None:
    """Lập chỉ mục mới bên cạnh chỉ mục đang dùng, đối chiếu rồi mới đổi sang; cổng và việc nộp vẫn chạy."""
    prepare_catalogue()
    line = ProgressLine(quiet=as_json)
    result = rebuild(search_engine(), lambda done, total: line("index", done, total), anew=anew)
    with draining(wait=True):
        result["spellings"] = build_lexicon()
    line.close()
    say("\n".join(f"{k}: {v}" for k, v in result.items()), result, as_json=as_json)


@index_group.command("sweep")
@click.option("--dry-run", is_flag=True, help="chỉ báo, không sửa")
@JSON
def sweep_command(dry_run: bool, as_json: bool) -> None:
    """Đối chiếu từng tài liệu giữa danh mục và chỉ mục, sửa chỗ khác nhau.  Mã thoát 1 khi có chỗ khác."""
    prepare_catalogue()
    line = ProgressLine(quiet=as_json)
    with draining(wait=True):
        found = sweep(search_engine(), lambda done, total: line("index", done, total), repair=not dry_run)
    line.close()
    told = {"checked": found.checked, "missing": found.missing, "outdated": found.outdated, "foreign": found.foreign,
            "repaired": not dry_run, "examples": found.examples}  # fmt: skip
    different = found.missing + found.outdated + found.foreign
    lines = [f"Đã đối chiếu {found.checked} tài liệu: thiếu {found.missing}, cũ {found.outdated}, lạ {found.foreign}."]
    if different:
        lines.append("Chưa sửa gì." if dry_run else "Đã sửa.")
    say("\n".join(lines), told, as_json=as_json)
    raise SystemExit(1 if different else 0)


@index_group.command("rollback")
@JSON
def rollback_command(as_json: bool) -> None:
    """Quay lại chỉ mục trước, sau khi đưa vào đó mọi thay đổi từ bấy đến nay."""
    prepare_catalogue()
    line = ProgressLine(quiet=as_json)
    with draining() as mine:
        if not mine:
            fail("tiến trình khác đang lập chỉ mục; hãy dừng cổng rồi chạy lại", as_json=as_json)
        result = roll_back(search_engine(), lambda done, total: line("index", done, total))
    line.close()
    say("\n".join(f"{k}: {v}" for k, v in result.items()), result, as_json=as_json)
