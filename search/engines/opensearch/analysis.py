"""The chain of analyzers.tokens said in OpenSearch's own filters: whoever asks the index gets the same words.

Letters are exchanged before the text is cut (one mapping for marked, one for folded words), our own pattern cuts, and
two patterns finish the key.  A test sends real text through both chains.
"""

import unicodedata
from functools import lru_cache
from typing import Any

from analyzers.fold import fold
from analyzers.tokens import LONE_Y, LONGEST, MOVED_TONES, PLACES, decompose_tones

_PLACES = "".join(PLACES.values())
#: A run of letters and numbers, at most LONGEST of them, each with its tones' places behind it; the rest is left out.
_LETTER = rf"[\p{{L}}\p{{N}}&&[^{_PLACES}]]"
_RUN = f"((?:{_LETTER}[{_PLACES}]*+){{1,{LONGEST}}}+)(?:{_LETTER}[{_PLACES}]*+)*+"


def _letters() -> list[str]:
    """Every letter and number that canonical text can hold (NFC changes the others)."""
    points = (chr(point) for point in range(0x80, 0x110000) if not 0xD800 <= point < 0xE000)
    return [one for one in points if unicodedata.category(one)[0] in "LN" and unicodedata.is_normalized("NFC", one)]


def _rule(before: str, after: str) -> str:
    return f"{before}=>{after}"


@lru_cache(maxsize=1)
def analysis_settings() -> dict[str, Any]:
    """The ``analysis`` part of an index's settings; analyzers ``marked``, ``folded``, ``shingles``, ``numbers``."""
    letters = _letters()
    digits = [_rule(place, digit) for digit, place in PLACES.items()]
    tones = [_rule(one, decompose_tones(one)) for one in letters if decompose_tones(one) != one]
    folds = [_rule(one, fold(one)) for one in letters if fold(one) not in (one, one.lower())]
    order = "".join(f"${group}" for group in MOVED_TONES[1])
    end = ["decimal_digit", "lone_y"]
    return {
        "char_filter": {
            "tones_apart": {"type": "mapping", "mappings": digits + tones},
            "without_marks": {"type": "mapping", "mappings": digits + folds},
        },
        "tokenizer": {"runs": {"type": "pattern", "pattern": _RUN, "group": 1}},
        "filter": {
            "tones_last": {"type": "pattern_replace", "pattern": MOVED_TONES[0], "replacement": order, "all": False},
            "lone_y": {"type": "pattern_replace", "pattern": LONE_Y, "replacement": "$1i$2", "all": False},
            "pairs": {
                "type": "shingle",
                "min_shingle_size": 2,
                "max_shingle_size": 2,
                "output_unigrams": False,
                "token_separator": "_",
            },
            "without_noughts": {
                "type": "pattern_replace",
                "pattern": "^0+(?=[0-9]+$)",
                "replacement": "",
                "all": False,
            },
        },
        "analyzer": {
            "marked": _analyzer("tones_apart", "tones_last", *end),
            "folded": _analyzer("without_marks", *end),
            "shingles": _analyzer("without_marks", *end, "pairs"),
            "numbers": _analyzer("without_marks", *end, "without_noughts"),
        },
    }


def _analyzer(letters: str, *filters: str) -> dict[str, Any]:
    return {"type": "custom", "char_filter": [letters], "tokenizer": "runs", "filter": ["lowercase", *filters]}
