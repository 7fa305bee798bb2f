"""Numbers of documents in an index and in a question: keys that must be equal, words that may stand apart."""

from analyzers.numbers import find_numbers
from analyzers.tokens import keys
from search.plan import Bool, Clause, Constant, Keyword, Terms

KEY_SCORE = 1_000.0  # far above any sum of BM25
WORDS_BOOST = 20.0  # "06 2026 TT BT": no number that we know, but nearly all words of one
MOST_WORDS = 16  # a longer question is about something else than a number


def number_words(text: str) -> list[str]:
    """The folded words of a number or a question, "06/2026/TT-BT" -> 6, 2026, tt, bt."""
    return [word.lstrip("0") or "0" if word.isdecimal() else word for word in keys(text).folded]


def keys_clause(text: str) -> Clause | None:
    """What carries one of the document numbers written in the (canonical) question, far above everything else."""
    found = dict.fromkeys(number.key for number in find_numbers(text))
    return Constant(Keyword("number_keys", tuple(found)), KEY_SCORE) if found else None


def words_clause(text: str) -> Clause | None:
    """What lifts records whose number has words of a question that holds a numeral, more for more of them."""
    words = dict.fromkeys(number_words(text))
    numerals = tuple((word, 1.0) for word in words if word.isdecimal())
    if not numerals or len(words) > MOST_WORDS:
        return None
    whole = Terms("number_words", tuple((word, 1.0) for word in words), WORDS_BOOST)
    return Bool(must=(whole,), filter=(Terms("number_words", numerals),))
