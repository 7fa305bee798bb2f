"""The year shelf: decades as links, their years as spines drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.addresses import search_url
from portal.wording import number
from search.criteria import Criteria

MOST_DECADES = 10


@dataclass(frozen=True, slots=True)
class Decade:
    """A place on the shelf: its address, label, full name, SVG path of its spines, whether it is chosen."""

    url: str
    label: str
    name: str
    spines: str
    current: bool


def build_shelf(years: Sequence[tuple[int, int]], criteria: Criteria) -> tuple[Decade, ...]:
    """At most ten decades ending with the latest that has records; what is older stands in the first one.

    ``years`` are (year, records touching it).  A link narrows the question to its decade; the chosen one
    opens it again.
    """
    if not years:
        return ()
    counts = dict(years)
    last = max(counts) // 10 * 10
    first = max(min(counts) // 10 * 10, last - 10 * (MOST_DECADES - 1))
    highest = max(counts.values())
    shelf = []
    for start in range(first, last + 1, 10):
        tenth = [counts.get(year, 0) for year in range(start, start + 10)]
        begin, label, span = start, str(start), f"{start}–{start + 9}"
        if start == first and min(counts) < first:
            tenth[0] = max(tenth[0], max(n for year, n in counts.items() if year < first))
            begin = min(counts)
            label, span = _("trước"), _("Trước năm %(year)s", year=start + 10)
        most = max(tenth)
        ends = (f"{max(begin, 1):04d}", f"{start + 9:04d}")
        chosen = (criteria.date_from, criteria.date_to) == ends
        target = ("", "") if chosen else ends
        words = ngettext(
            "%(span)s: nhiều nhất %(n)s tài liệu một năm",
            "%(span)s: nhiều nhất %(n)s tài liệu một năm",
            most,
            span=span,
            n=number(most),
        )
        url = search_url(replace(criteria, date_from=target[0], date_to=target[1], cursor=""))
        shelf.append(Decade(url, label, words, _spines(tenth, highest), chosen))
    return tuple(shelf)


def _spines(tenth: Sequence[int], highest: int) -> str:
    parts = []
    for place, count in enumerate(tenth):
        if count:
            tall = max(2, round(98 * count / highest))
            parts.append(f"M{place * 10 + 0.7:.1f} 100v-{tall}h8.6v{tall}z")
    return "".join(parts)
