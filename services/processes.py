"""Processes that are ours: started apart from us, known by more than their number, ended with their children."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from services.places import Account

PATIENCE = 30.0  # seconds between asking a process to end and ending it


@dataclass(frozen=True)
class Process:
    """One process of one boot: a number that another process was given later is not it."""

    pid: int
    started: int  # clock ticks after the boot, field 22 of /proc/<pid>/stat
    boot: str

    @property
    def alive(self) -> bool:
        """Whether this very process runs (or is halted); a zombie does not."""
        return self.boot == read_boot() and read_stat(self.pid) == (self.started, True)

    def family(self) -> list["Process"]:
        """Itself and everything that came from it: PostgreSQL's backends, Tika's second process."""
        if not self.alive:
            return []
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (parent := read_parent(int(entry.name))):
                children.setdefault(parent, []).append(int(entry.name))
        found, waiting = [self], [self.pid]
        while waiting:
            for pid in children.get(waiting.pop(), []):
                if one := find_process(pid):
                    found.append(one)
                    waiting.append(pid)
        return found

    def tell(self, number: signal.Signals) -> None:
        """Sends a signal, to this process only: it is looked at once more before."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def read_boot() -> str:
    """Which boot of this machine it is."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


def _fields(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()  # a program's name may hold anything, even brackets


def read_stat(pid: int) -> tuple[int, bool]:
    """When a process was started (0: there is none) and whether it is more than a zombie.

    Its first thread may be a zombie while others still run, or are still ending and hold its ports.
    """
    fields = _fields(pid)
    return (int(fields[19]), fields[0] not in "ZX" or int(fields[17]) > 1) if fields else (0, False)


def read_parent(pid: int) -> int:
    """The parent's number, 0 without one."""
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def find_process(pid: int) -> Process | None:
    """The process that has this number now."""
    started, alive = read_stat(pid)
    return Process(pid, started, read_boot()) if alive else None


def remember(path: Path, process: Process) -> None:
    """Writes down which process is ours, whole or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(process)), "ascii")
    beside.replace(path)


def recall(path: Path) -> Process | None:
    """The process that was written down, running or not; None if none was, or if the note is damaged."""
    try:
        noted = json.loads(path.read_text("ascii"))
        return Process(int(noted["pid"]), int(noted["started"]), str(noted["boot"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def launch(
    words: Sequence[str], *, account: Account, folder: Path, log: Path, environment: Mapping[str, str]
) -> Process:
    """Starts a program that outlives us, in a session of its own, as the account; its output goes to the log."""
    with log.open("ab") as out:
        started = subprocess.Popen(
            list(words),
            cwd=folder,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_user(account),  # type: ignore[call-overload]
        )
    process = find_process(started.pid) or Process(started.pid, 0, "")
    started.returncode = 0  # it goes on without us: no warning that it still runs
    return process


def as_user(account: Account) -> dict[str, object]:
    """What ``subprocess`` wants to know to run as the account; nothing where it is us."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account.other else {}


def end(process: Process, request: signal.Signals, patience: float = PATIENCE) -> bool:
    """Asks the process to end, waits, then ends what is left of its family; True if asking was enough."""
    family = process.family()
    for one in family:
        one.tell(signal.SIGCONT)  # a halted process hears nothing
    process.tell(request)
    gone = wait_gone(family, patience)
    if not gone:
        kill(family)
    return gone


def kill(family: Sequence[Process]) -> None:
    """Ends all of them at once, as a power failure would, and waits until they are gone."""
    for one in family:
        one.tell(signal.SIGKILL)
    wait_gone(family, PATIENCE)


def wait_gone(family: Sequence[Process], patience: float) -> bool:
    """Whether all of them are gone within so many seconds."""
    until = time.monotonic() + patience
    while any(one.alive for one in family):
        if time.monotonic() > until:
            return False
        reap(family)
        time.sleep(0.02)
    return True


def wait_deserted(folder: Path, patience: float) -> bool:
    """Whether within so many seconds no process works in the folder (has it as its current one)."""
    until = time.monotonic() + patience
    while any(_works_in(entry, folder) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _works_in(entry: Path, folder: Path) -> bool:
    try:
        return (entry / "cwd").readlink() == folder
    except OSError:
        return False  # ended meanwhile, a zombie, or another user's


def reap(family: Sequence[Process]) -> None:
    """Lets go of children of ours that have ended (where one program starts and ends a service)."""
    for one in family:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(one.pid, os.WNOHANG)
