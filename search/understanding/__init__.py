"""From what was typed to what is asked: one reading of the question, perhaps a few more, and what a reader is told.

Each kind of interpretation is a module of its own, says what it did in an Explanation, and leaves alone what the
criteria want taken as typed (``Criteria.verbatim``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.capitals import calmed
from search.criteria import Criteria
from search.errors import QueryError
from search.language import canonical, parse
from search.results import Explanation
from search.tree import Empty, Field, Or, Query
from search.understanding.abbreviations import read_abbreviations
from search.understanding.keys import read_keys
from search.understanding.names import read_names
from search.understanding.parts import read_parts
from search.understanding.spelling import Spellings, read_spelling

#: So many readings of one question at most: each costs as much to find as the question itself.
MOST_OTHERS = 4

_NOTHING_ASKED = Explanation(
    "nothing-to-search",
    "Câu hỏi không có chữ hay số nào để tìm: đây là tất cả tài liệu, không lọc theo câu hỏi.",
    "The question has no letter or figure to look for: these are all records, whatever it says.",
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is asked of the indices.

    ``text`` is the canonical question, ``numbered`` that of which numbers of documents are read (empty where they are
    wanted as typed), ``tree`` its main reading.  ``others`` are further
    readings of the whole question, say with the older name of a place: what any of them finds is found; what is in the
    main reading ranks higher.  ``exact`` is the main reading with the names in it as phrases, where it has some.
    What has a field of ``leaning`` comes earlier among what is found.
    """

    text: str
    tree: Query
    others: tuple[Query, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    exact: Query | None = None
    offers: tuple[str, ...] = ()  # whole questions that may have been meant
    numbered: str = ""
    leaning: tuple[Field, ...] = ()

    @property
    def marked(self) -> Query:
        """Whatever of any reading is to be marked where it stands in a text."""
        if not self.others:
            return self.tree
        readings = [part.items if isinstance(part, Or) else (part,) for part in (self.tree, *self.others)]
        return Or(tuple(dict.fromkeys(one for items in readings for one in items)))

    def read_also(self, readings: Sequence[Query], explanations: Sequence[Explanation]) -> "Understood":
        """The same with further readings, MOST_OTHERS in all, and what is told about them."""
        others = dict.fromkeys(one for one in (*self.others, *readings) if one != self.tree)
        return replace(self, others=tuple(others)[:MOST_OTHERS], explanations=(*self.explanations, *explanations))

    def is_empty(self) -> bool:
        """Whether nothing was asked for in words."""
        return isinstance(self.tree, Empty)


def understand(
    criteria: Criteria, home: frozenset[str] = frozenset(), spellings: Spellings | None = None
) -> Understood:
    """The question of the criteria, understood; ``home``: ids of the archive's own provinces (`archive.gazetteer`).

    Without ``spellings`` no word is corrected.  Raises QueryError where it cannot be read as typed.
    """
    asked = _without_keys(criteria, canonical(criteria.q))
    if spellings is not None:
        spelled = read_spelling(criteria, asked.text, asked.tree, spellings)
        tree = parse(spelled.text) if spelled.changes else asked.tree
        told = (*asked.explanations, *spelled.explanations)
        asked = Understood(spelled.text, tree, asked.others, told, offers=spelled.offers)
    said = calmed(asked.text)
    if "abbreviations" not in criteria.verbatim:
        asked = asked.read_also(*read_abbreviations(said, asked.tree, criteria))
    if "names" not in criteria.verbatim:
        readings, told, exact = read_names(said, asked.tree, criteria, home)
        asked = replace(asked.read_also(readings, told), exact=exact)
    parts = read_parts(asked.text, asked.tree, criteria, home)
    others = tuple(dict.fromkeys((*parts.readings, *asked.others)))[:MOST_OTHERS]
    nothing = (_NOTHING_ASKED,) if asked.is_empty() and criteria.q.strip() else ()
    explanations = (*nothing, *parts.explanations, *asked.explanations)
    numbered = "" if "number" in criteria.verbatim else asked.text
    return replace(asked, others=others, explanations=explanations, numbered=numbered, leaning=parts.leaning)


def _without_keys(criteria: Criteria, text: str) -> Understood:
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
