"""The members of one record whose title or number has the words: a filter inside a list, not a question to the archive.

Every word must be there, with its marks where it was typed with marks; the last one may be only begun.
"""

from collections.abc import Iterable

from analyzers.tokens import folded_key, has_marks, marked_key, tokenize
from search.numbering import number_words
from search.plan import AtLeast, Beginning, Bool, Clause, Keyword, Nothing, Plan, Start
from search.planning import Asker

MOST_WORDS = 16
SORTS = {"title": "by_title", "number": "by_number", "date": "by_date"}


def plan_members(
    asker: Asker, parent: str, level: str, words: str, sort: str, size: int, start: Start | None = None
) -> Plan:
    """The plan of a filter: ``words`` (canonical) in members of ``level`` anywhere below the record ``parent``."""
    here = (*asker.may_see(), Keyword("lineage", (parent,)), Keyword("level", (level,)))
    return Plan("records", Bool(filter=(*here, *_words(words))), sort=SORTS[sort], size=size, start=start)


def _words(text: str) -> Iterable[Clause]:
    """One clause a word; nothing is found where there is no word."""
    typed = [token.text for token in tokenize(text)][:MOST_WORDS]
    if not typed:
        return (Nothing(),)
    return tuple(_word(word, begun=at == len(typed) - 1) for at, word in enumerate(typed))


def _word(word: str, *, begun: bool) -> Clause:
    folded, numeral = folded_key(word), number_words(word)[0]
    titled: Clause = AtLeast("title_folded", (folded,), 1)
    if has_marks(word):
        titled = Bool(filter=(titled, AtLeast("description_marked", (marked_key(word),), 1)))
    elif begun:
        titled = Beginning("title_folded", (folded,))
    numbered: Clause = Beginning("number_words", (numeral,)) if begun else AtLeast("number_words", (numeral,), 1)
    return Bool(should=(titled, numbered), minimum=1)
