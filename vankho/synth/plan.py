"""The plan of a demonstration archive: how many files a fonds holds, how many documents a file, who is odd.

Everything here is computed from the seed and a position, so that any row can be made without those before it and memory
stays flat at a million documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from vankho.synth.lexicon import read_table
from vankho.synth.place import Commune, list_communes, list_communes_of, list_districts

BLOCK = 100
# How many documents of every hundred carry a planned oddity.
ODDITIES = (
    ("stamped", 1),
    ("wrong_date", 1),
    ("no_title", 1),
    ("lost", 1),
    ("reused", 5),
    ("opens_soon", 2),
    ("opens_later", 3),
    ("closed", 2),
    ("paper", 9),
)


@dataclass(frozen=True, slots=True)
class FondsPlan:
    """One fonds: its code, name, level (province, department, district), duty of a department, unit, share of files."""

    number: int
    organ_id: str
    name: str
    level: str
    duty: str
    unit: str
    files: int


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file: matter, commune, years, number of documents; `first` is the number of its first document over all."""

    fonds: FondsPlan
    number: int
    matter: dict[str, Any]
    commune: Commune
    start: date
    days: int
    documents: int
    first: int
    project: str

    @property
    def conditional(self) -> bool:
        """True if the whole file is conditional (level 02)."""
        return bool(self.matter["access"] == "02")


@cache
def list_fonds() -> tuple[tuple[str, str, str, str, str], ...]:
    """Every fonds the generator knows: (code, name, level, duty, unit); the first three are the demonstration's own."""
    departments = read_table("agencies")["department"]
    rows = [("H48.01.P003", "Ủy ban nhân dân tỉnh Quảng Ngãi", "province", "", "tỉnh Quảng Ngãi")]
    later: list[tuple[str, str, str, str, str]] = []
    for row in departments:
        name = row["names"][-1]["name"]
        if row["duty"] == "land":
            name = "Sở Địa chính - Sở Tài nguyên và Môi trường"
        entry = (f"H48.02.{row['code']}", f"{name} tỉnh Quảng Ngãi", "department", row["duty"], "tỉnh Quảng Ngãi")
        (rows if row.get("first") else later).append(entry)
    rows.append(("H48.27.P101", "Ủy ban nhân dân huyện Sơn Tịnh", "district", "", "huyện Sơn Tịnh"))
    rows += later
    for number, name in enumerate(n for n in list_districts(kon_tum=False) if n != "huyện Sơn Tịnh"):
        rows.append((f"H48.{28 + number}.P{102 + number}", f"Ủy ban nhân dân {name}", "district", "", name))
    for number, name in enumerate(list_districts(kon_tum=True)):
        rows.append((f"H34.{10 + number}.P{201 + number}", f"Ủy ban nhân dân {name}", "district", "", name))
    for number, commune in enumerate(list_communes()):
        full = f"Ủy ban nhân dân {commune.name}, {commune.district}"
        code = "H34" if commune.kon_tum else "H48"
        rows.append((f"{code}.60.P{301 + number}", full, "commune", "", f"{commune.district}/{commune.name}"))
    return tuple(rows)


