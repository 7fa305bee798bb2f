"""Text cut into words of one or more syllables ("quyết định", "Uỷ ban nhân dân") by underthesea, with offsets.

An optional signal for suggestions and key phrases, never for what is found.  What was measured about the package and is
closed here: it knows its own model's spelling only with its normalisation off and tones in the new style (Uỷ, hoá); it
slows down quadratically on long runs without blanks; it tears document numbers apart; it returns strings without
offsets; words once given it as fixed act on every later call, so none are ever given.
"""

import re
from collections.abc import Callable, Iterator

from analyzers.language_packages import language_package
from analyzers.numbers import find_numbers
from analyzers.syllables import put_tone, take_tone
from analyzers.tokens import Token, tokenize

LONGEST_RUN = 200
"""Characters without a blank that are given over at a time."""

LONGEST_SENTENCE = 1_000
_SENTENCE = re.compile(r"(?:[^\n\f.!?;]|[.!?;](?!\s|$))+")
_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}(?=\S)")
_SYLLABLE = re.compile(r"[^\W\d_]+")
_VISIBLE = re.compile(r"\S+")


class Segmenter:
    """Cuts canonical text into words; raises LanguagePackageMissingError where underthesea is not installed."""

    def __init__(self) -> None:
        self._cut: Callable[..., list[str]] = language_package("underthesea").word_tokenize

    def words(self, text: str) -> list[Token]:
        """The words of `text` in order, `text[start:end] == word.text`; a document number is one, signs are none."""
        words: list[Token] = []
        at = 0
        for number in find_numbers(text):
            written = _VISIBLE.match(text, number.start, number.end)
            if written and "/" in written[0]:
                words += self._between(text, at, written.start())
                words.append(Token(written[0], *written.span()))
                at = written.end()
        return words + self._between(text, at, len(text))

    def _between(self, text: str, begin: int, end: int) -> list[Token]:
        words: list[Token] = []
        for start, stop in _pieces(text[begin:end]):
            piece = text[begin + start : begin + stop]
            words += _aligned(piece, self._cut(new_style(piece), use_token_normalize=False), begin + start)
        return words


def new_style(text: str) -> str:
    """`text` with hòa, khỏe, thủy as hoà, khoẻ, thuỷ; as long as it was, so offsets stay."""
    return _SYLLABLE.sub(_moved, text)


def _moved(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii():
        return word
    toneless, tone = take_tone(word)
    if tone is None or not toneless.lower().endswith(("oa", "oe", "uy")):
        return word
    moved = put_tone(toneless, tone, new_style=True)
    return moved if len(moved) == len(word) else word


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, shortened to LONGEST_SENTENCE, their long runs cut: one is given over at a time."""
    for sentence in _SENTENCE.finditer(text):
        at, end = sentence.span()
        for run in _RUN.finditer(text, at, end):
            yield from _shortened(text, at, run.end())
            at = run.end()
        yield from _shortened(text, at, end)


def _shortened(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    while end - at > LONGEST_SENTENCE:
        blank = text.rfind(" ", at + 1, at + LONGEST_SENTENCE)
        stop = blank if blank > 0 else at + LONGEST_SENTENCE
        yield at, stop
        at = stop
    if text[at:end].strip():
        yield at, end


def _aligned(piece: str, words: list[str], offset: int) -> list[Token]:
    """The words of a piece where they stand in it; its plain tokens where they are not those of the piece."""
    found: list[Token] = []
    source = new_style(piece)
    at = 0
    for word in words:
        start = -1
        for part in _VISIBLE.findall(word):
            here = source.find(part, at)
            if here < 0 or source[at:here].strip():
                return [Token(token.text, token.start + offset, token.end + offset) for token in tokenize(piece)]
            start = here if start < 0 else start
            at = here + len(part)
        if start >= 0 and any(letter.isalnum() for letter in piece[start:at]):
            found.append(Token(piece[start:at], start + offset, at + offset))
    return found
