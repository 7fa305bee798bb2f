"""A question with some of its words replaced: the tree of another reading, made of the tree of the main one."""

from analyzers.tokens import tokenize
from search.tree import And, Or, Phrase, Query, Word


def replace_words(
    tree: Query, start: int, end: int, name: str, before: str = "", *, whole: bool = False
) -> Query | None:
    """The tree with the words at `start`..`end` of the question replaced by `before` and `name`.

    A name of several words is a phrase at the end of its part of the question: nobody typed it, so it is found only as
    it is (and weighs only as a `whole`), and the words around it are looked for as they would be without it.  None
    where `start`..`end` are not neighbouring words of one part: phrases, fields and what is excluded stay as typed.
    """
    lead, words = (tuple(Word(token.text, start, end) for token in tokenize(part)) for part in (before, name))
    if not words:
        return None
    match tree:
        case Word() if tree.start == start and tree.end == end:
            return _sequence((), lead, words, (), whole)
        case And(items):
            return _in_sequence(items, start, end, lead, words, whole)
        case Or(items):
            return _in_alternative(items, start, end, name, before, whole)
    return None


def replace_by(tree: Query, start: int, end: int, node: Query) -> Query | None:
    """The tree with the words that lie in `start`..`end` of the question replaced by a node; None where they are not
    neighbouring words of the tree itself (phrases, fields, alternatives and what is excluded stay as typed)."""
    items = tree.items if isinstance(tree, And) else (tree,)
    at = [at for at, item in enumerate(items) if isinstance(item, Word) and start <= item.start and item.end <= end]
    if not at or at[-1] - at[0] + 1 != len(at):
        return None
    items = (*items[: at[0]], *items[at[-1] + 1 :], node)
    return And(items) if len(items) > 1 else node


def _in_sequence(
    items: tuple[Query, ...], start: int, end: int, lead: tuple[Word, ...], words: tuple[Word, ...], whole: bool
) -> Query | None:
    inside = [at for at, item in enumerate(items) if isinstance(item, Word) and start <= item.start and item.end <= end]
    if not inside:
        name, before = (" ".join(word.text for word in part) for part in (words, lead))
        for at, item in enumerate(items):
            if isinstance(item, Or) and (inner := _in_alternative(item.items, start, end, name, before, whole)):
                return And((*items[:at], inner, *items[at + 1 :]))
        return None
    first, last = items[inside[0]], items[inside[-1]]
    covered = isinstance(first, Word) and isinstance(last, Word) and first.start == start and last.end == end
    if not covered or inside[-1] - inside[0] + 1 != len(inside):
        return None
    return _sequence(items[: inside[0]], lead, words, items[inside[-1] + 1 :], whole)


def _in_alternative(
    items: tuple[Query, ...], start: int, end: int, name: str, before: str, whole: bool
) -> Query | None:
    for at, item in enumerate(items):
        if (inner := replace_words(item, start, end, name, before, whole=whole)) is not None:
            return Or((*items[:at], inner, *items[at + 1 :]))
    return None


def _sequence(
    ahead: tuple[Query, ...], lead: tuple[Word, ...], words: tuple[Word, ...], behind: tuple[Query, ...], whole: bool
) -> Query:
    items = (*ahead, *lead, *behind, Phrase(words, whole)) if len(words) > 1 else (*ahead, *lead, *words, *behind)
    return And(items) if len(items) > 1 else items[0]
