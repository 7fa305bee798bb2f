"""A page of a record as it is kept: what the reader of foreign files says of it, and what is written of it."""

from dataclasses import dataclass

from archive.boxes import encode
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


def to_read_page(page: ExtractedPage, image: Source | None) -> ReadPage:
    """The page as it is kept; ``image`` is the file that its image lies in."""
    return ReadPage(
        page.n, page.text.text, page.text.source, page.text.confidence,
        encode(page.text.boxes) if page.text.boxes else None, image.name if image else "", image.kind if image else "",
        (page.image.page_index or 0) if page.image else 0, page.width, page.height, page.unread,
    )  # fmt: skip
