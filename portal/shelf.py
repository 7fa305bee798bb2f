"""The year shelf: decades as links, their years as spines drawn on the server, and the records of no known year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.addresses import search_url
from portal.wording import number
from search.criteria import Criteria
from search.results import Results

MOST_DECADES = 10
COUNTED = Criteria(level=("file", "document"))  # what a year of the archive counts: no fonds by its span, no inventory


@dataclass(frozen=True, slots=True)
class Decade:
    """A place on the shelf: its address, label, full name, SVG path of its spines, whether it is chosen, whether it
    holds the records of no known year, how many there are of it (None: not known)."""

    url: str
    label: str
    name: str
    spines: str
    current: bool
    undated: bool = False
    total: int | None = None


def build_shelf(results: Results, criteria: Criteria) -> tuple[Decade, ...]:
    """At most ten decades ending with the latest that has records; what is older stands in the first one; behind them
    those of which no year is known.

    ``results`` are those of the criteria.  A link narrows the question to its decade; the chosen one opens it again.
    """
    counts, undated = dict(results.years), results.undated
    highest = max([*counts.values(), undated])
    shelf = _decades(counts, highest, criteria, results.decades) if counts else []
    if undated:
        url = search_url(replace(criteria, date_from="", date_to="", undated=not criteria.undated, cursor=""))
        spines = _spines([0, 0, 0, 0, undated], highest)
        name = _("Không rõ năm: %(what)s", what=_told(undated, criteria))
        shelf.append(Decade(url, _("k.n."), name, spines, criteria.undated, undated=True, total=undated))
    return tuple(shelf)


def _decades(counts: dict[int, int], highest: int, criteria: Criteria, totals: Mapping[int, int]) -> list[Decade]:
    last = max(counts) // 10 * 10
    first = max(min(counts) // 10 * 10, last - 10 * (MOST_DECADES - 1))
    shelf = []
    for start in range(first, last + 1, 10):
        tenth = [counts.get(year, 0) for year in range(start, start + 10)]
        begin, label, span = start, str(start), f"{start}–{start + 9}"
        if start == first and min(counts) < first:
            tenth[0] = max(tenth[0], max(n for year, n in counts.items() if year < first))
            begin = min(counts)
            label, span = _("trước"), _("Trước năm %(year)s", year=start + 10)
        ends = (f"{max(begin, 1):04d}", f"{start + 9:04d}")
        chosen = (criteria.date_from, criteria.date_to) == ends
        target = ("", "") if chosen else ends
        total = totals.get(start) if begin == start else None
        words = (
            _("%(span)s: nhiều nhất %(what)s một năm", span=span, what=_told(max(tenth), criteria))
            if total is None
            else f"{span}: {_told(total, criteria)}"
        )
        url = search_url(replace(criteria, date_from=target[0], date_to=target[1], undated=False, cursor=""))
        shelf.append(Decade(url, label, words, _spines(tenth, highest), chosen, total=total))
    return shelf


def _told(count: int, criteria: Criteria) -> str:
    """A number of records, by what the criteria count."""
    if criteria.level == COUNTED.level:
        return str(ngettext("%(n)s hồ sơ, văn bản", "%(n)s hồ sơ, văn bản", count, n=number(count)))
    return str(ngettext("%(n)s kết quả", "%(n)s kết quả", count, n=number(count)))


def _spines(tenth: Sequence[int], highest: int) -> str:
    parts = []
    for place, count in enumerate(tenth):
        if count:
            tall = max(2, round(98 * count / highest))
            parts.append(f"M{place * 10 + 0.7:.1f} 100v-{tall}h8.6v{tall}z")
    return "".join(parts)
