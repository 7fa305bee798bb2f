"""A part of a page that somebody links to (``xywh``), and choosing one without a script: by lines of its text, by its
place in hundredths of the page, or by two corners on a small picture.
"""

from dataclasses import dataclass

from flask import request

from archive.boxes import BoxesError, PageBoxes, Rect, decode, rectangles
from archive.catalogue.records import Page
from archive.lines import TextLine, lines_of
from portal.hits import PageView
from portal.marking import read_region
from portal.numbers import asked_number

PICTURE = 280  # CSS pixels across: a browser tells where in the picture it was touched, not how wide it drew it
CHOOSING = "chon-vung"  # "1", then the first corner
SHARES = ("trai", "tren", "rong", "cao")


@dataclass(frozen=True, slots=True)
class Choosing:
    """What the page shows while a region is chosen: lines to choose from (none without their places), the first corner
    as ``x,y`` in units of the page or "", whether what was chosen is no region."""

    lines: tuple[TextLine, ...]
    corner: str
    wrong: bool
    height: int  # of the picture


def asked_region(view: PageView) -> Rect | None:
    """The region of the address, in units of the page; ``vung`` is how addresses had it before."""
    return read_region(request.args.get("xywh") or request.args.get("vung", ""), (view.width, view.height))


def shares(rect: Rect, view: PageView) -> str:
    """The region in hundredths of the page, as the IIIF Image API has them: whatever the size of the image."""
    sides = ((rect.x, view.width), (rect.y, view.height), (rect.w, view.width), (rect.h, view.height))
    return "pct:" + ",".join(f"{100 * side / whole:.2f}" for side, whole in sides)


def choose(here: Page, view: PageView) -> Choosing | Rect | None:
    """The region that was just chosen, else what it is chosen with; None where the address asks for neither."""
    if not request.args.get(CHOOSING):
        return None
    boxes = _boxes(here, view)
    lines = tuple(lines_of(here.text)) if boxes else ()
    corner, touched = _corner(view), _touched(view)
    found = _of_lines(boxes, lines) or _of_shares(view) or _between(corner, touched)
    if found:
        return found
    first = f"{touched[0]},{touched[1]}" if touched and not corner else ""
    tried = {"tu-dong", "goc.x", *SHARES} & set(request.args)
    return Choosing(lines, first, bool(tried) and not first, round(PICTURE * view.height / view.width))


def _boxes(here: Page, view: PageView) -> PageBoxes | None:
    if here.boxes is None or here.image_sha256 is None:
        return None
    try:
        found = decode(here.boxes).scaled(view.width, view.height)
    except BoxesError:
        return None  # damaged boxes are the sweep's to report
    return found if found.count == len(here.text.split()) else None


def _of_lines(boxes: PageBoxes | None, lines: tuple[TextLine, ...]) -> Rect | None:
    first, last = sorted((asked_number("tu-dong"), asked_number("den-dong") or asked_number("tu-dong")))
    if boxes is None or not 1 <= first <= last <= len(lines):
        return None
    end = lines[last - 1]
    found = rectangles(boxes, lines[first - 1].first_word, end.first_word + len(end.words) - 1)
    if not found:
        return None
    left, top = min(one.x for one in found), min(one.y for one in found)
    return Rect(left, top, max(one.x + one.w for one in found) - left, max(one.y + one.h for one in found) - top)


def _of_shares(view: PageView) -> Rect | None:
    told = [request.args.get(name, "").strip().replace(",", ".") for name in SHARES]
    return read_region(f"percent:{','.join(told)}", (view.width, view.height)) if all(told) else None


def _corner(view: PageView) -> tuple[int, int] | None:
    told = request.args.get(CHOOSING, "").split(",")
    if len(told) != 2 or not all(one.isascii() and one.isdigit() and len(one) < 7 for one in told):
        return None
    return min(int(told[0]), view.width), min(int(told[1]), view.height)


def _touched(view: PageView) -> tuple[int, int] | None:
    """Where on the picture it was touched, in units of the page."""
    if "goc.x" not in request.args:
        return None
    x, y = (asked_number(name, digits=4) * view.width // PICTURE for name in ("goc.x", "goc.y"))
    return min(x, view.width), min(y, view.height)


def _between(one: tuple[int, int] | None, other: tuple[int, int] | None) -> Rect | None:
    if one is None or other is None:
        return None
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return Rect(left, top, right - left, bottom - top) if left < right and top < bottom else None
