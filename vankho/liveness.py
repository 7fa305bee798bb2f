"""Signs of life of workers and scheduler: a file each below the home folder, touched while its process gets on.

What a container's health check asks (``vankho health``); one file a machine, for several may share the home.
"""

import contextlib
import os
import socket
import time
from pathlib import Path
from typing import Literal

from archive.settings import settings

Role = Literal["worker", "scheduler"]

EVERY = 5.0  # seconds between touches, at most
FRESH = 60.0  # seconds for which a sign counts
KEPT = 86_400.0  # seconds after which another machine's sign is removed

_touched: dict[str, float] = {}


def sign(role: Role) -> Path:
    """The file of this machine."""
    name = "".join(letter if letter.isalnum() or letter in "-." else "_" for letter in socket.gethostname())
    return settings().home / "run" / f"{role}-{name}"


def show_life(role: Role) -> None:
    """Touches the sign, every few seconds at most; a disk that refuses is the health check's matter."""
    moment = time.monotonic()
    if moment - _touched.get(role, float("-inf")) < EVERY:
        return
    _touched[role] = moment
    path = sign(role)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _sweep(path.parent)
        path.write_text(f"{os.getpid()}\n", "ascii")


def end_life(role: Role) -> None:
    """Removes the sign: the process ends as it was told to."""
    _touched.pop(role, None)
    with contextlib.suppress(OSError):
        sign(role).unlink(missing_ok=True)


def silence(role: Role) -> float | None:
    """Seconds since the last sign on this machine; None without any."""
    try:
        return max(0.0, time.time() - sign(role).stat().st_mtime)
    except OSError:
        return None


def is_fresh(age: float | None) -> bool:
    """Whether a process with a sign of that age gets on."""
    return age is not None and age <= FRESH


def _sweep(folder: Path) -> None:
    for one in folder.iterdir():
        if time.time() - one.stat().st_mtime > KEPT:
            one.unlink(missing_ok=True)
