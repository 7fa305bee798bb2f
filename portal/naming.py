"""Agencies, places and persons as pages: names over time, what the archive holds of them for this reader; the years.

Of a person only the name is known: two of one name are one page, which says so.  A name is there for a reader exactly
if he may see a record of it: a name that only hidden records bear is missing.
"""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive import gazetteer
from archive.accession.description import PEOPLE
from archive.called import Days, named
from archive.units import Unit, Units
from portal.addresses import search_url
from portal.committees import LISTED, LONGEST_LABEL, MOST_NAMES, Around, Name, around_agency, around_place, told_years
from portal.describing import field_labels
from portal.embedding import name_block
from portal.errors import missing
from portal.faceting import Link
from portal.house import house
from portal.shelf import COUNTED, build_shelf
from portal.viewing import viewer
from portal.wording import label
from search.criteria import Criteria, read_criteria
from search.facet_pages import FacetQuestion
from search.results import FacetValue, Results

FACETS = {"co-quan": "issuer", "noi": "place", "nguoi": "person"}
LONGEST_VALUE = 100
FEW = 8  # values of a facet on the page of a name
_NOBODY: tuple[Unit | None, Days] = (None, (None, None))  # of a person only the name is known

blueprint = Blueprint("naming", __name__)


@blueprint.get("/<any('co-quan', 'noi', 'nguoi'):kind>")
def names(kind: str) -> ResponseReturnValue:
    """Agencies that issued records, places that records concern, or persons who signed, photographed or recorded them:
    in Vietnamese order, 50 a page."""
    criteria = read_criteria((name, value) for name, value in request.args.items() if name == "cursor")
    asked = request.args.get("label", "").replace("\0", "").strip()[:LONGEST_LABEL]
    page = house().gateway.facet_page(viewer(), criteria, FacetQuestion(FACETS[kind], asked, "name", LISTED))
    here = url_for("naming.names", kind=kind)
    return render_template(
        "names.html",
        kind=kind,
        label=asked,
        links=[Link(label(one), url_for("naming.name", kind=kind, value=one.value), one.count) for one in page.values],
        first=here if criteria.cursor else "",
        next=f"{here}?{urlencode({'label': asked, 'cursor': page.next})}" if page.next else "",
    )


@blueprint.get("/<any('co-quan', 'noi', 'nguoi'):kind>/<value>")
def name(kind: str, value: str) -> ResponseReturnValue:
    """One agency, place or person: earlier and later names or the roles, and what there is of it."""
    facet = FACETS[kind]
    criteria = Criteria(facets={facet: (value,)}, size=5, sort="date")
    results = house().gateway.search(viewer(), criteria) if len(value) <= LONGEST_VALUE else Results(0, ())
    chosen = next((one for one in results.facets.get(facet, ()) if one.value == value), None)
    if not results.total or chosen is None:
        raise missing()
    known = gazetteer.places() if kind == "noi" else gazetteer.agencies()
    unit, days = _NOBODY if kind == "nguoi" else named(known, chosen.label_vi)
    wide = replace(criteria, sort="relevance", size=Criteria().size)
    same = _of_the_family(known, unit, facet) if unit else {}
    around = around_agency(chosen.label_vi) if kind == "co-quan" else around_place(unit) if unit else Around()
    others = {value, *around.same, *(one.value for many in same.values() for one in many)}
    whole = replace(wide, facets={facet: tuple(sorted(others))})
    return render_template(
        "name.html",
        kind=kind,
        title=label(chosen),
        total=results.total,
        hits=results.hits,
        all_url=search_url(wide),
        whole=_total(whole) if len(whole.facets[facet]) > 1 else 0,
        whole_url=search_url(whole),
        earlier=(_names(known.before(unit.id), kind, same) if unit else []) + around.earlier,
        later=(_names(known.after(unit.id), kind, same) if unit else []) + around.later,
        span=_first_to_last(results) if kind == "nguoi" else told_years(*(days if unit else around.days)),
        roles=_roles(value) if kind == "nguoi" else (),
        around=around,
        embedded=name_block(
            kind,
            label(chosen),
            url_for("naming.name", kind=kind, value=value),
            days if unit else around.days,
            around.lies_in,
            around.governs.name if around.governs else "",
        ),
        decades=build_shelf(results, wide),
        parts=[
            (other, [_narrowed(wide, other, one) for one in results.facets.get(other, ())[:FEW]])
            for other in ("fonds", "type", "issuer", "place", "person")
            if other != facet
        ],
    )


@blueprint.get("/theo-nam")
def timeline() -> ResponseReturnValue:
    """Every year of which the reader may see a file or a document."""
    results = house().gateway.search(viewer(), replace(COUNTED, size=1))
    most = max((count for _year, count in results.years), default=1)
    tens: dict[int, list[tuple[int, int, str]]] = {}
    for year, count in sorted(results.years):
        address = search_url(replace(COUNTED, date_from=f"{year:04d}", date_to=f"{year:04d}"))
        tens.setdefault(year // 10 * 10, []).append((year, count, address))
    return render_template(
        "timeline.html",
        tens=[(start, results.decades.get(start), years) for start, years in sorted(tens.items(), reverse=True)],
        most=most,
        undated=results.undated,
        undated_url=search_url(replace(COUNTED, undated=True)),
    )


def _narrowed(criteria: Criteria, facet: str, one: FacetValue) -> Link:
    return Link(label(one), search_url(criteria.toggled(facet, one.value)), one.count)


def _of_the_family(known: Units, unit: Unit, facet: str) -> dict[str, list[FacetValue]]:
    """The names that the reader may meet in records, by the unit (its id) that each means: this one, those before and
    after it; a place that was written with its district and without is there twice."""
    units = {one.id: one for one in (unit, *known.before(unit.id), *known.after(unit.id))}
    found: dict[str, list[FacetValue]] = {}
    for name in dict.fromkeys([one.name for one in units.values()][:MOST_NAMES]):
        asked = FacetQuestion(facet, name[:LONGEST_LABEL], "name", LISTED)
        for one in house().gateway.facet_page(viewer(), Criteria(), asked).values:
            its, _days = named(known, one.label_vi)
            if its and its.id in units and one not in found.get(its.id, []):
                found.setdefault(its.id, []).append(one)
    return found


def _roles(person: str) -> list[tuple[str, int]]:
    """In which roles the reader may see records of the person, and how many."""
    counts, labels = house().gateway.roles(viewer(), person), field_labels()
    return [(labels[field], counts[role]) for field, role in PEOPLE.items() if counts.get(role)]


def _first_to_last(results: Results) -> str:
    found = [year for year, _count in results.years]
    first, last = min(found, default=0), max(found, default=0)
    return f"{first}–{last}" if first < last else str(first or "")


def _total(criteria: Criteria) -> int:
    return house().gateway.search(viewer(), replace(criteria, size=1)).total


def _names(units: Iterable[Unit], kind: str, same: dict[str, list[FacetValue]]) -> list[Name]:
    """Each leads to its own page where records bear it, else to a search for the words."""
    told = []
    for one in units:
        borne = max(same.get(one.id, ()), key=lambda value: value.count, default=None)
        page = (
            url_for("naming.name", kind=kind, value=borne.value) if borne else search_url(Criteria(q=f'"{one.full}"'))
        )
        told.append(Name(one.full, told_years(one.first, one.last), page))
    return told
