"""Lines of a page's text: those that have words, numbered from 1, each with where it begins."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line: its number, its text, its first code point and its first word in the page's text (both from 0)."""

    number: int
    text: str
    start: int
    first_word: int

    @property
    def end(self) -> int:
        """The code point after the line."""
        return self.start + len(self.text)

    @property
    def words(self) -> list[str]:
        """The words of the line."""
        return self.text.split()


def lines_of(text: str) -> list[TextLine]:
    """The lines of a page's text that have words."""
    found, start, word = list[TextLine](), 0, 0
    for one in text.split("\n"):
        if words := len(one.split()):
            found.append(TextLine(len(found) + 1, one, start, word))
            word += words
        start += len(one) + 1
    return found


def find_line(lines: Sequence[TextLine], number: int, text: str) -> TextLine | None:
    """The line of that text: at that number, else the only one of the page that says so."""
    if 0 < number <= len(lines) and lines[number - 1].text == text:
        return lines[number - 1]
    same = [one for one in lines if one.text == text]
    return same[0] if len(same) == 1 else None
