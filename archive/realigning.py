"""Word boxes after a line was corrected: what stays keeps its box, what changed shares the room of what it replaced."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from archive.boxes import UNTOLD, Line, PageBoxes


class Place(NamedTuple):
    """Where a word lies, in the units of its page, and how sure the machine was of it (archive.boxes)."""

    y: int
    h: int
    x: int
    w: int
    sure: int


def replace_words(boxes: PageBoxes, first: int, old: Sequence[str], new: Sequence[str]) -> PageBoxes:
    """The boxes with the words ``new`` in the place of ``old``, which begin with the ``first``-th word of the page.

    A person has looked at them all: none of them is doubted any more.  Neither may be empty.
    """
    there = _places(boxes)[first : first + len(old)]
    made = list[Place]()
    for i1, i2, j1, j2, same in _runs(old, new):
        made += there[i1:i2] if same else _share(there[i1:i2], new[j1:j2])
    return _with(boxes, first, len(old), [one._replace(sure=UNTOLD) for one in made])


def cut_words(boxes: PageBoxes, first: int, count: int) -> PageBoxes:
    """Boxes of these words only, of the same page."""
    return _page(boxes, _places(boxes)[first : first + count])


def put_words(boxes: PageBoxes, first: int, count: int, kept: PageBoxes) -> PageBoxes:
    """The boxes with those that were cut put back in the place of ``count`` words from the ``first`` on."""
    return _with(boxes, first, count, _places(kept.scaled(boxes.width, boxes.height)))


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int, bool]]:
    """What became what: old[i1:i2] to new[j1:j2], and whether it stayed; what vanished is left out.  A word that came
    out of nothing shares the room of its neighbour, which is one that stayed."""
    found = list[tuple[int, int, int, int, bool]]()
    ahead = False  # words came before the first one
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "insert" and found:
            a, b, c, d, same = found.pop()
            found += [(a, b - 1, c, d - 1, True), (b - 1, b, d - 1, j2, False)] if same else [(a, b, c, j2, False)]
        elif kind == "insert":
            ahead = True
        elif ahead:
            found += [(i1, i1 + 1, 0, j1 + 1, False)] + [(i1 + 1, i2, j1 + 1, j2, True)] * (i1 + 1 < i2)
            ahead = False
        elif kind != "delete":
            found.append((i1, i2, j1, j2, kind == "equal"))
    return found


def _share(room: Sequence[Place], words: Sequence[str]) -> list[Place]:
    """Places for words in the room of others, in order: each takes several of these, or several share one by length."""
    m, k = len(room), len(words)
    if k <= m:
        runs = (room[j * m // k : (j + 1) * m // k] for j in range(k))
        return [_joined([one for one in run if (one.y, one.h) == (run[0].y, run[0].h)]) for run in runs]
    parts = (_split(place, words[i * k // m : (i + 1) * k // m]) for i, place in enumerate(room))
    return [one for part in parts for one in part]


def _joined(run: Sequence[Place]) -> Place:
    left = min(one.x for one in run)
    return run[0]._replace(x=left, w=max(one.x + one.w for one in run) - left)


def _split(place: Place, words: Sequence[str]) -> Iterable[Place]:
    total, done = sum(map(len, words)) + len(words) - 1, 0
    for word in words:
        start, end = place.w * done // total, place.w * (done + len(word)) // total
        yield place._replace(x=place.x + start, w=max(end - start, 1))
        done += len(word) + 1


def _places(boxes: PageBoxes) -> list[Place]:
    sure = boxes.confidence or (UNTOLD,) * boxes.count
    words = ((line.y, line.h, x, w) for line in boxes.lines for x, w in line.words)
    return [Place(*word, one) for word, one in zip(words, sure, strict=True)]


def _with(boxes: PageBoxes, first: int, count: int, places: Sequence[Place]) -> PageBoxes:
    all_places = _places(boxes)
    return _page(boxes, [*all_places[:first], *places, *all_places[first + count :]])


def _page(boxes: PageBoxes, places: Sequence[Place]) -> PageBoxes:
    """Neighbours of one top and height are one line."""
    lines = tuple(
        Line(y, h, tuple((one.x, one.w) for one in run))
        for (y, h), run in groupby(places, key=lambda place: (place.y, place.h))
    )
    sure = tuple(one.sure for one in places)
    return PageBoxes(boxes.width, boxes.height, lines, sure if any(one != UNTOLD for one in sure) else ())
