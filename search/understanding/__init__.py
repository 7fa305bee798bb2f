"""From what was typed to what is asked: one reading of the question, perhaps a few more, and what a reader is told.

Each kind of interpretation is a module of its own, says what it did in an Explanation, and leaves alone what the
criteria want taken as typed (``Criteria.verbatim``).
"""

from dataclasses import dataclass

from search.criteria import Criteria
from search.errors import QueryError
from search.language import canonical, parse
from search.results import Explanation
from search.tree import Empty, Or, Query
from search.understanding.keys import read_keys

#: So many readings of one question at most: each costs as much to find as the question itself.
MOST_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is asked of the indices.

    ``text`` is the canonical question (numbers are read of it), ``tree`` its main reading.  ``others`` are further
    readings of the whole question, say with the older name of a place: what any of them finds is found; what is in the
    main reading ranks higher.
    """

    text: str
    tree: Query
    others: tuple[Query, ...] = ()
    explanations: tuple[Explanation, ...] = ()

    @property
    def marked(self) -> Query:
        """Whatever of any reading is to be marked where it stands in a text."""
        if not self.others:
            return self.tree
        readings = [part.items if isinstance(part, Or) else (part,) for part in (self.tree, *self.others)]
        return Or(tuple(dict.fromkeys(one for items in readings for one in items)))

    def is_empty(self) -> bool:
        """Whether nothing was asked for in words."""
        return isinstance(self.tree, Empty)


def understand(criteria: Criteria) -> Understood:
    """The question of the criteria, understood.  Raises QueryError where it cannot be read as typed."""
    text = canonical(criteria.q)
    keys = read_keys(criteria, text)
    if keys is None:
        return Understood(text, parse(text))
    try:
        tree = parse(keys.text)
    except QueryError:  # an error must point at what was typed
        return Understood(text, parse(text))
    others = () if keys.sure else _readable(text)
    return Understood(keys.text, tree, others, (keys.explanation,))


def _readable(text: str) -> tuple[Query, ...]:
    try:
        return (parse(text),)
    except QueryError:
        return ()
