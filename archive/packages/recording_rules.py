"""What the circulars demand of files of sound and film, from `config/packages/recordings.tsv`, by date."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

CONFIG = Path(__file__).parents[2] / "config" / "packages" / "recordings.tsv"
_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Demand:
    """Which containers (archive.recordings.probing) are taken as the circular names them, the least bits a second, and
    the circular."""

    containers: frozenset[str]
    bit_rate: int
    source: str


@cache
def _rows() -> list[tuple[str, date, Demand]]:
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(r[0], date.fromisoformat(r[3]), Demand(frozenset(r[1].split()), int(r[2]), r[5])) for r in rows]


def demand(kind: str, day: date) -> Demand:
    """What is demanded of `audio` or `video` on that day: the latest rule that is in force, else the first."""
    known = [(since, told) for one, since, told in _rows() if one == kind]
    known.sort(key=lambda row: row[0])
    return next((told for since, told in reversed(known) if since <= day), known[0][1])


def read_length(text: str) -> int | None:
    """The seconds of a `PlayTime` (hh:mm:ss, TT 05/2025/TT-BNV, EAD_media); None where it is no such time."""
    found = _LENGTH.fullmatch(text.strip())
    if not found or int(found[2]) > 59 or int(found[3]) > 59:
        return None
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
