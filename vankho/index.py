"""``vankho index``: how the indices are, and making them anew from the catalogue."""

import click

from archive.database import reading
from archive.outbox import end_of_log
from indexer.drainer import INDICES, draining
from indexer.lexicon import build_lexicon
from indexer.rebuild import rebuild
from indexer.rollback import roll_back
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
        end = end_of_log(session)
    result = {}
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
    say("\n".join(lines), result, as_json=as_json)


@index_group.command("rebuild")
@JSON
def rebuild_command(as_json: bool) -> None:
    """Lập chỉ mục mới bên cạnh chỉ mục đang dùng, đối chiếu rồi mới đổi sang."""
    prepare_catalogue()
    line = ProgressLine(quiet=as_json)
    with draining() as mine:
        if not mine:
            fail("tiến trình khác đang lập chỉ mục; hãy dừng cổng rồi chạy lại", as_json=as_json)
        result = rebuild(search_engine(), lambda done, total: line("index", done, total))
        result["spellings"] = build_lexicon()
    line.close()
    say("\n".join(f"{k}: {v}" for k, v in result.items()), result, as_json=as_json)


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
