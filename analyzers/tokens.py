"""Tokens and their matching keys: what the index holds and what a query asks.

A token is a run of letters and numbers, at most LONGEST long. Each has two keys: *marked* (tone taken off and written
as a digit at the end, so that hoà = hòa = "hoa2"; ă â ê ô ơ ư đ kept) and *folded* (no marks at all). In both, y and i
are one letter where they are the only vowel after a consonant (kỹ = kĩ, lý = lí, quý = quí), and decimal digits of
other scripts are ASCII digits. Shingles are pairs of neighbouring folded keys. All functions want canonical text
(`analyzers.normal.canon`).

The rules are such that a search engine's own filters can express them: one letter at a time, and two patterns. An
engine that analyses by itself is set up from TONES, MOVED_TONE and LONE_Y, so that both say the same.
"""

import re
import unicodedata
from collections.abc import Callable
from itertools import chain, pairwise
from typing import NamedTuple

from analyzers.fold import fold, has_marks

__all__ = [
    "LONE_Y",
    "LONGEST",
    "MOVED_TONE",
    "PLACES",
    "TOKEN",
    "TONES",
    "IndexText",
    "Keys",
    "Token",
    "decompose_tones",
    "folded_key",
    "folded_keys",
    "has_marks",
    "index_text",
    "keys",
    "marked_key",
    "shingles",
    "tokenize",
]

LONGEST = 64
"""Code points of a token and of its keys; of a longer run of letters only the beginning counts."""

PAGE_BREAK = "\f"
TOKEN = re.compile(r"[^\W_]+")
"""What a token is, for whoever needs offsets without a `Token` for each."""

TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
"""Combining tone marks (huyền, hỏi, ngã, sắc, nặng) and the digits that stand for them in a marked key."""

PLACES = {"2": "\u1bb2", "3": "\u1bb3", "4": "\u1bb4", "5": "\u1bb5", "6": "\u1bb6"}
"""What stands for a tone until it has been moved: digits of a script (Sundanese) that no text here is written in."""

MOVED_TONE = "^([^\u1bb2-\u1bb6]*+)([\u1bb2-\u1bb6]++)([^\u1bb2-\u1bb6]++)$"
"""What is to become "$1$3$2": a token with one tone, not at its end.  Words run together keep theirs in place."""

LONE_Y = "^([bcdđghklmnprstvx]h?|qu|tr)y([2-6]?)$"
"""A y that is written i: "$1i$2".  A bare y (y tế) stays y: joined with i it would be every Roman number one."""

_MOVED = re.compile(MOVED_TONE)
_LONE_Y = re.compile(LONE_Y)
_CACHED = 200_000  # distinct spellings; the whole national codification has about 40,000


class Token(NamedTuple):
    """One token: `text == source[start:end]`, offsets in code points, `text` at most LONGEST long."""

    text: str
    start: int
    end: int


class Keys(NamedTuple):
    """The keys of a text, token by token: both lists have the same length."""

    marked: list[str]
    folded: list[str]


class IndexText(NamedTuple):
    """Three streams for an index that splits at white space; `marked` and `folded` have equal token counts."""

    marked: str
    folded: str
    shingles: str


def decompose_tones(letter: str) -> str:
    """A letter without its tones, then a place for each of them: "ờ" -> "ơ" and the place of 2.

    Left as it is where no single letter remains (ḹ and three more, of no Vietnamese word).
    """
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(PLACES[TONES[mark]] for mark in parts if mark in TONES)
    rest = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
    return rest + tones if tones and len(rest) == 1 else letter


def _lower(text: str) -> str:
    """Lower case letter by letter (no rule of one language: ς is for readers, İ is an i)."""
    return "".join(letter.lower()[0] for letter in text)


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _marked(token: str) -> str:
    if token.isascii():
        return _join_y(token.lower())[:LONGEST]
    token = _lower("".join(map(decompose_tones, _plain_digits(token))))
    return _join_y(_plain_digits(_MOVED.sub(r"\1\3\2", token)))[:LONGEST]


def _folded(token: str) -> str:
    token = fold(token)
    return _join_y(token if token.isascii() else _plain_digits(token))[:LONGEST]


def _join_y(key: str) -> str:
    if "y" in key and (match := _LONE_Y.match(key)):
        return f"{match[1]}i{match[2]}"
    return key


class _MarkedKeys(dict[str, str]):
    """Spelling -> marked key, bounded: emptied when full, long tokens never kept."""

    def __missing__(self, token: str) -> str:
        key = _marked(token)
        if len(token) <= LONGEST:
            if len(self) >= _CACHED:
                self.clear()
            self[token] = key
        return key


class _FoldedKeys(_MarkedKeys):
    """Spelling -> folded key, bounded in the same way."""

    def __missing__(self, token: str) -> str:
        key = _folded(token)
        if len(token) <= LONGEST:
            if len(self) >= _CACHED:
                self.clear()
            self[token] = key
        return key


class _PieceKeys(dict[str, tuple[str, ...]]):
    """What stands between blanks -> the folded keys in it, bounded in the same way."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(map(_FOLDED.__getitem__, TOKEN.findall(piece)))
        if len(piece) <= LONGEST:
            if len(self) >= _CACHED:
                self.clear()
            self[piece] = found
        return found


_MARKED = _MarkedKeys()
_FOLDED = _FoldedKeys()
_PIECES = _PieceKeys()


def tokenize(text: str) -> list[Token]:
    """The tokens of `text` in order, with offsets; a run longer than LONGEST is cut to its beginning."""
    found = []
    for match in TOKEN.finditer(text):
        start = match.start()
        end = min(match.end(), start + LONGEST)
        found.append(Token(text[start:end], start, end))
    return found


marked_key: Callable[[str], str] = _MARKED.__getitem__
"""The key that keeps marks: "Hoà", "hòa" -> "hoa2"; "kỹ", "kĩ" -> "ki4"; "Đường" -> "đương2"."""

folded_key: Callable[[str], str] = _FOLDED.__getitem__
"""The key without marks: "Hoà" -> "hoa"; "kỹ", "ki" -> "ki"; "Đường" -> "duong"."""


def keys(text: str) -> Keys:
    """Both keys of every token of `text`, in order."""
    tokens = TOKEN.findall(text)
    return Keys([_MARKED[token] for token in tokens], [_FOLDED[token] for token in tokens])


def folded_keys(text: str) -> list[str]:
    """The folded keys of every token of `text`, in order: a third of the time of `keys`."""
    return list(chain.from_iterable(map(_PIECES.__getitem__, text.split())))  # no token goes over a blank


def shingles(folded: list[str]) -> list[str]:
    """Neighbouring pairs of folded keys, "quyet_dinh"; an empty string in the list is a gap no pair bridges."""
    return [f"{left}_{right}" for left, right in pairwise(folded) if left and right]


def index_text(text: str) -> IndexText:
    """The three joined streams of `text`; shingles do not bridge a page break (form feed)."""
    marked: list[str] = []
    folded: list[str] = []
    pairs: list[str] = []
    for page in text.split(PAGE_BREAK):
        tokens = TOKEN.findall(page)
        marked += map(_MARKED.__getitem__, tokens)
        here = list(map(_FOLDED.__getitem__, tokens))
        folded += here
        pairs += map("_".join, pairwise(here))
    return IndexText(" ".join(marked), " ".join(folded), " ".join(pairs))
