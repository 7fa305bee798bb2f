"""The text and the pages of files in quarantine for who decides about them: read apart, as on their way in, and not for
long."""

from collections.abc import Sequence
from functools import partial
from typing import cast

from archive.documents import PAGE_WIDTH
from archive.drawing import drawer
from archive.images import ImageError
from archive.settings import settings
from archive.storage.folder import FolderStorage
from indexer.extraction.apart import Given, OutOfTimeError, ReadingApart
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.sidecar import decode_text
from indexer.extraction.sources import SourceKind

LONGEST = 20_000  # characters that are shown of a file
LARGEST = 64 << 20  # bytes of a file that is read
SECONDS = 20.0  # for all files of a row, as a thread of the server waits
READ = ("pdf", "word", "mail", "archive")


def texts_of(files: Sequence[Sequence[str]]) -> list[tuple[str, str | None]]:
    """Of the files (name, kind, sha256) in quarantine those that have text, each with its beginning: "" where there is
    none in it (a scan), None where its bytes are not there or it could not be read in time."""
    apart = FolderStorage(settings().home / "quarantine")
    found = list[tuple[str, str | None]]()
    with apart.scratch() as scratch, ReadingApart(scratch, seconds=SECONDS) as reader:
        for name, kind, sha256 in files:
            if kind == "text":
                found.append((name, _plain(apart, sha256)))
            elif kind in READ:
                found.append((name, _read(apart, reader, name, kind, sha256)))
    return found


def pictured(kind: str) -> bool:
    """Whether a file of that kind has pages to look at."""
    return kind in ("pdf", "image")


def picture_of(files: Sequence[Sequence[str]], number: int, page: int) -> bytes:
    """WebP of a page (from 1) of the file with that number (from 1), drawn in a child with limits and kept nowhere.

    LookupError where there is no such file with pages; ImageError where it cannot be drawn.
    """
    _name, kind, sha256 = files[number - 1] if 1 <= number <= len(files) else ("", "", "")
    apart = FolderStorage(settings().home / "quarantine")
    if not pictured(kind):
        raise LookupError
    if not apart.has(sha256) or apart.path(sha256).stat().st_size > LARGEST:
        raise ImageError("tệp không còn trong khu cách ly, hay quá lớn")
    return drawer.derive(sha256, lambda: apart.read(sha256), page - 1, PAGE_WIDTH, "pdf" if kind == "pdf" else "image")


def _plain(apart: FolderStorage, sha256: str) -> str | None:
    if not apart.has(sha256):
        return None
    with apart.open(sha256) as stream:
        data = stream.read(4 * LONGEST)
    return decode_runs(decode_text(data)[0])[0][:LONGEST]


def _read(apart: FolderStorage, reader: ReadingApart, name: str, kind: str, sha256: str) -> str | None:
    if not apart.has(sha256) or apart.path(sha256).stat().st_size > LARGEST:
        return None
    try:
        read = reader.read([Given(cast(SourceKind, kind), None, name, partial(apart.open, sha256))])
    except OutOfTimeError:
        return None
    return "\n".join(page.text for page in read.pages)[:LONGEST]
