"""Vietnamese order as a plain string, for databases and engines that sort by code point.

Letters a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y (f j w z in their Latin places), then tones in the
order none, huyền, hỏi, ngã, sắc, nặng, then small before capital. Runs of digits compare as numbers.
"""

import re
import unicodedata
from functools import lru_cache

from analyzers.normal import canon

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTERS = {letter: chr(ord("A") + at) for at, letter in enumerate(_ALPHABET)}  # all above the digits
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0302", "\u0306", "\u031b"}
_PIECE = re.compile(r"[0-9]+|[^\W0-9_]+|[\W_]+")
_LONGEST_KEPT = 32  # letters of a word that is remembered
_AFTER_NAME = re.compile(r"[,(/;]| [-–] ")
_LETTER = re.compile(r"[^\W0-9_]")
_GAP, _LEVEL = "!", " "  # a gap between words sorts below every letter and digit, a level below a gap
_BETWEEN = (_GAP, "", "")


def sort_key(text: str) -> str:
    """The key whose code point order is Vietnamese order; sorts alike in SQLite, PostgreSQL ("C") and tantivy.

    Signs and spaces count as one gap between words, none at the ends. "" for text without letters or digits.
    """
    pieces = _PIECE.findall(canon(text))
    weighed = [_weigh_known(piece) if len(piece) <= _LONGEST_KEPT else _weigh_piece(piece) for piece in pieces]
    if weighed and weighed[-1] == _BETWEEN:
        weighed.pop()
    if weighed and weighed[0] == _BETWEEN:
        del weighed[0]
    if not weighed:
        return ""
    return _LEVEL.join(map("".join, zip(*weighed, strict=True)))


def person_key(name: str) -> str:
    """The same for the name of a person, as Vietnamese lists have it: by the given name, which stands last, then by
    family and middle names.  What follows a comma or stands in brackets (a post) does not count."""
    words = (_AFTER_NAME.split(name, maxsplit=1)[0].strip() or name).split()
    return f"{sort_key(words[-1]) if words else ''}\x1f{sort_key(' '.join(words[:-1]))}"


def _weigh_piece(piece: str) -> tuple[str, str, str]:
    """Codes, tone and sizes of a run of letters, of digits, or of signs."""
    if piece[0] in "0123456789":
        number = piece.lstrip("0") or "0"
        return f"{min(len(number), 99):02d}{number}", "", ""
    return _weigh_word(piece) if _LETTER.match(piece) else _BETWEEN


def _weigh_word(piece: str) -> tuple[str, str, str]:
    """Codes, tone and sizes of a run of letters."""
    weighed = [_weigh(letter) for letter in piece]
    sizes = "".join("0" if letter == letter.lower() else "1" for letter in piece)
    return "".join(code for code, _ in weighed), max(tone for _, tone in weighed), sizes


_weigh_known = lru_cache(maxsize=50_000)(_weigh_piece)  # the same few thousand words make up all titles


def _weigh(letter: str) -> tuple[str, str]:
    """Primary code and tone of one letter; letters of other scripts stand behind ours, by code point."""
    small = letter.lower() if len(letter.lower()) == 1 else letter
    if code := _LETTERS.get(small):
        return code, "0"
    parts = unicodedata.normalize("NFD", small)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
    base = parts[0] + "".join(mark for mark in parts[1:] if mark in _SHAPES)
    base = unicodedata.normalize("NFC", base)
    return _LETTERS.get(base) or _LETTERS.get(parts[0]) or small, tone


def letters() -> str:
    """The letters that begin words, in their order, capital."""
    return _ALPHABET.upper()


def letter_start(letter: str) -> str:
    """The least key of a text that begins with the letter (of :func:`letters`, any case); "" for any other text."""
    return _LETTERS.get(letter.lower(), "")
