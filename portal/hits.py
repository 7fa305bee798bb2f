"""Hits of a question inside one record: which pages, how many places, and where they lie on the image."""

from dataclasses import dataclass, field
from itertools import pairwise

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.boxes import BoxesError, Rect, decode, rectangles
from archive.catalogue.records import Page, Record
from portal.doubts import Doubts, find_doubts, mark_doubts
from portal.house import house
from portal.viewing import viewer
from search.criteria import Criteria
from search.errors import SearchDownError
from search.highlight import Hit, locate
from search.marking import mark
from search.tree import Query
from search.understanding import understand

NEARLY = 0.7  # of the longest line of a page
ENDS = ".;:!?"
PAGE_UNITS = (1240, 1754)  # an A4 page at 150 dpi, where no size is recorded


@dataclass(frozen=True, slots=True)
class Inside:
    """The question, and on which pages how many places match."""

    query: Query | None = None
    counts: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All places."""
        return sum(self.counts.values())

    def before(self, n: int) -> int:
        """Places on the pages before page ``n``."""
        return sum(count for m, count in self.counts.items() if m < n)

    def step(self, place: int) -> tuple[int, int] | None:
        """Page and place on that page (both from 1) of the ``place``-th hit of all, or None."""
        for n in sorted(self.counts):
            if 1 <= place <= self.counts[n]:
                return n, place
            place -= self.counts[n]
        return None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a hit in units of the page image; ``now`` for the hit that is looked at."""

    rect: Rect
    now: bool


@dataclass(frozen=True, slots=True)
class PageView:
    """A page ready to be shown: its size, the rectangles, the marked text; the hit looked at and its neighbours.

    ``now`` counts from 1 through all pages, 0 without a hit here; ``previous`` and ``next`` are (page, place on it).
    """

    n: int
    width: int
    height: int
    has_image: bool
    boxes: tuple[Box, ...]
    text: Markup
    length: int
    source: str
    confidence: float | None
    hits: int
    now: int
    previous: tuple[int, int] | None
    next: tuple[int, int] | None
    doubts: Doubts | None  # None: not asked for


MOST_PAGES_WITHOUT_INDEX = 500
AROUND = 60  # characters before and after a hit in a list


@dataclass(frozen=True, slots=True)
class Found:
    """A hit anywhere in a record: page, place on it (from 1), the words before, its own and after, its rectangles if
    they were asked for, one a line, in units of the page."""

    n: int
    place: int
    before: str
    match: str
    after: str
    rects: tuple[Rect, ...]


#: Units left around what a large image opens at: it must not lie at the very edge.
MARGIN = 24


def opening(page: Page, view: PageView, region: Rect | None) -> Rect | None:
    """What a large image opens at, in units of the page: the region that is linked to, the hit that is looked at, the
    first one, else where the text begins; None where nothing is known of the places of words."""
    hit = region or next((box.rect for box in sorted(view.boxes, key=lambda box: not box.now)), None)
    if hit is None:
        try:
            lines = decode(page.boxes).scaled(view.width, view.height).lines if page.boxes else ()
        except BoxesError:
            return None
        starts = [Rect(line.words[0][0], line.y, line.words[0][1], line.h) for line in lines if line.words]
        if not starts:
            return None
        top = min(starts, key=lambda one: one.y)
        hit = Rect(min(one.x for one in starts), top.y, top.w, top.h)
    x, y = max(0, hit.x - MARGIN), max(0, hit.y - MARGIN)
    return Rect(x, y, hit.x + hit.w + MARGIN - x, hit.y + hit.h + MARGIN - y)


def find_all(
    session: Session, record: Record, inside: Inside, start: int = 1, size: int = 100, *, boxed: bool = False
) -> list[Found]:
    """The hits of a record in reading order, ``size`` of them from the ``start``-th on (from 1).  Only for one who may
    read it.  ``boxed``: with their rectangles; an image that readers are not shown gives none."""
    found: list[Found] = []
    at = 0
    for n in sorted(inside.counts):
        if at + inside.counts[n] < start or len(found) >= size:
            at += inside.counts[n]
            continue
        page = session.get(Page, (record.id, n))
        hits = locate(inside.query, page.text) if page is not None and inside.query is not None else []
        for place, hit in enumerate(hits, 1):
            if page is not None and at + place >= start and len(found) < size:
                found.append(_found(page, place, hit, boxed=boxed and not page.is_image_closed))
        at += len(hits)
    return found


