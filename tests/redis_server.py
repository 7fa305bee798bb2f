"""A Redis of a test's own: on a free port, in a folder of its own, nothing written to disk."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.installation import free_port


class RedisServer:
    """Starts, kills, stops for a moment and starts again; ``url`` stays the same."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.words, self.port = folder, words, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it listens."""
        self.folder.mkdir(parents=True, exist_ok=True)
        told = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([*told, *self.words], cwd=self.folder, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("redis-server does not listen")

    def kill(self) -> None:
        """kill -9: what it held in memory is gone."""
        if self.process:
            self.process.kill()
            self.process.wait(30)
            self.process = None

    def freeze(self) -> None:
        """It listens, and answers nobody."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)


def redis_or_skip() -> None:
    """Skips without ``redis-server``, or fails where services are required."""
    if shutil.which("redis-server") is None:
        told = "no redis-server on this machine"
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(told)
        pytest.skip(told)
