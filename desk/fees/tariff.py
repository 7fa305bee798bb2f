"""The dated tariff and who pays less of it (config/desk/fees.tsv, fee_reductions.tsv)."""

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from archive.gazetteer import read_rows
from archive.terms import in_force, read_day

POSTAGE = "post.parcel"  # no fee of the archive: nobody pays less of it
#: What may stand on the bill of a request of that kind (desk.kinds.KINDS): the items that begin so.
_COPIES = ("copy.", "print.", "certification", POSTAGE)
ITEMS: dict[str, tuple[str, ...]] = {
    "reading": ("reading.",), **dict.fromkeys(("copy", "certified", "dip"), (*_COPIES, "reading.")),
    "information": _COPIES, "digitisation": _COPIES,
}  # fmt: skip
SURE = {"V", "V2"}  # below that staff see that a figure is to be confirmed


@dataclass(frozen=True, slots=True)
class Fee:
    """What one unit of an item costs in đồng between two days (day numbers, both included, None: open)."""

    item: str
    unit: str  # page, document, file, minute
    price: int
    basis: str
    first: int | None
    last: int | None
    sure: str  # V, V2, R, U


@dataclass(frozen=True, slots=True)
class Reduction:
    """How many percent less somebody pays: feeObjectType (TT 05/2025/TT-BNV) 01 to 09, ``donor`` or ``official``."""

    who: str
    percent: int
    basis: str
    first: int | None
    last: int | None
    sure: str


Dated = TypeVar("Dated", Fee, Reduction)


def fee(item: str, day: int) -> Fee:
    """What the item costs on that day, the latest to begin.  KeyError where the tariff has nothing for it."""
    found = _running([one for one in _fees() if one.item == item], day)
    if found is None:
        raise KeyError(item)
    return found


def reduction(who: str, day: int) -> Reduction | None:
    """What that class of people pays less on that day; None: nothing."""
    return _running([one for one in _reductions() if one.who == who], day)


def reducible(day: int) -> list[Reduction]:
    """Every reduction that runs on that day, in the order of the table."""
    names = dict.fromkeys(one.who for one in _reductions())
    return [found for who in names if (found := reduction(who, day))]


def _running(rows: list[Dated], day: int) -> Dated | None:
    running = [one for one in rows if in_force(one.first, one.last, day)]
    return max(running, key=lambda one: one.first or 0, default=None)


@cache
def _fees() -> tuple[Fee, ...]:
    return tuple(
        Fee(item, unit, int(amount), basis, read_day(first), read_day(last), sure)
        for item, unit, amount, basis, first, last, sure in read_rows("desk/fees.tsv")
    )


@cache
def _reductions() -> tuple[Reduction, ...]:
    return tuple(
        Reduction(who, int(percent), basis, read_day(first), read_day(last), sure)
        for who, percent, basis, first, last, sure in read_rows("desk/fee_reductions.tsv")
    )
