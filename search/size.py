"""How large a question may become on its way to an engine: Lucene refuses one of more than 1,024 parts.

A title or a page pasted whole has as many words as are allowed, and each is asked in several fields and readings.  So
of a long question's words and pairs an even choice is asked, which says as well what is looked for.
"""

from collections.abc import Sequence
from typing import TypeVar

from search.errors import QueryError
from search.plan import Access, AtLeast, Bool, Clause, Constant, Terms

T = TypeVar("T")

MOST_PARTS = 1_000
MOST_FOUND = 120  # words or pairs of all readings together that decide what is found, in a group of fields
MOST_RANKED = 70  # marked words, folded words and pairs each that rank, in a group
MOST_OF_TITLE = 50  # pairs


def thinned(items: Sequence[T], most: int) -> Sequence[T]:
    """The items, or so many of them, evenly chosen."""
    return items if len(items) <= most else [items[at * len(items) // most] for at in range(most)]


def parts(clause: Clause) -> int:
    """How many parts an engine counts in a clause."""
    match clause:
        case Terms(_, terms) | AtLeast(_, terms):
            return len(terms)
        case Constant(inner):
            return parts(inner)
        case Bool():
            return sum(map(parts, (*clause.must, *clause.should, *clause.must_not, *clause.filter)))
        case Access():
            return 3
        case _:
            return 1


def refuse_too_many(text: str, clause: Clause) -> None:
    """QueryError if the question `text` has become more than an engine answers."""
    if parts(clause) > MOST_PARTS:
        error = QueryError("too-many", 0, len(text), text)
        error.text = text
        raise error
