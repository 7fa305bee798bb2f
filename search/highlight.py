"""Where a query matches in a text: one highlighter for every engine, over the canonical text of the database.

A query word typed with marks matches by its marked key, one without marks by its folded key; beside words with marks an
unmarked word that stands alone counts only to the mark, if anything does.  y and i, old and new tone placement are one
(`analyzers.tokens`). Engines only find records; what is marked is decided here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from analyzers.tokens import LONGEST, PAGE_BREAK, TOKEN, folded_key, has_marks, marked_key
from search.passages import Mark, choose_passages, cut_out
from search.tree import Query, Word, phrases, runs

LONG_QUESTION = 4
"""From so many words on a single word of the question counts only beside its neighbour."""

_ENDS = itemgetter(0, 1)
_SPACED = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Hit:
    """`text[start:end]` matches; it lies in the white-space separated words first_word..last_word (from 0, both in)."""

    start: int
    end: int
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """Pieces of a text around the best matches: (text, is a match) in order; white space runs are one blank."""

    parts: tuple[tuple[str, bool], ...]


class _Wanted(NamedTuple):
    """One query word: its key with marks, whether it was typed with some, and its place in runs and phrases."""

    marked: str
    typed: bool
    place: int


class _Asked(NamedTuple):
    """What a query asks of a text: words by their folded key, places of single words, lengths of phrases."""

    wanted: dict[str, list[_Wanted]]
    singles: frozenset[int]
    lengths: dict[int, int]  # place of a phrase's first word -> its number of words
    typed: bool  # some word has marks


class _Tokens:
    """The tokens of a text, as `analyzers.tokens.tokenize` has them, without an object for each."""

    def __init__(self, text: str) -> None:
        self.texts = TOKEN.findall(text)
        self._starts = [match.start() for match in TOKEN.finditer(text)]

    def start(self, at: int) -> int:
        return self._starts[at]

    def end(self, at: int) -> int:
        return self._starts[at] + min(len(self.texts[at]), LONGEST)


class _Match(NamedTuple):
    """Tokens first..last of the text, and the places of the query words that they match."""

    first: int
    last: int
    places: frozenset[int]


def locate(query: Query, text: str) -> list[Hit]:
    """The matches of `query` in canonical `text`, in order, never overlapping; [] when nothing matches.

    Phrases match as runs, within a page. Neighbours in the query that are neighbours in the text are one hit. A lone
    word of a question of four words or more counts only if nothing better is there. Excluded words and fields never
    match.
    """
    tokens = _Tokens(text)
    matches = _matches(query, text, tokens)
    if not matches:
        return []
    starts = [match.start() for match in _SPACED.finditer(text)]
    hits = []
    for match in matches:
        start, end = tokens.start(match.first), tokens.end(match.last)
        hits.append(Hit(start, end, bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1))
    return hits


def snippet(query: Query, text: str, width: int = 240) -> Snippet | None:
    """About `width` code points with the most different query words, in up to three pieces where these lie apart;
    None when nothing matches.

    Ends lie between words where words are not longer than the piece, never inside a letter or over a page's end; "…"
    stands where text was left out.
    """
    tokens = _Tokens(text)
    matches = _matches(query, text, tokens)
    if not matches:
        return None
    marks = [Mark(tokens.start(one.first), tokens.end(one.last), one.places) for one in matches]
    return Snippet(cut_out(text, marks, choose_passages(text, marks, width)))


def _matches(query: Query, text: str, tokens: _Tokens) -> list[_Match]:
    """The runs of tokens that match, in order, apart from each other."""
    wanted, singles, lengths, typed = _compile(query)
    if not wanted:
        return []
    words = tokens.texts
    seen: dict[int, set[int]] = {}
    exact: set[int] = set()  # tokens that are a query word to the mark
    for at, candidates in [(at, wanted[key]) for at, key in enumerate(map(folded_key, words)) if key in wanted]:
        marked = marked_key(words[at])
        places = {one.place for one in candidates if not one.typed or one.marked == marked}
        if places:
            seen[at] = places
        if typed and any(one.marked == marked for one in candidates):
            exact.add(at)
    breaks = _breaks(text, tokens, seen) if PAGE_BREAK in text else set()
    links = _links(seen, breaks)
    found = _phrase_runs(seen, links, lengths)
    pairs: dict[int, set[int]] = {}
    for at, there in links.items():
        for place in there & singles:
            if place - 1 in singles:
                pairs.setdefault(at - 1, set()).add(place - 1)
                pairs.setdefault(at, set()).add(place)
    if len(singles) >= LONG_QUESTION and (pairs or found):
        return _merge(found, pairs, links, singles)
    alone = {at: there & singles for at, there in seen.items() if there & singles}
    if typed:
        # Who types marks means "giao" by giao: another word (giáo) counts only beside a neighbour of the question.
        alone = {at: there for at, there in alone.items() if at in exact or at in pairs} or alone
    return _merge(found, alone, links, singles)


def _breaks(text: str, tokens: _Tokens, seen: Iterable[int]) -> set[int]:
    """Those of the tokens before which a page ends."""
    return {at for at in seen if at and PAGE_BREAK in text[tokens.end(at - 1) : tokens.start(at)]}


@lru_cache(maxsize=64)
def _compile(query: Query) -> _Asked:
    """The query as it is looked for; kept, because one answer has many texts."""
    wanted: dict[str, list[_Wanted]] = {}
    singles: set[int] = set()
    lengths: dict[int, int] = {}
    place = 0
    for run in runs(query):
        place = _want(run, place, wanted, singles) + 1  # + 1: the end of one run is no neighbour of the next
    for phrase in phrases(query):
        lengths[place] = len(phrase.words)
        place = _want(phrase.words, place, wanted, set()) + 1
    typed = any(one.typed for many in wanted.values() for one in many)
    return _Asked(wanted, frozenset(singles), lengths, typed)


def _want(words: tuple[Word, ...], place: int, wanted: dict[str, list[_Wanted]], places: set[int]) -> int:
    """Adds words at consecutive places; the place behind the last."""
    for word in words:
        one = _Wanted(marked_key(word.text), has_marks(word.text), place)
        wanted.setdefault(folded_key(word.text), []).append(one)
        places.add(place)
        place += 1
    return place


def _links(seen: dict[int, set[int]], breaks: set[int]) -> dict[int, set[int]]:
    """Token -> its places whose neighbour to the left stands at the token to the left, on the same page."""
    links = {}
    for at, places in seen.items():
        if at - 1 in seen and at not in breaks:
            before = seen[at - 1]
            if there := {place for place in places if place - 1 in before}:
                links[at] = there
    return links


def _phrase_runs(seen: dict[int, set[int]], links: dict[int, set[int]], lengths: dict[int, int]) -> list[_Match]:
    """Every whole phrase in the text."""
    found: list[_Match] = []
    if not lengths:
        return found
    for at, places in seen.items():
        for place in places & lengths.keys():
            length = lengths[place]
            if all(place + step in links.get(at + step, ()) for step in range(1, length)):
                found.append(_Match(at, at + length - 1, frozenset(range(place, place + length))))
    return found


def _merge(
    found: list[_Match], counted: dict[int, set[int]], links: dict[int, set[int]], singles: frozenset[int]
) -> list[_Match]:
    """Phrases and single words in order; neighbours of the query and what overlaps become one."""
    loose = [_Match(at, at, frozenset(places)) for at, places in counted.items()]
    merged: list[_Match] = []
    end = -2  # where the last one ends
    for match in sorted([*found, *loose], key=_ENDS):
        first, ends, places = match
        if first <= end or (first == end + 1 and first == ends and _linked(first, counted, links, singles)):
            last = merged[-1]
            end = max(end, ends)
            merged[-1] = _Match(last.first, end, last.places | places)
        else:
            merged.append(match)
            end = ends
    return merged


def _linked(at: int, counted: dict[int, set[int]], links: dict[int, set[int]], singles: frozenset[int]) -> bool:
    """Whether the token and the one to its left count as neighbours of the query."""
    before, here = counted.get(at - 1), counted.get(at)
    if not before or not here:
        return False
    return any(place in here and place - 1 in before for place in links.get(at, ()) if place in singles)
