"""Files of records read apart: in a child with limits, so that what kills a reader costs one file of one record.

The child asks for the bytes of a file when it comes to it.  Where it dies, the file that it had asked for last is left
unread (of a PDF first the page that it was opening, or its layer of text: its pages are recognised instead), and the
rest is read anew.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, Self, TypeVar

from archive.children import CHUNK, GoneError, bare_environment, put, take
from archive.packages.findings import Finding, Outcome
from archive.packages.rows import DataFile
from archive.recordings.probing import Probe, ProbeError
from indexer.extraction.errors import Trouble
from indexer.extraction.kept import ReadRecord, to_read_page
from indexer.extraction.pages import stream_pages
from indexer.extraction.sources import Source, SourceKind
from indexer.extraction.told import Listener, read_found, read_probe

SILENCE = 900.0
"""Most seconds without a sign of the child; its own limits (processor, memory) are in indexer.extraction.__main__."""

MOST_HEAVY = 20  # pages of one PDF that are left out; one with more is left unread
_PLAIN = ("text", "other")
_T = TypeVar("_T")


class OutOfTimeError(Exception):
    """The time that the caller gave is over."""


class _OpenerError(Exception):
    """Opening or reading a file ``raised`` this: no sign of the child, whatever its type."""

    def __init__(self, raised: Exception) -> None:
        super().__init__()
        self.raised = raised


@dataclass(frozen=True, slots=True)
class Given:
    """A file of a record: as indexer.extraction.sources.Source, with a way to open it."""

    kind: SourceKind
    page: int | None
    name: str
    open: Callable[[], BinaryIO]


class ReadingApart:
    """Reads records in a child that is started when first needed.  Scans that lay in other files are put into
    ``scratch``; ``comeback`` is how many seconds a Tika that is gone is waited for,
    ``memory`` the child's address space in bytes."""

    def __init__(
        self, scratch: Path, tika_url: str = "", *, comeback: float = 0, memory: int = 0, seconds: float = 0
    ) -> None:
        """``seconds``: after so many all reading ends with OutOfTimeError; 0: never."""
        self._until = time.monotonic() + seconds if seconds else 0.0
        self._scratch, self._tika, self._memory = scratch, {"url": tika_url, "comeback": comeback}, memory
        self._child: subprocess.Popen[bytes] | None = None
        self._asked = -1  # the file that the child has
        self._page = -1  # of a PDF the page that it opens; -1: none

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def check(self, file: DataFile, opened: Callable[[], BinaryIO]) -> list[Finding]:
        """What archive.packages.inspection finds about a PDF or an image; raises what opening does."""
        try:
            asked = {"check": file.name, "kind": file.kind, "size": file.size}
            found = list(self._talk(asked, [opened], read_found))[-1]
        except GoneError:
            message = f"Tệp “{file.name}”: làm bộ đọc dừng giữa chừng"
            found = [(f"{file.kind}.broken", message, "giữ nguyên tệp đã giao", Outcome.WARNED)]
        return [Finding("data", None, None, *one) for one in found]

    def probe(self, stream: BinaryIO, size: int) -> Probe:
        """As archive.recordings.probing.probe, whose ProbeError it raises; also what reading ``stream`` raises."""
        try:
            known = list(self._talk({"probe": size}, (), read_probe, stream))[-1]
        except GoneError as error:
            raise ProbeError("tệp âm thanh hay phim làm bộ đọc dừng giữa chừng") from error
        if isinstance(known, str):
            raise ProbeError(known)
        return known

    def read(self, given: Sequence[Given]) -> ReadRecord:
        """All pages of a record, and what went wrong; raises only what opening a file does."""
        if all(one.kind in _PLAIN for one in given):
            return _read_here(given)
        ruined, blind, heavy = set[int](), set[int](), dict[int, set[int]]()
        while True:
            told = [
                {
                    "kind": one.kind, "page": one.page, "name": one.name, "ruined": n in ruined, "blind": n in blind,
                    "heavy": sorted(heavy.get(n, ())),
                }
                for n, one in enumerate(given)
            ]  # fmt: skip
            try:
                found = self._collect(told, [one.open for one in given])
            except GoneError:
                last = self._asked
                if last < 0 or last in ruined:  # it died of everything together
                    ruined = set(range(len(given)))
                elif self._page >= 0 and len(pages := heavy.setdefault(last, set())) < MOST_HEAVY:
                    pages.add(self._page)
                elif given[last].kind == "pdf" and last not in blind and self._page < 0:
                    blind.add(last)
                else:
                    ruined.add(last)
                continue
            for n in sorted(blind - ruined):
                message = f"Lớp chữ của tệp PDF «{given[n].name}» làm bộ đọc dừng: bỏ lớp chữ ấy, nhận dạng lại từ ảnh."
                found.troubles.append(Trouble("text.garbage", message, given[n].name))
            return found

    def _collect(self, told: list[dict[str, Any]], openers: Sequence[Callable[[], BinaryIO]]) -> ReadRecord:
        listener = Listener((one["name"] for one in told), self._scratch)
        request = {"sources": told, "tika": self._tika, "scratch": str(self._scratch)}
        for _ in self._talk(request, openers, listener.take):
            pass
        return listener.found

    def _talk(
        self,
        request: dict[str, Any],
        openers: Sequence[Callable[[], BinaryIO]],
        taken: Callable[[dict[str, Any]], _T],
        parts_of: BinaryIO | None = None,
    ) -> Iterator[_T]:
        """What the child says until it is done, as it is ``taken``; files are sent when it asks, of ``parts_of`` the
        parts it wants.  GoneError where it dies or says what cannot be taken; what opening or reading a file raises
        ends the child."""
        self._asked = self._page = -1
        child = self._start()
        try:
            assert child.stdin is not None
            put(child.stdin, json.dumps(request).encode())
            while True:
                told = json.loads(self._take(child))
                if not isinstance(told, dict):
                    raise TypeError("no message")
                if "read" in told:
                    self._asked, self._page = int(told["read"]), -1
                    self._give(child.stdin, openers[self._asked])
                elif "trying" in told:
                    self._page = int(told["trying"])
                elif "part" in told and parts_of:
                    self._give_part(child.stdin, parts_of, *told["part"])
                elif "done" in told:
                    if told["done"] == "tired":
                        self.close()
                    yield taken(told)
                    return
                else:
                    yield taken(told)
        except _OpenerError as error:
            self.close()
            raise error.raised from None
        except (BrokenPipeError, ValueError, KeyError, IndexError, TypeError) as error:
            self.close()
            raise GoneError from error
        except BaseException:
            self.close()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "indexer.extraction", str(self._memory)]
            self._child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                env=bare_environment(),
            )  # fmt: skip
        return self._child

    @staticmethod
    def _give(pipe: IO[bytes], opener: Callable[[], BinaryIO]) -> None:
        with _ours(opener) as file:
            while chunk := _ours(partial(file.read, CHUNK)):
                put(pipe, chunk)
        put(pipe, b"")

    @staticmethod
    def _give_part(pipe: IO[bytes], file: BinaryIO, at: int, count: int) -> None:
        file.seek(at)
        put(pipe, _ours(partial(file.read, min(max(0, count), CHUNK))))

    def _take(self, child: subprocess.Popen[bytes]) -> bytes:
        assert child.stdout is not None
        try:
            return take(child.stdout.fileno(), self._patience)
        except GoneError as error:
            if self._until and time.monotonic() >= self._until:
                raise OutOfTimeError from error
            raise

    def _patience(self) -> float:
        return min(self._until - time.monotonic(), SILENCE) if self._until else SILENCE


def _ours(step: Callable[[], _T]) -> _T:
    try:
        return step()
    except Exception as error:
        raise _OpenerError(error) from error


def _read_here(given: Sequence[Given]) -> ReadRecord:
    """What is plain text, or is not read at all, needs no child."""
    found = ReadRecord()
    sources = [Source(one.kind, one.page, partial(_whole, one.open), one.name) for one in given]
    found.pages = [to_read_page(page, None) for page in stream_pages(sources, found.troubles)]
    return found


def _whole(opener: Callable[[], BinaryIO]) -> bytes:
    with opener() as file:
        return file.read()
