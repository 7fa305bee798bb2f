"""From criteria to a plan: what is found and ranked, who asks, what is chosen, what is counted.

Every plan carries the viewer's right to see, and leaves out what a veto keeps back; so hits, total and every count are
of what the viewer may know.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from analyzers.tokens import tokenize
from archive.access import NEVER, Viewer, engine_filter
from search.criteria import Criteria
from search.facets import FACETS, FacetDefinition
from search.matching import Group, Matcher, Weights, title_clause
from search.numbering import keys_clause, words_clause
from search.plan import Access, Bool, Clause, Facet, Keyword, Nothing, NumberFacet, Plan, Range, RangeFacet, ValueFacet
from search.tree import And, Word
from search.understanding import Understood

#: Of the text's weight; measured on the judged questions: 0.2 to 0.3 is best (titles stand in the text, too).
DESCRIPTION_WEIGHT = 0.3

MOST_VALUES = 20  # of one facet on a page of results
ALL_VALUES = 10_000  # of one facet when it is read through
MOST_YEARS = 3_000
MOST_TITLE_WORDS = 40
_SORTS = {"date": "by_date", "-date": "by_date_desc", "number": "by_number", "title": "by_title"}
_LEVEL = FacetDefinition("level", "Cấp", "Level", "fixed", ("fonds", "inventory", "file", "document"))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, on which day, and what must not be shown until the index has caught up."""

    viewer: Viewer
    day: int
    vetoes: tuple[str, ...] = ()

    def matcher(self, widening: int = 0, weights: Weights = Weights()) -> Matcher:  # noqa: B008  (frozen)
        """What turns trees into clauses for this viewer."""
        search = engine_filter(self.viewer, "search", self.day)
        groups = (Group("description", None, DESCRIPTION_WEIGHT), Group("text", search))
        return Matcher(groups, widening, weights)

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
    offset: int = 0,
    facets: tuple[Facet, ...] = (),
) -> Plan:
    """The plan of a search."""
    matcher = asker.matcher(widening)
    found, ranked = matcher.found_any(asked.tree, asked.others), matcher.ranked(asked.tree, asked.others)
    if carried := keys_clause(asked.text):
        found, ranked = Bool(should=(found, carried), minimum=1), (*ranked, carried)
    ranked += tuple(one for one in (words_clause(asked.text), title_clause(asked.tree)) if one)
    return Plan(
        "records",
        Bool(filter=(*asker.may_see(), found), should=ranked),
        choices=choices(criteria, asker.day),
        facets=facets,
        sort=_sort(criteria, asked),
        size=criteria.size,
        offset=offset,
    )


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
    return chosen


def access_spans(day: int) -> tuple[tuple[str, int | None, int | None], ...]:
    """The values of the facet ``access`` as ranges of the day from which everyone may read."""
    return ("open", None, day), ("until", day + 1, NEVER - 1), ("conditional", NEVER, None)


def all_facets(criteria: Criteria, day: int) -> tuple[Facet, ...]:
    """What a page of results counts."""
    counted: list[Facet] = [value_facet("level", day, len(_LEVEL.values))]
    for facet in FACETS:
        # A chosen value must be counted even where many others are more frequent.
        counted.append(value_facet(facet.name, day, ALL_VALUES if criteria.facets.get(facet.name) else MOST_VALUES))
    counted.append(NumberFacet("years", "years", MOST_YEARS))
    counted.append(RangeFacet("undated", "undated", (("undated", 1, None),), ignores="years"))
    return tuple(counted)


def value_facet(name: str, day: int, size: int) -> Facet:
    """The counts of one facet."""
    if name == "access":
        return RangeFacet("access", "everyone_from_read", access_spans(day))
    return ValueFacet(name, name, size)


def plan_pages(asker: Asker, record: str, asked: Understood, *, widening: int | None = 0, size: int = 3) -> Plan:
    """The pages of one record that match, best first; with ``widening`` None any page with any of the words."""
    group = Group("text", None)
    matcher = Matcher((group,), widening or 0)
    ranked = Bool(should=matcher.ranked(asked.tree, asked.others))
    found: tuple[Clause, ...] = () if widening is None else (matcher.found_any(asked.tree, asked.others),)
    here: Iterable[Clause] = (Keyword("record", (record,)), *asker.may_search(), *found)
    return Plan("pages", Bool(must=(ranked,), filter=tuple(here)), size=size)


def plan_similar(asker: Asker, own: str, title: str, size: int) -> Plan:
    """Records with words of a title (the first MOST_TITLE_WORDS), without the record itself."""
    words = tuple(Word(token.text) for token in tokenize(title)[:MOST_TITLE_WORDS])
    if not words:
        return Plan("records", Nothing(), size=size)
    tree = And(words) if len(words) > 1 else words[0]
    matcher = asker.matcher()
    query = Bool(
        filter=(*asker.may_see(), matcher.found(tree)),
        should=matcher.ranked(tree),
        must_not=(Keyword("id", (own,)),),
    )
    return Plan("records", query, size=size)


def _sort(criteria: Criteria, asked: Understood) -> str:
    if criteria.sort == "relevance" and asked.is_empty():
        return "by_date_desc"  # nothing to be relevant to
    return _SORTS.get(criteria.sort, "")
