"""The code lists of TT 05/2025/TT-BNV, from `config/vocabularies/tt05.tsv` (with dates, confidence and source)."""

from functools import cache
from pathlib import Path

CONFIG = Path(__file__).parents[3] / "config" / "vocabularies" / "tt05.tsv"


@cache
def _labels() -> dict[tuple[str, str], str]:
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(row[0], row[1]): row[2] for row in rows}


def in_words(name: str, text: str) -> str:
    """Codes of a list in words: 'language', '01;02' -> 'Việt; Anh'; what is no code stays as it is written."""
    codes = [one.strip() for one in text.replace(",", ";").split(";") if one.strip()]
    found = [_labels().get((name, code.zfill(2))) for code in codes]
    return "; ".join(one for one in found if one) if found and all(found) else text