def _found(page: Page, place: int, hit: Hit, *, boxed: bool) -> Found:
    text = page.text
    before = " ".join(text[max(0, hit.start - AROUND) : hit.start].split(" ")[1 if hit.start > AROUND else 0 :])
    after = text[hit.end : hit.end + AROUND]
    if hit.end + AROUND < len(text):
        after = after.rpartition(" ")[0]
    rects = tuple(box.rect for box in _boxes(page, [hit], 0, page_size(page))) if boxed else ()
    return Found(page.n, place, _plain(before), _plain(text[hit.start : hit.end]), _plain(after), rects)


def _plain(text: str) -> str:
    """White space runs as one blank, those at the ends kept."""
    words = " ".join(text.split())
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if words and text[-1:].isspace() else ''}"


def search_inside(session: Session, record: Record, criteria: Criteria, pages: frozenset[int] | None = None) -> Inside:
    """Where the question matches in the record's own pages; raises QueryError.  Only for one who may read it, or, by a
    grant on pages, those ``pages``: no index knows them for him, so they are read."""
    if pages is not None:
        found = sorted(pages)[:MOST_PAGES_WITHOUT_INDEX]
        return _counted(session, record, understand(criteria).marked, found)
    try:
        query = house().gateway.marked(viewer(), criteria)
        found = list(house().gateway.inside(viewer(), record.public_id, criteria))
    except SearchDownError as error:  # the page can be read all the same; at most as many pages as an index names
        current_app.logger.error("search: %s", error)
        query = understand(criteria).marked  # no word is corrected then
        found = list(range(1, min(record.page_count, MOST_PAGES_WITHOUT_INDEX) + 1))
    return _counted(session, record, query, found)


def _counted(session: Session, record: Record, query: Query, found: list[int]) -> Inside:
    """The hits on each of these pages."""
    rows = session.execute(select(Page.n, Page.text).where(Page.record_id == record.id, Page.n.in_(found)))
    counts = {n: len(locate(query, text)) for n, text in rows}
    return Inside(query, {n: count for n, count in counts.items() if count})


def page_size(page: Page) -> tuple[int, int]:
    """Width and height of the page in its own units; A4's where none are recorded."""
    return page.width or PAGE_UNITS[0], page.height or PAGE_UNITS[1]


def view_page(page: Page, inside: Inside, wanted: int, original: str = "", *, doubted: bool = False) -> PageView:
    """The page with its hits; ``wanted`` is the hit on this page to look at, from 1 (0: the first).

    ``original``: the page's text with nothing masked, of the same length, to be shown in its place.  ``doubted``: with
    the words marked that the machine was not sure of.
    """
    hits = locate(inside.query, page.text) if inside.query is not None else []
    current = min(max(wanted, 1), len(hits))
    width, height = page_size(page)
    now = inside.before(page.n) + current if hits else 0
    doubts = find_doubts(page, (width, height)) if doubted else None
    text = flowing(original or page.text)
    return PageView(
        n=page.n,
        width=width,
        height=height,
        has_image=page.image_sha256 is not None,
        boxes=_boxes(page, hits, current, (width, height)),
        text=mark_doubts(text, hits, doubts) if doubts else _marked(text, hits),
        length=len(page.text),
        source=page.text_source,
        confidence=page.confidence,
        hits=len(hits),
        now=now,
        previous=inside.step(now - 1) if hits else inside.step(inside.before(page.n)),
        next=inside.step(now + 1) if hits else inside.step(inside.before(page.n) + 1),
        doubts=doubts,
    )


def _boxes(page: Page, hits: list[Hit], current: int, size: tuple[int, int]) -> tuple[Box, ...]:
    if not hits or page.boxes is None or page.image_sha256 is None:
        return ()
    try:
        boxes = decode(page.boxes).scaled(*size)
    except BoxesError:
        return ()  # the text keeps its marks; damaged boxes are the sweep's to report
    return tuple(
        Box(rect, place == current)
        for place, hit in enumerate(hits, 1)
        for rect in rectangles(boxes, hit.first_word, hit.last_word)
    )


def flowing(text: str) -> str:
    """The text of a page with the ends of lines inside a sentence as blanks: as long as it was, so places stay.

    A line goes on where it is nearly as long as the longest, no mark ends it and the next begins with a small letter.
    """
    lines = text.split("\n")
    long = NEARLY * max(map(len, lines))
    said = [lines[0]]
    for before, line in pairwise(lines):
        goes_on = len(before) >= long and before[-1:].strip(ENDS) and line[:1].islower() and line[1:2] not in {".", ")"}
        said += [" " if goes_on else "\n", line]
    return "".join(said)


def _marked(text: str, hits: list[Hit]) -> Markup:
    parts, at = [], 0
    for hit in hits:
        parts += [(text[at : hit.start], False), (text[hit.start : hit.end], True)]
        at = hit.end
    return mark((*parts, (text[at:], False)))
