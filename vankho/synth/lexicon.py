"""The word lists of the demonstration archive (`config/synth/`), read once and checked for shape as they are used."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

CONFIG = Path(__file__).resolve().parents[2] / "config" / "synth"
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


@cache
def read_table(name: str) -> dict[str, Any]:
    """The TOML list `name` of `config/synth/` as plain dictionaries."""
    with (CONFIG / f"{name}.toml").open("rb") as source:
        return tomllib.load(source)


def find_dated(rows: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """The row whose `from`..`to` holds `day`; the nearest end of the list for a day outside all of them."""
    for row in rows:
        if row["from"] <= day <= row["to"]:
            return row
    return rows[0] if day < rows[0]["from"] else rows[-1]


def find_law(about: str, day: date) -> str:
    """Title and date of the law on `about` that a preamble of `day` cites; empty if there was none."""
    for row in read_table("laws")["law"]:
        if row["about"] == about and row["from"] <= day <= row["to"]:
            return str(row["text"])
    return ""


def expand(template: str, slots: Mapping[str, str], rng: Random) -> str:
    """Fill `{slots}` and choose in every `[a|b]` of one template sentence."""
    chosen = _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template)
    return chosen.format_map(slots)


def capitalize(text: str) -> str:
    """First letter upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def invent_person(rng: Random, *, female: bool | None = None) -> str:
    """A full name put together at random; nobody real is meant."""
    names = read_table("names")
    woman = rng.random() < 0.35 if female is None else female
    kind = "female" if woman else "male"
    return f"{rng.choice(names['family'])} {rng.choice(names['middle_' + kind])} {rng.choice(names['given_' + kind])}"


def name_hamlet(rng: Random, day: date) -> str:
    """A hamlet in the words of its time: named, numbered, or a production team of the co-operative years."""
    names = read_table("names")
    if 1978 <= day.year <= 1992 and rng.random() < 0.5:
        return f"đội {rng.randint(1, 14)}"
    if rng.random() < 0.3:
        return f"thôn {rng.randint(1, 8)}"
    return f"thôn {rng.choice(names['hamlet_first'])} {rng.choice(names['hamlet_second'])}"


def name_day(day: date) -> str:
    """`17 tháng 8 năm 1998`: day and January, February with a leading nought, as NĐ 30/2020 wants it."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d} tháng {month} năm {day.year}"
