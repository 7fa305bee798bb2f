"""Fields that name something in the catalogue: a type, an issuer, a place, a person, a fonds; words become stable ids.

`loại:"quyết định"`, `cơ-quan:ubnd`, `nơi:"tịnh khê"`: every name that has these words one after the other, marks or
not.  Where no name has them, a word may be the initials of words that follow each other: UBND, QĐ, SNV.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.normal import canon
from analyzers.tokens import keys
from archive.access import Viewer, sql_condition
from archive.catalogue.authorities import Agent, Place, Term
from archive.catalogue.records import Record
from archive.gazetteer import PROVINCE, places
from search.facets import FIXED_LABELS, access_spans
from search.tree import And, Field, Not, Or, Query
from search.understanding import Understood

SETTLED = (
    "type", "issuer", "place", "person", "fonds", "inventory", "field", "level", "medium", "language", "access",
)  # fmt: skip
"""Fields whose value is settled before it is planned: ids with blanks between; none is nothing found."""

FIXED = frozenset(name for name, _ in FIXED_LABELS)
"""Fields with a closed list of values."""

_SHORTEST, _LONGEST = 2, 7  # letters of initials
Names = Iterable[tuple[str, str]]  # id, name


def settle_fields(session: Session, viewer: Viewer, day: int, asked: Understood) -> Understood:
    """The question with ids in the place of names.  Of fonds only those that the viewer may see are looked at."""
    trees = (asked.tree, *asked.others, *asked.leaning)
    if not any(_has_settled(tree) for tree in trees):
        return asked
    known: dict[tuple[str, str], str] = {}

    def ids(field: Field) -> Field:
        key = (field.name, field.value)
        if key not in known:
            named = matching_names(_names(session, viewer, day, field.name), field.value, whole=field.name in FIXED)
            if field.name == "access":
                named = [f"{low or ''}..{high or ''}" for one, low, high in access_spans(day) if one in named]
            known[key] = " ".join((*named, *_provinces(field)))
        return replace(field, value=known[key])

    main, *others = (_with_fields(tree, ids) for tree in (asked.tree, *asked.others))
    leaning = tuple(ids(one) if one.name in SETTLED else one for one in asked.leaning)
    exact = _with_fields(asked.exact, ids) if asked.exact else None
    return replace(asked, tree=main, others=tuple(others), exact=exact, leaning=leaning)


def _provinces(field: Field) -> Iterator[str]:
    """The value of the facet that stands for a province of today with all places in it, where the field names one."""
    if field.name != "place":
        return
    value = canon(field.value).strip()
    for mention in places().gazetteer.find(value):
        if (mention.start, mention.end) == (0, len(value)):
            units = (places().units[one] for one in mention.ids)
            yield from (f"{PROVINCE}{one.id}" for one in units if not one.above and one.last is None)


def matching_names(names: Names, value: str, *, whole: bool = False) -> list[str]:
    """The ids of the names that hold the words of the value, in their order; an id itself names itself.

    With ``whole``, names that are the value and nothing more are preferred.
    """
    words = keys(value).folded
    split = [(own, _folded_words(name)) for own, name in names]
    if whole and (found := [own for own, name in split if own == value or list(name) == words]):
        return found
    for initials in (False, True):
        found = [own for own, name in split if own == value or _holds(name, words, initials=initials)]
        if found:
            return found
    return []


@lru_cache(maxsize=50_000)
def _folded_words(name: str) -> tuple[str, ...]:
    return tuple(keys(name).folded)


def _holds(name: Sequence[str], words: Sequence[str], *, initials: bool) -> bool:
    return any(_begins(name, at, words, initials=initials) for at in range(len(name)))


def _begins(name: Sequence[str], at: int, words: Sequence[str], *, initials: bool) -> bool:
    """Whether the words stand in the name from a place on."""
    for word in words:
        if at < len(name) and name[at] == word:
            at += 1
            continue
        wide = len(word)
        first = "".join(one[:1] for one in name[at : at + wide])
        if not (initials and _SHORTEST <= wide <= _LONGEST and first == word):
            return False
        at += wide
    return bool(words)


def _names(session: Session, viewer: Viewer, day: int, field: str) -> list[tuple[str, str]]:
    if fixed := [(own, label) for (of, own), labels in FIXED_LABELS.items() if of == field for label in labels]:
        return fixed
    if field in {"fonds", "inventory"}:
        seen = select(Record.public_id, Record.title, Record.code).where(
            Record.level == field, ~Record.withdrawn, sql_condition(viewer, "see", day)
        )
        return [(own, f"{title} | {code}") for own, title, code in session.execute(seen)]
    if field in {"type", "field"}:
        terms = select(Term.slug, Term.label).where(Term.vocabulary == field)
        return [(slug, label) for slug, label in session.execute(terms)]
    names = {
        "issuer": select(Agent.public_id, Agent.name).where(Agent.kind == "body"),
        "person": select(Agent.public_id, Agent.name),  # a body, too, may be said to have signed
        "place": select(Place.public_id, Place.name),
    }
    return [(own, name) for own, name in session.execute(names[field])]


def _has_settled(tree: Query) -> bool:
    match tree:
        case Field(name, _):
            return name in SETTLED
        case Not(node):
            return _has_settled(node)
        case And(items) | Or(items):
            return any(map(_has_settled, items))
        case _:
            return False


def _with_fields(tree: Query, change: Callable[[Field], Field]) -> Query:
    match tree:
        case Field(name, _) if name in SETTLED:
            return change(tree)
        case Not(node):
            return Not(_with_fields(node, change))
        case And(items):
            return And(tuple(_with_fields(one, change) for one in items))
        case Or(items):
            return Or(tuple(_with_fields(one, change) for one in items))
        case _:
            return tree
