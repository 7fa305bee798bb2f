"""Which strings can be Vietnamese syllables: the rules of the orthography as tables, no dictionary.

A syllable is written onset + rhyme, and one tone mark. Rules: k, gh, ngh stand before e ê i y, and c, g, ng before the
other vowels; "gi" gives its i to a rhyme that begins with i (gì, giếng); "qu" is an onset before unrounded rhymes;
"yê" begins a syllable, "iê" does not; a rhyme that ends in c, ch, p, t is sắc or nặng. A possible syllable need not be
a word. All functions want canonical text and do not mind capitals.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from analyzers.fold import fold

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph r s t th tr v x"
_FRONT_ONLY, _BACK_ONLY = frozenset({"k", "gh", "ngh"}), frozenset({"c", "g", "ng"})

# Vowels of a rhyme -> what may follow ("-": nothing).
_PLAIN_RHYMES = """
    a - c ch i m n ng nh o p t u y | ă c m n ng p t | â c m n ng p t u y
    e - c m n ng o p t | ê - ch m n nh p t u | i - ch m n nh p t u | ia - | iê c m n ng p t u | y -
    o - c i m n ng p t | oo c ng | ô - c i m n ng p t | ơ - i m n p t | u - c i m n ng p t | ua - | uô c i m n ng t
    ư - c i m n ng t u | ưa - | ươ c i m n ng p t u
"""
_ROUNDED_RHYMES = """
    oa - c ch i m n ng nh o p t y | oă c m n ng t | oe - m n o t | uâ n ng t y | uê - ch n nh t
    uơ - | uy - ch n nh p t u | uya - | uyê n t
"""
_AFTER_Q = """
    ua - c ch i n ng nh o t u y | uă c m n ng p t | uâ n ng t y | ue - c n o t | uê - ch n nh t u
    ui - t | uơ - i n t | uy - ch n nh t | uyê n t | uô c
