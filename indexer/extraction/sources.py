"""What goes into the extraction of a record and what comes out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from indexer.extraction.text import PageText

SourceKind = Literal["image", "pdf", "text", "alto", "hocr", "word", "mail", "archive", "other"]


@dataclass(frozen=True, slots=True)
class Source:
    """One data file of a record: its kind, the page it belongs to (from 1; None = the whole record), its bytes.

    `read` may be called more than once; what it raises (a storage out of reach, a failed checksum) is no matter
    of this file's content and comes through unchanged, but for an ExtractionError, which is told like a damage. `name`
    is shown to people. A `blind` PDF is only looked at: its layer of text made the reader fail. Before a page of a PDF
    is opened `trying` is told its position (from 0; -1 when all are done); those in `heavy` are not opened, they made
    the reader fail.
    """

    kind: SourceKind
    page: int | None
    read: Callable[[], bytes]
    name: str
    blind: bool = False
    trying: Callable[[int], None] = lambda _index: None
    heavy: frozenset[int] = frozenset()


Keep = Callable[[bytes], Callable[[], bytes]]
"""Puts the bytes of a scan that lay in another file aside, until they are asked for."""


def in_memory(data: bytes) -> Callable[[], bytes]:
    """The simplest Keep."""
    return lambda: data


@dataclass(frozen=True, slots=True)
class ImageRef:
    """Where a page's image lies: position in the given sources, or a file that lay within one of them; and the page
    inside a PDF or multi-page TIFF (from 0)."""

    source: int | Source
    page_index: int | None


@dataclass(frozen=True, slots=True)
class PicturedText(PageText):
    """The text of a page that is shown, too: its image, its size in pixels, and why it is still to be recognised."""

    image: ImageRef
    width: int
    height: int
    unread: str


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """Page `n` (from 1): image if there is one, size in pixels (0 if unknown), and text.

    Boxes of the text, if any, are in the same pixels.  ``unread`` says why the page's image is still to be recognised
    (archive.catalogue.reading.RecognitionTask.reason), "" where it need not be.
    """

    n: int
    image: ImageRef | None
    width: int
    height: int
    text: PageText
    unread: str = ""
