"""How closely a record says what a question asks: a finer score than an engine's sums, for the first candidates only.

An engine adds up words wherever they stand.  Here counts how much of the question one passage says together with the
title (its words, and above all its pairs of neighbours, each weighing more the fewer candidates have it), and how much
of the title the question says.  Measured and weighed in docs/decisions/0020-passages-rank.md.
"""

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import chain, pairwise, repeat
from operator import getitem, or_
from typing import NamedTuple

from analyzers.folded_line import spellings

PASSAGE = 60  # words; passages overlap by half
WORDS, PAIRS, TITLE = 0.4, 1.3, 0.3  # against 1 of the engine's score, the best candidate's being 1
WHOLE, NEARLY = 1.0, 0.8  # for a title that begins with nearly all of the question: somebody has it in hand
ROOM = 8  # words of a number that may stand in a title's beginning ("Thông tư số 06/2026/TT-BTC sửa đổi")

Bits = int  # one for each word and each pair of the question: quick to join, to compare and to count


class Candidate(NamedTuple):
    """A record that an engine found: its score, its title and its text as lines (`analyzers.folded_line`)."""

    score: float
    title: bytes
    text: bytes


class _Asked:
    """A question's words and pairs, each with its bit: the words' below, the pairs' above them."""

    def __init__(self, question: Iterable[Sequence[str]]) -> None:
        runs = [run for run in question if run]
        words = list(dict.fromkeys(word for run in runs for word in run))
        pairs = list(dict.fromkeys(pair for run in runs for pair in pairwise(run)))
        self.length = sum(map(len, runs))
        self.words, self.pairs = len(words), len(pairs)
        # A word's number is its place from 1 on, 0 is every other word; what a word says behind another stands in the
        # other's row at its number: a text is read by map alone, without a step of Python a word.
        numbers = {word: number for number, word in enumerate(words, 1)}
        self._numbers = {spelling: number for word, number in numbers.items() for spelling in spellings(word)}
        alone: list[Bits] = [0, *(1 << place for place in range(len(words)))]
        self._behind = [alone.copy() for _ in alone]
        for place, (left, right) in enumerate(pairs, len(words)):
            self._behind[numbers[left]][numbers[right]] |= 1 << place

    def read(self, line: bytes) -> list[Bits]:
        """What each word of a line says: itself, and the pair that it ends."""
        numbers = list(map(self._numbers.get, line.split(), repeat(0)))
        return list(map(getitem, map(self._behind.__getitem__, chain((0,), numbers)), numbers))

    def passages(self, title: Bits, text: bytes) -> set[Bits]:
        """What stands in the title, and in each passage with the title."""
        said, half = self.read(text), PASSAGE // 2
        parts = [reduce(or_, said[start : start + half], title) for start in range(0, len(said), half)]
        return {title, *map(or_, parts, [*parts[1:], title])}  # a passage is two neighbouring parts

    def in_hand(self, title: Sequence[Bits]) -> float:
        """How much of the question a title's beginning says, in pairs, where it says nearly all; else nothing."""
        beginning = reduce(or_, title[: self.length + ROOM], 0) >> self.words
        share = beginning.bit_count() / self.pairs if self.pairs else 0.0
        return share if share >= NEARLY else 0.0

    def title_share(self, title: Sequence[Bits]) -> float:
        """How much of a title the question says, in pairs."""
        return sum(map((1 << self.words).__le__, title)) / (len(title) - 1) if len(title) > 1 else 0.0


def closeness(question: Iterable[Sequence[str]], candidates: Sequence[Candidate]) -> list[float]:
    """A score for each candidate; ``question`` are runs of folded words.  Equals score alike."""
    asked = _Asked(question)
    best = max((one.score for one in candidates), default=0.0) or 1.0
    titles = [asked.read(one.title) for one in candidates]
    passages = [asked.passages(reduce(or_, title, 0), one.text) for title, one in zip(titles, candidates, strict=True)]
    having = _having([reduce(or_, one) for one in passages], asked.words + asked.pairs)
    weights: list[float] = []
    for bits, share in ((having[: asked.words], WORDS), (having[asked.words :], PAIRS)):
        rarity = [_rarity(one, len(candidates)) for one in bits]
        whole = sum(rarity)
        weights += [share * value / whole for value in rarity]
    tables = _tables(weights)
    scores = []
    for candidate, title, found in zip(candidates, titles, passages, strict=True):
        score = candidate.score / best + TITLE * asked.title_share(title)
        score += max(_sum(tables, bits) for bits in found)
        scores.append(score + WHOLE * asked.in_hand(title))
    return scores


def _having(found: Sequence[Bits], many: int) -> list[int]:
    """How many of the candidates have each bit, the lowest first."""
    rows = [f"{bits:0{many}b}"[::-1] for bits in found] if many else []
    return [column.count("1") for column in zip(*rows, strict=True)] if rows else [0] * many


def _rarity(having: int, among: int) -> float:
    """The weight of what so many of the candidates have (BM25's); always above 0."""
    return math.log(1 + (among - having + 0.5) / (having + 0.5))


def _tables(weights: Sequence[float]) -> list[list[float]]:
    """For each eight bits the sums of all their choices: a sum is then a few additions, not one for every bit."""
    tables = []
    for start in range(0, len(weights), 8):
        table = [0.0]
        for weight in weights[start : start + 8]:
            table += [one + weight for one in table]
        tables.append(table)
    return tables


def _sum(tables: list[list[float]], bits: Bits) -> float:
    """The weights of the bits, added up."""
    return sum(map(getitem, tables, bits.to_bytes(len(tables), "little")), 0.0)
