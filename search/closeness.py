"""How closely a record says what a question asks: a finer score than an engine's sums, for the first candidates only.

An engine adds up words wherever they stand.  Here counts how much of the question one passage says together with the
title (its words, and above all its pairs of neighbours, each weighing more the fewer candidates have it), and how much
of the title the question says.  Measured and weighed in docs/decisions/0020-passages-rank.md.
"""

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import NamedTuple

PASSAGE = 60  # words; passages overlap by half
WORDS, PAIRS, TITLE = 0.4, 1.3, 0.3  # against 1 of the engine's score, the best candidate's being 1
WHOLE, NEARLY = 1.0, 0.8  # for a title that begins with nearly all of the question: somebody has it in hand
ROOM = 8  # words of a number that may stand in a title's beginning ("Thông tư số 06/2026/TT-BTC sửa đổi")

Bits = int  # one for each word and each pair of the question: quick to join, to compare and to count


class Candidate(NamedTuple):
    """A record that an engine found: its score, and the folded words of its title and of its text."""

    score: float
    title: Sequence[str]
    text: Sequence[str]


class _Asked:
    """A question's words and pairs, each with its bit."""

    def __init__(self, question: Iterable[Sequence[str]]) -> None:
        runs = [run for run in question if run]
        words = list(dict.fromkeys(word for run in runs for word in run))
        pairs = list(dict.fromkeys(pair for run in runs for pair in pairwise(run)))
        self.length = sum(map(len, runs))
        self.words = {word: 1 << place for place, word in enumerate(words)}
        self.pairs = {pair: 1 << place for place, pair in enumerate(pairs, len(words))}

    def passages(self, candidate: Candidate) -> set[Bits]:
        """What stands in the title, and in each passage with the title."""
        words, pairs, half = self.words, self.pairs, PASSAGE // 2
        title = self.said_by(candidate.title)
        parts: dict[int, Bits] = {}
        before, last = -2, ""
        for at, word in [(at, word) for at, word in enumerate(candidate.text) if word in words]:
            bits = words[word]
            if before == at - 1:
                bits |= pairs.get((last, word), 0)
            before, last = at, word
            part = at // half
            parts[part] = parts.get(part, title) | bits
        # A passage is two neighbouring parts.
        return {title, *(bits | parts.get(part + 1, 0) for part, bits in parts.items())}

    def said_by(self, title: Sequence[str]) -> Bits:
        """What of the question stands in a title."""
        words = reduce(or_, (self.words.get(word, 0) for word in title), 0)
        return reduce(or_, (self.pairs.get(pair, 0) for pair in pairwise(title)), words)

    def in_hand(self, title: Sequence[str]) -> float:
        """How much of the question a title's beginning says, in pairs, where it says nearly all; else nothing."""
        beginning = title[: self.length + ROOM]
        share = len(self.pairs.keys() & set(pairwise(beginning))) / len(self.pairs) if self.pairs else 0.0
        return share if share >= NEARLY else 0.0

    def title_share(self, title: Sequence[str]) -> float:
        """How much of a title the question says, in pairs."""
        said = [pair in self.pairs for pair in pairwise(title)]
        return sum(said) / len(said) if said else 0.0


def closeness(question: Iterable[Sequence[str]], candidates: Sequence[Candidate]) -> list[float]:
    """A score for each candidate; ``question`` are runs of folded words.  Equals score alike."""
    asked = _Asked(question)
    best = max((one.score for one in candidates), default=0.0) or 1.0
    passages = [asked.passages(one) for one in candidates]
    having = [reduce(or_, one) for one in passages]
    weights: dict[Bits, float] = {}
    for bits, share in ((asked.words, WORDS), (asked.pairs, PAIRS)):
        rarity = {bit: _rarity(sum(bit & one > 0 for one in having), len(candidates)) for bit in bits.values()}
        whole = sum(rarity.values())
        weights |= {bit: share * value / whole for bit, value in rarity.items()}
    tables = _tables(weights)
    scores = []
    for candidate, found in zip(candidates, passages, strict=True):
        score = candidate.score / best + TITLE * asked.title_share(candidate.title)
        score += max(_sum(tables, bits) for bits in found)
        scores.append(score + WHOLE * asked.in_hand(candidate.title))
    return scores


def _rarity(having: int, among: int) -> float:
    """The weight of what so many of the candidates have (BM25's); always above 0."""
    return math.log(1 + (among - having + 0.5) / (having + 0.5))


def _tables(weights: dict[Bits, float]) -> list[list[float]]:
    """For each eight bits the sums of all their choices: a sum is then a few additions, not one for every bit."""
    tables = []
    for start in range(0, len(weights), 8):
        table = [0.0]
        for at in range(start, start + 8):
            weight = weights.get(1 << at, 0.0)
            table += [one + weight for one in table]
        tables.append(table)
    return tables


def _sum(tables: list[list[float]], bits: Bits) -> float:
    """The weights of the bits, added up."""
    total = 0.0
    for table in tables:
        total += table[bits & 255]
        bits >>= 8
    return total