"""
_BARE_ONLY = "yê m n ng t u"

_TONES = {"\u0300": "huyền", "\u0309": "hỏi", "\u0303": "ngã", "\u0301": "sắc", "\u0323": "nặng"}
TONE_MARKS = {tone: mark for mark, tone in _TONES.items()}
"""Name of a tone -> its combining mark; the level tone ("ngang") has none."""

_STOPS = ("c", "ch", "p", "t")
_CLOSED = ("ch", "ng", "nh", "c", "m", "n", "p", "t", "k")
_SHAPED = "ăâêôơư"

# Names of the highlands in Vietnamese letters, beyond the rules of Vietnamese (Đắk Lắk, Krông Pắk, Kon Plông).
_NAME = re.compile(
    r"(?:[bcđghklmpsty]?[lr]|b|d|đ|[cknp]h?|h|l|m|r|s|t|v|y)(?:[aeiouyăâêôơư]{1,2})(?P<coda>[hklr]|c|m|ng?|p|t)?"
)
_NAME_ONSET = re.compile(r"[bcđghklmpsy][lr]")


class Syllable(NamedTuple):
    """A syllable taken apart, in lower case: `onset + rhyme` without its tone, and the tone ("ngang": none)."""

    onset: str
    rhyme: str
    tone: str

    @property
    def toneless(self) -> str:
        """The spelling without the tone mark; an i that "gi" shares with its rhyme is written once."""
        shared = self.onset == "gi" and self.rhyme.startswith("i")
        return self.onset + self.rhyme[1:] if shared else self.onset + self.rhyme


def _rhymes(table: str) -> list[str]:
    rows = [row.split() for row in re.split(r"[|\n]", table) if row.strip()]
    return [row[0] + (coda if coda != "-" else "") for row in rows for coda in row[1:]]


def _allowed(onset: str, rhyme: str) -> bool:
    if onset in _FRONT_ONLY:
        return rhyme[0] in "eêiy"
    if onset in _BACK_ONLY:
        return rhyme[0] not in "eêiy"
    return onset != "gi" or rhyme[0] not in "êy"


def _build() -> dict[str, tuple[str, str]]:
    """Every toneless syllable -> onset and rhyme."""
    built: dict[str, tuple[str, str]] = {}
    for rhyme in (*_rhymes(_PLAIN_RHYMES), *_rhymes(_ROUNDED_RHYMES)):
        if not rhyme.startswith("iê"):
            built.setdefault(rhyme, ("", rhyme))
        for onset in _ONSETS.split():
            if _allowed(onset, rhyme):
                built.setdefault(Syllable(onset, rhyme, "").toneless, (onset, rhyme))
    built.update({rhyme: ("", rhyme) for rhyme in _rhymes(_BARE_ONLY)})
    built.update({f"q{rhyme}": ("q", rhyme) for rhyme in _rhymes(_AFTER_Q)})
    return built


_SYLLABLES = _build()
_UNMARKED = frozenset(map(fold, _SYLLABLES))
_LONGEST = 2 * max(map(len, _SYLLABLES))  # with marks of their own, too
TONELESS = frozenset(_SYLLABLES)
"""Every possible syllable without its tone, in lower case (about 3,900)."""


def parse_syllable(word: str) -> Syllable | None:
    """`word` as a syllable, None if it can be none ("quyết" -> q, uyêt, sắc). The tone may stand on any of its vowels.

    "hoà" and "hòa" are the same syllable; a letter that is not Vietnamese, two tones or a coda's wrong tone give None.
    """
    toneless, tone = take_tone(word.lower())
    if tone is None or (found := _SYLLABLES.get(toneless)) is None:
        return None
    if tone not in {"sắc", "nặng"} and found[1].endswith(_STOPS):
        return None
    return Syllable(*found, tone)


def is_syllable(word: str) -> bool:
    """Whether `word`, read with its marks, is a possible syllable: "hoà", "quyết"; not "quyêt", "thuet", "web"."""
    return len(word) <= _LONGEST and _is_syllable(word)


@lru_cache(1 << 15)  # a text says the same words again and again
def _is_syllable(word: str) -> bool:
    return parse_syllable(word) is not None


def is_unmarked_syllable(word: str) -> bool:
    """Whether marks could make a syllable of `word`, which has none: "quyet", "duong"; not "web", "ddat", "tafi"."""
    return word.lower() in _UNMARKED


def is_highland_name(word: str) -> bool:
    """Whether a word with marks has the shape of a name of the highlands: "Đắk", "Krông"; not "Kon", "đuợc", "bank"."""
    toneless, tone = take_tone(word.lower())
    match = _NAME.fullmatch(toneless)
    if tone is None or match is None or (toneless.isascii() and tone == "ngang"):
        return False
    return match["coda"] in {"h", "k", "l", "r"} or bool(_NAME_ONSET.match(toneless))


def take_tone(word: str) -> tuple[str, str | None]:
    """`word` without its tone marks, and the tone; None for the tone where there are two of them."""
    if word.isascii():
        return word, "ngang"
    parts = unicodedata.normalize("NFD", word)
    tones = [_TONES[mark] for mark in parts if mark in _TONES]
    if not tones:
        return word, "ngang"
    rest = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return rest, tones[0] if len(tones) == 1 else None


def put_tone(toneless: str, tone: str, *, new_style: bool = False) -> str:
    """`toneless` with the mark of `tone` where it belongs, capitals kept; "" if there is no vowel to carry it.

    Old style (most keyboards: hòa, thúy) unless `new_style` (hoà, thuý); they differ in final oa, oe, uy only.
    """
    if tone == "ngang":
        return toneless
    at = _tone_place(toneless.lower(), new_style=new_style)
    if at < 0:
        return ""
    return toneless[:at] + unicodedata.normalize("NFC", toneless[at] + TONE_MARKS[tone]) + toneless[at + 1 :]


def _tone_place(word: str, *, new_style: bool) -> int:
    """Where the tone mark stands in a toneless word in lower case; -1 without a vowel."""
    vowels = [at for at, letter in enumerate(word) if fold(letter) in "aeiouy"]
    if len(vowels) > 1 and word[: vowels[1]] in {"qu", "gi"}:
        vowels = vowels[1:]
    if not vowels:
        return -1
    if shaped := [at for at in vowels if word[at] in _SHAPED]:
        return shaped[-1]
    if len(vowels) > 2:
        return vowels[1]
    if len(vowels) == 2 and (word.endswith(_CLOSED) or (new_style and word.endswith(("oa", "oe", "uy")))):
        return vowels[1]
    return vowels[0]
