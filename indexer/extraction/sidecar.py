"""Text sidecars: `.txt` files with a form feed between pages, in whatever encoding a contractor delivered."""

import codecs

from indexer.extraction.errors import ExtractionError
from indexer.extraction.legacy_text import decode_runs, is_one_byte
from indexer.extraction.text import EMPTY, PageText, canonise

LIMIT = 256 * 1024 * 1024
"""Most bytes of a text file."""

PAGE_LIMIT = 100_000
"""Most pages of a text file."""

UTF8, ONE_BYTE = "UTF-8", "ISO-8859-1"


def decode_text(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding: UTF-8, UTF-16, Windows-1258 or one byte; never fails.

    A byte order mark decides; without one, zero bytes at every other place mean UTF-16, valid UTF-8 is UTF-8,
    and the rest is Windows-1258, whose undefined bytes become U+FFFD, unless it is set in TCVN3 or VNI fonts: then
    each byte is its code, for the legacy tables.
    """
    for mark, codec, name in (
        (codecs.BOM_UTF8, "utf-8", UTF8),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, errors="replace"), name
    if wide := _wide(data):
        return data.decode(wide, errors="replace"), "UTF-16"
    try:
        return data.decode("utf-8"), UTF8
    except UnicodeDecodeError:
        if is_one_byte(data):
            return data.decode("latin-1"), ONE_BYTE
        return data.decode("cp1258", errors="replace"), "Windows-1258"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: two letters in three of Vietnamese are Latin-1, with a zero byte on one side."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    # A stray zero byte in an ordinary text stays far below the bound.
    if len(data) % 2 or max(even, odd) * 5 < len(head) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def read_sidecar(data: bytes, name: str) -> tuple[list[PageText], str]:
    """The pages of a text file in order, and the encoding's name; a form feed at the end opens no page.

    Pages between form feeds count even when empty (a blank back side). An empty file has no pages.
    Raises ExtractionError if the file is too large or has too many pages.
    """
    if len(data) > LIMIT:
        raise ExtractionError(f"Tệp văn bản «{name}» quá lớn: {len(data):,} byte, tối đa {LIMIT:,}.")
    text, encoding = decode_text(data)
    text, legacy = decode_runs(text)
    pages = text.split("\f")
    if not pages[-1].strip():
        pages.pop()
    if len(pages) > PAGE_LIMIT:
        raise ExtractionError(f"Tệp văn bản «{name}» có {len(pages):,} trang, tối đa {PAGE_LIMIT:,}.")
    return [_page(page) for page in pages], legacy or (UTF8 if encoding == ONE_BYTE else encoding)


def _page(text: str) -> PageText:
    canonical = canonise(text)
    return PageText(canonical, None, "sidecar", None) if canonical else EMPTY
