"""Words that nobody knows: letters missing, doubled, swapped, wrong; two words run together, or one cut in two."""

import math
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzers.fold import fold
from analyzers.tokens import folded_key, has_marks
from search.lexicon import Form

FEWEST_MET = 20  # times a word must have been met to be proposed
FEWEST_LETTERS = 4  # of a word whose letters are in doubt; a shorter one may be anything
CLEARLY = 1.0  # what the best must be ahead of the second, in natural logarithms
_UNSEEN = 0.1
_VOWELS = frozenset("aeiouy")
_FIT = 2.0  # for each typed mark that the proposal has, too

Forms = Mapping[str, Sequence[Form]]
Ask = Callable[[Iterable[str]], dict[str, tuple[Form, ...]]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words for those at ``start``..``end`` (places in the run), and how well they fit."""

    start: int
    end: int
    text: str
    score: float


def propose(words: Sequence[str], at: int, ask: Ask) -> list[Proposal]:
    """What the unknown word at that place may have been meant to be, the best first."""
    word = folded_key(words[at])
    before = folded_key(words[at - 1]) if at else ""
    after = folded_key(words[at + 1]) if at + 1 < len(words) else ""
    letters = fold(words[at])  # a key may write y as i where the word ends
    single = {*map(folded_key, _near(letters))} if len(word) >= FEWEST_LETTERS else set()
    split = {f"{folded_key(letters[:cut])} {folded_key(letters[cut:])}" for cut in range(1, len(letters))}
    joined = _joined(words, at)
    found = ask({*single, *split, *joined})
    met = {key: forms for key, forms in found.items() if sum(form.count for form in forms) >= FEWEST_MET}
    pairs = ask(f"{left} {right}" for key in met for left, right in ((before, key), (key, after)) if left and right)
    proposals = []
    for key, forms in met.items():
        start, end = joined.get(key, (at, at + 1))
        score = sum(form.count for form in forms)
        fit = math.log(score) * (1.0 if key in split else 0.5)
        if key in single:
            near = [(before, key)] * bool(before) + [(key, after)] * bool(after)
            fit += sum(math.log(_met(pairs, pair) + _UNSEEN) for pair in near)
        typed = " ".join(words[start:end])
        text, agreeing = _spelled(forms, typed)
        proposals.append(Proposal(start, end, text if has_marks("".join(words)) else key, fit + _FIT * agreeing))
    return sorted(proposals, key=lambda one: (-one.score, one.text))


def rejoin(words: Sequence[str], at: int, ask: Ask) -> list[Proposal]:
    """One word for the two that it was cut into by a blank ("quy ết"), the best first."""
    spans = _joined(words, at)
    proposals = []
    for key, forms in ask(spans).items():
        start, end = spans[key]
        text, agreeing = _spelled(forms, " ".join(words[start:end]))
        if (count := sum(form.count for form in forms)) >= FEWEST_MET and agreeing:
            proposals.append(Proposal(start, end, text, math.log(count) + _FIT * agreeing))
    return sorted(proposals, key=lambda one: (-one.score, one.text))


def _joined(words: Sequence[str], at: int) -> dict[str, tuple[int, int]]:
    """The folded keys of the word joined with the one before it and the one after it, and where the two stand."""
    spans = ((start, start + 2) for start in (at - 1, at) if start >= 0 and start + 2 <= len(words))
    return {folded_key("".join(words[start:end])): (start, end) for start, end in spans if all(words[start:end])}


def is_clear(proposals: Sequence[Proposal]) -> bool:
    """Whether the first of the proposals is well ahead of the second."""
    return len(proposals) == 1 or (len(proposals) > 1 and proposals[0].score - proposals[1].score >= CLEARLY)


def _met(pairs: Forms, pair: tuple[str, str]) -> int:
    return sum(form.count for form in pairs.get(" ".join(pair), ()))


def _spelled(forms: Sequence[Form], typed: str) -> tuple[str, int]:
    """The spelling with most of the marked letters that were typed, of equals the most frequent."""
    letters = [letter for letter in typed.lower() if has_marks(letter)]
    best = max(forms, key=lambda form: (sum(letter in form.text for letter in letters), form.count))
    return best.text, sum(letter in best.text for letter in letters)


def _near(word: str) -> Iterator[str]:
    """Every word with one letter left out, put in, replaced, or swapped with the next."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in string.ascii_lowercase:
            yield head + letter + tail
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]


def is_known(word: str, forms: Forms) -> bool:
    """Whether the letters of the word were met, whatever the marks; a word without a vowel is an abbreviation."""
    key = folded_key(word)
    return bool(forms.get(key)) or _VOWELS.isdisjoint(key)
