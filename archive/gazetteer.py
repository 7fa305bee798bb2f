"""The places and agencies of `config/`, read once a process when first asked.

The files say where their facts come from and how sure they are.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from analyzers.gazetteer import Mention
from analyzers.tokens import keys
from archive.units import Unit, Units

CONFIG = Path(__file__).resolve().parents[1] / "config"

REFORM = date(2025, 7, 1).toordinal()
"""Districts end, provinces and communes are merged (NQ 202/2025/QH15 and the resolutions for each province)."""

KINDS = {
    "x": "xã", "p": "phường", "t": "thị trấn", "k": "đặc khu", "h": "huyện", "q": "quận", "y": "thị xã",
    "c": "thành phố", "i": "tỉnh",
}  # fmt: skip
WRITTEN = {
    **{kind: kind for kind in KINDS.values()},
    "x": "xã", "p": "phường", "tt": "thị trấn", "h": "huyện", "q": "quận", "tx": "thị xã", "tp": "thành phố",
}  # fmt: skip
"""How the word for a kind is written before a name, "TP. Quảng Ngãi", "TX Đức Phổ", "P.Nghĩa Lộ"."""


@cache
def places() -> Units:
    """Provinces, districts and communes of Viet Nam, today's and earlier ones."""
    changes = defaultdict[str, list[list[str]]](list)
    for kind, *row in read_rows("places/changes.tsv"):
        changes[kind].append(row)
    moved = {own: (unit, to_day(last) or 0) for ids, unit, last, _sure in changes["lay"] for own in ids.split(",")}
    units = [*_provinces(), *_districts(), *_communes(moved), *map(_unit, changes["unit"])]
    spellings = {other: row[0] for row in changes["spelling"] for other in row[1:]}
    aliases = [(own, name) for own, *names in changes["alias"] for name in names]
    ordinary = {kind: frozenset(" ".join(_keys(kind, one)) for one in names.split(",")) for kind, names in _ordinary()}
    return Units(units, aliases, (ordinary["m"], ordinary["f"]), WRITTEN, spellings)


@cache
def agencies() -> Units:
    """Ministries and departments of a province, today's and earlier ones."""
    units, aliases = [], []
    for own, name, first, last, successors, others, sure in read_rows("agencies.tsv"):
        units.append(Unit(own, "", name, to_day(first), to_day(last), (), _ids(successors), sure))
        aliases += [(own, other) for other in _ids(others)]
    return Units(units, aliases, alone=1)


PROVINCE = "tinh-"
"""Before the id of a province of today as a value of the facet of places: no place of a catalogue is called so."""


_GOES_ON = re.compile(r"\s*\w")


@lru_cache(maxsize=50_000)
def province_value(place: str) -> str:
    """The province of today in which a delivered place lies, as a value of the facet; empty where it is not certain.

    A name ends where the text ends or a sign parts it ("xã An 2" is not "xã An"); one of several
    places is certain only beside what it lies in: "xã Tân Thành, huyện Phú Bình".
    """
    known = places()
    mentions = [one for one in known.gazetteer.find(place) if not _GOES_ON.match(place, one.end)]
    tops = [set[str]().union(*map(known.tops, _highest(known, mention))) for mention in mentions]
    common = set.intersection(*tops) if tops else set()
    return f"{PROVINCE}{common.pop()}" if len(common) == 1 else ""


def _highest(known: Units, mention: Mention) -> list[str]:
    """What a name without the word for its kind means first: "Quảng Ngãi" the province, not a commune elsewhere."""
    provinces = [own for own in mention.ids if not known.units[own].above]
    return provinces if provinces and not mention.kind else list(mention.ids)


def province_labels() -> list[tuple[str, str]]:
    """The values of all provinces of today with their Vietnamese labels."""
    ids = [f"{PROVINCE}{one.id}" for one in places().units.values() if not one.above and one.last is None]
    return [(value, province_label(value)[0]) for value in ids]


def province_label(value: str) -> tuple[str, str]:
    """The Vietnamese and English label of a value made by `province_value`; empty for another value."""
    unit = places().units.get(value.removeprefix(PROVINCE)) if value.startswith(PROVINCE) else None
    if unit is None:
        return "", ""
    name = f"{unit.kind.capitalize()} {unit.name}"
    return f"{name} (mọi nơi)", f"{name} (all places)"


def _ordinary() -> Iterator[list[str]]:
    return read_rows("places/ordinary.tsv")


def _keys(kind: str, name: str) -> list[str]:
    return keys(name).marked if kind == "m" else keys(name).folded


def _provinces() -> Iterator[Unit]:
    for own, kind, name, first, last, successors, sure in read_rows("places/provinces.tsv"):
        yield Unit(own, KINDS[kind], name, to_day(first), to_day(last), (), _ids(successors), sure)


def _districts() -> Iterator[Unit]:
    for code, kind, name, province, successors in read_rows("places/districts.tsv"):
        yield Unit(f"{code}-2025", KINDS[kind], name, None, REFORM - 1, (f"{province}-2025",), _ids(successors))


def _communes(moved: Mapping[str, tuple[str, int]]) -> Iterator[Unit]:
    for code, kind, name, province in read_rows("places/communes.tsv"):
        yield Unit(code, KINDS[kind], name, REFORM, None, (province,))
    for code, kind, name, district, successors in read_rows("places/communes-2025.tsv"):
        own = f"{code}-2025"
        earlier, left = moved.get(own, ("", 0))
        above = (f"{district}-2025", *((earlier,) if earlier else ()))
        yield Unit(own, KINDS[kind], name, None, REFORM - 1, above, _ids(successors), left=(left,) if earlier else ())


def _unit(row: list[str]) -> Unit:
    own, kind, name, above, first, last, successors, sure = row
    return Unit(own, KINDS[kind], name, to_day(first), to_day(last), _ids(above), _ids(successors), sure)


def read_rows(file: str) -> Iterator[list[str]]:
    """The rows of a table below `config/` without its comments."""
    for line in (CONFIG / file).read_text("utf-8").splitlines():
        if line and line[0] != "#":
            yield line.split("\t")


def _ids(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def to_day(text: str) -> int | None:
    """The day number of an ISO date; None of an empty text."""
    return date.fromisoformat(text).toordinal() if text else None
