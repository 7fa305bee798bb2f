"""hOCR as Tesseract writes it (well-formed XHTML): words with boxes and confidence."""

import re
from collections.abc import Iterator

from lxml import etree

from indexer.extraction.errors import ExtractionError
from indexer.extraction.markup import forget, number, walk
from indexer.extraction.text import Edges, PageBuilder, PageText

_BOX = re.compile(r"(?:^|;)\s*bbox\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)")
_CONFIDENCE = re.compile(r"(?:^|;)\s*x_wconf\s+(-?[\d.]+)")
_LINES = {"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocrx_line"}
_WORDS = {"ocrx_word", "ocr_word"}


def read_hocr(data: bytes, name: str) -> Iterator[PageText]:
    """The pages (`ocr_page`) of a hOCR file in order, one by one; boxes in pixels of the page's image.

    A page's size is the lower right corner of its `bbox`. Raises ExtractionError for a broken file (also after
    some pages) and for one that has no page.
    """
    found, page = False, None
    size = (0.0, 0.0)
    for event, _, element in walk(data, name, "hOCR"):
        kinds = set((element.get("class") or "").split())
        if event == "start":
            if "ocr_page" in kinds:
                _, _, *corner = _box(element)
                found, page, size = True, PageBuilder(), (corner[0], corner[1])
        elif page is None:
            continue
        elif kinds & _WORDS:
            page.word("".join(str(part) for part in element.itertext()), _box(element), _confidence(element))
        elif kinds & _LINES:
            page.end_line()
        elif "ocr_par" in kinds:
            page.end_paragraph()
        elif "ocr_page" in kinds:
            yield page.finish(*size, "hocr")
            page = None
            forget(element)
    if not found:
        raise ExtractionError(f"Tệp hOCR «{name}» không có trang nào (không có phần tử ocr_page).")


def _box(element: etree._Element) -> Edges:
    match = _BOX.search(element.get("title") or "")
    if not match:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = (number(part) for part in match.groups())
    return left, top, right, bottom


def _confidence(element: etree._Element) -> float | None:
    match = _CONFIDENCE.search(element.get("title") or "")
    return number(match[1]) / 100 if match else None
