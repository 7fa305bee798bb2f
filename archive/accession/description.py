"""From the delivered fields of a row to the columns that people search, sort and browse by.

Field names are TT 02/2019's.  The same function serves a new delivery and a curated change: it reads the values that
people see (curated over delivered).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analyzers.collation import sort_key
from archive.filing import filing_number, filing_title
from archive.masking import masked_values
from archive.packages.dates import read_span

Days = tuple[int, int]

#: The fields of each level that say its period.
DATES: dict[str, tuple[str, ...]] = {
    "fonds": ("ArchivesTime",),
    "inventory": (),
    "file": ("StartDate", "EndDate"),
    "document": ("IssuedDate",),
}
CODES = {"fonds": "OrganId", "inventory": "FileCatalog", "file": "FileCode", "document": "DocCode"}
SEPARATORS = re.compile(r"\s*[;|\n]\s*")

#: The fields of a document that name a person, and in which role.
PEOPLE = {"Signer": "signer", "Photographer": "photographer", "Recorder": "recorder"}
ROLES = tuple(PEOPLE.values())
LONGEST_PERSON = 300  # as long as the widest of these fields may be; what is longer is a text, no name


@dataclass(frozen=True, slots=True)
class Described:
    """What the columns of a record get from its fields."""

    title: str
    number: str
    type_name: str
    issuer: str
    ordinal: int | None
    order_key: str
    filing_title: str
    filing_number: int
    places: tuple[str, ...]
    subjects: tuple[str, ...]
    people: tuple[str, ...]


def describe(level: str, values: Mapping[str, str]) -> Described:
    """The columns' values of a record of that level; personal numbers are masked in them."""
    values = masked_values(values)
    ordinal = _whole(values.get("DocOrdinal", ""))
    title = values.get({"fonds": "FondName", "document": "Subject"}.get(level, "Title"), "")
    number, code = _number(level, values), values.get(CODES[level], "")
    return Described(
        title=title,
        number=number,
        type_name=values.get("TypeName", "") if level == "document" else "",
        issuer=values.get("OrganName", "") if level == "document" else "",
        ordinal=ordinal,
        order_key=_order(level, values, ordinal),
        filing_title=filing_title(title),
        filing_number=filing_number(number, code),
        places=_several(values.get("Place", "")),
        subjects=_several(values.get("Keyword", "").replace(",", ";")),
        people=tuple(name for field in PEOPLE for name in people_named(level, values.get(field, ""))),
    )


def people_named(level: str, text: str) -> tuple[str, ...]:
    """The persons that a field of PEOPLE names, as they are written; only of documents, which alone show the field."""
    found = _several(text) if level == "document" else ()
    return tuple(" ".join(name.split()) for name in found if len(name) <= LONGEST_PERSON)


def read_days(level: str, values: Mapping[str, str]) -> Days | None:
    """The period (earliest, latest day number) that a record's date fields tell; None where they tell none."""
    found = [days for name in DATES[level] if (days := read_span(values.get(name, "")))]
    first, last = (found[0][0], max(found[0][1], found[-1][1])) if found else (1, 0)
    return (first, last) if found and found[-1][1] >= first else None


def is_year(catalog: str) -> bool:
    """Whether a FileCatalog is a year of formation rather than the number of an inventory (TT 02/2019)."""
    return bool(re.fullmatch(r"1[89]\d\d|20\d\d", catalog))


def inventory_title(catalog: str) -> str:
    """The title of the inventory (mục lục) that a FileCatalog names."""
    return f"Hồ sơ năm {catalog}" if is_year(catalog) else f"Mục lục số {catalog}"


def _number(level: str, values: Mapping[str, str]) -> str:
    if level == "file":
        return values.get("FileNotation", "")
    number, notation = values.get("CodeNumber", ""), values.get("CodeNotation", "")
    return f"{number}/{notation}" if number and notation else number or notation


def _order(level: str, values: Mapping[str, str], ordinal: int | None) -> str:
    if level == "document":
        return f"{ordinal if ordinal is not None else 9_999_999:07d} {sort_key(values.get('DocCode', ''))}"
    if level == "file":
        return sort_key(
            f"{values.get('FileCatalog', '')} {values.get('FileNotation', '')} {values.get('FileCode', '')}"
        )
    return sort_key(f"{values.get('FileCatalog', '')} {values.get('FondName', '')} {values.get('OrganId', '')}")


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in SEPARATORS.split(text.strip()) if part))[:50]
