"""A text's folded tokens as one line of bytes: to look for the words of a question, without an object for each token.

A line is made at a fraction of the cost of a list of keys.  Its tokens are those of `analyzers.tokens` but for two
things: y and i are not joined in them, so a key is looked for by all its `spellings`; and a token longer than LONGEST
may stand there whole.
"""

import codecs
import re
from functools import lru_cache

from analyzers.fold import fold
from analyzers.tokens import TOKEN, folded_keys

_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_RAISED = "²³"  # of measures; they are letters and stay what they are, a byte each
_SIGNS = "\u00a0«»°·×–—‘’“”•…§"
_KNOWN = "".join(map(chr, range(128))) + _LETTERS + _RAISED + _SIGNS
_ENCODING = codecs.charmap_build(_KNOWN + "\ufffe" * (256 - len(_KNOWN)))
_FOLDED = bytes(ord(fold(letter)) if TOKEN.fullmatch(letter) else ord(" ") for letter in _KNOWN.ljust(256))
_LONE_I = re.compile("^([bcdghklmnprstvx]h?|qu|tr)i([2-6]?)$")


def folded_line(text: str) -> bytes:
    """The folded tokens of canonical `text` in order, with blanks between them."""
    try:
        return codecs.charmap_encode(text.lower(), "strict", _ENCODING)[0].translate(_FOLDED)
    except UnicodeEncodeError:  # a letter or sign of elsewhere
        return b" ".join(map(_encoded, folded_keys(text)))


def _encoded(key: str) -> bytes:
    """The key as UTF-8, in which no byte of a raised number can stand by itself."""
    if key.isascii():
        return key.encode()
    return b"".join(letter.encode("latin-1" if letter in _RAISED else "utf-8") for letter in key)


@lru_cache(maxsize=10_000)
def spellings(key: str) -> tuple[bytes, ...]:
    """How a folded key may stand in a line."""
    own = _encoded(key)
    return (own, _encoded(_LONE_I.sub(r"\1y\2", key))) if _LONE_I.match(key) else (own,)
