"""Abbreviations spelled out, and spelled-out names abbreviated: records write both, and readers either."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from analyzers.fold import fold, has_marks
from analyzers.numbers import find_numbers
from analyzers.tokens import tokenize
from archive.abbreviations import Abbreviation, abbreviations, spelled_out
from search.criteria import Criteria
from search.results import Explanation
from search.tree import Query
from search.understanding.rewriting import replace_words

MOST_CHANGES = 6
"""Abbreviations understood in one question."""


@dataclass(frozen=True, slots=True)
class Change:
    """`text[start:end]` of a question, what it is read as, and what a reader is told of it."""

    start: int
    end: int
    instead: str
    vi: str
    en: str
    shortened: bool = False


def read_abbreviations(text: str, tree: Query, criteria: Criteria) -> tuple[tuple[Query, ...], tuple[Explanation, ...]]:
    """Readings with abbreviations spelled out, or the other way round, and what a reader is told of them."""
    readings, changes = spelled(text, tree)
    if not readings:
        return (), ()
    vi = f"{'; '.join(one.vi for one in changes)}; đã tìm cả hai cách viết"
    en = f"{'; '.join(one.en for one in changes)}; both ways to write were searched"
    return readings, (Explanation("abbreviations", vi, en, criteria.as_typed("abbreviations")),)


def spelled(text: str, tree: Query) -> tuple[tuple[Query, ...], tuple[Change, ...]]:
    """Readings of the question `tree` (of canonical `text`): all abbreviations spelled out, a second meaning, all that
    can be abbreviated abbreviated; and what was changed."""
    marked = has_marks(text)
    out = [change for change in _long(text) if _changed(tree, [change]) is not None][:MOST_CHANGES]
    short = [change for change in _short(text) if _changed(tree, [change]) is not None][:MOST_CHANGES]
    first: dict[int, Change] = {}
    second: dict[int, Change] = {}
    for change in out:
        (second if change.start in first else first).setdefault(change.start, change)
    readings = [_changed(tree, list(first.values()), marked=marked)] if first else []
    readings += [_changed(tree, list({**first, **second}.values()), marked=marked)] if second else []
    readings += [_changed(tree, short, marked=marked)] if short else []
    told = [*first.values(), *second.values(), *short]
    return tuple(dict.fromkeys(one for one in readings if one is not None)), tuple(told)


def _changed(tree: Query, changes: list[Change], *, marked: bool = True) -> Query | None:
    """The question with the changes; without marks where it has none: all its words are asked alike."""
    for change in changes:
        changed = replace_words(tree, change.start, change.end, change.instead if marked else fold(change.instead))
        if changed is None:
            return None
        tree = changed
    return tree


def _long(text: str) -> Iterator[Change]:
    """What is abbreviated, spelled out; one change a meaning."""
    numbers = [(one.start, one.end) for one in find_numbers(text)]
    tokens = tokenize(text)
    at = 0
    while at < len(tokens):
        for width in (3, 2, 1):
            if at + width > len(tokens):
                continue
            start, end = tokens[at].start, tokens[at + width - 1].end
            meanings = _meanings(text[start:end])
            if meanings and all(end <= first or start >= last for first, last in numbers):
                for one in meanings:
                    told = f"{one.short} = {one.full}"
                    yield Change(start, end, one.full, told, f"{told} ({one.english})" if one.english else told)
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


def _short(text: str) -> Iterator[Change]:
    """What is spelled out, abbreviated."""
    for mention in spelled_out().find(text):
        short = mention.ids[0]
        full = text[mention.start : mention.end]
        told = f"{full} = {short}"
        yield Change(mention.start, mention.end, short, told, told, shortened=True)
