"""The payment reference of a bill: short enough for the text of a transfer, of letters that are not mixed up.

``VK``, seven letters by chance, a check letter.  The alphabet has 31 signs, a prime: a sum weighted by place finds
every single wrong sign and every two neighbours that changed places.
"""

import re
import secrets
import unicodedata

PREFIX = "VK"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 7

_FORM = re.compile(f"(?={PREFIX}([{ALPHABET}]{{{LENGTH + 1}}}))")


def new_reference() -> str:
    """A new reference of ten signs."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{PREFIX}{body}{check_letter(body)}"


def check_letter(body: str) -> str:
    """The sign that makes the weighted sum of the seven."""
    return ALPHABET[sum(place * ALPHABET.index(sign) for place, sign in enumerate(body, 2)) % len(ALPHABET)]


def find_references(text: str) -> list[str]:
    """Every well-formed reference in the text of a transfer, each once, in order; banks change case, add blanks and
    dots, and write before and after it what they like."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text).upper() if one.isascii() and one.isalnum())
    bodies = (match[1] for match in _FORM.finditer(plain))
    return list(dict.fromkeys(PREFIX + one for one in bodies if check_letter(one[:LENGTH]) == one[LENGTH]))
