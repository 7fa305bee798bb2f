"""What has been typed so far, as suggestions need it."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.tokens import keys
from search.errors import QueryError
from search.language import parse
from search.understanding.abbreviations import spelled


@dataclass(frozen=True, slots=True)
class Typed:
    """Folded words, the last of them perhaps half typed; ``marked`` is empty where nothing was typed with marks."""

    words: tuple[str, ...]
    marked: tuple[str, ...] = ()

    @property
    def head(self) -> tuple[str, ...]:
        """Its distinct whole words: all but the last."""
        return tuple(dict.fromkeys(self.words[:-1]))

    def all_in(self, folded: str) -> bool:
        """Whether all the words are there, wherever; ``folded`` has a blank before each word."""
        return f" {self.words[-1]}" in folded and all(f" {word} " in f"{folded} " for word in self.head)

    def disagreements(self, text: str) -> int:
        """How many of the words typed with marks are not in the text with these marks: none is best."""
        if not self.marked:
            return 0
        there = keys(text)
        return sum(
            mark != word and not _has(there.marked, mark, last=n == len(self.words))
            for n, (word, mark) in enumerate(zip(self.words, self.marked, strict=True), 1)
        )


def _has(words: Sequence[str], word: str, *, last: bool) -> bool:
    if word in words:
        return True
    # A word being typed has its tone at its end already: "quyê5" goes on as "quyêt5".
    bare, tone = (word[:-1], word[-1]) if word[-1:].isdecimal() else (word, "")
    return last and any(one.startswith(bare) and one.endswith(tone) for one in words)


def written_out(text: str) -> str:
    """The (canonical) text with its abbreviations written out in their first meaning; empty where it has none."""
    try:
        _, changes = spelled(text, parse(text))
    except QueryError:  # a quotation mark left open, a field without a value
        return ""
    at, found = len(text), text
    for one in sorted(changes, key=lambda one: -one.start):
        if not one.shortened and one.end <= at:
            at, found = one.start, f"{found[: one.start]}{one.instead}{found[one.end :]}"
    return found if found != text else ""
