"""How many of each item of the tariff a request comes to, by what its records stand for (desk.covered)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from archive.catalogue.recordings import Recording
from archive.page_ranges import read_pages
from desk.covered import Covered, copied
from desk.fees.tariff import POSTAGE
from desk.kinds import KINDS

MINUTES = {"copy.audio": "audio", "copy.film": "video"}  # and the kind of a recording
UNCHARGED = ("information", "digitisation")


@dataclass(frozen=True, slots=True)
class Extent:
    """What is wanted of a record: the pages ("1-3,7", "": all), or, where it is on paper only, how many pages staff
    counted."""

    pages: str = ""
    sheets: int = 0


WHOLE = Extent()


def counted(
    wholes: Collection[Covered],
    kind: str,
    day: int,
    extents: Mapping[int, Extent] | None = None,
    paper: int = 0,
    recordings: Mapping[int, Sequence[Recording]] | None = None,
) -> dict[str, int]:
    """How many of each item a request for these records comes to: for reading, every file (hồ sơ) of which anything is
    on paper only, or not open to everyone, once; for copies, every page of the file that is made, and printed as often
    as copies on paper are wanted, and for certified ones each document as often as it is certified; the rest is
    without a fee.  ``extents`` by record id; what is on paper only is copied on paper, once at least, by the pages that
    staff count.  ``recordings`` by record id: of a plain copy they are the file itself, by begun minutes of each
    record; one whose length is not known counts as one minute."""
    told = extents or {}
    if kind in UNCHARGED:
        return {}
    if not KINDS[kind].copies:
        return _read([one.part(told.get(one.record.id, WHOLE).pages) for one in wholes], day)
    found: Counter[str] = Counter()
    sealed = int(kind in {"certified", "dip"})
    for record, wanted in copied(wholes, {number: one.pages for number, one in told.items()}).values():
        numbers = read_pages(wanted, record.page_count)
        heard = [one for one in (recordings or {}).get(record.id, ()) if kind == "copy" and one.n in numbers]
        pages = len(numbers) - len(heard)
        for item, medium in MINUTES.items():
            length = sum(one.milliseconds or 0 for one in heard if one.kind == medium)
            if any(one.kind == medium for one in heard):
                found[item] += max(-(-length // 60_000), 1)
        found.update({
            "certification": sealed * (paper + 1), "copy.digital": pages, "print.a4": pages * paper,
        })  # fmt: skip
    for one in wholes:
        if one.is_on_paper and KINDS[kind].paper:
            printed = max(paper, 1)
            sheets = told.get(one.record.id, WHOLE).sheets
            found.update({"certification": sealed * printed, "copy.a4": sheets * printed})
    return {item: count for item, count in found.items() if count}


def _read(wholes: Collection[Covered], day: int) -> dict[str, int]:
    """Each file once, however many documents of it are read: by its originals where any of it is on paper only."""
    files: dict[int, str] = {}
    for one in wholes:
        if one.is_on_paper:
            files[one.unit_id] = "reading.original"
        elif not one.is_open(day):
            files.setdefault(one.unit_id, "reading.digitised")
    return dict(Counter(files.values()))


def posted(wholes: Collection[Covered], kind: str, paper: int, post_to: str) -> dict[str, int]:
    """The parcel of what is copied on paper, where it is posted."""
    return {POSTAGE: 1} if post_to and on_paper(wholes, kind, paper) else {}


def on_paper(wholes: Collection[Covered], kind: str, paper: int) -> bool:
    """Whether anything of it is made on paper: copies beside the file, or of what is on paper only."""
    return KINDS[kind].paper and any(paper or one.is_on_paper for one in wholes)
