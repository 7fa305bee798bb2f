"""Scans that lie in a message or an archive: their pages are pages of the record, shown and recognised."""

from collections.abc import Iterator

from archive.images import ImageError, open_source
from indexer.extraction.errors import ExtractionError
from indexer.extraction.legible import settle_layer
from indexer.extraction.pdf import page_sizes, read_layers
from indexer.extraction.sources import ImageRef, Keep, PicturedText, Source

SMALLEST = 300
"""Pixels of the shorter side below which an image is a logo or an emblem of a signature, not a page."""

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_WEBP = (b"RIFF", b"WEBP")


def is_picture(data: bytes) -> bool:
    """Whether it is an image that pages are made of (JPEG, PNG, TIFF, WebP), by its first bytes."""
    return data.startswith(PICTURES) or (data[:4], data[8:12]) == _WEBP


def picture_pages(data: bytes, name: str, keep: Keep) -> list[PicturedText]:
    """The pages of an image, still to be recognised; none where it is too small to be one.

    Raises ExtractionError for an image that is broken or lies about its size.
    """
    try:
        with open_source(lambda: data, "image") as opened:
            sizes = [opened.size(index) for index in range(opened.count())]
    except ImageError as error:
        raise ExtractionError(f"Không đọc được ảnh «{name}»: {error}.") from error
    if not any(min(size) >= SMALLEST for size in sizes):
        return []
    source = Source("image", None, keep(data), name)
    return [
        PicturedText("", None, "none", None, ImageRef(source, index), *size, "no-text")
        for index, size in enumerate(sizes)
        if min(size) >= SMALLEST
    ]


def document_pages(data: bytes, name: str, keep: Keep) -> Iterator[PicturedText]:
    """The pages of a PDF with the text of their layer, where it is good; raises ExtractionError where it is no PDF."""
    sizes = page_sizes(data, name)
    source = Source("pdf", None, keep(data), name)
    for index, (layer, is_scan) in enumerate(read_layers(data, name)):
        text, reason = settle_layer(layer, is_picture=is_scan)
        where, (across, down) = ImageRef(source, index), sizes[index] or (0, 0)
        yield PicturedText(text.text, text.boxes, text.source, text.confidence, where, across, down, reason)
