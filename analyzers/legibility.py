"""Whether a page's text can be read, and in which language it is: judged by its words, no dictionary, no model.

Vietnamese is known by its syllables, with or without marks (analyzers.syllables), French and English by their
commonest words.  A layer that a wrong encoding, a font without a map or an OCR of another language left behind has
neither.  What is written in other scripts is nobody's Vietnamese and is left alone.
"""

import re
import unicodedata
from dataclasses import dataclass

from analyzers.fold import has_marks
from analyzers.syllables import is_syllable, is_unmarked_syllable

FEWEST = 20
"""Words below which nothing is judged: a page of figures, a cover, a stamp; eight letters a word, where nothing parts
them."""

_MARKED = 0.35  # share of words with marks below which they are lost: plain Vietnamese has 0.8
_WORD = re.compile(r"[^\W\d_ºª]+")
_VOWEL = re.compile("[aeiouy]")
_HAN = re.compile(r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_BROKEN = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
# The commonest words that are no Vietnamese syllables, or seldom: what tells the language, not what it is made of.
_FRENCH = (
    "le les des du et un une dans que qui pour par sur au aux est sont cette ces sa ses il avec pas sera être été "
    "d l qu n s"
)
_ENGLISH = "the of and to in is are for that this by with shall be on as it or at from which an"
_OWN = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}


@dataclass(frozen=True, slots=True)
class Legibility:
    """What the words of a text say: how many there are, which share (0..1) can be Vietnamese, which bears marks.

    ``language`` is an id of analyzers.languages ("vi", "fr", "en", "han-nom"), "" where it cannot be told;
    ``broken`` the share of letters that no font could name; ``single`` that of words of one letter, ``pieces`` that of
    words in small letters without a vowel; ``letters`` how many there are.
    """

    words: int
    syllables: float
    marked: float
    broken: float
    language: str
    single: float = 0.0
    pieces: float = 0.0
    letters: int = 0

    @property
    def unmarked(self) -> bool:
        """Whether it is Vietnamese whose words have hardly a mark: a telegram, or what a machine left of a page."""
        return self.words >= FEWEST and self.language == "vi" and self.marked < _MARKED

    @property
    def fault(self) -> str:
        """Why the text is no good: ``broken-letters``, ``torn-words``, ``no-words``, ``lost-marks``; "" where nothing
        is against it.

        ``torn-words``: gaps between letters, or where letters are missing, are taken for gaps between words.
        ``lost-marks``: Vietnamese read by a machine that knows no marks.
        """
        if self.broken > 0.05:
            return "broken-letters"
        if self.words < FEWEST and self.letters < 8 * FEWEST:
            return ""
        # Lists of points ("điểm a, b, c") are whole otherwise, tables of coordinates have capitals
        if self.single > 0.5 or (self.single > 0.25 and self.pieces > 0.12 and self.syllables < 0.95):
            return "torn-words"
        if self.language in {"fr", "en", "han-nom", "other"}:
            return ""
        if self.syllables < 0.6:
            return "no-words"
        return "lost-marks" if self.marked < _MARKED and self.syllables < 0.9 else ""


def judge(text: str) -> Legibility:
    """Judges the text of a page (canonical or not)."""
    found = _WORD.findall(unicodedata.normalize("NFC", text))
    words = [word.lower() for word in found]
    letters = sum(map(len, words))
    broken = len(_BROKEN.findall(text)) / max(letters + len(_BROKEN.findall(text)), 1)
    if not words:
        return Legibility(0, 0.0, 0.0, broken, "")
    latin = sum(_is_latin(word) for word in words)
    if latin * 2 < len(words):
        return Legibility(len(words), 0.0, 0.0, broken, "han-nom" if len(_HAN.findall(text)) * 2 > letters else "other")
    long = [word for word in words if len(word) > 1] or words
    possible = sum(is_syllable(word) or is_unmarked_syllable(word) for word in long) / len(long)
    marked = sum(map(has_marks, words)) / len(words)
    single = sum(len(word) == 1 for word in words) / len(words)
    pieces = sum(word.islower() and not _VOWEL.search(unicodedata.normalize("NFD", word)) for word in found) / len(
        words
    )
    return Legibility(len(words), possible, marked, broken, _language(words, possible, marked), single, pieces, letters)


def _language(words: list[str], possible: float, marked: float) -> str:
    if len(words) < 8:
        return "vi" if possible > 0.85 and marked > 0.3 else ""
    shares = {name: sum(word in own for word in words) / len(words) for name, own in _OWN.items()}
    best = max(shares, key=shares.__getitem__)
    # Vietnamese has one or two of these words in a hundred, the languages themselves twenty.
    if shares[best] > 0.12 and possible < 0.75:
        return best
    return "vi" if possible > 0.75 else ""


def _is_latin(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith("LATIN")
