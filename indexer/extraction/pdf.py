"""The text layer of PDF files, page by page, with word boxes; PDFium under the house's one lock."""

import ctypes
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import pypdfium2
from pypdfium2 import raw

from archive.documents import LOCK, PAGE_WIDTH, PdfError, open_pdf, pixels
from indexer.extraction.errors import ExtractionError
from indexer.extraction.legible import decode_lines
from indexer.extraction.text import EMPTY, Edges, PageBuilder, PageText

CHARACTER_LIMIT = 500_000
"""Most characters read from one page; the fullest real pages have about 10,000."""

PICTURE_SHARE = 0.7
"""Share of a page from which a picture on it is a scan of the page."""

_ENDS = frozenset((0x0A, 0x0D))


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    try:
        with open_pdf(data) as document:
            yield document
    except PdfError as error:
        raise ExtractionError(f"Không đọc được «{name}»: {error}.") from error


def page_sizes(
    data: bytes, name: str, width: int = PAGE_WIDTH, *, trying: Callable[[int], None] = lambda _index: None,
    heavy: Collection[int] = (),
) -> list[tuple[int, int] | None]:  # fmt: skip
    """Size (w, h) in pixels of every page at `width` pixels across, after its own rotation; None of `heavy` ones.

    Each page is opened once, here where it may fail (indexer.extraction.apart): whatever draws pages later opens none
    that was not tried. A page whose size cannot be read counts as A4. Raises ExtractionError as `read_pdf` does.
    """
    sizes: list[tuple[int, int] | None] = []
    with _opened(data, name) as document:
        for index in range(len(document)):
            if index in heavy:
                sizes.append(None)
                continue
            trying(index)
            with LOCK:
                _try(document, index)
                try:
                    across, down = document.get_page_size(index)
                    sizes.append(pixels(across, down, width))
                except (pypdfium2.PdfiumError, PdfError):
                    sizes.append(pixels(595, 842, width))
    return sizes


def _try(document: pypdfium2.PdfDocument, index: int) -> None:
    try:
        document[index].close()
    except pypdfium2.PdfiumError:
        return  # it has no text and no image, which is told where it is drawn


def read_pdf(data: bytes, name: str, width: int = PAGE_WIDTH) -> Iterator[PageText]:
    """The pages of a PDF in order, one by one; boxes in pixels of a page `width` pixels across.

    A scanned page without a text layer, and a single page that PDFium cannot load, have no text.
    The lock is free between pages and memory stays flat. Raises ExtractionError for an empty, truncated or
    encrypted file, or one with more than `archive.documents.PAGE_LIMIT` pages.
    """
    for text, _ in read_layers(data, name, width):
        yield text


def read_layers(
    data: bytes, name: str, width: int = PAGE_WIDTH, *, heavy: Collection[int] = ()
) -> Iterator[tuple[PageText, bool]]:
    """The same, and beside each page whether it is a picture: one that covers it nearly whole, as scans do; nothing of
    `heavy` pages."""
    with _opened(data, name) as document:
        for index in range(len(document)):
            if index in heavy:
                yield EMPTY, False
                continue
            with LOCK:
                found = _read_page(document, index, width)
            yield found


def _read_page(document: pypdfium2.PdfDocument, index: int, width: int) -> tuple[PageText, bool]:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return EMPTY, False
    try:
        across, down = page.get_size()
        size = pixels(across, down, width)
        layer = page.get_textpage()
        try:
            return _words(page, layer, size), _is_picture(page, across * down)
        finally:
            layer.close()
    except (pypdfium2.PdfiumError, PdfError):
        return EMPTY, False
    finally:
        page.close()


def _is_picture(page: pypdfium2.PdfPage, area: float) -> bool:
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > PICTURE_SHARE * area:
            return True
    return False


def _words(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, size: tuple[int, int]) -> PageText:
    """Words are runs between white space; a line ends where PDFium says so or where a word leaves its height."""
    lines, line = list[list[tuple[str, Edges]]]([[]]), _Line()
    units: list[int] = []
    edges: Edges | None = None
    box = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = box
    count = min(raw.FPDFText_CountChars(layer), CHARACTER_LIMIT)
    for index, unit in _units(layer, count):
        if unit > 0x20 and unit != 0xA0:
            units.append(unit)
            if raw.FPDFText_GetCharBox(layer, index, left, right, bottom, top):
                seen = (left.value, top.value, right.value, bottom.value)
                edges = seen if edges is None else _union(edges, seen)
            continue
        if units:
            placed = _place(page, edges or (0.0, 0.0, 0.0, 0.0), size)
            if line.left_by(placed):
                lines.append([])
                line = _Line()
            lines[-1].append((_characters(units), placed))
            line.add(placed)
            units, edges = [], None
        if unit in _ENDS:
            lines.append([])
            line = _Line()
    builder = PageBuilder()
    for words in decode_lines(lines):
        for content, placed in words:
            builder.word(content, placed)
        builder.end_line()
    return builder.finish(*size, "pdf")


def _units(layer: pypdfium2.PdfTextPage, count: int) -> Iterator[tuple[int, int]]:
    """Code units and where they stand, white space at the end; without breaks that PDFium supposes inside a word."""
    supposed, last = list[tuple[int, int]](), -1
    for index in range(count):
        unit = raw.FPDFText_GetUnicode(layer, index)
        if unit <= 0x20 and raw.FPDFText_IsGenerated(layer, index) == 1:
            supposed.append((index, unit))
            continue
        if supposed and not (last >= 0 and unit > 0x20 and _adjoin(layer, last, index)):
            yield from supposed
        supposed, last = [], index if unit > 0x20 else -1
        yield index, unit
    yield count, 0x0A


def _adjoin(layer: pypdfium2.PdfTextPage, one: int, two: int) -> bool:
    """Whether letters stand on one line without a gap, as where a letter with marks is of another font."""
    size = raw.FPDFText_GetFontSize(layer, one)
    x, low, high = ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(layer, one, x, low)
    raw.FPDFText_GetCharOrigin(layer, two, x, high)
    left, right = raw.FS_RECTF(), raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(layer, one, left)
    raw.FPDFText_GetLooseCharBox(layer, two, right)
    return bool(abs(low.value - high.value) < 0.1 * size and abs(right.left - left.right) < 0.1 * size)


def _characters(units: list[int]) -> str:
    """PDFium gives UTF-16 units on some platforms and whole code points on others; both end up right."""
    text = "".join(chr(unit) for unit in units if unit <= 0x10FFFF)
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")


def _union(one: Edges, two: Edges) -> Edges:
    # In page space the y axis points up: the top is the larger number.
    return min(one[0], two[0]), max(one[1], two[1]), max(one[2], two[2]), min(one[3], two[3])


def _place(page: pypdfium2.PdfPage, edges: Edges, size: tuple[int, int]) -> Edges:
    """Page space to pixels, through the page's rotation and crop box."""
    left, top, right, bottom = edges
    corners = []
    for across, down in ((left, top), (right, bottom)):
        x, y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, across, down, x, y)
        corners.append((x.value, y.value))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


class _Line:
    """The height of the line in the making."""

    def __init__(self) -> None:
        self.top, self.bottom = float("inf"), float("-inf")

    def left_by(self, edges: Edges) -> bool:
        """Whether a word shares no height with the line: it would swell the line's box over others."""
        return self.bottom > self.top and (edges[1] >= self.bottom or edges[3] <= self.top) and edges[3] > edges[1]

    def add(self, edges: Edges) -> None:
        self.top, self.bottom = min(self.top, edges[1]), max(self.bottom, edges[3])
