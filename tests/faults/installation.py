"""A real installation in a folder of its own, driven only by its command line, and killed without warning."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PATIENCE = 900
"""Seconds for one command: a machine that others load takes its time; only what hangs reaches this."""

DOCUMENTS = int(os.environ.get("VANKHO_FAULT_DOCUMENTS", "1200"))
"""Documents of the delivery in whose midst things are killed; ``make faults`` takes 2,000."""

PROGRAM = [sys.executable, "-W", "ignore", "-m", "vankho"]


class Installation:
    """Runs ``vankho`` with a home of its own and the named settings."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = {f"VANKHO_{name.upper()}": value for name, value in settings.items()}
        self.port = free_port()
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts a command in a process group of its own."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("VANKHO_")}
        environment |= {"VANKHO_HOME": str(self.home), "PYTHONDONTWRITEBYTECODE": "1", **self.settings}
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        process = subprocess.Popen(
            [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=log, env=environment, start_new_session=True
        )
        log.close()
        self.started.append(process)
        return process

    def lose_worker(self, first: subprocess.Popen[bytes], whom: str) -> None:
        """Kills the "child" that works, or the worker itself, which its child must notice; then another begins."""
        if whom == "child":
            for pid in relatives(first.pid):
                os.kill(pid, signal.SIGKILL)
        else:
            kill_alone(first)
            self.start("worker")

    def run(self, *words: str) -> dict[str, Any]:
        """Runs a command to its end and gives back its JSON."""
        process = self.start(*words, "--json")
        try:
            out, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{words}: no end after {PATIENCE} seconds: {self.log()}") from error
        assert process.returncode in (0, 1), (words, process.returncode, out, self.log())
        answer: dict[str, Any] = json.loads(out)
        return answer

    def log(self) -> str:
        """The end of what the commands wrote on standard error."""
        return (self.home.parent / f"{self.home.name}.log").read_text("utf-8", "replace")[-3000:]

    def counts(self) -> dict[str, Any]:
        """What stands in the catalogue: rows by table, records by level, distinct natural keys, digests of texts."""
        with contextlib.closing(self.catalogue()) as base:
            ask = lambda statement: base.execute(statement).fetchall()  # noqa: E731
            return {
                "levels": dict(ask("SELECT level, count(*) FROM record GROUP BY 1")),
                "keys": ask("SELECT count(DISTINCT level || natural_key) FROM record"),
                "pages": ask("SELECT count(*), count(DISTINCT record_id || '.' || n), sum(length(text)) FROM page"),
                "files": ask("SELECT count(*), count(DISTINCT sha256) FROM record_file"),
                "objects": ask("SELECT count(*), sum(size) FROM stored_object"),
                "places": ask("SELECT count(*) FROM record_place"),
                "agents": ask("SELECT count(*) FROM agent"),
                "quarantined": ask("SELECT count(*), count(DISTINCT natural_key) FROM quarantined_row"),
                "report": sorted(ask('SELECT sheet, "row", code FROM report_row')),
                "packages": ask("SELECT count(*) FROM package"),
            }

    def catalogue(self) -> Any:
        """A connection to the catalogue, of SQLite or PostgreSQL: both execute and fetch in the same words."""
        if address := self.settings.get("VANKHO_DATABASE_URL"):
            import psycopg

            return psycopg.connect(address)
        return sqlite3.connect(f"file:{self.home}/catalogue.sqlite3?mode=ro", uri=True)

    def kept(self) -> int:
        """How many objects lie in the storage."""
        return sum(1 for _ in (self.home / "storage" / "objects").glob("??/??/*"))

    def ask(self, path: str) -> Any:
        """GET of the running portal, as JSON; waits until it answers."""
        until = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                    return json.load(answer)
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if time.monotonic() > until:
                    raise AssertionError(f"no answer from {path}: {self.log()}") from None
                time.sleep(0.1)

    def close(self) -> None:
        """Kills whatever still runs."""
        for process in self.started:
            kill(process)
            if process.stdout:
                process.stdout.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process and all it started in its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def kill_alone(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process only: what it started must notice."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait(30)


def relatives(pid: int) -> set[int]:
    """The processes below one, however deep."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found |= {int(entry.name)} | relatives(int(entry.name))
    return found


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
