"""What is said when a question found nothing and was asked again more loosely: never in silence."""

from search.matching import WIDEST
from search.results import Explanation

_TEXTS = {
    1: (
        "Không có kết quả cho cả câu; đây là những gì chứa ít nhất một nửa số từ.",
        "Nothing matches the whole question; these contain at least half of its words.",
    ),
    WIDEST: (
        "Không có kết quả cho cả câu hay một nửa số từ; đây là những gì chứa bất kỳ từ nào.",
        "Nothing matches the question or half of its words; these contain any of its words.",
    ),
}


def explain_widening(step: int) -> tuple[Explanation, ...]:
    """The explanation of a step, none for a question that was answered as asked."""
    return (Explanation("widened", *_TEXTS[step]),) if step else ()
