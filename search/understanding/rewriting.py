"""A question with some of its words replaced: the tree of another reading, made of the tree of the main one."""

from analyzers.tokens import tokenize
from search.tree import And, Or, Query, Word


def replace_words(tree: Query, start: int, end: int, text: str) -> Query | None:
    """The tree with the words at `start`..`end` of the question replaced by those of `text`.

    None where these are not neighbouring words of one part of the question: phrases, fields and what is excluded stay
    as they were typed.
    """
    words = tuple(Word(token.text, start, end) for token in tokenize(text))
    if not words:
        return None
    match tree:
        case Word() if tree.start == start and tree.end == end:
            return And(words) if len(words) > 1 else words[0]
        case And(items):
            return _in_sequence(items, start, end, words)
        case Or(items):
            for at, item in enumerate(items):
                if (inner := replace_words(item, start, end, text)) is not None:
                    return Or((*items[:at], inner, *items[at + 1 :]))
    return None


def _in_sequence(items: tuple[Query, ...], start: int, end: int, words: tuple[Word, ...]) -> Query | None:
    inside = [at for at, item in enumerate(items) if isinstance(item, Word) and start <= item.start and item.end <= end]
    if inside:
        first, last = items[inside[0]], items[inside[-1]]
        whole = isinstance(first, Word) and isinstance(last, Word) and first.start == start and last.end == end
        if not whole or inside[-1] - inside[0] + 1 != len(inside):
            return None
        changed = (*items[: inside[0]], *words, *items[inside[-1] + 1 :])
        return And(changed) if len(changed) > 1 else changed[0]
    for at, item in enumerate(items):
        if isinstance(item, Or) and (inner := replace_words(item, start, end, " ".join(word.text for word in words))):
            return And((*items[:at], inner, *items[at + 1 :]))
    return None
