"""From criteria to a plan: what is found and ranked, who asks, what is chosen, what is counted.

Every plan carries the viewer's right to see, and leaves out what a veto keeps back; so hits, total and every count are
of what the viewer may know.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.access import Viewer, engine_filter
from archive.accession.description import ROLES
from search import decades
from search.criteria import Criteria
from search.facets import FACETS, FacetDefinition, access_spans
from search.matching import Group, Matcher, is_short, title_clause
from search.numbering import Unit, keys_clause, units, words_clause
from search.plan import (
    Access,
    Bool,
    Clause,
    Constant,
    Facet,
    Keyword,
    NumberFacet,
    Plan,
    Range,
    RangeFacet,
    Start,
    ValueFacet,
)
from search.understanding import Understood

#: Of the text's weight; measured on the judged questions: 0.2 to 0.3 is best (titles stand in the text, too).
DESCRIPTION_WEIGHT = 0.3

TYPED_FIRST = 100.0  # above the sums of BM25: what has a short question as it was typed stands before other readings
OTHERS_NEXT = 50.0
LEANING = 10.0  # of a recognised type, issuer or period, against the sums of a longer question
MOST_VALUES = 20  # of one facet on a page of results
ALL_VALUES = 10_000  # of one facet when it is read through
MOST_YEARS = 3_000
_SORTS = {"date": "by_date", "-date": "by_date_desc", "number": "by_number", "title": "by_title"}
_LEVEL = FacetDefinition("level", "Cấp", "Level", "fixed", ("fonds", "inventory", "file", "document"))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, on which day, and what must not be shown until the index has caught up."""

    viewer: Viewer
    day: int
    vetoes: tuple[str, ...] = ()

    def matcher(self, widening: int = 0, units: tuple[Unit, ...] = ()) -> Matcher:
        """What turns trees into clauses for this viewer; ``units``: the numbers of documents in the question."""
        search = engine_filter(self.viewer, "search", self.day)
        groups = (Group("description", None, DESCRIPTION_WEIGHT), Group("text", search))
        return Matcher(groups, widening, units=units)

    def may_see(self) -> tuple[Clause, ...]:
        """The filters that every question to the records carries."""
        return (Access(engine_filter(self.viewer, "see", self.day)), *self.kept_back())

    def may_search(self) -> tuple[Clause, ...]:
        """The filters that every question to the pages carries."""
        return (Access(engine_filter(self.viewer, "search", self.day)), *self.kept_back())

    def kept_back(self) -> tuple[Clause, ...]:
        """Leaves out what a veto names, with everything below it."""
        return (Bool(must_not=(Keyword("lineage", self.vetoes),)),) if self.vetoes else ()


def plan_records(
    asker: Asker,
    criteria: Criteria,
    asked: Understood,
    *,
    widening: int = 0,
    size: int | None = None,
    start: Start | None = None,
    facets: tuple[Facet, ...] = (),
) -> Plan:
    """The plan of a search."""
    matcher = asker.matcher(widening, units(asked.numbered))
    found = matcher.found_any(asked.tree, asked.others)
    if "unmarked" in criteria.verbatim:
        found = Bool(filter=(found, matcher.just_so(asked.tree)))
    return Plan(
        "records",
        Bool(filter=(*asker.may_see(), found), should=tuple(clause for _, clause in ranking(asker, asked, widening))),
        choices=choices(criteria, asker.day),
        facets=facets,
        sort=_sort(criteria, asked),
        size=criteria.size if size is None else size,
        start=start,
    )


def ranking(asker: Asker, asked: Understood, widening: int = 0) -> tuple[tuple[str, Clause], ...]:
    """What adds to the score of a record found, each with its name: words, typed, other-name, type, issuer, year,
    number, title."""
    matcher = asker.matcher(widening, units(asked.numbered))
    ranked: list[tuple[str, Clause]] = [("words", one) for one in matcher.ranked(asked.tree, asked.others)]
    if asked.others and not widening and is_short(asked.tree):
        ranked.append(("typed", Constant(matcher.found(asked.exact or asked.tree), TYPED_FIRST)))
        # Its words each for itself, which is all that the rest has, say less than the other name whole.
        ranked.append(("other-name", Constant(matcher.found_any(asked.others[0], asked.others[1:]), OTHERS_NEXT)))
    much = TYPED_FIRST if is_short(asked.tree) else LEANING
    ranked += [(one.name, Constant(matcher.found(one), much)) for one in asked.leaning if one.value]
    named = (
        ("number", keys_clause(asked.numbered)),
        ("number", words_clause(asked.numbered)),
        ("title", title_clause(asked.tree)),
    )
    return (*ranked, *((name, clause) for name, clause in named if clause))


