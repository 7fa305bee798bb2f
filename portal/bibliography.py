"""A record for reference managers: BibTeX, RIS, CSL-JSON; schema.org for machines that read pages.

The international form follows the order of archival citations of the Chicago Manual (17th edition, 14.221 to 14.231):
item, date, file, collection, repository.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from archive.catalogue.records import Record, read_days
from archive.settings import settings
from portal.addresses import portal_url
from portal.wording import MONTHS, either

_LEVELS = {"inventory": ("mục lục", "inventory"), "file": ("hồ sơ", "file")}
_BRACES = re.compile(r"([\\{}%&#$_~^])")

_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What every format tells: days are (earliest, latest) or None; ``location`` the path inside the fonds,
    ``use`` what may be done with it; both in the language of the answer."""

    id: str
    title: str
    number: str
    type: str
    author: str
    days: tuple[int, int] | None
    fonds: str
    location: str
    archive: str
    url: str
    use: str = ""
    location_en: str = ""


def entry(record: Record, above: Sequence[Record], *, type_label: str, issuer: str, url: str, use: str = "") -> Entry:
    """The entry of a record that the viewer may see; ``above`` from the fonds down."""
    fonds = next((one for one in above if one.level == "fonds"), record if record.level == "fonds" else None)
    steps = [(_LEVELS[one.level], _short(one)) for one in (*above, record) if one.level in _LEVELS]
    return Entry(
        id=record.public_id,
        title=record.title or record.number or record.code,
        number=record.number if record.level == "document" else "",
        type=type_label,
        author=issuer,
        days=read_days(record),
        fonds=f"{fonds.title or fonds.code} ({fonds.code})" if fonds else "",
        location=", ".join(f"{either(*names)} {code}" for names, code in steps),
        archive=settings().archive_name,
        url=url,
        use=use,
        location_en=", ".join(f"{names[1]} {code}" for names, code in steps),
    )


def international(one: Entry) -> str:
    """The citation in English words, names as they are."""
    head = f"{one.author}. " if one.author else ""
    number = f" ({' '.join(part for part in (one.type, one.number) if part)})" if one.number else ""
    parts = [f"{head}“{one.title}”{number}", *([_long(one.days)] if one.days else [])]
    behind = [part for part in (one.location_en[:1].upper() + one.location_en[1:], one.fonds, one.archive) if part]
    return f"{', '.join(parts)}. {', '.join(behind)}. {one.url}."


def bibtex(one: Entry) -> str:
    """An entry of BibTeX, in UTF-8."""
    fields = {
        "title": one.title,
        "author": f"{{{_tex(one.author)}}}" if one.author else "",
        "year": _iso(one.days)[:4],
        "date": _iso(one.days),
        "number": one.number,
        "type": one.type,
        "howpublished": ", ".join(part for part in (one.location, one.fonds) if part),
        "organization": one.archive,
        "note": one.use,
        "url": one.url,
    }
    rows = [
        f"  {name} = {{{value if name in {'author', 'url'} else _tex(value)}}}"
        for name, value in fields.items()
        if value
    ]
    return "@misc{" + one.id + ",\n" + ",\n".join(rows) + "\n}\n"


def ris(one: Entry) -> str:
    """A record of RIS; lines end with CR LF."""
    year = _iso(one.days)
    rows = [
        ("TY", "GEN"),
        ("ID", one.id),
        ("TI", one.title),
        ("AU", one.author),
        ("PY", year[:4]),
        ("DA", year.partition("/")[0].replace("-", "/") if year else ""),
        ("M1", one.number),
        ("M3", one.type),
        ("CN", ", ".join(part for part in (one.location, one.fonds) if part)),
        ("DB", one.archive),
        ("N1", one.use),
        ("UR", one.url),
    ]
    told = [f"{name}  - {' '.join(value.split())}" for name, value in rows if value]
    return "\r\n".join([*told, "ER  - ", ""])


def csl(one: Entry) -> str:
    """CSL-JSON: a list of one item."""
    item: dict[str, Any] = {
        "id": one.id,
        "type": "document",
        "title": one.title,
        "number": one.number,
        "genre": one.type,
        "author": [{"literal": one.author}] if one.author else [],
        "issued": {"date-parts": [_parts(n) for n in sorted(set(one.days))]} if one.days else {},
        "archive": one.archive,
        "archive_collection": one.fonds,
        "archive_location": one.location,
        "URL": one.url,
        "note": one.use,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1)


def coins(one: Entry) -> str:
    """The entry as a ContextObject in a span's title (COinS, Z39.88-2004), which Zotero and others read."""
    head = " ".join(part for part in (one.type, one.number) if part) if one.number else ""
    told = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "document"),
        ("rft.title", f"{head}: {one.title}" if head else one.title),
        ("rft.creator", one.author),
        ("rft.date", _iso(one.days)),
        ("rft.source", ", ".join(part for part in (one.archive, one.fonds, one.location) if part)),
        ("rft.identifier", one.url),
        ("rft.language", "vi"),
    ]
    return urlencode([(name, value) for name, value in told if value])


def schema_org(
    one: Entry, *, is_part_of: str = "", usage_info: Sequence[str] = (), gathers: bool = False,
    people: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """JSON-LD of schema.org: an ArchiveComponent held by the house, a Collection too if it ``gathers`` records;
    ``usage_info`` the addresses of what is said of rights, ``people`` those who signed, photographed or recorded it, as
    things of schema.org."""
    days = _iso(one.days)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": ["ArchiveComponent", "Collection"] if gathers else "ArchiveComponent",
        "@id": one.url,
        "url": one.url,
        "name": one.title,
        "identifier": one.number,
        "genre": one.type,
        "creator": {"@type": "Organization", "name": one.author} if one.author else None,
        "contributor": list(people),
        "dateCreated": days if days and "/" not in days else "",
        "temporalCoverage": days if "/" in days else "",
        "holdingArchive": holder(one.archive, portal_url()),
        "itemLocation": ", ".join(part for part in (one.location, one.fonds) if part),
        "conditionsOfAccess": one.use,
        "usageInfo": [address for address in usage_info if address],
        "isPartOf": {"@type": "ArchiveComponent", "@id": is_part_of} if is_part_of else None,
    }
    return {name: value for name, value in told.items() if value}


def holder(name: str, address: str) -> dict[str, str]:
    """The archive by schema.org, known by the address of its portal."""
    return {"@type": "ArchiveOrganization", "@id": address, "name": name, "url": address}


FORMATS = {
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
    "json": (csl, "application/vnd.citationstyles.csl+json"),
}


def _short(record: Record) -> str:
    return (record.number if record.level == "file" else "") or record.code.rsplit(".", 1)[-1]


def _tex(text: str) -> str:
    return _BRACES.sub(lambda found: _ESCAPED.get(found[1], f"\\{found[1]}"), text)


def _day(n: int) -> date:
    return date.fromordinal(max(1, min(n, date.max.toordinal())))


def _parts(n: int) -> list[int]:
    return [_day(n).year, _day(n).month, _day(n).day]


def iso_day(n: int) -> str:
    """A day number as 1989-07-01."""
    return _day(n).isoformat()


def _iso(days: tuple[int, int] | None) -> str:
    if days is None:
        return ""
    first, last = map(iso_day, days)
    return first if first == last else f"{first}/{last}"


def _long(days: tuple[int, int]) -> str:
    first, last = map(_day, days)
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
