"""The same question with the older and newer names of the places and agencies in it, and one line that says so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from analyzers.numbers import find_numbers
from search.tree import And, Field, Or, Query
from search.understanding.naming import Named, Years, agencies_in, places_in, years_asked
from search.understanding.rewriting import replace_words
from search.understanding.telling import tell_names

MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class OtherNames:
    """Further readings of a question, the most relevant first, and what a reader is told, in both languages."""

    readings: tuple[Query, ...] = ()
    vi: str = ""
    en: str = ""


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
    years = period or years_asked(text, [one.years for one in fields if one.name == "year"])
    changes = [_change(text, tree, named) for named in _free(text, home, years)]
    changes += [change for field in fields for change in _in_field(tree, field, home, years)]
    told = [(one.named, one.written) for one in changes if one.trees or not one.named.units]
    readings = dict.fromkeys(one for one in (_all_at_once(tree, changes), *_in_turn(changes)) if one and one != tree)
    return OtherNames(tuple(readings)[:MOST_READINGS], *tell_names(told))


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
    trees = (replace_words(tree, start, end, named.label(unit)) for unit in named.others)
    return _Change(named, text[start:end], tuple(one for one in trees if one is not None))


def _in_turn(changes: list[_Change]) -> Iterator[Query]:
    """The first other name of each, then the second of each."""
    for turn in zip_longest(*(change.trees for change in changes)):
        yield from (one for one in turn if one is not None)


def _all_at_once(tree: Query, changes: list[_Change]) -> Query | None:
    """All names replaced by their most relevant others: a paper of another time says them all so."""
    changing = [change.named for change in changes if change.trees and not change.field]
    if len(changing) < 2:
        return None
    for named in changing:
        changed = replace_words(tree, named.mention.start, named.mention.end, named.label(named.others[0]))
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
