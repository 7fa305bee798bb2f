"""The languages of a record as delivered text tells them: "Tiếng Việt; Tiếng Pháp", "06", "Việt - Hán Nôm".

Codes: TT 05/2025/TT-BNV, code list `language` (01 Việt ... 11 Khác; 06, 07, 08 and 10 name two languages at once).
Ids are ISO 639-1 where it has one; `han-nom` is Chinese characters and Nôm script together, as the circular has them.
"""

import re
from functools import lru_cache

from analyzers.fold import fold
from analyzers.normal import canon

LANGUAGES: dict[str, tuple[str, str]] = {
    "vi": ("Tiếng Việt", "Vietnamese"),
    "en": ("Tiếng Anh", "English"),
    "fr": ("Tiếng Pháp", "French"),
    "ru": ("Tiếng Nga", "Russian"),
    "zh": ("Tiếng Trung", "Chinese"),
    "han-nom": ("Hán Nôm", "Hán Nôm"),
    "lo": ("Tiếng Lào", "Lao"),
    "km": ("Tiếng Khmer", "Khmer"),
    "ja": ("Tiếng Nhật", "Japanese"),
    "ko": ("Tiếng Hàn", "Korean"),
    "de": ("Tiếng Đức", "German"),
    "other": ("Tiếng khác", "Other language"),
}
"""Id -> (Vietnamese, English)."""

_CODES = {
    "01": ("vi",), "02": ("en",), "03": ("fr",), "04": ("ru",), "05": ("zh",), "06": ("vi", "en"),
    "07": ("vi", "ru"), "08": ("vi", "fr"), "09": ("han-nom",), "10": ("vi", "zh"), "11": ("other",),
}  # fmt: skip
_WORDS = {
    "vi": ("viet", "vie", "vietnamese", "vi", "quoc", "viet nam"), "en": ("anh", "english", "eng", "en"),
    "fr": ("phap", "french", "fre", "fra", "fr"), "ru": ("nga", "russian", "rus", "ru"),
    "zh": ("trung", "chinese", "zho", "chi", "zh", "hoa", "trung quoc"), "han-nom": ("han", "nom", "han nom"),
    "lo": ("lao", "lo"), "km": ("khmer", "khome", "km", "campuchia"), "ja": ("nhat", "japanese", "jpn", "ja"),
    "ko": ("han quoc", "trieu tien", "korean", "kor", "ko"), "de": ("duc", "german", "deu", "ger", "de"),
    "other": ("khac", "other"),
}  # fmt: skip
_KNOWN = {word: language for language, words in _WORDS.items() for word in words}
_NOISE = {"tieng", "chu", "ngu", "ngon", "va", "and", "van", "ban", "song", "language"}
_APART = re.compile(r"[^\w]+|_+")
_KOREAN = re.compile(r"\bhàn\b(?: quốc\b)?(?! nôm)")  # only its mark tells it from Hán (Chinese characters)
_PIECES = re.compile(r"[;,/|&+\n()–—-]+")


@lru_cache(maxsize=2_000)  # few ways to write them fill a whole archive
def read_languages(text: str) -> tuple[str, ...]:
    """Ids of LANGUAGES in their order there, each once; a piece that names no known language is ``other``.

    Empty where nothing but signs is written: what was not delivered is not guessed.
    """
    found: set[str] = set()
    for piece in _PIECES.split(_KOREAN.sub("korean", canon(text).lower())):
        words = [word for word in _APART.split(fold(piece)) if word]
        if not words:
            continue
        named = _named([word for word in words if word not in _NOISE] or words)
        found |= named or {"other"}
    return tuple(one for one in LANGUAGES if one in found)


def _named(words: list[str]) -> set[str]:
    """The languages that words in a row name; two words that are one name ("Hàn Quốc") are taken together."""
    found: set[str] = set()
    at = 0
    while at < len(words):
        pair, word = " ".join(words[at : at + 2]), words[at]
        if pair in _KNOWN and pair != word:
            found.add(_KNOWN[pair])
            at += 2
            continue
        if word.isdecimal():
            found |= set(_CODES.get(word.zfill(2), ()))
        elif word in _KNOWN:
            found.add(_KNOWN[word])
        at += 1
    return found
