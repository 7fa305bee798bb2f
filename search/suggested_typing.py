"""What has been typed so far, as suggestions need it."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.tokens import keys


@dataclass(frozen=True, slots=True)
class Typed:
    """Folded words, the last of them perhaps half typed; ``marked`` is empty where nothing was typed with marks."""

    words: tuple[str, ...]
    marked: tuple[str, ...] = ()

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
