"""The same question with the older and newer names of the places and agencies in it, and one line that says so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from analyzers.numbers import find_numbers
from search.criteria import Criteria
from search.results import Explanation
from search.tree import And, Field, Or, Query
from search.understanding.naming import Named, Years, agencies_in, places_in, years_asked
from search.understanding.rewriting import replace_words
from search.understanding.telling import tell_names

MOST_READINGS = 4


def read_names(
    text: str, tree: Query, criteria: Criteria, home: frozenset[str]
) -> tuple[tuple[Query, ...], tuple[Explanation, ...], Query | None]:
    """Readings with other names, what a reader is told of them, and the question with its own names as phrases.

    Undone by taking names as they were typed.
    """
    found = other_names(text, tree, home, _period(criteria))
    if not found.vi:
        return (), (), None
    told = Explanation("names", found.vi, found.en, criteria.as_typed("names"))
    return found.readings, (told,), found.exact


def _period(criteria: Criteria) -> Years | None:
    """The years that the criteria narrow to."""
    first, last = criteria.date_from[:4], criteria.date_to[:4]
    return (int(first or last), int(last or first)) if first or last else None


@dataclass(frozen=True, slots=True)
class OtherNames:
    """Further readings of a question, the most relevant first, what a reader is told, in both languages, and the
    question itself with its names as phrases."""

    readings: tuple[Query, ...] = ()
    vi: str = ""
    en: str = ""
    exact: Query | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """A name in a question and the question with each of its other names instead; `field` if it is in one's value."""

    named: Named
    written: str
    trees: tuple[Query, ...]
    field: Field | None = None


def other_names(text: str, tree: Query, home: frozenset[str] = frozenset(), period: Years | None = None) -> OtherNames:
    """Readings of the question `tree` (of canonical `text`) with other names, MOST_READINGS at most.

    `home`: ids of the archive's own provinces; `period`: the years that the question is narrowed to.
    """
    fields = list(_fields(tree))
    years = period or years_asked(text, list(filter(None, map(_span, fields))))
    changes = [_change(text, tree, named) for named in _free(text, home, years)]
    changes += [change for field in fields for change in _in_field(tree, field, home, years)]
    told = [(one.named, one.written) for one in changes if one.trees or (not one.named.others and one.named.is_told)]
    readings = dict.fromkeys(one for one in (_all_at_once(tree, changes), *_in_turn(changes)) if one and one != tree)
    return OtherNames(tuple(readings)[:MOST_READINGS], *tell_names(told), _exact(text, tree, changes))


def _span(field: Field) -> Years | None:
    """The years of a field `year`; with one end open the other stands for both."""
    if field.name != "year":
        return None
    first, last = field.years
    return (first or last or 0, last or first or 0) if first or last else None


def _free(text: str, home: frozenset[str], years: Years | None) -> Iterator[Named]:
    """The names outside of documents' numbers, none over another."""
    taken = [(one.start, one.end) for one in find_numbers(text)]
    for named in (*agencies_in(text, years), *places_in(text, home, years)):
        start, end = named.mention.start, named.mention.end
        if all(end <= first or start >= last for first, last in taken):
            taken.append((start, end))
            yield named


def _change(text: str, tree: Query, named: Named) -> _Change:
    start, end = named.mention.start, named.mention.end
    trees = (replace_words(tree, start, end, unit.name, named.kind(unit), whole=True) for unit in named.others)
    return _Change(named, text[start:end], tuple(one for one in trees if one is not None))


def _in_turn(changes: list[_Change]) -> Iterator[Query]:
    """The first other name of each, then the second of each."""
    for turn in zip_longest(*(change.trees for change in changes)):
        yield from (one for one in turn if one is not None)


def _exact(text: str, tree: Query, changes: list[_Change]) -> Query:
    """The question with its own names as phrases."""
    for mention in (change.named.mention for change in changes if change.trees and not change.field):
        kind, name = text[mention.start : mention.name], text[mention.name : mention.end]
        tree = replace_words(tree, mention.start, mention.end, name, kind) or tree
    return tree


def _all_at_once(tree: Query, changes: list[_Change]) -> Query | None:
    """All names replaced by their most relevant others: a paper of another time says them all so."""
    changing = [change.named for change in changes if change.trees and not change.field]
    if len(changing) < 2:
        return None
    for named in changing:
        other = named.others[0]
        changed = replace_words(tree, named.mention.start, named.mention.end, other.name, named.kind(other), whole=True)
        if changed is None:
            return None
        tree = changed
    return tree


def _fields(tree: Query) -> Iterator[Field]:
    match tree:
        case Field():
            yield tree
        case And(items) | Or(items):
            for item in items:
                yield from _fields(item)


def _in_field(tree: Query, field: Field, home: frozenset[str], years: Years | None) -> Iterator[_Change]:
    """The names in the value of a field `place` or `issuer`."""
    if field.name not in {"place", "issuer"}:
        return
    for named in places_in(field.value, home, years) if field.name == "place" else agencies_in(field.value, years):
        start, end = named.mention.start, named.mention.end
        values = [f"{field.value[:start]}{named.label(unit)}{field.value[end:]}" for unit in named.others]
        trees = tuple(_swapped(tree, field, replace(field, value=value)) for value in values)
        yield _Change(named, field.value[start:end], trees, field)


def _swapped(tree: Query, old: Field, new: Field) -> Query:
    match tree:
        case And(items):
            return And(tuple(_swapped(item, old, new) for item in items))
        case Or(items):
            return Or(tuple(_swapped(item, old, new) for item in items))
        case _:
            return new if tree == old else tree
