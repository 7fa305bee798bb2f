"""Words of a page that the machine was not sure of: in its text and on its image, where a reader asks to see them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from archive.boxes import UNTOLD, BoxesError, Rect, decode
from archive.catalogue.records import Page
from search.highlight import Hit
from search.marking import Piece, mark_graded

MUCH = 60
"""Percent below which a word is much in doubt: recognised words are wrong more often than right there."""

SOME = 85
"""Percent below which a word is somewhat in doubt."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """How each word of a page is doubted ("", ``some``, ``much``; empty where no word's confidence is known), and where
    the doubted ones lie on the image, in units of the page."""

    grades: tuple[str, ...] = ()
    boxes: tuple[tuple[Rect, str], ...] = ()

    @property
    def told(self) -> bool:
        """Whether the confidence of single words is known."""
        return bool(self.grades)

    def count(self, grade: str) -> int:
        """How many words have that grade."""
        return self.grades.count(grade)


def find_doubts(page: Page, size: tuple[int, int]) -> Doubts:
    """The doubts about a page whose image counts ``size`` units; none are told where its source did not tell them."""
    try:
        boxes = decode(page.boxes).scaled(*size) if page.boxes else None
    except BoxesError:
        return Doubts()
    if boxes is None or not boxes.confidence or boxes.count != len(page.text.split()):
        return Doubts()
    grades = tuple(map(_grade, boxes.confidence))
    places = (Rect(x, line.y, w, line.h) for line in boxes.lines for x, w in line.words)
    return Doubts(grades, tuple((place, grade) for place, grade in zip(places, grades, strict=True) if grade))


def _grade(sure: int) -> str:
    if sure == UNTOLD or sure >= SOME:
        return ""
    return "much" if sure < MUCH else "some"


def mark_doubts(text: str, hits: Sequence[Hit], doubts: Doubts) -> Markup:
    """The text with its hits and its doubted words marked; a hit may cover parts of words, and several."""
    words = zip(re.finditer(r"\S+", text), doubts.grades, strict=False)
    doubted = [(word.start(), word.end(), grade) for word, grade in words if grade]
    edges = {0, len(text)} | {edge for start, end, _ in doubted for edge in (start, end)}
    edges |= {edge for hit in hits for edge in (hit.start, hit.end)}
    cuts = sorted(edges)
    pieces, at, now = list[Piece](), 0, 0
    for start, end in pairwise(cuts):
        while at < len(doubted) and doubted[at][1] <= start:
            at += 1
        while now < len(hits) and hits[now].end <= start:
            now += 1
        grade = doubted[at][2] if at < len(doubted) and doubted[at][0] <= start else ""
        pieces.append((text[start:end], now < len(hits) and hits[now].start <= start, grade))
    return mark_graded(pieces)
