"""Marks beside and on a page image: where along the pages the hits are, and a region that somebody links to."""

import re
from collections.abc import Mapping, Sequence

from archive.boxes import Rect

TICKS = 1_000  # units along all pages
_PIXELS = re.compile(r"(?:pixel:)?([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})")
_SHARE = r"([0-9]{1,3}(?:\.[0-9]{1,6})?)"
_SHARES = re.compile(f"percent:{','.join([_SHARE] * 4)}")


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
    """``x,y,w,h`` in units of the page or, behind ``percent:``, in hundredths of it (as ``xywh`` of W3C Media Fragments
    and IIIF), cut off at its edges; None for anything else."""
    if plain := _PIXELS.fullmatch(text):
        x, y, w, h = map(int, plain.groups())
    elif shared := _SHARES.fullmatch(text):
        x, y, w, h = (round(float(one) * page[at % 2] / 100) for at, one in enumerate(shared.groups()))
    else:
        return None
    rect = Rect(x, y, min(w, page[0] - x), min(h, page[1] - y))
    return rect if rect.w > 0 and rect.h > 0 else None
