"""The canonical text of a page: words joined by one space, lines by one newline, paragraphs by an empty line.

Tokens of that text are what `str.split()` gives; the n-th token owns the n-th word box.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from analyzers.normal import canon
from archive.boxes import LONGEST_SIDE, UNTOLD, PageBoxes, build

TextSource = Literal["sidecar", "alto", "hocr", "pdf", "word", "ocr", "none"]

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom of a word."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page, its boxes if known, where it came from, and the mean word confidence (0..1)."""

    text: str
    boxes: PageBoxes | None
    source: TextSource
    confidence: float | None

    @property
    def tokens(self) -> int:
        """Number of words."""
        return len(self.text.split())


EMPTY = PageText("", None, "none", None)
"""A page without text."""


def tokenise(word: str) -> list[str]:
    """The canonical tokens of what a source calls one word: none, one, or several if it holds spaces."""
    return canon(word).split()


def canonise(text: str) -> str:
    """Canonical text of a page given as plain text; runs of empty lines count as one."""
    lines: list[str] = []
    for line in canon(text).split("\n"):
        joined = " ".join(line.split())
        if joined or (lines and lines[-1]):
            lines.append(joined)
    return "\n".join(lines).strip("\n")


@dataclass
class PageBuilder:
    """Collects words with boxes into a PageText; text and boxes agree by construction.

    `word` adds to the line, `end_line` and `end_paragraph` close; `finish` gives the page.
    """

    texts: list[str] = field(default_factory=list)
    lines: list[list[Edges]] = field(default_factory=list)
    _tokens: list[str] = field(default_factory=list)
    _edges: list[Edges] = field(default_factory=list)
    _confidences: list[float] = field(default_factory=list)
    _certain: list[int] = field(default_factory=list)

    def word(self, content: str, edges: Edges, confidence: float | None = None) -> None:
        """One word of a source; if it holds several tokens they share the box by their lengths."""
        tokens = tokenise(content)
        total, done = sum(map(len, tokens)) + max(len(tokens) - 1, 0), 0
        left, top, right, bottom = edges
        for token in tokens:
            start = left + (right - left) * done / total
            end = left + (right - left) * (done + len(token)) / total
            self._tokens.append(token)
            self._edges.append((start, top, end, bottom))
            done += len(token) + 1
        sure = None if confidence is None else min(max(confidence, 0.0), 1.0)
        if tokens and sure is not None:
            self._confidences.append(sure)
        self._certain += [UNTOLD if sure is None else round(sure * 100)] * len(tokens)

    def end_line(self) -> None:
        """Closes the line, if it has words."""
        if self._tokens:
            self.texts.append(" ".join(self._tokens))
            self.lines.append(self._edges)
            self._tokens, self._edges = [], []

    def end_paragraph(self) -> None:
        """Closes the line and puts an empty one after it."""
        self.end_line()
        if self.texts and self.texts[-1]:
            self.texts.append("")

    def finish(self, width: float, height: float, source: TextSource) -> PageText:
        """The page of `width` x `height` units; without a usable size it has text and no boxes."""
        self.end_line()
        text = "\n".join(self.texts).strip("\n")
        confidence = sum(self._confidences) / len(self._confidences) if self._confidences else None
        if not text:
            return PageText("", None, "none", None)
        usable = 0.5 < width <= LONGEST_SIDE and 0.5 < height <= LONGEST_SIDE
        certain = self._certain if self._confidences else ()
        boxes = build(max(round(width), 1), max(round(height), 1), self.lines, certain) if usable else None
        return PageText(text, boxes, source, confidence)


def join_pages(pages: Iterable[PageText]) -> PageText:
    """Several pages of text as one, without boxes; what a page gets when one file holds more than its page."""
    texts = [page for page in pages if page.text]
    if len(texts) < 2:
        return texts[0] if texts else EMPTY
    return PageText("\n\n".join(page.text for page in texts), None, texts[0].source, None)
