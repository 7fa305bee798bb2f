"""Pages of PDF files drawn apart: one that opens at once may take minutes to draw, and a thread of the server with it.

One child for each process of the server, made at the first page and used by one thread at a time (PDFium is not safe
for threads, so nothing is lost by that).  It has limits of its own; a page that goes beyond them costs that page.  What
makes copies draws many pages of one file: its child keeps the file.
"""

import atexit
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from archive import images
from archive.children import GoneError, LateError, bare_environment, hear, put, spending, take
from archive.images import ImageError, Kind

SECONDS = 15
"""Of the processor, for one page."""

PATIENCE = 4  # times as long the clock may run: a machine that is busy with other things makes no page slow
BEGINNING = 60.0  # seconds for the child to be there
ENDING = 30.0  # seconds for a child whose pipe is closed to be gone: a large one on a busy machine takes its time
MEMORY = 3 << 30  # bytes of address space
MOST_KNOWN = 1_000
TOO_SLOW = "trang này cần quá nhiều thời gian hay bộ nhớ để vẽ"


class Drawer:
    """Draws pages in a child, which is made anew where it died."""

    def __init__(self, seconds: int = SECONDS, *, keeps: bool = False) -> None:
        """``seconds`` of the processor are what one page may take; ``keeps``: the child keeps the file for the next."""
        self._seconds, self._lock, self._keeps, self._kept = seconds, threading.Lock(), keeps, ""
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._slow: dict[tuple[str, int, int], None] = {}

    def derive(
        self, sha256: str, read_source: Callable[[], bytes], page_index: int, width: int, kind: Kind = "pdf"
    ) -> bytes:
        """As archive.images.derive; ImageError also where the page takes too long.  Such a page is not
        tried again by this process; what ``read_source`` raises comes through unchanged."""
        key = (sha256, page_index, width)
        if key in self._slow:
            raise ImageError(TOO_SLOW)
        data = b"" if self._keeps else read_source()
        with self._lock:
            again = self._has(sha256)
            if self._keeps and not again:
                data = read_source()
            try:
                asked = {"kind": kind, "index": page_index, "width": width, "again": again}
                wrong, drawn = self._ask(asked, data)
            except (GoneError, OSError, ValueError) as error:
                if not isinstance(error, LateError) and self._died():
                    self._slow[key] = None
                for old in list(self._slow)[:-MOST_KNOWN]:
                    del self._slow[old]
                self._drop()
                raise ImageError(TOO_SLOW) from error
            self._kept = sha256
        if wrong:
            raise ImageError(wrong)
        return drawn

    def close(self) -> None:
        """Ends the child, if this process has one."""
        with self._lock:
            if self._owner == os.getpid():
                self._drop()

    def _ask(self, told: Mapping[str, str | int | bool], data: bytes) -> tuple[str, bytes]:
        child = self._start()
        patience = _until(self._seconds * PATIENCE)
        assert child.stdin is not None
        assert child.stdout is not None
        for part in (json.dumps({**told, "seconds": self._seconds}).encode(), data):
            put(child.stdin, part)
        wrong = take(child.stdout.fileno(), patience)
        return wrong.decode(), take(child.stdout.fileno(), patience)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            if self._owner == os.getpid():  # a process that was forked leaves its parent's child alone
                self._drop()
            self._owner = os.getpid()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "archive.drawing"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, bufsize=0, env=bare_environment(),
            )  # fmt: skip
            assert self._child.stdout is not None
            take(self._child.stdout.fileno(), _until(BEGINNING))
        return self._child

    def _has(self, sha256: str) -> bool:
        """Whether the child has that file; one that ended, or is another process's, has none."""
        running = self._child is not None and self._owner == os.getpid() and self._child.poll() is None
        return self._keeps and running and self._kept == sha256

    def _died(self) -> bool:
        """Whether the child came to an end by itself, and was not merely waited for in vain."""
        try:
            return self._child is not None and self._child.wait(ENDING) is not None
        except subprocess.TimeoutExpired:
            return False

    def _drop(self) -> None:
        self._kept = ""
        if self._child is None:
            return
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()
        self._child.wait()
        self._child = None


drawer = Drawer()
atexit.register(drawer.close)


def _until(seconds: float) -> Callable[[], float]:
    """What is left of so many seconds from now."""
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def main() -> None:
    """The child: draws what it is asked for until its input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no answer
    put(answers, b"")
    data = b""
    while asked := hear(sys.stdin.buffer):
        told, sent = json.loads(asked), hear(sys.stdin.buffer)
        data = data if told["again"] else sent
        wrong, drawn = "", b""
        try:
            with spending(told["seconds"]):
                drawn = images.derive(partial(bytes, data), told["kind"], told["index"], told["width"])
        except ImageError as error:
            wrong = str(error)
        for part in (wrong.encode(), drawn):
            put(answers, part)


if __name__ == "__main__":
    main()
