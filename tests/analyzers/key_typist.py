"""A person who types Vietnamese with the keyboard off: the keys of a syllable, in the orders that people use."""

import unicodedata

from analyzers.syllables import take_tone

_TELEX_TONES = {"sắc": "s", "huyền": "f", "hỏi": "r", "ngã": "x", "nặng": "j", "ngang": ""}
_VNI_TONES = {"sắc": "1", "huyền": "2", "hỏi": "3", "ngã": "4", "nặng": "5", "ngang": ""}
_TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
ORDERS = ("tone last", "tone in place", "shapes last")


def telex_keys(syllable: str, order: str = "tone last") -> str:
    """The Telex keys of a syllable in lower case; "shapes last": w once, behind all letters (dduongwf)."""
    return _keys(syllable, order, _TELEX, _TELEX_TONES, "w")


def vni_keys(syllable: str, order: str = "tone last") -> str:
    """The same in VNI digits."""
    return _keys(syllable, order, _VNI, _VNI_TONES, "678")


def _keys(syllable: str, order: str, shapes: dict[str, str], tones: dict[str, str], late: str) -> str:
    toneless, tone = take_tone(syllable)
    assert tone is not None
    key = tones[tone]
    if shapes is _TELEX and "oo" in toneless:  # boong
        return "".join(shapes.get(letter, letter) for letter in toneless.replace("oo", "ooo")) + key
    if order == "tone in place":
        typed = ""
        for letter in unicodedata.normalize("NFC", syllable):
            bare, own = take_tone(letter)
            typed += shapes.get(bare, bare) + (key if own != "ngang" else "")
        return typed
    if order == "shapes last":
        kept = "".join(shapes.get(letter, letter) for letter in toneless)
        behind = [one for one in kept if one in late]
        bare = "".join(one for one in kept if one not in late)
        return bare + "".join(dict.fromkeys(behind)) + key
    return "".join(shapes.get(letter, letter) for letter in toneless) + key
