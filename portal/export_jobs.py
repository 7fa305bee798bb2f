"""Large exports: the records of a result are gathered step by step, each look at the job's page takes one.

A job is a folder below ``VANKHO_HOME/exports``: what was asked, how far it is, and the identifiers gathered so far, no
description.  So a restart loses nothing, nobody works for a reader who has gone, and what is given away in the end is
read from the catalogue at that moment, under the rights of that moment.
"""

import fcntl
import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

from archive import clock
from archive.settings import settings
from archive.storage.durability import replace_file
from search.results import Part

MOST_RECORDS = 200_000  # of one export
MOST_JOBS = 3  # of one person or session at a time
HOURS = 2  # a job and its address live so long
STEP = 2_000  # records gathered by one look
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Job:
    """An export under way: whose it is, what is asked (a query string), how far it is."""

    id: str
    owner: str
    query: str
    kind: str
    begun: float
    total: int
    done: int = 0
    cursor: str = ""
    finished: bool = False


class TooManyJobsError(Exception):
    """The owner has MOST_JOBS already."""


def begin(owner: str, query: str, kind: str, total: int) -> Job:
    """A new job; removes what has expired.  TooManyJobsError."""
    mine = 0
    for path in _root().glob("*/job.json"):
        job = _read(path.parent)
        if job is None or _expired(job):
            shutil.rmtree(path.parent, ignore_errors=True)
        elif job.owner == owner:
            mine += 1
    if mine >= MOST_JOBS:
        raise TooManyJobsError
    job = Job(secrets.token_hex(16), owner, query, kind, clock.now().timestamp(), min(total, MOST_RECORDS))
    folder = _root() / job.id
    folder.mkdir(parents=True, mode=0o700)
    (folder / "ids").touch()
    _write(job)
    return job


def find(job_id: str, owner: str) -> Job | None:
    """The owner's job of that id; None if it is not there, another's, or has expired."""
    job = _read(_root() / job_id) if _ID.fullmatch(job_id) else None
    return job if job and job.owner == owner and not _expired(job) else None


def advance(job: Job, gather: Callable[[str], Part]) -> Job:
    """The job after one step; ``gather`` gives the part that begins at a cursor.  Two looks at once are one step."""
    if job.finished:
        return job
    folder = _root() / job.id
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return job
        job = _read(folder) or job
        goal = job.done + STEP
        while not job.finished and job.done < goal:
            part = gather(job.cursor)
            with (folder / "ids").open("r+b") as file:
                file.truncate(job.done * _WIDTH)  # what a step that was cut short left behind
                file.seek(0, 2)
                file.write(b"".join(own.encode().ljust(_WIDTH - 1) + b"\n" for own in part.ids))
            done = job.done + len(part.ids)
            ended = not part.next or done >= MOST_RECORDS
            job = replace(
                job, done=done, cursor=part.next, finished=ended, total=max(done, min(part.total, MOST_RECORDS))
            )
            _write(job)
    return job


_WIDTH = 65  # of an identifier in the file, with its line end


def gathered(job: Job, many: int) -> Iterator[list[str]]:
    """The identifiers, ``many`` at a time."""
    with (_root() / job.id / "ids").open("rb") as file:
        while piece := file.read(_WIDTH * many):
            yield piece.decode("ascii").split()


def _root() -> Path:
    return settings().home / "exports"


def _expired(job: Job) -> bool:
    return clock.now().timestamp() - job.begun > timedelta(hours=HOURS).total_seconds()


def _read(folder: Path) -> Job | None:
    try:
        return Job(**json.loads((folder / "job.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(job: Job) -> None:
    replace_file(_root() / job.id / "job.json", json.dumps(asdict(job)).encode())
