"""The child that reads files of records: requests on standard input, answers on standard output, each 8 bytes of length
and a JSON object; it asks for the bytes of a file when it comes to it (indexer.extraction.apart).
"""

import io
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive.children import bound, hear, put
from archive.packages.inspection import inspect_file
from archive.packages.rows import DataFile
from archive.recordings.probing import ProbeError, probe
from indexer.extraction.errors import ExtractionError, Trouble
from indexer.extraction.kept import to_read_page
from indexer.extraction.office import OfficeReader, OfficeText
from indexer.extraction.pages import stream_pages
from indexer.extraction.sources import Source

MEMORY = 2 << 30  # bytes of address space
SECONDS = 300  # of the processor, for a page or an office file
NEAR = 64 << 10  # bytes that are asked for together of a file that is read in parts
PAGE_SECONDS, PAGE_MEMORY = 30, 512 << 20  # to open a page of a PDF: servers will, and have no limits of their own
TIRED = 512 << 20  # bytes of memory after which a fresh child goes on


_answers = os.fdopen(os.dup(1), "wb", buffering=0)


def main() -> None:
    """Reads until the input ends."""
    os.dup2(2, 1)  # what a library prints is no answer
    memory = int(sys.argv[1]) or MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while request := hear(sys.stdin.buffer):
        asked = json.loads(request)
        _go_on()
        told = _check(asked) if "check" in asked else _probe(asked["probe"]) if "probe" in asked else _read(asked)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        _tell(told | {"done": "tired" if used > TIRED else "well"})


def _go_on() -> None:
    """The processor's time begins anew, and all the memory is there."""
    _bound(SECONDS)


def _bound(seconds: int, memory: int = 0) -> None:
    """So many seconds from now on, and so much memory beside what is taken; 0: as much as the child has."""
    bound(seconds)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (min(most, taken + memory) if memory else most, most))


def _check(asked: dict[str, Any]) -> dict[str, Any]:
    data = _ask(0)
    found = inspect_file(DataFile(asked["check"], asked["kind"], None, asked["size"]), lambda _: io.BytesIO(data))
    return {"found": [(one.code, one.message, one.action, one.outcome) for one in found]}


def _probe(size: int) -> dict[str, Any]:
    try:
        return {"known": asdict(probe(io.BufferedReader(_Parts(size), NEAR), size))}
    except ProbeError as error:
        return {"wrong": str(error)}


class _Parts(io.RawIOBase):
    """A file of which only the parts that are looked at are asked for: a film may be larger than this memory."""

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        _tell({"part": [self._at, len(buffer)]})
        part = hear(sys.stdin.buffer)
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if at < 0:
            raise ValueError("before the beginning")
        self._at = at
        return at


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    troubles: list[Trouble] = []
    sources = [_source(n, one) for n, one in enumerate(asked["sources"])]
    scratch = Path(asked["scratch"])
    kept: dict[Callable[[], bytes], Path] = {}

    def keep(data: bytes) -> Callable[[], bytes]:
        handle, path = tempfile.mkstemp(dir=scratch)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        read = Path(path).read_bytes
        kept[read] = Path(path)
        return read

    told = set[str]()
    for page in stream_pages(sources, troubles, _reader(**asked["tika"]), keep):
        image = page.image.source if page.image else None
        image = sources[image] if isinstance(image, int) else image
        if image and image.read in kept and image.name not in told:
            told.add(image.name)
            _tell({"enclosed": {"name": image.name, "path": str(kept[image.read])}})
        whole = to_read_page(page, image)
        _tell({"page": asdict(whole) | {"boxes": whole.boxes.hex() if whole.boxes else ""}})
        _go_on()
    return {"troubles": [(one.code, one.message, one.name) for one in troubles]}


def _source(n: int, told: dict[str, Any]) -> Source:
    def read() -> bytes:
        if told["ruined"]:
            raise ExtractionError(
                f"Tệp «{told['name']}» cần quá nhiều bộ nhớ hay thời gian để đọc, hoặc làm bộ đọc dừng giữa chừng: "
                "giữ nguyên tệp."
            )
        return _ask(n)

    def trying(index: int) -> None:
        _tell({"trying": index})
        if index < 0:
            _go_on()
        else:
            _bound(PAGE_SECONDS, PAGE_MEMORY)

    heavy = frozenset(told["heavy"])
    return Source(told["kind"], told["page"], read, told["name"], told["blind"], trying, heavy)


class _Breathing:
    """A reader of office files that lives as long as it reads them."""

    def __init__(self, reader: OfficeReader) -> None:
        self._reader = reader

    def read(self, data: bytes, name: str) -> OfficeText:
        """As the reader."""
        _tell({"alive": name})
        _go_on()
        return self._reader.read(data, name)


def _reader(url: str, comeback: float) -> OfficeReader | None:
    if not url:
        return None
    from indexer.extraction.tika import open_tika

    return _Breathing(open_tika(url, comeback))


def _ask(n: int) -> bytes:
    _tell({"read": n})
    parts = []
    while part := hear(sys.stdin.buffer):
        parts.append(part)
    return b"".join(parts)


def _tell(told: dict[str, Any]) -> None:
    put(_answers, json.dumps(told).encode())


if __name__ == "__main__":
    main()
