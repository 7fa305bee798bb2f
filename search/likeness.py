"""What tells a record from others, in its own words: asked of the index, it finds the record's like.

Only words that the viewer may search take part: of a record whose text he may not search, the title alone.  How common
a word is comes from the lexicon of what everyone may search, never from the index.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analyzers.tokens import folded_keys
from search.lexicon import Form

MOST_TERMS = 24  # pairs that are asked; 16 and 40 find much the same, single words beside them add nothing
MOST_LOOKED_AT = 400  # pairs of a long text, those said most often
OF_TITLE = 3  # a word of the title counts as often
LEAST_SHARE = 0.15  # of the pairs a record must have to be like it
FEWEST_SHARED = 2
LONGEST_WORD = 24  # letters; longer runs are damage of a reading machine
UNKNOWN = 0.5  # weight of what the lexicon does not know: a name of this record alone, or damage


@dataclass(frozen=True, slots=True)
class Telling:
    """Pairs of neighbouring words ("ho_so", as in the index) with their weights, the most telling first."""

    pairs: tuple[tuple[str, float], ...] = ()

    @property
    def fewest(self) -> int:
        """How many of the pairs a record must have to be like this one."""
        return min(len(self.pairs), max(FEWEST_SHARED, math.ceil(len(self.pairs) * LEAST_SHARE)))


def neighbours(title: str, pages: Sequence[str]) -> Counter[tuple[str, str]]:
    """How often each pair of neighbouring words was said; words of letters only, pairs within a page."""
    said: Counter[tuple[str, str]] = Counter()
    for text, times in ((title, OF_TITLE), *((page, 1) for page in pages)):
        for pair in pairwise(folded_keys(text)):
            if all(word.isalpha() and len(word) <= LONGEST_WORD for word in pair):
                said[pair] += times
    return said


def keys_of(said: Counter[tuple[str, str]]) -> set[str]:
    """The pairs that are said most often, as the lexicon has them."""
    return {" ".join(pair) for pair, _ in said.most_common(MOST_LOOKED_AT)}


def telling(said: Counter[tuple[str, str]], forms: Mapping[str, tuple[Form, ...]], records: int) -> Telling:
    """The pairs that are said often here and seldom elsewhere; ``forms`` of pairs by key, ``records``: of how many the
    lexicon was made."""
    often = said.most_common(MOST_LOOKED_AT)
    weights = {pair: (1 + math.log(times)) * _rarity(" ".join(pair), forms, records) for pair, times in often}
    chosen = sorted(weights, key=lambda pair: (-weights[pair], pair))[:MOST_TERMS]
    return Telling(tuple(("_".join(pair), weights[pair] / weights[chosen[0]]) for pair in chosen))


def _rarity(key: str, forms: Mapping[str, tuple[Form, ...]], records: int) -> float:
    met = sum(form.count for form in forms.get(key, ()))
    return max(math.log((records + 1) / (met or 1)), 0.1) * (1.0 if met else UNKNOWN)
