"""Marks beside and on a page image: where along the pages the hits are, and a region that somebody links to."""

from collections.abc import Mapping, Sequence

from archive.boxes import Rect

TICKS = 1_000  # units along all pages


def ticks(counts: Mapping[int, int], pages: Sequence[int]) -> str:
    """An SVG path of one tick for each page with hits, in TICKS x 10 units, taller with more hits; "" without any."""
    most = max(counts.values(), default=0)
    wide = max(TICKS / max(len(pages), 1), 4)
    parts = []
    for place, n in enumerate(pages):
        if counts.get(n):
            tall = max(3, round(10 * counts[n] / most))
            parts.append(f"M{place * TICKS / len(pages):.1f} 10v-{tall}h{wide * 0.8:.1f}v{tall}z")
    return "".join(parts)


def read_region(text: str, page: tuple[int, int]) -> Rect | None:
    """``x,y,w,h`` in units of the page, cut off at its edges; None for anything else."""
    parts = text.split(",")
    if len(parts) != 4 or not all(one.isascii() and one.isdigit() and len(one) < 7 for one in parts):
        return None
    x, y, w, h = map(int, parts)
    rect = Rect(x, y, min(w, page[0] - x), min(h, page[1] - y))
    return rect if rect.w > 0 and rect.h > 0 else None
