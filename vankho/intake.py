"""``vankho ingest``: take, then drain, so that "done" means searchable."""

import os
import pwd
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from archive.catalogue.deliveries import Package, ReportRow
from archive.clock import now
from archive.database import reading
from archive.outbox import claim, positions
from archive.packages.report import write_csv
from archive.packages.sources import DeliveryError
from archive.settings import settings
from indexer.drainer import INDICES, drain, draining
from indexer.intake.noting import note_handover
from indexer.intake.taking import Taken, take_package
from indexer.intake.watching import report_lines
from indexer.lexicon import refresh_lexicon
from vankho.output import ProgressLine
from vankho.registers import read_context
from vankho.wiring import prepare_catalogue, search_engine


def take(path: Path, line: ProgressLine, told: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Takes a package and waits until what it changed is searchable; returns the result of ``vankho ingest``.

    ``told`` are the options that say what a register leaves out."""
    start = time.monotonic()
    prepare_catalogue()
    received = now()
    context = None
    try:
        context = read_context(path, told) if told else None
        taken = take_package(path, line, context)
    except DeliveryError as error:
        if path.exists():
            note_handover(path.resolve(), "command", _user(), received, state="refused", message=str(error))
        raise
    note_handover(path.resolve(), "command", _user(), received, taken, context=context)
    line.close()
    index_changes(line)
    return {
        "package": taken.package,
        "name": path.name,
        "counts": taken.counts,
        "tables": taken.tables,
        "seconds": round(time.monotonic() - start, 2),
        "report": str(export_report(taken.package)),
        "code": exit_code(taken),
    }


def _user() -> str:
    """Who runs the command: the name that the machine has for him, else its number."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def exit_code(taken: Taken) -> int:
    """0 done, 1 done but something was held, quarantined or rejected, 2 nothing of the package could be taken."""
    if not any(count for outcome, count in taken.counts.items() if outcome != "rejected"):
        return 2
    return 1 if taken.refused or any(taken.counts[one] for one in ("held", "quarantined", "rejected")) else 0


def index_changes(line: ProgressLine) -> None:
    """Drains the outbox, or waits for the process that does, up to the newest row of this moment."""
    target = claim()
    with reading() as session:
        begun = min([positions(session).get(index, 0) for index in INDICES])
    while True:
        with draining() as mine:
            if mine:
                drain(search_engine(), lambda at, end: line("index", at - begun, max(end, target) - begun))
                line.close()
                refresh_lexicon()
                return
        with reading() as session:
            at = min([positions(session).get(index, 0) for index in INDICES])
        line("index", at - begun, target - begun)
        if at >= target:
            line.close()
            return
        time.sleep(0.2)


HINTS = {
    "heading.unknown": "Có cột chưa rõ nghĩa: nêu bằng --column (xem: vankho register show).",
    "access.empty": "Dòng không ghi mức tiếp cận: nêu --access 01 nếu được công khai.",
    "ocr.waiting": "Có trang chờ nhận dạng chữ (xem: vankho ocr pending).",
}


def hints(public_id: str) -> list[str]:
    """What the command line can do about lines of a package's report; pages lead to what they offer instead."""
    with reading() as session:
        asked = select(ReportRow.code).join(Package, Package.id == ReportRow.package_id)
        codes = set(session.scalars(asked.where(Package.public_id == public_id, ReportRow.code.in_(HINTS)).distinct()))
    return [words for code, words in HINTS.items() if code in codes]


def export_report(public_id: str) -> Path:
    """Writes the package's report as a table for a spreadsheet; returns where it is."""
    path = settings().home / "reports" / f"{public_id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(report_lines(public_id), path)
    return path
