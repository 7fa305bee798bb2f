"""The common syllables of Vietnamese (`config/syllables.txt`): words that are right whatever an archive holds."""

from functools import cache

from analyzers.tokens import folded_key, has_marks, marked_key
from archive.gazetteer import read_rows


def is_common(word: str) -> bool:
    """Whether the word, with its marks or all without, is a common syllable: "hiểm", "hiem"; not "quyêt", "trính"."""
    marked, folded = _common()
    return marked_key(word) in marked if has_marks(word) else folded_key(word) in folded


def may_have_lost_marks(word: str) -> bool:
    """Whether the word stands for one with marks: it has none, and so is no common syllable ("hiem"; not "bao")."""
    return not has_marks(word) and marked_key(word) not in _common()[0]


@cache
def _common() -> tuple[frozenset[str], frozenset[str]]:
    words = [word for row in read_rows("syllables.txt") for word in row[0].split()]
    return frozenset(map(marked_key, words)), frozenset(map(folded_key, words))
