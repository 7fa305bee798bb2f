"""Many lines of folded words as one array: where each word stands, and which words of a question it is.

A syllable of Vietnamese has at most seven letters, so a word is compared as one number: its first eight bytes.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analyzers.tokens import LONGEST

Numbers = NDArray[np.intp]

_BYTES = 8  # of a word that are compared at once
_ORDER = np.dtype("<u8")
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(_BYTES + 1)], dtype=_ORDER)  # by the length of a word
_BLANK = ord(" ")
_SLOTS = 16  # bits of a table that tells most words of a text apart from the question's at once
_MIXED = np.uint64(0x9E3779B97F4A7C15)  # spreads keys that differ in any byte over the highest bits


class WordLines:
    """Lines as `analyzers.folded_line` makes them.

    ``first[i]`` is the place of line i's first word among all words, ``first[i + 1]`` the place behind its last; for
    each word ``line`` is its line and ``place`` its place there, from 0.
    """

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._bytes = b" ".join([b"", *lines, bytes(_BYTES)])
        letters = np.frombuffer(self._bytes, dtype=np.uint8)
        blank = letters[:-_BYTES] == _BLANK
        edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1  # begins with a blank and ends with one
        self._starts, self._ends = edges[::2], edges[1::2]
        overlapping = np.ndarray((len(letters) - _BYTES + 1,), _ORDER, self._bytes, strides=(1,))
        lengths = np.minimum(self._ends - self._starts, _BYTES)
        self._keys = overlapping[self._starts] & _MASKS[lengths]
        self._slots = _slots(self._keys)
        borders = np.cumsum([1, *(len(line) + 1 for line in lines)])
        self.first: Numbers = np.searchsorted(self._starts, borders)
        self.line: Numbers = np.repeat(np.arange(len(lines)), np.diff(self.first))
        self.place: Numbers = np.arange(len(self._starts)) - self.first[self.line]

    def numbered(self, numbers: Mapping[bytes, int]) -> Numbers:
        """The number of each word, 0 for one that has none."""
        if not numbers:
            return np.zeros(len(self._keys), dtype=np.intp)
        by_key: dict[int, int] = {}
        for word, number in numbers.items():
            by_key[_key(word)] = number if len(word) < _BYTES else -1  # there may be more of the same beginning
        known = np.array(sorted(by_key), dtype=_ORDER)
        given = np.array([by_key[int(key)] for key in known], dtype=np.intp)
        wanted = np.zeros(1 << _SLOTS, dtype=np.bool_)
        wanted[_slots(known)] = True
        places = np.flatnonzero(wanted[self._slots])
        at = np.searchsorted(known, self._keys[places])
        at[at == len(known)] = 0
        same = known[at] == self._keys[places]
        found = np.zeros(len(self._keys), dtype=np.intp)
        found[places[same]] = given[at[same]]
        for place in np.flatnonzero(found < 0):
            word = self._bytes[self._starts[place] : self._ends[place]]
            found[place] = numbers.get(word) or numbers.get(word[:LONGEST], 0)
        return found


def _key(word: bytes) -> int:
    return int.from_bytes(word[:_BYTES], "little")


def _slots(keys: NDArray[np.uint64]) -> Numbers:
    return ((keys * _MIXED) >> np.uint64(64 - _SLOTS)).astype(np.intp)
