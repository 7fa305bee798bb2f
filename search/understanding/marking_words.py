"""Wrongly marked words: which marks the neighbours speak for ("quyêt đinh", "hổ sơ", "Quãng Ngãi").

Each word may keep its marks or take those of another word with the same letters.  Pairs that are often met speak for
their spelling; a word that is itself common is dear to change, an unknown one is not.  The best line of words wins.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analyzers.tokens import folded_key, has_marks, marked_key
from search.lexicon import Form

SURE, WORTH_OFFERING = 3.0, 1.0  # what a change must gain, in natural logarithms
BOUND, TIED = 0.25, 0.8  # share of a word's occurrences beside its neighbour: for any change, for one beyond doubt
REACH = 2
_UNSEEN = 0.1  # stands for the count of what was never met
_ALONE = 0.5  # weight of a word's own count beside that of its pairs
_CHANGE = 1.5  # cost of changing a known word, beside the logarithm of its count

Forms = Mapping[str, Sequence[Form]]


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str
    marked: str  # empty: without marks, any marking agrees
    score: float


def suspicious(words: Sequence[str], forms: Forms) -> Iterator[tuple[int, int]]:
    """Stretches around what was never met so: a word with its marks, or a pair whose letters were met.

    REACH words on either side belong to a stretch: what lies farther off has no say.
    """
    places = [
        at
        for at, word in enumerate(words)
        if has_marks(word) and forms.get(folded_key(word)) and not times_met(word, forms)
    ]
    for at, (left, right) in enumerate(pairwise(words)):
        if has_marks(left) or has_marks(right):
            known = forms.get(f"{folded_key(left)} {folded_key(right)}", ())
            if known and not _count(known, (_own(left), _own(right))):
                places += [at, at + 1]
    start = end = 0
    for at in sorted(places):
        if at - REACH > end and end:
            yield start, end
        start = start if end and at - REACH <= end else max(at - REACH, 0)
        end = min(at + REACH + 1, len(words))
    if end:
        yield start, end


def remark(words: Sequence[str], forms: Forms) -> tuple[list[str], float]:
    """The words (at least one) as they are probably meant, in small letters where changed, and what that gains."""
    best, line = _best([_choices(word, forms) for word in words], forms)
    kept, _ = _best([[_typed(word, forms)] for word in words], forms)
    return [choice.text for choice in line], best - kept


def binding(words: Sequence[str], at: int, forms: Forms) -> float:
    """How firmly the word belongs to a neighbour: of either of them, the share that stands beside the other.

    "sơ" nearly always follows "hồ": 0.9 for "hồ" in "hồ sơ".
    """
    shares = [0.0]
    for left, right in ((at - 1, at), (at, at + 1)):
        if left >= 0 and right < len(words):
            known = forms.get(f"{folded_key(words[left])} {folded_key(words[right])}", ())
            count = _count(known, (_own(words[left]), _own(words[right])))
            shares += [count / total for one in (left, right) if (total := times_met(words[one], forms))]
    return max(shares)


def _best(choices: Sequence[Sequence[_Choice]], forms: Forms) -> tuple[float, list[_Choice]]:
    """The best line of one choice for each word (at least one), with its score; of equals what comes first."""
    lines: list[tuple[float, list[_Choice]]] = [(one.score, [one]) for one in choices[0]]
    for here in choices[1:]:
        longer = []
        for choice in here:
            before = [(score + _pair(line[-1], choice, forms), line) for score, line in lines]
            score, line = max(before, key=lambda one: one[0])
            longer.append((score + choice.score, [*line, choice]))
        lines = longer
    return max(lines, key=lambda one: one[0])


def _typed(word: str, forms: Forms) -> _Choice:
    return _Choice(word, _own(word), _ALONE * math.log(times_met(word, forms) + _UNSEEN) if has_marks(word) else 0.0)


def _choices(word: str, forms: Forms) -> list[_Choice]:
    """The word as typed, first, and the other markings of its letters."""
    typed = _typed(word, forms)
    if not has_marks(word):
        return [typed]
    known = times_met(word, forms)
    cost = _CHANGE + math.log(1 + known) if known else 0.0
    others = [
        _Choice(form.text, form.marked, _ALONE * math.log(form.count) - cost)
        for form in forms.get(folded_key(word), ())
        if form.marked != typed.marked and has_marks(form.text)
    ]
    return [typed, *others]


def _pair(left: _Choice, right: _Choice, forms: Forms) -> float:
    known = forms.get(f"{folded_key(left.text)} {folded_key(right.text)}", ())
    return math.log(_count(known, (left.marked, right.marked)) + _UNSEEN)


def _count(known: Sequence[Form], marked: tuple[str, str]) -> int:
    """How often the pair was met so marked; where a word has no marks, with any."""
    if not known:
        return 0
    left, right = marked
    if left and right:
        pair = f"{left} {right}"
        return sum([form.count for form in known if form.marked == pair])
    # Of two words and a blank: without marks a key is empty, and agrees with any beginning or end.
    first, last = left and f"{left} ", right and f" {right}"
    return sum([form.count for form in known if form.marked.startswith(first) and form.marked.endswith(last)])


def times_met(word: str, forms: Forms) -> int:
    """How often the word was met with just these marks; without marks, with any."""
    if not has_marks(word):
        return sum(form.count for form in forms.get(folded_key(word), ()))
    own = marked_key(word)
    return next((form.count for form in forms.get(folded_key(word), ()) if form.marked == own), 0)


def _own(word: str) -> str:
    return marked_key(word) if has_marks(word) else ""