def plan_fonds(fonds: int, files: int) -> list[FondsPlan]:
    """Share `files` among `fonds`: half to the first, the rest evenly, every fonds at least one if there are enough."""
    known = list_fonds()
    if not 1 <= fonds <= len(known):
        raise ValueError(f"Số phông phải từ 1 đến {len(known)}, không phải {fonds}.")
    shares = [0] * fonds
    first = (
        files if fonds == 1 else max(min(files, 1), files // 2 - fonds // 2 if files > 2 * fonds else files // fonds)
    )
    shares[0] = first
    for number in range(1, fonds):
        left = files - first
        shares[number] = left // (fonds - 1) + (1 if number - 1 < left % (fonds - 1) else 0)
    return [FondsPlan(n, *known[n], shares[n]) for n in range(fonds)]


def count_documents(file: int, files: int, documents: int, seed: int) -> int:
    """Documents of the file at position `file` of `files`; varied, and all of them together exactly `documents`."""
    base, rest = divmod(documents, files)
    count = base + (1 if file < rest else 0)
    if base < 2 or file < 2 or (file % 2 == 0 and file == files - 1):
        return count
    # Neighbours trade documents, so that sizes vary and the total stays.
    shift = Random(f"{seed}/trade/{file // 2}").randint(0, min(base - 1, 2 * base // 3))
    return count + (shift if file % 2 == 0 else -shift)


def _plan_matter(fonds: FondsPlan, rng: Random, today: date) -> dict[str, Any]:
    matters = [m for m in read_table("matters")["matter"] if m["years"][0] < today.year]
    if fonds.level == "department":
        own = [m for m in matters if m["duty"] == fonds.duty]
        matters = own or matters
    return dict(rng.choices(matters, [m["weight"] for m in matters])[0])


def plan_files(
    fonds: FondsPlan, before: int, files: int, documents: int, first: int, seed: int, today: date
) -> Iterator[FilePlan]:
    """The files of one fonds; `before` files and `first` documents lie in the fonds before it."""
    table = {m["key"]: m for m in read_table("matters")["matter"]}
    for number in range(fonds.files):
        rng = Random(f"{seed}/file/{fonds.number}/{number}")
        matter, commune = _plan_matter(fonds, rng, today), _choose_commune(fonds, rng)
        low, high = matter["years"]
        year = rng.randint(low, max(low, min(high, today.year - 1)))
        if fonds.number == 0 and number == 0:
            # The showpiece that home page, mock-ups and "things to try" speak of.
            matter, year = table["giao-dat"], 1998
            commune = next(c for c in list_communes() if c.name == "xã Tịnh Khê")
        elif number % 6 == 1 and fonds.level != "department" and today.year > 2025:
            matter, year = table["sap-xep-xa"], 2025
        start = date(year, rng.randint(1, 10), rng.randint(1, 28))
        if matter["key"] == "sap-xep-xa":
            start = date(2025, 6, rng.randint(16, 30))
        elif matter["key"] in ("ruong-dat-khang-chien", "binh-dan-hoc-vu") and year == 1945:
            start = date(1945, rng.randint(9, 12), rng.randint(3, 28))
        elif matter["key"] == "on-dinh-doi-song" and year == 1976:
            start = date(1975, rng.randint(4, 10), rng.randint(1, 28))
        span = rng.randint(90, 700)
        if matter["key"] == "ruong-dat-khang-chien":
            span = min(span, (date(1954, 6, 30) - start).days)
        span = max(1, min(span, (today - start).days - 1))
        project = matter["objects"][0] if fonds.number == number == 0 else rng.choice(matter["objects"])
        count = count_documents(before + number, files, documents, seed)
        yield FilePlan(fonds, number + 1, matter, commune, start, span, count, first, project)
        first += count


def _choose_commune(fonds: FondsPlan, rng: Random) -> Commune:
    if fonds.level == "commune":
        district, name = fonds.unit.split("/")
        return next(c for c in list_communes() if c.name == name and c.district == district)
    if fonds.level == "district":
        return rng.choice(list_communes_of(fonds.unit))
    return rng.choice([c for c in list_communes() if not c.kon_tum])


def find_oddity(document: int, documents: int, seed: int) -> str:
    """The oddity planned for document number `document` of `documents`; empty for the ordinary."""
    return _block_oddities(document // BLOCK, min(BLOCK, documents), seed).get(document % BLOCK, "")


def _block_oddities(block: int, size: int, seed: int) -> dict[int, str]:
    cached = _BLOCKS.get((block, size, seed))
    if cached is None:
        rng = Random(f"{seed}/oddities/{block}")
        wanted = [name for name, count in ODDITIES for _ in range(count)]
        if block % 4 == 0:
            wanted.insert(0, "secret")
        wanted = wanted[: max(1, size // 3)]
        cached = dict(zip(rng.sample(range(size), len(wanted)), wanted, strict=True))
        _BLOCKS.clear()  # documents come in order: one block at a time is enough
        _BLOCKS[(block, size, seed)] = cached
    return cached


_BLOCKS: dict[tuple[int, int, int], dict[int, str]] = {}


def share_pages(pages: int, documents: int, head: int) -> Iterator[tuple[int, int]]:
    """(document, images) for the documents that have page images: `pages` in all, 1 to 6 each.

    The first `head` documents (the showpiece file) come first, the others are spread over the archive.
    """
    if pages > 6 * documents:
        raise ValueError(f"{documents} văn bản chỉ chứa được {6 * documents} trang ảnh, không phải {pages}.")
    pattern: tuple[int, ...] = (2, 3, 1, 2, 4, 1, 2, 3, 1, 6, 2, 1, 3, 2, 1, 5)
    if pages > 2 * documents:
        pattern = (6,)
    holders, left = 0, pages
    while left > 0:
        left -= min(left, pattern[holders % len(pattern)])
        holders += 1
    left = pages
    head = min(head, documents, max(1, holders // 3))
    for number in range(holders):
        spread = head + (number - head) * (documents - head) // max(1, holders - head)
        size = min(left, pattern[number % len(pattern)])
        left -= size
        yield number if number < head else spread, size
