"""How closely a record says what a question asks: a finer score than an engine's sums, for the first candidates only.

An engine adds up words wherever they stand.  Here counts how much of the question one passage says together with the
title (its words, and above all its pairs of neighbours, each weighing more the fewer candidates have it), and how much
of the title the question says.  Measured and weighed in docs/decisions/0020-passages-rank.md.

All candidates are read at once: an array has a row for each thirty words of a text and a column for each word and pair
of the question.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analyzers.folded_line import spellings
from search.word_lines import WordLines

PASSAGE = 60  # words; passages overlap by half
WORDS, PAIRS, TITLE = 0.4, 1.3, 0.3  # against 1 of the engine's score, the best candidate's being 1
WHOLE, NEARLY = 1.0, 0.8  # for a title that begins with nearly all of the question: somebody has it in hand
ROOM = 8  # words of a number that may stand in a title's beginning ("Thông tư số 06/2026/TT-BTC sửa đổi")

Truths = NDArray[np.bool_]
Numbers = NDArray[np.intp]
Scores = NDArray[np.float64]


class Candidates:
    """Records that an engine found: their scores, titles and texts (lines as `analyzers.folded_line` makes them)."""

    def __init__(self, scores: Sequence[float], titles: Sequence[bytes], texts: Sequence[bytes]) -> None:
        self.scores = np.array(scores, dtype=np.float64)
        self.titles, self.texts = WordLines(titles), WordLines(texts)

    def __len__(self) -> int:
        return len(self.scores)


class _Asked:
    """A question's words and pairs, each with its column: the words' first, the pairs' behind them."""

    def __init__(self, question: Iterable[Sequence[str]]) -> None:
        runs = [run for run in question if run]
        words = list(dict.fromkeys(word for run in runs for word in run))
        pairs = list(dict.fromkeys(pair for run in runs for pair in pairwise(run)))
        self.length = sum(map(len, runs))
        self.words, self.pairs = len(words), len(pairs)
        # A word's number is its place from 1 on, 0 is every other word.
        numbers = {word: number for number, word in enumerate(words, 1)}
        self.numbers = {spelling: number for word, number in numbers.items() for spelling in spellings(word)}
        self._pair = np.zeros((self.words + 1, self.words + 1), dtype=np.intp)
        for number, (left, right) in enumerate(pairs, 1):
            self._pair[numbers[left], numbers[right]] = number

    def read(self, lines: WordLines) -> tuple[Numbers, Numbers]:
        """For each word of the lines its number, and the number (from 1 on) of the pair that it ends; 0 for none."""
        numbers = lines.numbered(self.numbers)
        before = np.zeros_like(numbers)
        before[1:] = numbers[:-1]
        before[lines.place == 0] = 0  # a line's first word ends no pair
        return numbers, self._pair[before, numbers]


def closeness(question: Iterable[Sequence[str]], candidates: Candidates) -> Scores:
    """A score for each candidate; ``question`` are runs of folded words.  Equals score alike."""
    asked = _Asked(question)
    if not len(candidates):
        return candidates.scores
    score: Scores = candidates.scores / (candidates.scores.max() or 1.0)
    titled, share, in_hand = _titles(asked, candidates.titles)
    score = score + TITLE * share + WHOLE * in_hand
    passages, first = _passages(asked, titled, candidates.texts)
    having = np.logical_or.reduceat(passages, first).sum(axis=0)
    rarity = np.log(1 + (len(candidates) - having + 0.5) / (having + 0.5))  # BM25's; always above 0
    weights = np.zeros(asked.words + asked.pairs)
    for columns, total in ((slice(asked.words), WORDS), (slice(asked.words, None), PAIRS)):
        weights[columns] = total * rarity[columns] / (rarity[columns].sum() or 1.0)
    # Rows are summed one by one, not multiplied as a matrix: equal ones have equal sums wherever they stand.
    return score + np.maximum.reduceat(np.where(passages, weights, 0.0).sum(axis=1), first)


def _titles(asked: _Asked, titles: WordLines) -> tuple[Truths, Scores, Scores]:
    """What of the question each title says; how much of it (its pairs) is of the question; and how much of the question
    its beginning says, in pairs, where it says nearly all."""
    words, pairs = asked.read(titles)
    length = np.diff(titles.first)
    said = _marked(len(length), asked, titles.line, words, pairs)
    share = np.bincount(titles.line, pairs > 0, len(length)) / np.maximum(length - 1, 1)
    beginning = titles.place < asked.length + ROOM
    begun = _marked(len(length), asked, titles.line, words * beginning, pairs * beginning)[:, asked.words :]
    part = begun.sum(axis=1) / max(asked.pairs, 1)
    return said, share, np.where(part >= NEARLY, part, 0.0)


def _passages(asked: _Asked, titled: Truths, texts: WordLines) -> tuple[Truths, Numbers]:
    """What of the question each passage says with its title, and the row of each text's first; the last of a text is
    empty, so that every one has one."""
    words, pairs = asked.read(texts)
    half = PASSAGE // 2
    rows = -(-np.diff(texts.first) // half) + 1
    behind = np.cumsum(rows)
    first = behind - rows
    parts = _marked(int(behind[-1]), asked, first[texts.line] + texts.place // half, words, pairs)
    passages = parts.copy()  # a passage is two neighbouring parts
    passages[:-1] |= parts[1:]
    passages[behind - 1] = False
    return passages | np.repeat(titled, rows, axis=0), first


def _marked(rows: int, asked: _Asked, row: Numbers, words: Numbers, pairs: Numbers) -> Truths:
    """Which columns of the question the words of each row fill."""
    table = np.zeros((rows, asked.words + asked.pairs), dtype=np.bool_)
    for numbers, offset in ((words, 0), (pairs, asked.words)):
        said = np.flatnonzero(numbers)
        table[row[said], offset + numbers[said] - 1] = True
    return table
