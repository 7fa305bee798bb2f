"""Titles as the index keeps them for suggestions: exact values that begin with folded words and end with the text.

``title_whole`` is one value a record, ``title_starts`` one for each of its first LONGEST_START words: a beginning of
three words is found among those of three words only, so the last word may be half typed and still few values have to
be looked at, however many titles there are.  The number in front orders values that are equally frequent: the shorter
first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from analyzers.tokens import LONGEST, TOKEN, folded_key

LONGEST_START = 8  # words
LETTERS_OF_START = 120
LETTERS_OF_TITLE = 200  # a longer title is cut there

_PARTING = "\x1f"  # canonical text has no such character


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one of the fields that differ in marks, capitals or signs only, with the records of all of them.

    ``words`` are the folded words joined by blanks, ``length`` is their number; ``text`` is the most frequent spelling.
    """

    words: str
    text: str
    count: int
    values: tuple[str, ...]
    length: int


def folded_words(title: str) -> list[str]:
    """The words by which a (canonical) title is known."""
    return [folded_key(word) for word in TOKEN.findall(title[:LETTERS_OF_TITLE])]


def title_whole(title: str) -> list[str]:
    """The value of ``title_whole`` of a (canonical) title; none of a title without words."""
    shown = " ".join(title[:LETTERS_OF_TITLE].split())
    words = folded_words(title)
    return [f"{min(len(words), 99):02d} {' '.join(words)}{_PARTING}{shown}"] if words else []


def title_starts(title: str) -> list[str]:
    """The values of ``title_starts``: "1 ban", "2 ban do", each with the text up to there."""
    shown = " ".join(title[:LETTERS_OF_START].split())
    words: list[str] = []
    found = []
    for match in islice(TOKEN.finditer(shown), LONGEST_START):
        word = match[0][:LONGEST]
        words.append(folded_key(word))
        found.append(f"{len(words)} {' '.join(words)}{_PARTING}{shown[: match.start() + len(word)].lstrip(_SIGNS)}")
    return found


def start_of(words: tuple[str, ...]) -> str:
    """What the values of ``title_starts`` begin with where a title begins so; the last word perhaps half typed."""
    return f"{len(words)} {' '.join(words)}"


def group_values(counted: Iterable[tuple[str, int]]) -> list[Group]:
    """The values of either field with their counts, put together by their words; in the order of the first of each."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for value, count in counted:
        groups.setdefault(value.partition(_PARTING)[0], []).append((value, count))
    found = []
    for head, members in groups.items():
        words = head.partition(" ")[2]
        text = members[0][0].partition(_PARTING)[2]
        values = tuple(value for value, _ in members)
        found.append(Group(words, text, sum(count for _, count in members), values, words.count(" ") + 1))
    return found


_SIGNS = "\"'“”‘’«»([{-–—.,;:… "
