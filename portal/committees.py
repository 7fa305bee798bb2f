"""On the pages of agencies and places: committees and councils by the place that they govern, and what it lay in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _

from archive import committees, gazetteer
from archive.called import Days, named
from archive.committees import Committee
from archive.stays import Stay, chain
from archive.units import Unit
from portal.addresses import search_url
from portal.house import house
from portal.viewing import viewer
from portal.wording import day, years
from search.criteria import Criteria
from search.facet_pages import FacetQuestion
from search.results import FacetValue

MOST_NAMES = 12  # of a family that are looked for
LISTED = 50
LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its time: the name, the years, its page or the search for it."""

    name: str
    years: str
    url: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an agency or a place: names before and after it, what it governs or who governs it, what it
    lay in and when, from the bottom up; ``recalled``: whether a day or a name of it was read nowhere."""

    earlier: list[Name] = field(default_factory=list)
    later: list[Name] = field(default_factory=list)
    governs: Name | None = None
    governed: list[Name] = field(default_factory=list)
    chain: list[tuple[str, list[Name]]] = field(default_factory=list)
    days: Days = (None, None)
    same: tuple[str, ...] = ()
    recalled: bool = False

    @property
    def lies_in(self) -> str:
        """What the place lay in at last."""
        return self.chain[0][1][0].name if self.chain else ""


def around_agency(text: str) -> Around:
    """Around a committee or council, or what is known of another agency: the place whose name stands behind its own."""
    found = committees.read_committee(text)
    if found is None:
        place = _place_behind(text)
        return Around(governs=place_link(place), chain=_chain(place)) if place else Around()
    own, days = found
    before, after = committees.before(own), committees.after(own)
    borne = _borne([own, *before, *after])
    return Around(
        earlier=[_name(one, borne) for one in before],
        later=[_name(one, borne) for one in after],
        governs=place_link(own.place),
        chain=_chain(own.place),
        days=days,
        same=tuple(dict.fromkeys(value.value for many in borne.values() for value in many)),
        recalled=any(one.recalled for one in (own, *before, *after)),
    )


def around_place(place: Unit) -> Around:
    """Around a place: its committee and council, what it lay in, what a district became."""
    governed = [one for line in committees.LINES for one in committees.committees(place, line)]
    borne = _borne(governed)
    known = gazetteer.places()
    later = [] if known.after(place.id) else committees.followers(place)
    return Around(
        later=[Name(one.full, told_years(one.first, one.last), place_link(one).url) for one in later],
        governed=[_name(one, borne) for one in governed],
        chain=_chain(place),
        recalled=any(one.recalled for one in governed),
    )


def place_link(place: Unit) -> Name:
    """A place and its page where the reader may see a record of it, else the search for its words."""
    asked = FacetQuestion("place", place.name[:LONGEST_LABEL], "name", LISTED)
    known, url = gazetteer.places(), search_url(Criteria(q=f'"{place.full}"'))
    values = house().gateway.facet_page(viewer(), Criteria(), asked).values
    means = [one for one in values if (unit := named(known, one.label_vi)[0]) and unit.id == place.id]
    if means:
        url = url_for("naming.name", kind="noi", value=max(means, key=lambda one: one.count).value)
    return Name(place.full, told_years(place.first, place.last), url)


def told_years(first: int | None, last: int | None) -> str:
    """From when to when, in years."""
    if first and last:
        return years(first, last)
    if first:
        return str(_("từ %(year)s", year=years(first, first)))
    return str(_("đến %(year)s", year=years(last, last))) if last else ""


def _told_days(first: int | None, last: int | None) -> str:
    if first and last:
        return f"{day(first)}–{day(last)}"
    if first:
        return str(_("từ %(year)s", year=day(first)))
    return str(_("đến %(year)s", year=day(last))) if last else ""


def _place_behind(text: str) -> Unit | None:
    """The place behind the name of another agency: "Sở Địa chính tỉnh Quảng Ngãi"."""
    head = next(iter(gazetteer.agencies().gazetteer.find(text)), None)
    if head is None or head.start:
        return None
    return named(gazetteer.places(), text[head.end :].lstrip(" ,"))[0]


def _chain(place: Unit) -> list[tuple[str, list[Name]]]:
    return [(unit.full, [_stay(one) for one in found]) for unit, found in chain(place)]


def _stay(one: Stay) -> Name:
    return Name(one.above.full, _told_days(one.first, one.last), "")


def _borne(many: Iterable[Committee]) -> dict[Committee, list[FacetValue]]:
    """The names that the reader may meet in records, by what each means."""
    found: dict[Committee, list[FacetValue]] = {}
    for full in dict.fromkeys([one.full for one in many][:MOST_NAMES]):
        asked = FacetQuestion("issuer", full[:LONGEST_LABEL], "name", LISTED)
        for value in house().gateway.facet_page(viewer(), Criteria(), asked).values:
            means = committees.read_committee(value.label_vi)
            if means and value not in found.get(means[0], []):
                found.setdefault(means[0], []).append(value)
    return found


def _name(one: Committee, borne: dict[Committee, list[FacetValue]]) -> Name:
    value = max(borne.get(one, ()), key=lambda value: value.count, default=None)
    url = search_url(Criteria(q=f'"{one.full}"'))
    if value:
        url = url_for("naming.name", kind="co-quan", value=value.value)
    return Name(one.full, told_years(one.first, one.last), url)
