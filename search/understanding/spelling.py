"""Misspelled words: corrected where it is plain what was meant, offered where it is likely.  Told either way.

Never replaced: a common syllable (`archive.syllables`); another is offered where that is tied to its neighbour.  Never
touched: what is known so spelled, numbers, short words in capitals, what stands in quotes or in a field.  A spelling is
told only if a record that everyone may search has it at this moment (`Spellings.may_tell`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from analyzers.cutting import cut
from analyzers.numbers import find_numbers
from analyzers.tokens import folded_key, has_marks
from archive.syllables import is_common
from search.criteria import Criteria
from search.lexicon import Form
from search.results import Explanation
from search.tree import Query, Word, runs
from search.understanding.marking_words import (
    BOUND,
    SURE,
    TIED,
    WORTH_OFFERING,
    binding,
    remark,
    suspicious,
    times_met,
)
from search.understanding.mending_words import Forms, is_clear, is_known, propose, rejoin

MOST_MENDED = 2  # unknown words of one question that are looked at
MOST_OFFERS = 3
_LONGEST_CAPITALS = 6  # letters of what may be an abbreviation
_SHOWN = 80


class Spellings(Protocol):
    """What has to be known about spellings."""

    def forms(self, wanted: Iterable[str]) -> dict[str, tuple[Form, ...]]:
        """The spellings of those of the folded words and pairs that are known, the most frequent first."""

    def finds(self, word: str, *, marks: bool = False) -> bool:
        """Whether the viewer would find the word, whatever its marks or with just these."""

    def may_tell(self, words: Sequence[str]) -> bool:
        """Whether a record that everyone may see and search has these neighbours so spelled, now."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another spelling for what stands at ``start``..``end`` of the question."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Corrected:
    """The question with what is plainly meant, what was told about it, and whole questions that may be meant."""

    text: str
    explanations: tuple[Explanation, ...] = ()
    offers: tuple[str, ...] = ()
    changes: list[Change] = field(default_factory=list)


def read_spelling(criteria: Criteria, text: str, tree: Query, spellings: Spellings) -> Corrected:
    """The canonical question `text` with its spelling corrected; as it is where nothing is wrong or it is verbatim."""
    read = Corrected(text)
    if "spelling" in criteria.verbatim:
        return read
    numbers = [(one.start, one.end) for one in find_numbers(text)]
    parts = [part for run in runs(tree) for part in _neighbours(text, run, numbers)]
    wanted = {key for part in parts for key in _keys(part)}
    if not wanted:
        return read
    forms = spellings.forms(wanted)
    offers: list[Change] = []
    for part in parts:
        for sure, change in _corrections(text, part, forms, spellings):
            (read.changes if sure else offers).append(change)
    read.text = _applied(text, read.changes)
    read.offers = tuple(dict.fromkeys(_applied(text, [*_apart(read.changes, one), one]) for one in offers))[
        :MOST_OFFERS
    ]
    if read.changes:
        was = ", ".join(f"“{cut(text[one.start : one.end], _SHOWN)}”" for one in read.changes)
        now = ", ".join(f"“{cut(one.text, _SHOWN)}”" for one in read.changes)
        undo = criteria.as_typed("spelling")
        read.explanations = (
            Explanation("spelling", f"Đã tìm {now} thay cho {was}.", f"Searched for {now} instead of {was}.", undo),
        )
    return read


def _neighbours(text: str, run: Sequence[Word], numbers: Sequence[tuple[int, int]]) -> Iterator[list[Word]]:
    """The words of a run that may be corrected, in lists of those with nothing but blanks between them."""
    shouted = all(word.text.isupper() for word in run)
    part: list[Word] = []
    for word in run:
        abbreviated = word.text.isupper() and len(word.text) <= _LONGEST_CAPITALS and not shouted
        numbered = any(start < word.end and word.start < end for start, end in numbers)
        if part and text[part[-1].end : word.start].strip():
            yield part
            part = []
        if word.text.isalpha() and not abbreviated and not numbered:
            part.append(word)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _keys(part: Sequence[Word]) -> Iterator[str]:
    folded = [folded_key(word.text) for word in part]
    yield from folded
    if any(has_marks(word.text) for word in part):
        yield from map(" ".join, pairwise(folded))


