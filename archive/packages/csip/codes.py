"""The code lists of TT 05/2025/TT-BNV, from `config/vocabularies/tt05.tsv` (with dates, confidence and source)."""

import re
from functools import cache
from pathlib import Path

from archive.packages.fields import fold

CONFIG = Path(__file__).parents[3] / "config" / "vocabularies" / "tt05.tsv"
OTHER = {"typeName": "32", "language": "11", "maintenance": "07"}  # 'Khác': what the list does not have


@cache
def _labels() -> dict[tuple[str, str], str]:
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(row[0], row[1]): row[2] for row in rows}


@cache
def _codes() -> dict[tuple[str, str], str]:
    return {(name, fold(label)): code for (name, code), label in _labels().items()}


def has_code(name: str, code: str) -> bool:
    """Whether a list has a code; one digit alone stands for the code with 0 before it."""
    return (name, code.zfill(2)) in _labels()


def codes_of(name: str) -> list[str]:
    """The codes of a list, in its order."""
    return [code for known, code in _labels() if known == name]


def in_words(name: str, text: str) -> str:
    """Codes of a list in words: 'language', '01;02' -> 'Việt; Anh'; what is no code stays as it is written."""
    codes = [one.strip() for one in text.replace(",", ";").split(";") if one.strip()]
    found = [_labels().get((name, code.zfill(2))) for code in codes]
    return "; ".join(one for one in found if one) if found and all(found) else text


def in_code(name: str, text: str) -> str:
    """Words of a list as codes: 'language', 'Tiếng Việt; Anh' -> '01;02'; what it lacks is 'Khác', else ''."""
    found = []
    for one in filter(None, (part.strip() for part in re.split("[;,]", text))):
        words = fold(one).removeprefix("tieng") if name == "language" else fold(one)
        if (name, one.zfill(2)) in _labels():
            found.append(one.zfill(2))
        else:
            found.append(_codes().get((name, words)) or OTHER.get(name, ""))
    return ";".join(dict.fromkeys(filter(None, found)))
