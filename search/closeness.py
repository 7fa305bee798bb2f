"""How closely a record says what a question asks: a finer score than an engine's sums, for the first candidates only.

An engine adds up words wherever they stand.  Here counts how much of the question one passage says together with the
title (its words, and doubly its pairs of neighbours, each weighing more the fewer candidates have it), and how much of
the title the question says.  Measured and weighed in docs/decisions/0020-passages-rank.md.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

PASSAGE = 60  # words; passages overlap by half
WORDS, PAIRS, TITLE = 1.0, 2.0, 0.5  # against 1 of the engine's score, the best candidate's being 1

Pair = tuple[str, str]


class Candidate(NamedTuple):
    """A record that an engine found: its score, and the folded words of its title and of its text."""

    score: float
    title: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of a question stands in a candidate: in its title, and in each passage with the title."""

    title: frozenset[str | Pair]
    passages: tuple[frozenset[str | Pair], ...]
    title_share: float

    def all(self) -> frozenset[str | Pair]:
        return self.title.union(*self.passages)


def closeness(question: Iterable[Sequence[str]], candidates: Sequence[Candidate]) -> list[float]:
    """A score for each candidate; ``question`` are runs of folded words.  Equal questions and candidates score alike."""
    runs = [run for run in question if run]
    words = frozenset(word for run in runs for word in run)
    pairs = frozenset(pair for run in runs for pair in pairwise(run))
    best = max((one.score for one in candidates), default=0.0) or 1.0
    seen = [_look(one, words, pairs) for one in candidates]
    having = Counter(part for one in seen for part in one.all())
    weights = {part: _rarity(having[part], len(candidates)) for part in (*words, *pairs)}
    whole = {kind: sum(weights[part] for part in kind) or 1.0 for kind in (words, pairs)}
    scores = []
    for candidate, one in zip(candidates, seen, strict=True):
        said = [
            WORDS * sum(weights[part] for part in words & passage) / whole[words]
            + PAIRS * sum(weights[part] for part in pairs & passage) / whole[pairs]
            for passage in (one.title, *one.passages)
        ]
        scores.append(candidate.score / best + TITLE * one.title_share + max(said))
    return scores


def _rarity(having: int, among: int) -> float:
    """The weight of what so many of the candidates have (BM25's)."""
    return math.log(1 + (among - having + 0.5) / (having + 0.5))


def _look(candidate: Candidate, words: Set[str], pairs: Set[Pair]) -> _Seen:
    title_pairs = list(pairwise(candidate.title))
    here = {*words.intersection(candidate.title), *pairs.intersection(title_pairs)}
    share = sum(pair in pairs for pair in title_pairs) / len(title_pairs) if title_pairs else 0.0
    passages: dict[int, set[str | Pair]] = {}
    half = PASSAGE // 2
    before, at_before = "", -2
    for at, word in enumerate(candidate.text):
        if word not in words:
            continue
        part = at // half
        parts: list[str | Pair] = [word]
        if at_before == at - 1 and (before, word) in pairs:
            parts.append((before, word))
        for passage in (part - 1, part):  # the passages that begin half a length before it, and at it
            passages.setdefault(passage, set()).update(parts)
        before, at_before = word, at
    return _Seen(frozenset(here), tuple(frozenset(here | one) for one in passages.values()), share)
