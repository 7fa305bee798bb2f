"""Whether the text layer of a PDF page is worth keeping: what legacy fonts wrote is decoded, garbage is left to
recognition.

A layer made by somebody's OCR or with somebody's fonts is believed only as far as its words go (analyzers.legibility).
"""

from collections.abc import Sequence

from analyzers.legacy import decode
from analyzers.legibility import judge
from indexer.extraction.text import EMPTY, Edges, PageText

FEW = 30
"""Words below which the layer of a page that is one picture is a stamp or a page number, not the page's text."""

NO_MARKS = "no-marks"
KEPT = frozenset({"few-words", NO_MARKS})
"""Reasons for which a layer stays until its page is read."""


def settle_layer(page: PageText, *, is_picture: bool) -> tuple[PageText, str]:
    """The text to keep of a layer, and why the page's image is still to be recognised ("": it need not be).

    Reasons: ``no-text``, ``few-words`` and ``no-marks`` (what there is stays until then), or a fault of the layer,
    which is dropped.  ``no-marks``: the layer of a scan is Vietnamese without its marks; whether the paper has some is
    seen when its image is read (archive.accession.recognised).
    """
    if not page.text:
        return EMPTY, "no-text"
    told = judge(page.text)
    if fault := _off_page(page) or told.fault:
        return EMPTY, fault
    if is_picture and told.unmarked:
        return page, NO_MARKS
    return page, "few-words" if is_picture and page.tokens < FEW else ""


def _off_page(page: PageText) -> str:
    """Whether most words lie beside the page, where nobody sees them: the layer of another page, or of another size."""
    if page.boxes is None:
        return ""
    cut = sum(width <= 1 or line.h <= 1 for line in page.boxes.lines for _, width in line.words)  # to the page's edge
    return "off-page" if cut * 2 > page.boxes.count else ""


def decode_lines(lines: Sequence[Sequence[tuple[str, Edges]]]) -> Sequence[Sequence[tuple[str, Edges]]]:
    """Lines of words as the file has them (before any repair: TCVN3 writes ư as a soft hyphen), legacy text decoded.

    Every word keeps its place; the lines come back as they were where nothing is legacy.
    """
    found = decode("\n".join(" ".join(word for word, _ in words) for words in lines))
    if found.encoding is None:
        return lines
    decoded = [line.split(" ") if words else [] for line, words in zip(found.text.split("\n"), lines, strict=False)]
    if [len(words) for words in decoded] != [len(words) for words in lines]:
        return lines
    return [
        [(new, edges) for new, (_, edges) in zip(told, words, strict=True)]
        for told, words in zip(decoded, lines, strict=True)
    ]
