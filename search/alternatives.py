"""What a question that finds nothing could be changed to: one filter less, no filters, one part less, no quotes,
another spelling.  Which of them find something, and how much, the gateway asks for the same viewer.
"""

from collections.abc import Iterator
from dataclasses import replace

from search.criteria import Criteria
from search.plan import RangeFacet
from search.results import Alternative
from search.tree import And, Empty, Phrase, Query, positive, to_text

MOST_PARTS = 6  # of a question that are left out in turn
MOST_ALTERNATIVES = 12
_ANY = "any"


def without_each_filter(criteria: Criteria) -> dict[str, Criteria]:
    """The question without each kind of filter, by the name under which the plan has it (search.planning.choices)."""
    plain = replace(criteria, cursor="")
    found = {"level": replace(plain, level=())} if criteria.level else {}
    for name, values in criteria.facets.items():
        if values:
            found[name] = replace(plain, facets={k: v for k, v in criteria.facets.items() if k != name})
    if criteria.date_from or criteria.date_to or criteria.undated:
        found["years"] = replace(plain, date_from="", date_to="", undated=False)
    return found


def count_without(name: str) -> RangeFacet:
    """A facet with one value: how many records there would be without that filter."""
    return RangeFacet(f"without {name}", "undated", ((_ANY, 0, 1),), ignores=name)  # every record is dated or not


def other_questions(criteria: Criteria, tree: Query, offers: tuple[str, ...]) -> Iterator[Alternative]:
    """The other changes, not counted yet: ``text`` is what is left out, or the question that is asked instead."""
    plain = replace(criteria, cursor="")
    for offer in offers:
        yield Alternative("spelling", offer, replace(plain, q=offer))
    if isinstance(tree, Phrase):
        yield _unquoted(plain, tree, [tree])
    if isinstance(tree, And):
        for part in tree.items:
            if isinstance(part, Phrase):
                yield _unquoted(plain, part, tree.items)
        for at, part in enumerate(tree.items[:MOST_PARTS]):
            rest = [*tree.items[:at], *tree.items[at + 1 :]]
            left: Query = rest[0] if len(rest) == 1 else And(tuple(rest)) if rest else Empty()
            if positive(left):
                yield Alternative("part", to_text(part), replace(plain, q=to_text(left)))
    if len(without_each_filter(criteria)) > 1:
        yield Alternative("filters", "", Criteria(q=criteria.q, sort=criteria.sort, size=criteria.size))


def _unquoted(criteria: Criteria, phrase: Phrase, items: tuple[Query, ...] | list[Query]) -> Alternative:
    """The words of the phrase without their order."""
    opened: list[Query] = [one for item in items for one in (phrase.words if item is phrase else (item,))]
    text = to_text(And(tuple(opened)))
    return Alternative("unquoted", text, replace(criteria, q=text))
