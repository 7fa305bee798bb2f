"""One word as it lands in a text when the Vietnamese keyboard was left off: Telex letters or VNI digits to a syllable.

Telex: aa ee oo dd double a letter into â ê ô đ, w makes ă ơ ư (alone: ư), s f r x j are the tones, z takes a tone off.
VNI: 6 makes â ê ô, 7 ơ ư, 8 ă, 9 đ, 1 2 3 4 5 are the tones, 0 takes one off. Both allow a key anywhere behind the
letter that it changes (dduwowngf, dduongwf, dduwowfng), as the keyboards themselves do.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from analyzers.syllables import is_highland_name, is_syllable, put_tone

_TELEX_TONES = {"s": "sắc", "f": "huyền", "r": "hỏi", "x": "ngã", "j": "nặng", "z": "ngang"}
_VNI_TONES = {"1": "sắc", "2": "huyền", "3": "hỏi", "4": "ngã", "5": "nặng", "0": "ngang"}
_ROOF = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"u": "ư", "o": "ơ"}
_VOWELS = frozenset("aeiouyăâêôơư")
_LONGEST = 14  # keys of one syllable: nghieengf, nghie6ng2


class KeyedWord(NamedTuple):
    """What keys make: `text` (tone in the old style), the keys in it, and what kind of word it is.

    `inside`: letters follow the tone key (Telex) or any key (VNI). `far`: a doubled letter stands apart from the first
    (these). `native`: a possible syllable, not only a foreign name.
    """

    text: str
    keys: str
    inside: bool
    far: bool
    native: bool


@dataclass(slots=True)
class _Word:
    """A word while it is being typed; every method says whether the key did something."""

    letters: list[str] = field(default_factory=list)  # toneless, as they stand now
    tone: str = ""
    keys: str = ""
    inside: bool = False
    far: bool = False

    def has_vowel(self) -> bool:
        return any(letter.lower() in _VOWELS for letter in self.letters)

    def small(self) -> str:
        return "".join(self.letters).lower()

    def change(self, at: int, shaped: str) -> bool:
        self.letters[at] = shaped.upper() if self.letters[at].isupper() else shaped
        return True

    def last(self, wanted: str) -> int:
        """Where the last of the `wanted` plain vowels stands, -1: nowhere; the u of qu is none."""
        small = self.small()
        at = max(small.rfind(letter) for letter in wanted)
        return -1 if at == 1 and small.startswith("qu") else at

    def stroke(self) -> bool:
        return self.small()[:1] == "d" and self.change(0, "đ")

    def roof(self, wanted: str) -> bool:
        at = self.last(wanted)
        return at >= 0 and self.change(at, _ROOF[self.letters[at].lower()])

    def horn(self) -> bool:
        at, small = self.last("uo"), self.small()
        at -= small[at - 2 : at + 1] in {"uou", "ưou"}  # rượu: the o is meant
        if at > 0 and small[at] in "ou" and small[at - 1] in "uư" and not (at == 2 and small[0] == "q"):
            if small[at] == "o":
                self.change(at, "ơ")
            return self.change(at - 1, "ư")
        return at >= 0 and self.change(at, _HORN[small[at]])

    def breve(self) -> bool:
        at = self.last("a")
        return at >= 0 and self.change(at, "ă")

    def hook(self) -> bool:
        """Telex w: ă, ơ, ư, whichever the letters before it ask for."""
        small = self.small()
        at = self.last("uoa")
        if at >= 0 and small[at] == "a":
            begun = at > 0 and small[at - 1] == "u" and small[at:] == "a" and not (at == 2 and small[0] == "q")
            return self.change(at - 1, "ư") if begun else self.breve()
        return at >= 0 and self.horn()

    def finish(self) -> KeyedWord | None:
        """The syllable that has been typed, if it is one and not just what was typed."""
        small = self.small()
        for wrong in ("ưo", "uơ"):  # the keyboards complete the pair: thuwong, thuowng
            if (at := small.find(wrong)) >= 0 and small[at + 2 :] and not (small[0] == "q" and at == 1):
                self.change(at, "ư")
                self.change(at + 1, "ơ")
        if self.small().endswith("ươ"):  # thuở: no syllable ends in ươ
            self.change(len(self.letters) - 2, "u")
        text = put_tone("".join(self.letters), self.tone or "ngang")
        native = is_syllable(text)
        if not self.keys or not (native or is_highland_name(text)):
            return None
        return KeyedWord(text, self.keys, self.inside, self.far, native)


@lru_cache(maxsize=8192)
def telex_word(word: str) -> KeyedWord | None:
    """The syllable that the letters of `word` mean as Telex keys: "ddaats" -> "đất", "DDaats" -> "Đất".

    None for letters that are no keys, make no syllable, or hold two tones or a key undone by repeating it (tesst).
    """
    if len(word) > _LONGEST or not word.isascii() or not word.isalpha():
        return None
    made = _Word()
    for letter in word:
        small = letter.lower()
        if small in _TELEX_TONES and made.has_vowel():
            if not _tone(made, _TELEX_TONES[small]):
                return None
        elif small == "w":
            if not made.hook():
                if made.has_vowel():
                    return None
                made.letters.append("Ư" if letter == "W" else "ư")
        elif small == "o" and made.small()[-1:] == "ô":  # booong: boong, with two of them
            made.change(len(made.letters) - 1, "o")
            made.letters.append(letter)
        elif small in "aeo" and made.last(small) >= 0 and made.small()[-2:] not in {"oa", "oe"}:  # ngoao, ngoeo
            made.far |= made.small()[-1:] != small or bool(made.tone)
            made.roof(small)
        elif small == "d" and made.small()[:1] == "d":
            made.stroke()
        else:
            made.letters.append(letter)
            made.inside |= bool(made.tone)
            continue
        made.keys += small
    return made.finish()


@lru_cache(maxsize=8192)
def vni_word(word: str) -> KeyedWord | None:
    """The syllable that letters and digits mean as VNI keys: "d9a61t" -> "đất"; None where they make none."""
    if len(word) > _LONGEST or not word.isascii() or not word.isalnum() or not word[:1].isalpha():
        return None
    made = _Word()
    shapes = {"6": lambda: made.roof("aeo"), "7": made.horn, "8": made.breve, "9": made.stroke}
    for letter in word:
        if not letter.isdecimal():
            made.letters.append(letter)
            made.inside |= bool(made.keys)
            continue
        if letter in shapes:
            if not shapes[letter]():
                return None
        elif not made.has_vowel() or not _tone(made, _VNI_TONES[letter]):
            return None
        made.keys += letter
    return made.finish()


def _tone(made: _Word, tone: str) -> bool:
    """Sets or takes off the tone; not a second one beside the first."""
    if tone == "ngang":
        if not made.tone:
            return False
        made.tone = ""
        return True
    if made.tone:
        return False
    made.tone = tone
    return True
