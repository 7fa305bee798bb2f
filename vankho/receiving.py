"""Deliveries that wait and the watched folder: a thread of the worker, and ``vankho watch``."""

import time
from pathlib import Path
from typing import Any

import click

from archive.settings import settings
from indexer.intake.taking import Taken
from indexer.intake.waiting import take_waiting
from indexer.intake.watching import watch_once
from vankho.intake import index_changes
from vankho.looking import start_looking
from vankho.output import JSON, ProgressLine, fail, say, thousands
from vankho.registers import read_context, with_context
from vankho.wiring import prepare_catalogue

PAUSE = 1.0  # seconds between looks


def start_receiver() -> None:
    """Starts the thread that takes what waits, so that a long delivery never holds up the index; it ends with the
    process."""
    start_looking("receiver", _look)


def _look() -> None:
    while take_waiting():
        pass
    if folder := settings().watch:
        watch_once(folder, given=_given())


def _given() -> dict[str, str]:
    """What the settings say of deliveries in the watched folder that do not say it themselves."""
    known = settings()
    return {
        "identifier": known.watch_identifier, "organ": known.watch_fonds, "fonds_name": known.watch_fonds_name,
        "access": known.watch_access,
    }  # fmt: skip


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--once", is_flag=True, help="nhận những gì đang có rồi dừng")
@with_context
@JSON
def watch(folder: Path, once: bool, as_json: bool, **told: Any) -> None:
    """Canh một thư mục: gói, sổ, thông điệp đặt vào đó được nhận, rồi chuyển sang da-nhan hay khong-nhan."""
    if told["file"] and not told["organ"]:
        fail("--file cần có --fonds", as_json=as_json)
    prepare_catalogue()
    context = read_context(folder, told) if any(told.values()) else None
    results: list[dict[str, Any]] = []

    def line(name: str, taken: Taken | None, why: str) -> None:
        counts = taken.counts if taken else {}
        results.append({"name": name, "package": taken.package if taken else None, "error": why, **counts})
        if not as_json:
            text = ", ".join(f"{one} {thousands(n)}" for one, n in counts.items() if n)
            say(f"{name}: {why or text}", {}, as_json=False)

    while True:
        if watch_once(folder, context, line):
            index_changes(ProgressLine(quiet=as_json))
        if once:
            break
        time.sleep(PAUSE)
    say(f"Đã xem {thousands(len(results))} lần giao.", {"deliveries": results}, as_json=as_json)
    raise SystemExit(1 if any(one["error"] for one in results) else 0)
