"""What a written name means among units over time, with what it lies in behind it."""

import re

from archive.units import Unit, Units

Days = tuple[int | None, int | None]  # first and last day number, None where not known or still there

_ENDS = re.compile(r"$|,|\s+(?:tỉnh|thành phố)\b")


def named(known: Units, text: str) -> tuple[Unit | None, Days]:
    """The one unit that the text names, with what it lies in behind it ("xã Nghĩa Thuận, huyện Tư Nghĩa", "Sở Địa chính
    tỉnh Quảng Ngãi"), and its days; None where it names several that did not follow each other, or none.

    A name that units had one after the other means the last of them and the days of all; with what it lies in, only
    those that lay in it and the days in which they did.
    """
    found = list(known.gazetteer.find(text))
    if not found or found[0].start or not _ENDS.match(text, found[0].end):
        return None, (None, None)
    ids, above = found[0].ids, frozenset(found[1].ids if len(found) > 1 else ())
    if above:
        ids = tuple(one for one in ids if known.around(one) & above)
    families = known.families(ids)
    if len(families) != 1:
        return None, (None, None)
    family = families[0]
    there = [(unit, days) for unit in family for days in known.lay_in(unit.id, above)]
    there = there or [(unit, (unit.first, unit.last)) for unit in family]
    firsts, lasts = zip(*(days for _unit, days in there), strict=True)
    return there[0][0], (
        None if None in firsts else min(day for day in firsts if day),
        None if None in lasts else max(day for day in lasts if day),
    )
