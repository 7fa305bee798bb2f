"""The judge of signatures as its users see it: a child process that is started when first needed and ends with them."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from archive.children import PROXIES, bare_environment
from indexer.signatures.found import FoundSignature

SECONDS = 60.0
"""Most seconds for one file."""

_MARK = b"/ByteRange"


@lru_cache(maxsize=1)
def judge_of(roots: Path | None) -> "Judge":
    """The judge of this process; its child ends with the process, whose end of the pipe it reads."""
    return Judge(roots)


class Judge:
    """Judges PDF files in a child; one thread at a time.

    ``roots`` is the folder of known certificates, or None.  ``today``: also what the certificates are today, by the
    lists of revoked ones in the folder ``lists`` and by what known issuers say at the hosts ``ask`` (``host`` or
    ``host:port``), each question taking at most ``patience`` seconds.
    """

    def __init__(
        self, roots: Path | None, *, seconds: float = SECONDS, today: bool = False, lists: Path | None = None,
        ask: Sequence[str] = (), patience: float = 6.0,
    ) -> None:  # fmt: skip
        self._seconds = seconds
        self._options = [
            *(["--roots", str(roots)] if roots else []), *(["--lists", str(lists)] if lists else []),
            *(["--today"] if today else []), "--patience", str(patience),
            *(word for host in ask for word in ("--ask", host)),
        ]  # fmt: skip
        self._child: subprocess.Popen[bytes] | None = None

    def judge(self, data: bytes) -> list[FoundSignature]:
        """The signatures of a PDF; a file that makes the child fail or think too long has an unreadable one."""
        if _MARK not in data:  # every signature names the bytes that it covers
            return []
        line = self._ask(data)
        if not line:
            self.close()
            return [FoundSignature("", "", "", None, False, "unreadable", "")]
        return [_read(one) for one in json.loads(line)]

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, data: bytes) -> bytes:
        if self._child is None:
            command = [sys.executable, "-m", "indexer.signatures", *self._options]
            self._child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=bare_environment(*PROXIES),
            )  # fmt: skip
        child = self._child
        answer: queue.Queue[bytes] = queue.Queue()

        def talk() -> None:
            try:
                if child.stdin and child.stdout:
                    child.stdin.write(len(data).to_bytes(8, "big") + data)
                    child.stdin.flush()
                    answer.put(child.stdout.readline())
            except (OSError, ValueError):
                answer.put(b"")

        threading.Thread(target=talk, daemon=True).start()
        try:
            return answer.get(timeout=self._seconds)
        except queue.Empty:
            return b""


def _read(told: dict[str, Any]) -> FoundSignature:
    for name in ("signed_at", "ended_at"):
        told[name] = datetime.fromisoformat(told[name]) if told[name] else None
    return FoundSignature(**told)
