"""Abbreviations of `config/abbreviations.tsv` and of document types, spelled out: what readers and records write."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from analyzers.document_types import ABBREVIATIONS, ADMINISTRATIVE
from analyzers.gazetteer import Gazetteer, Name
from archive.gazetteer import read_rows

#: Types whose letters mean something else more often ("DA": a district, "HD": a contract without its mark).
_RARE = {"TC", "PA", "DA", "ĐA", "HD", "HĐ", "CV", "CĐ", "GM", "PG", "PC", "PB", "TB", "TT", "PL", "CT"}

#: Spelled out they are no sign of the short form: one of many committees; what stands before the name of any place.
_ONE_WAY = {"TP", "TX", "TƯ", "TW", "UB"}


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """`short` for `full`; `first` and `last` year of use; `plain`: also understood without marks, in small letters."""

    short: str
    full: str
    english: str
    first: int | None
    last: int | None
    plain: bool
    sure: str


@cache
def abbreviations() -> Mapping[str, tuple[Abbreviation, ...]]:
    """All, by their letters as they are written; several meanings of one, the more frequent first."""
    found: dict[str, tuple[Abbreviation, ...]] = {}
    for short, full, english, first, last, plain, sure in read_rows("abbreviations.tsv"):
        one = Abbreviation(short, full, english, _year(first), _year(last), plain == "y", sure)
        found[short] = (*found.get(short, ()), one)
    for short, full in ABBREVIATIONS.items():
        if short not in _RARE:
            no_syllable = short in ADMINISTRATIVE and not set("aeiouy") & set(short.lower())
            found[short] = (Abbreviation(short, full.lower(), "", None, None, no_syllable, "V"),)
    return found


@cache
def spelled_out() -> Gazetteer:
    """Finds what has an abbreviation where it is spelled out; ids are the abbreviations.

    Types of documents are left out: nearly every question and every record spells them out; so are ministries and
    departments, whose letters stand in the numbers of their papers.
    """
    names: dict[str, Name] = {}
    for short, meanings in abbreviations().items():
        for one in meanings:
            if short not in ABBREVIATIONS and short not in _ONE_WAY and not one.full.startswith(("Bộ ", "Sở ")):
                names.setdefault(one.full.lower(), Name(short, "", one.full))
    return Gazetteer(names.values())


def _year(text: str) -> int | None:
    return int(text) if text else None
