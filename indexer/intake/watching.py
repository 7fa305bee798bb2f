"""A watched folder: what is put there is claimed by moving it, taken, and moved on with its report.

Whoever delivers writes under a name that begins with a dot or ends with ``.part``, and gives the real name when all is
there: a move inside one file system is atomic, so nothing is taken half, and nothing twice by two watchers.
"""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue.deliveries import Package, ReportRow
from archive.clock import now
from archive.database import reading
from archive.locks import held
from archive.packages.findings import Finding, Outcome
from archive.packages.opening import Context
from archive.packages.report import write_csv
from archive.packages.sources import DeliveryError
from archive.troubles import explain
from indexer.intake.noting import note_handover
from indexer.intake.taking import IntakeBusyError, Taken, take_package
from indexer.intake.waiting import make_context

log = logging.getLogger("vankho.intake")

LOCK = "watch"
CLAIMED, DONE, FAILED = "dang-nhan", "da-nhan", "khong-nhan"
UNREADY = (".part", ".tmp", ".filepart", ".crdownload")
REPORT, REASON = ".bao-cao.csv", ".ly-do.txt"

Told = Callable[[str, Taken | None, str], None]  # name, what became of it, why not


def watch_once(
    folder: Path, context: Context | None = None, told: Told | None = None, given: dict[str, str] | None = None
) -> int:
    """Takes everything that lies in the folder; returns how many were taken or moved to ``khong-nhan``.

    ``context`` holds for everything that comes; without it ``given`` (archive.handovers.CONTEXT) for what names no
    fonds that is there.  What an earlier watcher claimed and did not finish comes first.
    0 where another process watches.
    """
    with held(LOCK) as mine:
        if not mine:
            return 0
        for name in (CLAIMED, DONE, FAILED):
            (folder / name).mkdir(parents=True, exist_ok=True)
        count = 0
        for path in _claimed(folder):
            try:
                _take(folder, path, context, told, given or {})
            except IntakeBusyError:
                return count  # it stays claimed, for the next look
            count += 1
        return count


def report_lines(public_id: str) -> Iterator[Finding]:
    """The lines of a package's report as they are written into a file."""
    with reading() as session:
        rows = session.scalars(
            select(ReportRow)
            .join(Package, Package.id == ReportRow.package_id)
            .where(Package.public_id == public_id)
            .order_by(ReportRow.id)
            .execution_options(yield_per=1000)
        )
        for r in rows:
            yield Finding(r.sheet, r.row, r.field, r.code, r.message, r.action, Outcome(r.outcome), r.record)


def _claimed(folder: Path) -> Iterator[Path]:
    yield from sorted((folder / CLAIMED).iterdir())
    for path in sorted(folder.iterdir()):
        name = path.name
        if name in (CLAIMED, DONE, FAILED) or name.startswith(".") or name.lower().endswith(UNREADY):
            continue
        if path.is_symlink():
            continue
        there = folder / CLAIMED / name
        try:
            os.rename(path, there)  # noqa: PTH104  (the name must not be there: Path.rename would say the same)
        except OSError:  # another watcher was faster, or a folder of that name is being taken
            continue
        yield there


def _take(folder: Path, path: Path, context: Context | None, told: Told | None, given: dict[str, str]) -> None:
    received = now()
    try:
        if context is None:
            with reading() as session:
                context = replace(make_context(session, path, given), yields=True)
        taken = take_package(path, None, context)
    except (IntakeBusyError, OSError, SQLAlchemyError):
        raise  # no fault of what lies there: it stays claimed
    except Exception as error:
        why = str(error) if isinstance(error, DeliveryError) else explain(error)
        options = error.options if isinstance(error, DeliveryError) else ""
        if not isinstance(error, DeliveryError):
            log.exception("what lay in the watched folder could not be taken")
        there = _move(path, folder / FAILED)
        words = f"{why} (vankho watch {options})" if options else why
        there.with_name(there.name + REASON).write_text(f"{words}\n", encoding="utf-8")
        state = "refused" if isinstance(error, DeliveryError) else "failed"
        note_handover(there, "watch", str(folder), received, state=state, message=why, context=context)
        if told:
            told(path.name, None, why)
        return
    there = _move(path, folder / DONE)
    write_csv(report_lines(taken.package), there.with_name(there.name + REPORT))
    note_handover(there, "watch", str(folder), received, taken, context=context)
    if told:
        told(path.name, taken, "")


def _move(path: Path, folder: Path) -> Path:
    """Into the folder, under a name of its own where there is one of that name."""
    there, number = folder / path.name, 1
    while there.exists():
        number += 1
        there = folder / f"{path.stem}-{number}{path.suffix}"
    return path.rename(there)
