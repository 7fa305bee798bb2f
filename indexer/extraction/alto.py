"""ALTO, versions 2 to 4 (Library of Congress): words with boxes and confidence."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from indexer.extraction.errors import ExtractionError
from indexer.extraction.markup import forget, number, walk
from indexer.extraction.text import Edges, PageBuilder, PageText

DEFAULT_DPI = 300.0
"""Resolution taken for files in millimetres or inches when nobody knows better."""

_PER_INCH = {"mm10": 254.0, "inch1200": 1200.0}


def read_alto(data: bytes, name: str, *, dpi: float = DEFAULT_DPI) -> Iterator[PageText]:
    """The pages of an ALTO file in order, one by one.

    Boxes are in pixels: as they stand for unit `pixel`, through `dpi` for `mm10` (1/10 mm) and `inch1200`
    (1/1200 inch). Who knows the page's image scales them with `PageBoxes.scaled`. A page whose size is missing
    or wrong takes it from its print space, else from its words. A hyphenated word stands whole at its first part.
    Raises ExtractionError for a broken file (also after some pages) and for one that has no page.
    """
    found, scale, page, by_tesseract = False, 1.0, None, False
    for event, tag, element in walk(data, name, "ALTO"):
        if event == "start":
            if tag == "Page":
                found, page = True, _Page(scale, number(element.get("WIDTH")), number(element.get("HEIGHT")))
                page.by_tesseract = by_tesseract
        elif tag == "softwareName":
            by_tesseract = "tesseract" in (element.text or "").lower()
        elif tag == "MeasurementUnit":
            unit = (element.text or "").strip()
            scale = dpi / _PER_INCH[unit] if unit in _PER_INCH else 1.0
        elif page is not None:
            page.take(tag, element)
            if tag == "Page":
                yield page.finish()
                page = None
                forget(element)
            elif tag == "TextBlock":
                element.clear()
    if not found:
        raise ExtractionError(f"Tệp ALTO «{name}» không có trang nào (không có phần tử Page).")


@dataclass
class _Page:
    """An ALTO page in the making."""

    scale: float
    width: float
    height: float
    by_tesseract: bool = False
    builder: PageBuilder = field(default_factory=PageBuilder)
    pending: tuple[str, Edges, float | None] | None = None
    broken: bool = False
    right: float = 0.0
    bottom: float = 0.0

    def take(self, tag: str, element: etree._Element) -> None:
        """One finished element."""
        if tag == "String":
            self._string(element)
        elif tag == "HYP":
            self._hyphen(element)
        elif tag == "TextLine":
            self._flush()
            self.builder.end_line()
        elif tag == "TextBlock":
            self._flush()
            self.builder.end_paragraph()
        elif tag == "PrintSpace" and not (self.width > 0 and self.height > 0):
            _, _, self.width, self.height = self._edges(element, 1.0)

    def finish(self) -> PageText:
        """The page, when its last element is in."""
        self._flush()
        width, height = self.width * self.scale, self.height * self.scale
        # A page smaller than its words is an error of the writer; boxes outside the page would help nobody.
        return self.builder.finish(max(width, self.right), max(height, self.bottom), "alto")

    def _string(self, element: etree._Element) -> None:
        content, role = element.get("CONTENT") or "", element.get("SUBS_TYPE")
        whole = element.get("SUBS_CONTENT") or ""
        if role == "HypPart2" and self.broken:
            self.broken = False
            return
        self._flush()
        self.broken = role == "HypPart1" and bool(whole.strip())
        self.pending = (
            whole if self.broken else content,
            self._edges(element, self.scale),
            self._confidence(element.get("WC")),
        )

    def _confidence(self, told: str | None) -> float | None:
        if told is None:
            return None
        # Tesseract writes its percentage behind "0.": 9 % as 0.9, and a sure word as 0.100 (seen in 5.3).
        if self.by_tesseract and told[:2] == "0." and told[2:].isdecimal():
            return int(told[2:]) / 100
        return number(told)

    def _hyphen(self, element: etree._Element) -> None:
        """A hyphen at the end of a line belongs to the word before it, unless that already stands whole."""
        if self.pending is None or self.broken:
            return
        content, edges, confidence = self.pending
        hyphen = self._edges(element, self.scale)
        self.pending = (
            content + (element.get("CONTENT") or "-"),
            (edges[0], edges[1], max(edges[2], hyphen[2]), edges[3]),
            confidence,
        )

    def _flush(self) -> None:
        if self.pending is not None:
            content, edges, confidence = self.pending
            self.builder.word(content, edges, confidence)
            self.right, self.bottom = max(self.right, edges[2]), max(self.bottom, edges[3])
            self.pending = None

    def _edges(self, element: etree._Element, scale: float) -> Edges:
        left, top = number(element.get("HPOS")) * scale, number(element.get("VPOS")) * scale
        right = left + number(element.get("WIDTH")) * scale
        return left, top, right, top + number(element.get("HEIGHT")) * scale