def _corrections(text: str, part: Sequence[Word], forms: Forms, spellings: Spellings) -> Iterator[tuple[bool, Change]]:
    """Changes of neighbouring words, each with whether it is sure."""
    words = [word.text for word in part]
    for at in _doubtful(words, forms)[:MOST_MENDED]:
        if is_common(words[at]):  # right, though nothing here has it
            continue
        known = is_known(words[at], forms)
        there = spellings.finds(words[at], marks=known)
        proposals = rejoin(words, at, spellings.forms) if known else propose(words, at, spellings.forms)
        if there:  # rare, yet somewhere: nothing but a blank is put in or taken out, and that only on offer
            proposals = [one for one in proposals if one.end - one.start > 1 or " " in one.text]
        told = [one for one in proposals[:MOST_OFFERS] if spellings.may_tell(one.text.split())]
        sure = is_clear(proposals) and not there
        for one in told[:1] if sure else told[:2]:
            yield sure, _change(part, one.start, one.end, one.text)
        if told:
            words[told[0].start : told[0].end] = [""] * (told[0].end - told[0].start)  # done with
    for start, end in _stretches(words, forms):
        for first, last in suspicious(words[start:end], forms):
            here = slice(start + first, start + last)
            yield from _remarked(part[here], words[here], forms, spellings)


def _doubtful(words: Sequence[str], forms: Forms) -> list[int]:
    """The places of words whose letters nobody knows, then of those whose marks nobody knows beside a neighbour that
    is never beside them."""
    unknown = [at for at, word in enumerate(words) if not is_known(word, forms)]
    cut_off = [
        at
        for at, word in enumerate(words)
        if has_marks(word) and is_known(word, forms) and not times_met(word, forms) and not binding(words, at, forms)
    ]
    return unknown + cut_off


def _remarked(
    part: Sequence[Word], words: Sequence[str], forms: Forms, spellings: Spellings
) -> Iterator[tuple[bool, Change]]:
    """Changes of marks only: of a word that is known as it is, only where the new one is bound to a neighbour."""
    meant, gain = remark(words, forms)
    if gain < WORTH_OFFERING:
        return
    for first, last in _different(words, meant):
        bound = max(binding(meant, at, forms) for at in range(first, last))
        known = any(times_met(word, forms) for word in words[first:last])
        if bound < TIED and all(map(is_common, words[first:last])):
            continue
        if bound < BOUND and (known or any(spellings.finds(word, marks=True) for word in words[first:last])):
            continue
        new, around = meant[first:last], meant[max(first - 1, 0) : last + 1]
        if spellings.may_tell(around) or spellings.may_tell(new):
            right = all(map(is_common, words[first:last]))
            yield not right and (gain >= SURE or bound >= TIED), _change(part, first, last, " ".join(new))


def _stretches(words: Sequence[str], forms: Forms) -> Iterator[tuple[int, int]]:
    """Where neighbouring words stand whose letters are all known, at least one of them with marks."""
    start = 0
    for at in range(len(words) + 1):
        if at == len(words) or not words[at] or not is_known(words[at], forms):
            if any(map(has_marks, words[start:at])):
                yield start, at
            start = at + 1


def _different(words: Sequence[str], meant: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the two differ, neighbouring differences together."""
    start = None
    for at in range(len(words) + 1):
        differs = at < len(words) and words[at].lower() != meant[at].lower()
        if differs and start is None:
            start = at
        elif not differs and start is not None:
            yield start, at
            start = None


def _change(part: Sequence[Word], start: int, end: int, text: str) -> Change:
    """The change, with capitals where the words had them."""
    old = [word.text for word in part[start:end]]
    new = text.split()
    if all(word.isupper() for word in old) and len("".join(old)) > 1:
        new = [word.upper() for word in new]
    elif len(old) == len(new):
        new = [n.capitalize() if o[0].isupper() else n for o, n in zip(old, new, strict=True)]
    elif old[0][0].isupper():
        new[0] = new[0].capitalize()
    return Change(part[start].start, part[end - 1].end, " ".join(new))


def _apart(changes: Sequence[Change], other: Change) -> list[Change]:
    return [one for one in changes if one.end <= other.start or other.end <= one.start]


def _applied(text: str, changes: Sequence[Change]) -> str:
    for one in sorted(changes, key=lambda change: -change.start):
        text = text[: one.start] + one.text + text[one.end :]
    return text
