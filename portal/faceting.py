"""Facets, filters and tabs of the search page as links: each a change of the same question."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from archive.gazetteer import PROVINCE, province_value
from portal.addresses import choosing_url, search_url
from portal.wording import either, fixed_label, label
from search.criteria import LEVELS, Criteria
from search.facets import FACETS
from search.results import FacetValue, Results

SHOWN = 5
FOLDED = 7  # more behind "Thêm": a page stays light on a phone


@dataclass(frozen=True, slots=True)
class Link:
    """A choice: its text, its address, how many records it gives, whether it is chosen now; ``vi``: its text is
    Vietnamese on an English page, too; ``under``: it is a part of the choice before it, a place of its province."""

    text: str
    url: str
    count: int = 0
    current: bool = False
    vi: bool = False
    under: bool = False


def link(value: FacetValue, criteria: Criteria, facet: str) -> Link:
    """A value of a facet as a choice that is made or taken back."""
    return Link(
        label(value),
        search_url(criteria.toggled(facet, value.value)),
        value.count,
        value.selected,
        value.label_en in ("", value.label_vi),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """A facet: its label, the values shown at once, some behind a fold, the page of all (empty: nothing is missing)."""

    label: str
    first: tuple[Link, ...]
    more: tuple[Link, ...]
    all_url: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: its text, and the question without it; ``value`` is the part of the text that is Vietnamese on
    an English page, too."""

    text: str
    without: Criteria
    facet: str  # its name, "years" for the period
    value: str = ""

    @property
    def url(self) -> str:
        """The search without this filter."""
        return search_url(self.without)


def build_groups(results: Results, criteria: Criteria) -> tuple[Group, ...]:
    """The facets that have values, in their fixed order; chosen values stand first."""
    groups = []
    for facet in FACETS:
        values = sorted(results.facets.get(facet.name, ()), key=lambda v: not v.selected)
        shown = values[: SHOWN + FOLDED]
        if facet.labels == "place":
            links = tuple(replace(link(v, criteria, facet.name), under=under) for v, under in by_province(shown))
        else:
            links = tuple(link(v, criteria, facet.name) for v in shown)
        if links:
            whole = choosing_url(facet.name, criteria) if len(values) > len(shown) else ""
            groups.append(Group(either(facet.vi, facet.en), links[:SHOWN], links[SHOWN:], whole))
    return tuple(groups)


def by_province(values: Sequence[FacetValue]) -> Iterator[tuple[FacetValue, bool]]:
    """Values of places, each province of today that is among them before its places; whether one stands under one."""
    there = {one.value for one in values if one.value.startswith(PROVINCE)}
    under: dict[str, list[FacetValue]] = {}
    for one in values:
        if (above := province_value(one.label_vi)) in there and one.value not in there:
            under.setdefault(above, []).append(one)
    for one in values:
        if one.value in there or province_value(one.label_vi) not in there:
            yield one, False
            yield from ((part, True) for part in under.get(one.value, ()))


def build_chips(results: Results, criteria: Criteria) -> tuple[Chip, ...]:
    """The filters in force: period, facet values.  The level has its tabs."""
    chips = []
    if criteria.date_from or criteria.date_to:
        span = (
            f"{criteria.date_from}–{criteria.date_to}" if criteria.date_from != criteria.date_to else criteria.date_to
        )
        chips.append(
            Chip(_("Năm: %(span)s", span=span), replace(criteria, date_from="", date_to="", cursor=""), "years")
        )
    if criteria.undated:
        chips.append(Chip(_("Không rõ năm"), replace(criteria, undated=False, cursor=""), "years"))
    for facet in FACETS:
        labels = {v.value: label(v) for v in results.facets.get(facet.name, ())}
        for value in criteria.facets.get(facet.name, ()):
            text = labels.get(value) or fixed_label(facet.name, value)
            name, own = either(facet.vi, facet.en), text if facet.labels != "fixed" else ""
            chips.append(Chip(f"{name}: {text}", criteria.toggled(facet.name, value), facet.name, own))
    return tuple(chips)


def build_tabs(results: Results, criteria: Criteria) -> tuple[Link, ...]:
    """All levels together, then each level that has results or is chosen, from the document up."""
    counts = {v.value: v.count for v in results.levels}
    tabs = [
        Link(_("Tất cả"), search_url(replace(criteria, level=(), cursor="")), sum(counts.values()), not criteria.level)
    ]
    for level in reversed(LEVELS):
        if counts.get(level) or level in criteria.level:
            one = search_url(replace(criteria, level=(level,), cursor=""))
            tabs.append(Link(fixed_label("level", level), one, counts.get(level, 0), level in criteria.level))
    return tuple(tabs)


def without_filters(criteria: Criteria) -> Criteria:
    """The words alone."""
    return Criteria(q=criteria.q, sort=criteria.sort, size=criteria.size)


def orders() -> Iterable[tuple[str, str]]:
    """The orders of results with their names."""
    return (
        ("relevance", _("Khớp nhất")),
        ("-date", _("Mới nhất")),
        ("date", _("Cũ nhất")),
        ("number", _("Số, ký hiệu")),
        ("title", _("Tiêu đề")),
    )
