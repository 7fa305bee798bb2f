"""Folding for matching: lower case, marks dropped, đ -> d, and always one code point for one code point.

Because the length never changes, an offset in the folded text is an offset in the text itself.
"""

import unicodedata
from functools import lru_cache

_WORD = 16  # letters of a word that is remembered


def _fold_letter(letter: str) -> str:
    """The base letter of one code point in lower case; the letter itself where there is no 1:1 answer."""
    while True:
        parts = unicodedata.normalize("NFD", letter)
        # Only marks may fall away: a Hangul syllable also decomposes, into letters.
        base = parts[0] if all(unicodedata.category(mark) == "Mn" for mark in parts[1:]) else letter
        base = {"Đ": "d", "đ": "d"}.get(base, base)
        if len(base.lower()) == 1:
            base = base.lower()
        if base == letter:
            return letter
        letter = base


class _Folds(dict[int, str]):
    """Code point -> folded letter, filled as letters are met (at most one entry a code point)."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_letter(chr(code))
        return folded


_FOLDS = _Folds()
for _code in range(0x2100):
    _ = _FOLDS[_code]


def fold(text: str) -> str:
    """Lower case without marks: "Đường số 5" -> "duong so 5"; `len(fold(t)) == len(t)` for every str.

    Wants canonical text (`analyzers.normal.canon`): a combining mark that stands alone is kept as it is.
    """
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def has_marks(text: str) -> bool:
    """Whether folding would take a mark off: True for "hoà", "đ"; False for "HOA", "ß"."""
    if text.isascii():
        return False
    return _word_has_marks(text) if len(text) <= _WORD else _any_marked(text)


def _any_marked(text: str) -> bool:
    return any(_FOLDS[ord(letter)] != letter.lower() for letter in text if letter > "\x7f")


_word_has_marks = lru_cache(maxsize=4_096)(_any_marked)  # the same words are asked about over and over
