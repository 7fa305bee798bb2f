"""What a reader is told about names and periods in a question, in Vietnamese and English; public geography only."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from archive.gazetteer import REFORM, places
from archive.units import Unit
from search.understanding.naming import Named, ended_district

MOST_TODAY = 8
"""Communes of today told of a district that ended."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def tell_names(told: Iterable[tuple[Named, str]]) -> tuple[str, str]:
    """The line about names (each with how it was written), in Vietnamese and in English; empty for none."""
    vi, en = [], []
    for named, written in told:
        if not named.units:
            vi.append(f"“{written}” là tên của {named.meanings} nơi; thêm tên huyện hoặc tỉnh để tìm cả tên cũ")
            en.append(f"“{written}” is the name of {named.meanings} places; add district or province for older names")
            continue
        label = named.units[0].full
        in_vi, in_en = [label], [label]
        for lay, last in _lay_in(named.units):
            in_vi.append(f", trước {in_vietnamese(last + 1)} thuộc {lay.full}")
            in_en.append(f", until {in_english(last)} in {lay.full}")
        if district := ended_district(named.units):
            today = ", ".join(unit.full for unit in places().today(district.id)[:MOST_TODAY])
            in_vi.append(f" (đến {in_vietnamese(REFORM - 1)}, khi cấp huyện kết thúc); địa bàn nay là {today}")
            in_en.append(f" (until {in_english(REFORM - 1)}, when districts ended); its area today: {today}")
        if named.moved:
            lay_in = ", ".join(unit.full for unit in named.moved)
            in_vi.append(f"; có lúc xã, phường này thuộc {lay_in}")
            in_en.append(f"; at times the commune lay in {lay_in}")
        for units, vi_said, en_said in (
            (named.earlier, "tên trước đây", "earlier names"),
            (named.later, "tên sau này", "later names"),
        ):
            if units:
                in_vi.append(f"; {vi_said}: {_dated(units, units is named.later, english=False)}")
                in_en.append(f"; {en_said}: {_dated(units, units is named.later, english=True)}")
        vi.append("".join(in_vi) + (f"; đã tìm cả {_searched(named)}" if named.others else ""))
        en.append("".join(in_en) + ("; these names were searched, too" if named.others else ""))
    return ". ".join(vi), ". ".join(en)


def tell_period(first: int | None, last: int | None) -> tuple[str, str]:
    """A period of day numbers in words, open where None: "năm 1998", "từ năm 1976", "ngày 24/9/1998"."""
    low, high = (date.fromordinal(one) if one else None for one in (first, last))
    if low is None or high is None:
        if high is None:
            if low is None:
                return "", ""
            if (low.month, low.day) == (1, 1):
                return f"từ năm {low.year}", f"from {low.year} on"
            return f"từ ngày {in_vietnamese(low.toordinal())}", f"from {in_english(low.toordinal())} on"
        if (high.month, high.day) == (12, 31):
            return f"đến hết năm {high.year}", f"until {high.year}"
        next_day = high.toordinal() + 1
        return f"trước ngày {in_vietnamese(next_day)}", f"before {in_english(next_day)}"
    if (low.month, low.day, high.month, high.day) == (1, 1, 12, 31):
        said = str(low.year) if low.year == high.year else f"{low.year}–{high.year}"
        return f"năm {said}", said
    if first == last:
        return f"ngày {in_vietnamese(low.toordinal())}", in_english(low.toordinal())
    if low.day == 1 and (high.year, high.month, high.day) == (low.year, low.month, monthrange(low.year, low.month)[1]):
        return f"tháng {low.month}/{low.year}", f"{_MONTHS[low.month - 1]} {low.year}"
    return (
        f"từ {in_vietnamese(low.toordinal())} đến {in_vietnamese(high.toordinal())}",
        f"{in_english(low.toordinal())} to {in_english(high.toordinal())}",
    )


def _searched(named: Named) -> str:
    if named.earlier and named.later:
        return "tên cũ và tên mới"
    if named.later:
        return "tên mới"
    return "tên cũ" if named.earlier or named.moved else "tên này"


def _lay_in(units: Sequence[Unit]) -> Iterator[tuple[Unit, int]]:
    """The districts in which a commune of today lay under the same name, the latest first, each with the last day."""
    if any(unit.last is None for unit in units):
        for unit in units:
            if unit.last == REFORM - 1 and unit.above and unit.above[0] in places().units:
                days = ((places().units[one], unit.days_in(at)[1]) for at, one in enumerate(unit.above))
                yield from ((lay, last) for lay, last in days if last is not None)
                return


def _dated(units: Sequence[Unit], later: bool, *, english: bool) -> str:
    """Names, those of one day together, with the day: "xã Tịnh Kỳ, xã Tịnh Châu (đến 30/6/2025)"."""
    together: dict[int | None, list[Unit]] = {}
    for unit in units:
        together.setdefault(unit.first if later else unit.last, []).append(unit)
    word = ("from" if later else "until") if english else ("từ" if later else "đến")
    said = []
    for day, some in together.items():
        names = ", ".join(unit.full for unit in some)
        said.append(f"{names} ({word} {_when(some[0], day, english=english)})" if day is not None else names)
    return ", ".join(said)


def _when(unit: Unit, number: int, *, english: bool) -> str:
    """The day; only its year where the day is recalled and not read."""
    if unit.sure == "R" and number not in (REFORM, REFORM - 1):
        return str(date.fromordinal(number).year)
    return in_english(number) if english else in_vietnamese(number)


def in_vietnamese(number: int) -> str:
    """A day as the Circular 01/2011 writes days: 01/7/2025, 30/6/1989."""
    d = date.fromordinal(number)
    return f"{d.day:02d}/{d.month:02d}/{d.year}" if d.month < 3 else f"{d.day:02d}/{d.month}/{d.year}"


def in_english(number: int) -> str:
    """A day as 30 June 1989."""
    d = date.fromordinal(number)
    return f"{d.day} {_MONTHS[d.month - 1]} {d.year}"
