"""The codes of TCVN3 (ABC fonts), VNI-Windows and VIQR, as they look when their bytes are read as Latin-1.

Sources: TCVN 5712:1993 (its one-byte set, as the ".Vn" fonts use it); the VNI-Windows character set; RFC 1456 (VIQR).
"""

import unicodedata
from functools import lru_cache
from typing import Literal

from analyzers.fold import fold
from analyzers.syllables import is_syllable, take_tone

Encoding = Literal["tcvn3", "vni", "viqr"]

_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"  # fmt: skip
_TCVN3_SMALL = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®"  # fmt: skip
TCVN3 = dict(zip(_TCVN3_SMALL + "¡¢£¤¥¦§", _LETTERS + "ĂÂÊÔƠƯĐ", strict=True))
"""One code for one letter.  Capitals with tones have none: fonts whose names end in H show small codes as capitals."""

_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_ROOF = dict(zip("âàáåãä", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))  # with the circumflex
_VNI_BREVE = dict(zip("êèéúüë", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))  # with the breve
_VNI_ALONE = dict(zip("ìíæóòôöîñ", "ìíỉĩịơưỵđ", strict=True))

_VIQR_TONES = dict(zip("`'?~.", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VIQR_SHAPES = {"^": ("aeo", "\u0302"), "(": ("a", "\u0306"), "+": ("ou", "\u031b"), "*": ("ou", "\u031b")}


@lru_cache(maxsize=50_000)
def decoded_word(word: str, encoding: Encoding) -> str | None:
    """`word` decoded (NFC), None if it holds what this encoding does not use; words of ASCII only are their own."""
    if encoding == "tcvn3":
        return _tcvn3(word)
    return _vni(word) if encoding == "vni" else _viqr(word)


def is_word_of(word: str, encoding: Encoding) -> bool:
    """Whether `word` makes a syllable in this encoding and is not what it decodes to."""
    decoded = decoded_word(word, encoding)
    return decoded is not None and decoded != word and is_syllable(decoded)


def _tcvn3(word: str) -> str | None:
    made: list[str] = []
    for code in word:
        letter = TCVN3.get(code) or (code if code.isascii() else "")
        if not letter:
            return None
        before = made[-1] if made else ""
        # Converters write a capital and the code of the small letter with its tone (Aµ for À); "AÀ" is no word.
        if before.isupper() and code in TCVN3 and take_tone(letter)[0] == before.lower() and letter != before.lower():
            made[-1] = letter.upper()
        else:
            made.append(letter)
    return "".join(made)


def _vni(word: str) -> str | None:
    made: list[str] = []
    for code in word:
        small, before = code.lower(), made[-1].lower() if made else ""
        marks = ""
        if small in _VNI_TONES and before in {"a", "e", "o", "u", "y", "ơ", "ư"}:
            marks = _VNI_TONES[small]
        elif small in _VNI_ROOF and before in {"a", "e", "o"}:
            marks = "\u0302" + _VNI_ROOF[small]
        elif small in _VNI_BREVE and before == "a":
            marks = "\u0306" + _VNI_BREVE[small]
        if marks:
            made[-1] = unicodedata.normalize("NFC", made[-1] + marks)
        elif small in _VNI_ALONE:
            made.append(_VNI_ALONE[small].upper() if code.isupper() else _VNI_ALONE[small])
        elif code.isascii():
            made.append(code)
        else:
            return None
    return "".join(made)


def _viqr(word: str) -> str | None:
    made: list[str] = []
    for at, code in enumerate(word):
        before = made[-1] if made else ""
        base, toned = fold(before), take_tone(before)[0] != before if before else False
        if code in _VIQR_SHAPES and base in _VIQR_SHAPES[code][0] and before.lower() == base and base:
            made[-1] = unicodedata.normalize("NFC", before + _VIQR_SHAPES[code][1])
        elif code in _VIQR_TONES and base and base in "aeiouy" and not toned:
            made[-1] = unicodedata.normalize("NFC", before + _VIQR_TONES[code])
        elif code in "dD" and at == 1 and before in {"d", "D"}:
            made[-1] = "Đ" if before == "D" else "đ"
        elif code.isascii() and code.isalpha():
            made.append(code)
        else:
            return None
    return "".join(made)
