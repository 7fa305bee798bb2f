"""What a reader is told about how a question was taken: widened, or typed without marks; never in silence."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from analyzers.numbers import find_numbers
from analyzers.syllables import is_unmarked_syllable
from analyzers.tokens import has_marks
from archive.gazetteer import places
from search.criteria import Criteria
from search.matching import WIDEST, free_units, has_typed_marks, is_short
from search.results import Explanation
from search.tree import And, Field, Or, Query, phrases, runs
from search.understanding import Understood

_WIDENED = {
    1: (
        "Không có kết quả cho cả câu; đây là những gì chứa ít nhất một nửa số từ.",
        "Nothing matches the whole question; these contain at least half of its words.",
    ),
    WIDEST: (
        "Không có kết quả cho cả câu hay một nửa số từ; đây là những gì chứa bất kỳ từ nào.",
        "Nothing matches the question or half of its words; these contain any of its words.",
    ),
}
_OTHER_MARKS = (
    "Không có kết quả nào có đủ các chữ đúng dấu như đã gõ; đây là những gì có các chữ ấy, dấu có thể khác.",
    "Nothing has all the words with the marks as typed; these have the words, perhaps with other marks.",
)
_NUMBER_ALONE = {
    1: (
        "Không có tài liệu nào có đúng số này; đây là những tài liệu có số gần giống: cùng số thứ tự và loại văn bản.",
        "No record has this very number; these have one like it: the same figure and type.",
    ),
    WIDEST: (
        "Không có tài liệu nào có số này hay số gần giống; đây là những gì chứa ít nhất một nửa các phần của số.",
        "No record has this number or one like it; these contain at least half of its parts.",
    ),
}
_NUMBER_AND_WORDS = (
    "Không có tài liệu nào vừa có số văn bản vừa có các từ còn lại; đây là những gì có số ấy hoặc có các từ ấy.",
    "Nothing has both the document number and the other words; these have the number or the words.",
)
_UNMARKED = (
    "Bạn gõ không dấu: mọi cách bỏ dấu của từng chữ đều được tìm.",
    "Typed without marks: every way to mark each word is looked for.",
)
REORDERED = Explanation(
    "reordered",
    "Những kết quả đầu được đọc lại: tài liệu có đoạn nói gần câu hỏi nhất đứng trước.",
    "The first results are read again: records with the passage closest to the question come first.",
)
_WORD = re.compile(r"[a-z]*[aeiouy][a-z]*", re.IGNORECASE)  # "quyet", "dat"; neither "1998" nor "QD"


def told(asked: Understood, widening: int | None, criteria: Criteria | None = None) -> tuple[Explanation, ...]:
    """All that is told with an answer (``widening`` None: with nothing found), what was widened first."""
    said = (*asked.explanations, *(explain(asked, widening, criteria) if widening is not None else ()))
    return tuple(sorted(said, key=lambda one: one.code != "widened"))


def explain(asked: Understood, widening: int, criteria: Criteria | None = None) -> tuple[Explanation, ...]:
    """The explanations of an answer with hits: to which step it was widened (0: not), whether marks were left off.

    With the criteria that were asked, both can be undone.
    """
    exactly = criteria.as_typed("widened") if criteria else None
    said = [Explanation("widened", *_widened(asked, widening), exactly)] if widening else []
    words = [
        word.text for run in (*runs(asked.tree), *(phrase.words for phrase in phrases(asked.tree))) for word in run
    ]
    if (
        not (criteria and "unmarked" in criteria.verbatim)
        and any(_WORD.fullmatch(word) and is_unmarked_syllable(word) for word in _beside_plain_names(asked.text, words))
        and not any(map(has_marks, words))
        and not find_numbers(asked.text)
    ):
        said.append(Explanation("unmarked", *_UNMARKED, criteria.as_typed("unmarked") if criteria else None))
    return (*said, *map(_open_years, dict.fromkeys(_years(asked.tree))))


def narrowed(told: Iterable[Explanation], count: Callable[[Criteria], int]) -> tuple[Explanation, ...]:
    """The explanations, each that narrows with how many records that finds; it does not narrow to none."""
    counted = ((one, count(one.only) if one.only else 0) for one in told)
    return tuple(replace(one, found=found, only=one.only if found else None) for one, found in counted)


def _widened(asked: Understood, widening: int) -> tuple[str, str]:
    units, rest = free_units(asked.tree, asked.numbered)
    if units and not rest:
        return _NUMBER_ALONE[widening]
    if units and widening < WIDEST:
        return _NUMBER_AND_WORDS
    # Only short runs with marks keep all their words at the first step (`search.matching`).
    kept = is_short(asked.tree) and all(map(has_typed_marks, runs(asked.tree)))
    return _OTHER_MARKS if kept and widening < WIDEST else _WIDENED[widening]


@cache
def _plain_names() -> frozenset[str]:
    """Names of places that have no marks, in small letters: "kon tum"."""
    return frozenset(unit.name.lower() for unit in places().units.values() if not has_marks(unit.name))


def _beside_plain_names(text: str, words: list[str]) -> list[str]:
    """The words that are in no such name of the question: there is nothing to leave out in those."""
    typed = [word.lower() for word in text.split()]
    runs_of = (" ".join(typed[at : at + width]) for width in (1, 2, 3) for at in range(len(typed) - width + 1))
    named = {word for run in runs_of if run in _plain_names() for word in run.split()}
    return [word for word in words if word.lower() not in named]


def _years(tree: Query) -> Iterator[Field]:
    """The spans of years that are asked for and open at one end."""
    match tree:
        case Field("year") if None in tree.years:
            yield tree
        case And(items) | Or(items):
            for item in items:
                yield from _years(item)
        case _:
            return


def _open_years(field: Field) -> Explanation:
    first, last = field.years
    if last is None:
        return Explanation("years", f"Từ năm {first} trở đi.", f"From {first} on.")
    return Explanation("years", f"Đến hết năm {last}.", f"Until the end of {last}.")
