"""What a reader is told about how a question was taken: widened, or typed without marks; never in silence."""

import re

from analyzers.numbers import find_numbers
from analyzers.tokens import has_marks
from search.matching import WIDEST
from search.results import Explanation
from search.tree import phrases, runs
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
_UNMARKED = (
    "Bạn gõ không dấu: mọi cách bỏ dấu của từng chữ đều được tìm.",
    "Typed without marks: every way to mark each word is looked for.",
)
_WORD = re.compile(r"[a-z]*[aeiouy][a-z]*", re.IGNORECASE)  # "quyet", "dat"; neither "1998" nor "QD"


def explain(asked: Understood, widening: int) -> tuple[Explanation, ...]:
    """The explanations of an answer with hits: to which step it was widened (0: not), whether marks were left off."""
    said = [Explanation("widened", *_WIDENED[widening])] if widening else []
    words = [
        word.text for run in (*runs(asked.tree), *(phrase.words for phrase in phrases(asked.tree))) for word in run
    ]
    if any(map(_WORD.fullmatch, words)) and not any(map(has_marks, words)) and not find_numbers(asked.text):
        said.append(Explanation("unmarked", *_UNMARKED))
    return tuple(said)
