"""What the files of a record gave, as it is kept."""

from dataclasses import dataclass, field
from pathlib import Path

from archive.boxes import encode
from indexer.extraction.errors import Trouble
from indexer.extraction.sources import ExtractedPage, Source


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it is kept: boxes encoded (archive.boxes), its image by the name of the file that it lies in."""

    n: int
    text: str
    text_source: str
    confidence: float | None
    boxes: bytes | None
    image: str
    image_kind: str
    image_index: int
    width: int
    height: int
    unread: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A scan that lay in a message or archive, put aside on the disk."""

    name: str
    path: Path
    sha256: str
    size: int


@dataclass(slots=True)
class ReadRecord:
    """What the files of a record gave."""

    pages: list[ReadPage] = field(default_factory=list)
    enclosed: list[Enclosed] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def to_read_page(page: ExtractedPage, image: Source | None) -> ReadPage:
    """The page as it is kept; ``image`` is the file that its image lies in."""
    return ReadPage(
        page.n, page.text.text, page.text.source, page.text.confidence,
        encode(page.text.boxes) if page.text.boxes else None, image.name if image else "", image.kind if image else "",
        (page.image.page_index or 0) if page.image else 0, page.width, page.height, page.unread,
    )  # fmt: skip
