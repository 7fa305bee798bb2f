"""Which pieces of a text a snippet shows: at most three, together no longer than one, with the most different words."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from analyzers.cutting import ELLIPSIS, letter_start
from analyzers.tokens import PAGE_BREAK

MOST_PASSAGES = 3
_MOST_MARKS = 64  # looked at in one window
_SPACES = re.compile(r"\s+")

Parts = tuple[tuple[str, bool], ...]
Places = int  # bits, one for each word of the question


class Mark(NamedTuple):
    """`text[start:end]` matches the words of the question at `places`."""

    start: int
    end: int
    places: Places


def choose_passages(text: str, marks: Sequence[Mark], width: int) -> list[tuple[int, int]]:
    """Pieces of `text` (start, end) in order, apart, together at most `width` long unless one match is longer.

    One piece where it holds every word that matches anywhere; two or three shorter ones only where they hold more.
    `marks` are in order, and there is one at least.
    """
    pages, places = _pages(text, marks), [mark.places for mark in marks]
    starts, ends = [mark.start for mark in marks], [mark.end for mark in marks]
    wanted = _together(places).bit_count()
    best: list[tuple[int, int]] = []
    most = 0
    for number in range(1, MOST_PASSAGES + 1):
        chosen = _groups(_within(starts, ends, pages, width // number), places, number)
        held = _together([_together(places[first : last + 1]) for first, last in chosen]).bit_count()
        if held > most:
            best, most = chosen, held
        if most == wanted:
            break
    return _widened(text, [(marks[first].start, marks[last].end) for first, last in sorted(best)], width // len(best))


def cut_out(text: str, marks: Sequence[Mark], pieces: Sequence[tuple[int, int]]) -> Parts:
    """The pieces as (text, is a match) in order, "…" where text was left out, white space runs as one blank."""
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in pieces:
        if text[at:start].strip():
            parts.append((f" {ELLIPSIS} " if parts else ELLIPSIS, False))
        elif parts:
            parts.append((" ", False))
        at = start
        for mark in marks:
            if mark.end > start and mark.start < end:
                first, last = max(mark.start, start), min(mark.end, end)
                parts += [(text[at:first], False), (text[first:last], True)]
                at = last
        parts.append((text[at:end], False))
        at = end
    if text[at:].strip():
        parts.append((ELLIPSIS, False))
    return _joined(parts)


def _pages(text: str, marks: Sequence[Mark]) -> list[int]:
    """The page of each mark, counted by the breaks before it."""
    if PAGE_BREAK not in text:
        return [0] * len(marks)
    found, page, at = [], 0, 0
    for mark in marks:
        page += text.count(PAGE_BREAK, at, mark.start)
        at = mark.start
        found.append(page)
    return found


def _together(places: Sequence[Places]) -> Places:
    return reduce(or_, places, 0)


def _groups(groups: list[tuple[int, int]], places: list[Places], number: int) -> list[tuple[int, int]]:
    """First and last mark of at most `number` windows, each the one with the most words that no earlier one holds."""
    chosen: list[tuple[int, int]] = []
    held: Places = 0
    while len(chosen) < number:
        group = _best(groups, places, held, chosen)
        if group is None:
            break
        chosen.append(group)
        held |= _together(places[group[0] : group[1] + 1])
    return chosen


def _within(starts: list[int], ends: list[int], pages: list[int], width: int) -> list[tuple[int, int]]:
    """For each mark, as the first, the last one that a window on the same page may hold."""
    groups = []
    behind = 1  # the last mark of the window
    for first, start in enumerate(starts):
        behind, most, page = max(behind, first + 1), start + width, pages[first]
        while behind < len(ends) and ends[behind] <= most and pages[behind] == page:
            behind += 1
        groups.append((first, min(behind - 1, first + _MOST_MARKS)))
    return groups


def _best(
    groups: list[tuple[int, int]], places: list[Places], held: Places, taken: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """The window with the most different new words, then most matches, then the first; None without a new word."""
    most, longest, choice, end = 0, 0, None, -1
    for first, last in groups:
        if last == end:  # a part of the one before it
            continue
        if taken and any(first <= other_last and other_first <= last for other_first, other_last in taken):
            continue
        end = last
        new = (_together(places[first : last + 1]) & ~held).bit_count()
        if new > most or (new == most and new and last - first > longest):
            most, longest, choice = new, last - first, (first, last)
    return choice


def _widened(text: str, spans: list[tuple[int, int]], width: int) -> list[tuple[int, int]]:
    """Each span with as much around it as the width allows, never over a page's end or into its neighbour."""
    pieces: list[tuple[int, int]] = []
    for at, (start, end) in enumerate(spans):
        low = max(pieces[-1][1] if pieces else 0, text.rfind(PAGE_BREAK, 0, start) + 1)
        high = text.find(PAGE_BREAK, end)
        high = min(len(text) if high < 0 else high, spans[at + 1][0] if at + 1 < len(spans) else len(text))
        pieces.append(_window(text, start, end, width, low, high))
    return pieces


def _window(text: str, start: int, end: int, width: int, low: int, high: int) -> tuple[int, int]:
    """The piece of text[low:high] around start..end: at most `width` long, whole words where that keeps the match."""
    if end - start >= width:
        return start, max(letter_start(text, start + width), min(start + 1, len(text)))
    spare = width - (end - start)
    left = max(low, start - spare // 2)
    right = min(high, left + width)
    left = max(low, right - width)
    left, right = letter_start(text, left), letter_start(text, right)
    if left > low and not text[left - 1].isspace():
        space = _SPACES.search(text, left, start)
        left = space.end() if space else start
    if right < high and not text[right].isspace():
        spaces = [match.start() for match in _SPACES.finditer(text, end, right)]
        right = spaces[-1] if spaces else end
    return left, right


def _joined(parts: list[tuple[str, bool]]) -> Parts:
    """Parts with white space runs as one blank, none at the ends, empty ones left out."""
    kept: list[tuple[str, bool]] = []
    for text, is_hit in parts:
        if not text.isprintable() or "  " in text:  # of white space only a blank is printable
            text = _SPACES.sub(" ", text)
        if not kept or kept[-1][0] == ELLIPSIS or kept[-1][0].endswith(" "):
            text = text.lstrip(" ")
        if text:
            kept.append((text, is_hit))
    while kept and not kept[-1][1] and not kept[-1][0].strip():
        kept.pop()
    if kept and kept[-1][0] == ELLIPSIS and len(kept) > 1:
        kept[-2] = (kept[-2][0].rstrip(" "), kept[-2][1])
    elif kept:
        kept[-1] = (kept[-1][0].rstrip(" "), kept[-1][1])
    return tuple(part for part in kept if part[0])
