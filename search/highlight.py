"""Where a query matches in a text: one highlighter for every engine, over the canonical text of the database.

A query word typed with marks matches by its marked key, or where a text may have lost its marks (a word without any
that is no other word); one without marks by its folded key.  Where nothing matches so, neighbours of the query do by
their folded keys, since texts are misread (`search.matching` finds them).  Beside words with marks an unmarked word
that stands alone counts only to the mark, if anything does.  y and i, old and new tone placement are one
(`analyzers.tokens`). Engines only find records; what is marked is decided here.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count
from typing import NamedTuple

from analyzers.tokens import LONGEST, PAGE_BREAK, TOKEN, folded_key, has_marks, marked_key
from archive.syllables import may_have_lost_marks
from search.passages import Mark, Places, choose_passages, cut_out
from search.tree import Query, Word, phrases, runs

LONG_QUESTION = 4
"""From so many words on a single word of the question counts only beside its neighbour."""

Links = dict[int, Places]  # by the place of a token in its text

_SPACED = re.compile(r"\S+")
_PARTED = re.compile(f"({TOKEN.pattern})")
_SPELLINGS = 4_096  # kept of one query, which it met in texts


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
    """One query word: its key with marks, whether it was typed with some, and the bit of its place."""

    marked: str
    typed: bool
    place: Places


class _Tokens:
    """The tokens of a text, as `analyzers.tokens.tokenize` has them, without an object for each."""

    def __init__(self, text: str) -> None:
        self._parts = _PARTED.split(text)  # what is between two tokens, a token, and so on
        self.texts = self._parts[1::2]

    def spans(self, found: Sequence["_Match"]) -> list[tuple[int, int]]:
        """Where the runs of tokens stand in the text."""
        ends, texts = list(accumulate(map(len, self._parts))), self.texts
        return [(ends[2 * first], ends[2 * last] + min(len(texts[last]), LONGEST)) for first, last, _ in found]

    def begins_page(self, at: int) -> bool:
        """Whether a page ends before the token."""
        return PAGE_BREAK in self._parts[2 * at]


class _Match(NamedTuple):
    """Tokens first..last of the text, and the places of the query words that they match."""

    first: int
    last: int
    places: Places


class _Spellings(dict[str, Places]):
    """A token as it stands in a text -> the places of the query words that it matches; bounded."""

    def __init__(self, wanted: Mapping[str, Sequence[_Wanted]], any_marks: bool = False) -> None:
        super().__init__()
        self._wanted, self._any = wanted, any_marks

    def of(self, tokens: Sequence[str]) -> list[Places]:
        """The places of each token.  Most are no word of the query: those are told from the others all at once."""
        new = list(set(tokens).difference(self))
        self.update(dict.fromkeys(new, 0))
        for token in compress(new, map(self._wanted.__contains__, map(folded_key, new))):
            self[token] = self._places(token)
        places = list(map(self.__getitem__, tokens))
        if len(self) > _SPELLINGS or max(map(len, new), default=0) > LONGEST:
            self.clear()
        return places

    def _places(self, token: str) -> Places:
        marked, loose = marked_key(token), self._any or may_have_lost_marks(token)
        places = 0
        for one in self._wanted[folded_key(token)]:
            if loose or not one.typed or one.marked == marked:
                places |= one.place
        return places

    def is_exact(self, token: str) -> bool:
        """Whether the token is a query word to the mark."""
        marked = marked_key(token)
        return any(one.marked == marked for one in self._wanted.get(folded_key(token), ()))


class Marker:
    """What a query asks of texts; one is made for all texts of an answer.  Places are bits: neighbours stand side by
    side, and a set of them is one number."""

    def __init__(self, query: Query) -> None:
        wanted: dict[str, list[_Wanted]] = {}
        self._singles: Places = 0
        self._lengths: dict[int, int] = {}  # place of a phrase's first word -> its number of words
        place = 0
        for run in runs(query):
            self._singles |= (1 << len(run)) - 1 << place
            place = _want(run, place, wanted) + 1  # + 1: the end of one run is no neighbour of the next
        for phrase in phrases(query):
            self._lengths[place] = len(phrase.words)
            place = _want(phrase.words, place, wanted) + 1
        self._firsts: Places = sum(1 << place for place in self._lengths)
        self._typed = any(one.typed for many in wanted.values() for one in many)
        self._spellings, self._misread = _Spellings(wanted), _Spellings(wanted, any_marks=True)
        self._is_long = self._singles.bit_count() >= LONG_QUESTION
        self._second: Places = self._singles & self._singles << 1  # places behind a neighbour

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where `text` matches, in order, never overlapping (see `locate`)."""
        tokens = _Tokens(text)
        return tokens.spans(self._matches(text, tokens))

    def snippet(self, text: str, width: int = 240) -> Snippet | None:
        """The best of a text, or None (see `snippet`)."""
        tokens = _Tokens(text)
        matches = self._matches(text, tokens)
        if not matches:
            return None
        marks = [Mark(start, end, one.places) for (start, end), one in zip(tokens.spans(matches), matches, strict=True)]
        return Snippet(cut_out(text, marks, choose_passages(text, marks, width)))

    def _matches(self, text: str, tokens: _Tokens) -> list[_Match]:
        """The runs of tokens that match, in order, apart from each other."""
        found = self._look(text, tokens)
        if found or not (self._typed and self._second):
            return found
        return self._look(text, tokens, misread=True)

    def _look(self, text: str, tokens: _Tokens, misread: bool = False) -> list[_Match]:
        spellings = self._misread if misread else self._spellings
        seen = spellings.of(tokens.texts)
        there = list(compress(count(), seen))  # the tokens with places
        links = self._links(text, tokens, seen, there)
        found = self._phrase_runs(seen, links) if self._lengths and not misread else []
        pairs: dict[int, Places] = {}
        second = self._second
        for at, places in links.items():
            if places := places & second:
                pairs[at - 1] = pairs.get(at - 1, 0) | places >> 1
                pairs[at] = places
        if misread or (self._is_long and (pairs or found)):
            return self._merge(found, pairs, links)
        singles = self._singles
        alone = {at: places for at in there if (places := seen[at] & singles)}
        if self._typed:
            # Who types marks means "giao" by giao: another word (giáo) counts only beside a neighbour of the question.
            exact, words = self._spellings.is_exact, tokens.texts
            alone = {at: places for at, places in alone.items() if at in pairs or exact(words[at])} or alone
        return self._merge(found, alone, links)

    def _links(self, text: str, tokens: _Tokens, seen: list[Places], there: list[int]) -> Links:
        """The tokens with places whose neighbour to the left stands at the token to the left, on the same page."""
        links = {at: places for at in there if at and (places := seen[at] & seen[at - 1] << 1)}
        if PAGE_BREAK in text:
            links = {at: places for at, places in links.items() if not tokens.begins_page(at)}
        return links

    def _phrase_runs(self, seen: list[Places], links: Links) -> list[_Match]:
        """Every whole phrase in the text."""
        found: list[_Match] = []
        for at in [at for at, there in enumerate(seen) if there & self._firsts]:
            for place, length in self._lengths.items():
                if at + length > len(seen) or not seen[at] >> place & 1:
                    continue
                if all(links.get(at + step, 0) >> place + step & 1 for step in range(1, length)):
                    found.append(_Match(at, at + length - 1, (1 << length) - 1 << place))
        return found

    def _merge(self, found: list[_Match], counted: dict[int, Places], links: Links) -> list[_Match]:
        """Phrases and single words in order; neighbours of the query and what overlaps become one."""
        loose = [(at, at, places) for at, places in counted.items()]
        merged: list[_Match] = []
        start, end, held = 0, -2, 0  # of the last one
        singles = self._singles
        for first, ends, places in sorted([*found, *loose]):
            joined = first <= end
            if not joined and first == ends == end + 1:  # neighbours of the text: of the query, too?
                joined = bool(links.get(first, 0) & singles & counted.get(first, 0) & counted.get(end, 0) << 1)
            if joined:
                end, held = max(end, ends), held | places
                continue
            if held:
                merged.append(_Match(start, end, held))
            start, end, held = first, ends, places
        if held:
            merged.append(_Match(start, end, held))
        return merged