def choices(criteria: Criteria, day: int) -> dict[str, Clause]:
    """What the criteria narrow beside the text, by the name of the facet."""
    chosen: dict[str, Clause] = {}
    if criteria.level:
        chosen["level"] = Keyword("level", criteria.level)
    for facet in FACETS:
        values = criteria.facets.get(facet.name, ())
        if values and facet.name == "access":
            spans = tuple(Range("everyone_from_read", low, high) for n, low, high in access_spans(day) if n in values)
            chosen["access"] = Bool(should=spans, minimum=1)
        elif values:
            chosen[facet.name] = Keyword(facet.name, values)
    first, last = criteria.days()
    if first is not None or last is not None:
        spans = (Range("date_to", first, None),) if first is not None else ()
        spans += (Range("date_from", None, last),) if last is not None else ()
        chosen["years"] = Bool(filter=spans)
    if criteria.undated:
        known = chosen.get("years")
        missing = Range("undated", 1, None)
        chosen["years"] = Bool(filter=(known, missing)) if known else missing
    return chosen


def plan_roles(asker: Asker, person: str) -> Plan:
    """In which roles records name the person, each role counted: buckets ``roles`` of "id role"."""
    asked = tuple(f"{person} {role}" for role in ROLES)
    query = Bool(filter=(*asker.may_see(), Keyword("roles", asked)))
    return Plan("records", query, facets=(ValueFacet("roles", "roles", len(asked), only=asked),), size=0)


def all_facets(criteria: Criteria, day: int) -> tuple[Facet, ...]:
    """What a page of results counts."""
    counted: list[Facet] = [value_facet("level", day, len(_LEVEL.values))]
    for facet in FACETS:
        counted.append(value_facet(facet.name, day, MOST_VALUES))
        if (chosen := criteria.facets.get(facet.name)) and not facet.derived:
            # A chosen value must be counted however many others are more frequent.
            rare = ValueFacet(chosen_name(facet.name), facet.name, len(chosen), ignores=facet.name, only=chosen)
            counted.append(rare)
    counted.append(NumberFacet("years", "years", MOST_YEARS))
    counted.append(RangeFacet("undated", "undated", (("undated", 1, None),), ignores="years"))
    counted.extend(decades.FACETS)
    return tuple(counted)


def chosen_name(facet: str) -> str:
    """The name under which the chosen values of a facet are counted apart."""
    return f"chosen {facet}"


def value_facet(name: str, day: int, size: int, only: tuple[str, ...] = ()) -> Facet:
    """The counts of one facet; of ``only`` these values if there are any."""
    if name == "access":
        return RangeFacet("access", "everyone_from_read", access_spans(day))
    return ValueFacet(name, name, size, only=only)


def plan_pages(asker: Asker, record: str, asked: Understood, *, widening: int | None = 0, size: int = 3) -> Plan:
    """The pages of one record that match, best first; with ``widening`` None any page with any of the words."""
    group = Group("text", None)
    matcher = Matcher((group,), widening or 0, of_records=False, units=units(asked.numbered))
    ranked = Bool(should=matcher.ranked(asked.tree, asked.others))
    found: tuple[Clause, ...] = () if widening is None else (matcher.found_any(asked.tree, asked.others),)
    here: Iterable[Clause] = (Keyword("record", (record,)), *asker.may_search(), *found)
    return Plan("pages", Bool(must=(ranked,), filter=tuple(here)), size=size)


def _sort(criteria: Criteria, asked: Understood) -> str:
    if criteria.sort == "relevance" and asked.is_empty():
        return "by_date_desc"  # nothing to be relevant to
    return _SORTS.get(criteria.sort, "")
