"""Numbers of documents in an index and in a question: keys that must be equal, words that may stand apart, and a
number as one unit of what is found: a record has it as its own, or says it word by word.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from analyzers.document_types import ABBREVIATIONS, BY_NAME
from analyzers.fold import fold
from analyzers.normal import canon
from analyzers.numbers import DocumentNumber, find_numbers, number_key
from analyzers.tokens import keys
from search.plan import AtLeast, Bool, Clause, Constant, Keyword, Range, Terms

KEY_SCORE = 1_000.0  # far above any sum of BM25
WORDS_BOOST = 20.0  # "06 2026 TT BT": no number that we know, but nearly all words of one
MOST_WORDS = 16  # a longer question is about something else than a number
_TYPES = "|".join(sorted(map(re.escape, BY_NAME), key=len, reverse=True))
_LEAD = re.compile(rf"(?<!\w)(?:(?:{_TYPES})(?:\sso)?|so)\s?[:.]?\s?$")
_LEAD_LETTERS = 40
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BEFORE_A_YEAR = re.compile(r"(?:(?<!\w)nam|[0-9])\s?$")  # "05 2026 TT BTC", "số 05 năm 2026 TT-BTC"


@dataclass(frozen=True, slots=True)
class Unit:
    """A number of a question with the words that lead to it ("nghị định số"), at ``start``..``end`` of the text.

    A unit that is not ``sure`` ("số 30" beside other words) may be a number of something else: it finds the record of
    that number and demands nothing.
    """

    number: DocumentNumber
    start: int
    end: int
    words: tuple[str, ...]
    sure: bool
    dated: bool  # whether the year is written into it ("30/2020"), not behind it

    def carried(self) -> Clause:
        """What has the number as its own, of its year if one was said."""
        own = Keyword("number_keys", (self.number.key,))
        year = self.number.year
        if year is not None and self.number.normative and self.number.notation:
            # Said apart or in the number: the government's resolutions are 13/NQ-CP and 66/2025/NQ-CP.
            plain = Keyword("number_keys", (replace(self.number, normative=False).key,))
            return Bool(should=(own, Bool(filter=(plain, Range("years", year, year)))), minimum=1)
        if year is None or self.number.normative:
            return own
        there = (AtLeast("number_words", (str(year),), 1), Range("years", year, year))
        return Bool(filter=(own, Bool(should=there, minimum=1)))

    @property
    def beside(self) -> str:
        """The year that a text says somewhere beside the number and not in it ("số 1869 năm 1998"); empty for none."""
        return str(self.number.year) if self.number.year and not self.dated else ""

    def alike(self) -> Clause:
        """What has the same figure and type, of whatever year and issuer."""
        return Keyword("number_keys", self.number.keys[:-1] or self.number.keys)

    def said(self) -> tuple[tuple[str, ...], ...]:
        """The folded words, side by side, of each way to write it in a text."""
        one = self.number
        plain = fold(one.number).lstrip("0") or "0"
        figures = dict.fromkeys((fold(one.number), plain, plain.zfill(2)))
        year = (str(one.year),) if self.dated else ()
        if one.notation:
            return tuple((figure, *year, *_folded(one.notation)) for figure in figures)
        if not one.type:
            return tuple(("so", figure, *year) for figure in figures)
        name, short = _folded(ABBREVIATIONS.get(one.type, one.type)), _folded(one.type)
        ways = ((*lead, figure, *year) for figure, lead in product(figures, (name, (*name, "so"), short)))
        return tuple(dict.fromkeys((*ways, *((figure, *year, *short) for figure in figures))))


def number_words(text: str) -> list[str]:
    """The folded words of a number or a question, "06/2026/TT-BT" -> 6, 2026, tt, bt."""
    return [word.lstrip("0") or "0" if word.isdecimal() else word for word in keys(text).folded]


@lru_cache(maxsize=256)  # a question is asked for its units by each that plans or tells something of it
def units(text: str) -> tuple[Unit, ...]:
    """The numbers of documents in a (canonical) question, with what leads to each."""
    folded, found = fold(text), find_numbers(text)
    made = []
    for one in found:
        before = folded[max(0, one.start - _LEAD_LETTERS) : one.start]
        lead = _LEAD.search(before)
        start = one.start - len(before) + lead.start() if lead else one.start
        named = bool(one.notation or one.type or one.year)
        year = _YEAR.fullmatch(one.number) and _BEFORE_A_YEAR.search(folded[:start])
        alone = not re.search(r"[^\W_]", text[:start] + text[one.end :])
        dated = one.normative or bool(one.year and f"/{one.year}" in text[one.start : one.end].split()[-1])
        made.append(Unit(one, start, one.end, _folded(text[start : one.end]), (named and not year) or alone, dated))
    return tuple(made)


def sure_units(text: str) -> tuple[Unit, ...]:
    """Those of the units that what is found must have."""
    return tuple(one for one in units(text) if one.sure)


def carried_by(value: str) -> Clause:
    """What has the number that a field names."""
    found = units(canon(value).strip())
    if len(found) == 1 and number_key(value) == found[0].number.key:
        return found[0].carried()
    return Keyword("number_keys", (number_key(value),))


def keys_clause(text: str) -> Clause | None:
    """What carries one of the document numbers written in the (canonical) question, far above everything else."""
    carried = tuple(dict.fromkeys(one.carried() for one in units(text)))
    if not carried:
        return None
    return Constant(carried[0] if len(carried) == 1 else Bool(should=carried, minimum=1), KEY_SCORE)


def words_clause(text: str) -> Clause | None:
    """What lifts records whose number has words of a question that holds a numeral, more for more of them."""
    words = dict.fromkeys(number_words(text))
    numerals = tuple((word, 1.0) for word in words if word.isdecimal())
    if not numerals or len(words) > MOST_WORDS:
        return None
    whole = Terms("number_words", tuple((word, 1.0) for word in words), WORDS_BOOST)
    # A year alone in a question is no number, unless it is the whole question.
    several = AtLeast("number_words", tuple(words), min(2, len(words)))
    return Bool(must=(whole,), filter=(Terms("number_words", numerals), several))


def _folded(text: str) -> tuple[str, ...]:
    return tuple(keys(text).folded)