@lru_cache(maxsize=64)
def marker(query: Query) -> Marker:
    """The query as it is looked for; kept, because one answer has many texts."""
    return Marker(query)


def locate(query: Query, text: str) -> list[Hit]:
    """The matches of `query` in canonical `text`, in order, never overlapping; [] when nothing matches.

    Phrases match as runs, within a page. Neighbours in the query that are neighbours in the text are one hit. A lone
    word of a question of four words or more counts only if nothing better is there. Excluded words and fields never
    match.
    """
    spans = marker(query).spans(text)
    starts = [match.start() for match in _SPACED.finditer(text)] if spans else []
    return [Hit(start, end, bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1) for start, end in spans]


def snippet(query: Query, text: str, width: int = 240) -> Snippet | None:
    """About `width` code points with the most different query words, in up to three pieces where these lie apart;
    None when nothing matches.

    Ends lie between words where words are not longer than the piece, never inside a letter or over a page's end; "…"
    stands where text was left out.
    """
    return marker(query).snippet(text, width)


def _want(words: tuple[Word, ...], place: int, wanted: dict[str, list[_Wanted]]) -> int:
    """Adds words at consecutive places; the place behind the last."""
    for word in words:
        one = _Wanted(marked_key(word.text), has_marks(word.text), 1 << place)
        wanted.setdefault(folded_key(word.text), []).append(one)
        place += 1
    return place
