"""The one door to PDF files: PDFium is not safe for threads, so every call to it runs under one lock.

Both the page images (`archive.images`) and the text extraction of the indexer open PDF files through here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

import pypdfium2

PAGE_WIDTH = 1240
"""Width in pixels of a PDF page as readers see it; word boxes are counted in these pixels."""

PAGE_LIMIT = 5_000
"""Most pages that one PDF may have; scans of 500 pages are ordinary."""

TALLEST = 16_383
"""Most pixels down a page: the largest side of a WebP image."""

LOCK = RLock()
"""Held around every use of PDFium, opening and closing included. Never keep it while waiting for others."""

_TAIL = 2_048
_PASSWORD = 4


class PdfError(ValueError):
    """A PDF that cannot be read; the message is Vietnamese and says why."""


@contextmanager
def open_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF from its bytes, closed at the end.

    The caller takes LOCK around what it does with the document. Raises PdfError if the bytes are empty, no
    PDF, cut off, locked with a password, without pages or with more than PAGE_LIMIT.
    """
    _check_ends(data)
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == _PASSWORD
            raise PdfError("tệp PDF có mật khẩu" if locked else "tệp PDF hỏng, không mở được") from error
    try:
        with LOCK:
            count = len(document)
        if not 0 < count <= PAGE_LIMIT:
            raise PdfError("tệp PDF không có trang nào" if not count else f"tệp PDF có {count} trang, quá {PAGE_LIMIT}")
        yield document
    finally:
        with LOCK:
            document.close()


def _check_ends(data: bytes) -> None:
    if not data:
        raise PdfError("tệp rỗng (0 byte)")
    if b"%PDF-" not in data[:1024]:
        raise PdfError("không phải tệp PDF")
    # PDFium silently repairs a file that was cut off and serves the pages that it still finds;
    # an archive has to say so instead.
    if b"%%EOF" not in data[-(_TAIL + _padding(data)) :]:
        raise PdfError("tệp PDF bị cắt cụt: thiếu phần cuối tệp")


def _padding(data: bytes) -> int:
    return len(data) - len(data.rstrip(b"\0\r\n \t"))


def pixels(width: float, height: float, wanted: int = PAGE_WIDTH) -> tuple[int, int]:
    """Pixels (w, h) of a page of `width` x `height` points at `wanted` pixels across, never above TALLEST down.

    Raises PdfError if the page has no size.
    """
    if not (width > 0 and height > 0):
        raise PdfError("trang PDF không có khổ giấy")
    scale = min(wanted / width, TALLEST / height)
    return max(round(width * scale), 1), max(round(height * scale), 1)
