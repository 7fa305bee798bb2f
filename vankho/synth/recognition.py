"""What optical recognition makes of Vietnamese: wrong marks first, look-alikes, lost letters; tokens stay tokens."""

import math
from random import Random

_FAMILIES = ("aàáảãạăằắẳẵặâầấẩẫậ", "eèéẻẽẹêềếểễệ", "iìíỉĩị", "oòóỏõọôồốổỗộơờớởỡợ", "uùúủũụưừứửữự", "yỳýỷỹỵ", "dđ")
_MARKS = {letter: family for family in _FAMILIES for letter in family}
_MARKS |= {letter.upper(): family.upper() for family in _FAMILIES for letter in family}
_ALIKE = {
    "l": "1",
    "1": "l",
    "0": "o",
    "m": "rn",
    "c": "e",
    "e": "c",
    "n": "ri",
    "h": "b",
    "I": "l",
    "g": "q",
    "5": "S",
}
# A stamp decides about access: a reader of the demonstration must find it whole.
_KEPT = frozenset({"MẬT", "TỐI", "TUYỆT"})


def damage_tokens(tokens: list[str], rate: float, rng: Random) -> list[str]:
    """The tokens as recognition gives them, `rate` errors a letter; as many tokens, none empty, none with a space."""
    if rate < 1e-9:  # not one error in a thousand million letters
        return tokens
    scale = math.log1p(-rate)
    ahead = int(math.log(1.0 - rng.random()) / scale)
    result = list(tokens)
    for number, token in enumerate(tokens):
        if ahead >= len(token):
            ahead -= len(token)
            continue
        if token in _KEPT:
            ahead = int(math.log(1.0 - rng.random()) / scale)
            continue
        letters, position = list(token), ahead
        while position < len(token):
            letters[position] = _mistake(token[position], rng)
            position += 1 + int(math.log(1.0 - rng.random()) / scale)
        ahead = position - len(token)
        result[number] = "".join(letters) or token
    return result


def _mistake(letter: str, rng: Random) -> str:
    kind = rng.random()
    if kind < 0.65 and letter in _MARKS:
        return rng.choice(_MARKS[letter])
    if kind < 0.85:
        return _ALIKE.get(letter, letter)
    return "" if kind < 0.93 else letter + rng.choice(".'-,")


def rate_of(year: int, digital: bool, rng: Random) -> float:
    """Errors a letter: none in born-digital text, few in print of today, more on old typescript."""
    if digital:
        return 0.0
    worst = 0.022 if year < 1976 else 0.014 if year < 1995 else 0.007
    return rng.uniform(0.15, 1.0) * worst
