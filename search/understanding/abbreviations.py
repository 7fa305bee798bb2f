"""Abbreviations spelled out, and spelled-out names abbreviated: records write both, and readers either."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from analyzers.fold import fold, has_marks
from analyzers.numbers import find_numbers
from analyzers.tokens import tokenize
from archive.abbreviations import Abbreviation, abbreviations, spelled_out
from archive.gazetteer import places
from search.criteria import Criteria
from search.results import Explanation
from search.tree import Query
from search.understanding.rewriting import replace_words

MOST_CHANGES = 6
"""Abbreviations understood in one question."""


KINDS_SHORT = {"thành phố": "TP", "thị xã": "TX"}
KINDS = frozenset(KINDS_SHORT.values())
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Change:
    """`text[start:end]` of a question, what it is read as, and what a reader is told of it."""

    start: int
    end: int
    instead: str
    vi: str
    en: str
    shortened: bool = False
    short: str = ""


def read_abbreviations(text: str, tree: Query, criteria: Criteria) -> tuple[tuple[Query, ...], tuple[Explanation, ...]]:
    """Readings with abbreviations spelled out, or the other way round, and what a reader is told of them."""
    readings, changes = spelled(text, tree)
    if not readings:
        return (), ()
    if not changes:  # only the words for a kind of place, which everybody writes both ways
        return readings, ()
    vi = f"{'; '.join(one.vi for one in changes)}; đã tìm cả hai cách viết"
    en = f"{'; '.join(one.en for one in changes)}; both ways to write were searched"
    return readings, (Explanation("abbreviations", vi, en, criteria.as_typed("abbreviations")),)


def spelled(text: str, tree: Query) -> tuple[tuple[Query, ...], tuple[Change, ...]]:
    """Readings of the question `tree` (of canonical `text`): all abbreviations spelled out, a second meaning, all that
    can be abbreviated abbreviated; and what was changed."""
    marked = has_marks(text)
    quoted = [one.span() for one in _QUOTED.finditer(text)]

    def taken(changes: Iterable[Change]) -> list[Change]:
        free = (one for one in changes if all(one.end <= start or one.start >= end for start, end in quoted))
        return [one for one in free if _changed(tree, [one]) is not None][:MOST_CHANGES]

    long, kinds = taken(_long(text)), taken(_kinds_written_out(text))
    kinds += [one for one in long if one.short in KINDS]
    out = [one for one in long if one.short not in KINDS]
    short = taken(_short(text))
    first: dict[int, Change] = {}
    second: dict[int, Change] = {}
    for change in out:
        (second if change.start in first else first).setdefault(change.start, change)
    other = _changed(tree, kinds, marked=marked) if kinds else None
    readings: list[Query | None] = [other]
    for changes in (list(first.values()), list({**first, **second}.values()) if second else [], short):
        for one in (tree, other):
            readings += [_changed(one, changes, marked=marked)] if changes and one is not None else []
    told = [*(one for one in kinds if not one.shortened), *first.values(), *second.values(), *short]
    return tuple(dict.fromkeys(one for one in readings if one is not None)), tuple(told)


def _changed(tree: Query, changes: list[Change], *, marked: bool = True) -> Query | None:
    """The question with the changes; without marks where it has none: all its words are asked alike."""
    for change in changes:
        instead = change.instead if marked else fold(change.instead)
        # The word for a kind of place is words as if they had been typed; anything else is a phrase.
        before, _, last = instead.rpartition(" ") if change.short in KINDS else ("", "", instead)
        changed = replace_words(tree, change.start, change.end, last, before)
        if changed is None:
            return None
        tree = changed
    return tree


def _long(text: str) -> Iterator[Change]:
    """What is abbreviated, spelled out; one change a meaning."""
    numbers = [(one.start, one.end) for one in find_numbers(text)]
    tokens, begins = tokenize(text), _beginnings().__contains__
    at = 0
    while at < len(tokens):
        for width in (3, 2, 1) if begins(tokens[at].text.lower()) else ():
            if at + width > len(tokens):
                continue
            start, end = tokens[at].start, tokens[at + width - 1].end
            meanings = _meanings(text[start:end])
            if meanings and all(end <= first or start >= last for first, last in numbers):
                for one in meanings:
                    told = f"{one.short} = {one.full}"
                    english = f"{told} ({one.english})" if one.english else told
                    yield Change(start, end, one.full, told, english, short=one.short)
                at += width - 1
                break
        at += 1


@lru_cache(maxsize=10_000)
def _meanings(written: str) -> tuple[Abbreviation, ...]:
    """What an abbreviation means: just as it is listed, or in any case and without marks ("hđnd", "ubnd", "nn ptnt").

    One that is a syllable too is understood only as it is listed: "TƯ", never "tư".
    """
    return abbreviations().get(written, ()) or _listed().get(key := _key(written.lower()), ()) or _plain().get(key, ())


def _key(text: str) -> str:
    return " ".join(token.text for token in tokenize(text))


@cache
def _beginnings() -> frozenset[str]:
    """The first words of all of them, in small letters: most words of a question begin none."""
    shorts = (_key(short.lower()) for short in abbreviations())
    return frozenset(key.split(" ")[0] for key in (*shorts, *_listed(), *_plain()))


@cache
def _listed() -> Mapping[str, tuple[Abbreviation, ...]]:
    """Those understood in any case, by their words in small letters."""
    return {_key(short.lower()): some for short, some in abbreviations().items() if any(one.plain for one in some)}


@cache
def _plain() -> Mapping[str, tuple[Abbreviation, ...]]:
    """Those that are understood without marks, by their folded words; a word that is another abbreviation is that."""
    found: dict[str, tuple[Abbreviation, ...]] = {}
    for short, meanings in abbreviations().items():
        key = fold(_key(short))
        if any(one.plain for one in meanings) and (key not in _listed() or key == _key(short.lower())):
            found.setdefault(key, meanings)
    return found


def _kinds_written_out(text: str) -> Iterator[Change]:
    """The words for a town or a city before its name, as they are abbreviated; nobody is told of it."""
    for mention in places().gazetteer.find(text):
        short = KINDS_SHORT.get(mention.kind)
        written = text[mention.start : mention.name].strip()
        if short and " " in written:
            yield Change(mention.start, mention.start + len(written), short, "", "", shortened=True, short=short)


def _short(text: str) -> Iterator[Change]:
    """What is spelled out, abbreviated."""
    for mention in spelled_out().find(text):
        short = mention.ids[0]
        full = text[mention.start : mention.end]
        told = f"{full} = {short}"
        yield Change(mention.start, mention.end, short, told, told, shortened=True)
