"""The finer order: one passage that says the question counts for more than its words all over a text."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from analyzers.folded_line import folded_line
from analyzers.tokens import folded_keys
from search.closeness import PAIRS, PASSAGE, TITLE, WHOLE, WORDS, Candidates
from search.closeness import closeness as closeness_of

ASKED = [folded_keys("thời hạn cấp giấy phép xây dựng")]
FILLER = "cùng nhiều chữ khác nữa " * PASSAGE


def scored(*texts: tuple[str, str], question: list[list[str]] = ASKED) -> list[float]:
    return closeness(question, [(7.0, *text) for text in texts])


def closeness(question: list[list[str]], candidates: Sequence[tuple[float, str, str]]) -> list[float]:
    scores, titles, texts = ([one[at] for one in candidates] for at in range(3))
    made = Candidates(scores, [folded_line(one) for one in titles], [folded_line(one) for one in texts])
    found: list[float] = closeness_of(question, made).tolist()
    return found


def test_a_passage_that_says_the_question_counts_for_more_than_words_apart() -> None:
    together, apart, neither = scored(
        ("", f"{FILLER} thời hạn để cấp giấy phép xây dựng {FILLER}"),
        ("", f"thời hạn {FILLER} cấp giấy {FILLER} phép xây {FILLER} dựng"),
        ("", FILLER),
    )
    assert together > apart > neither


def test_what_the_title_says_need_not_stand_in_the_passage() -> None:
    titled, plain = scored(("Cấp giấy phép xây dựng", "Thời hạn là mười ngày"), ("", "Thời hạn là mười ngày"))
    assert titled > plain


def test_a_title_that_the_question_says_whole_counts_for_more_than_a_part_of_a_longer_one() -> None:
    whole, part = scored(
        ("Cấp giấy phép xây dựng", ""), ("Cấp giấy phép xây dựng nhà máy ở khu công nghiệp của tỉnh", "")
    )
    assert whole > part


def test_a_title_that_begins_with_the_question_comes_before_texts_that_say_it() -> None:
    """A number may stand in the title's beginning; who types it leaves the number out."""
    question = [folded_keys("Thông tư số sửa đổi bổ sung một số điều")]
    begins, later, text = scored(
        (f"Thông tư số 06/2026/TT-BTC sửa đổi, bổ sung một số điều của {FILLER}", "văn bản này"),
        (f"Thông tư số 06/2026/TT-BTC quy định {FILLER} sửa đổi, bổ sung một số điều của {FILLER}", "văn bản này"),
        ("Quyết định", "Thông tư số sửa đổi, bổ sung một số điều"),
        question=question,
    )
    assert begins > max(later, text)


def test_what_few_candidates_have_counts_for_more() -> None:
    rare, *common = scored(("", "xây dựng"), ("", "thời hạn"), ("", "thời hạn"), ("", "thời hạn"))
    assert rare > max(common)


def test_nothing_asked_or_nothing_there_leaves_the_engines_order() -> None:
    assert closeness([], [(4.0, "", ""), (1.0, "", "")]) == [1.0, 0.25]
    assert closeness(ASKED, []) == []
    assert closeness(ASKED, [(0.0, "", "")]) == [0.0]


LISTS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)


@given(st.lists(LISTS, max_size=3), st.lists(st.tuples(st.floats(0, 50), LISTS, LISTS), max_size=6))
def test_equals_score_alike_wherever_they_stand(
    question: list[list[str]], candidates: list[tuple[float, list[str], list[str]]]
) -> None:
    made = [(score, " ".join(title), " ".join(text)) for score, title, text in candidates]
    forth = closeness(question, made)
    back = closeness(question, made[::-1])[::-1]
    assert all(abs(one - other) < 1e-9 for one, other in zip(forth, back, strict=True))
    assert all(0 <= one <= 1 + WORDS + PAIRS + TITLE + WHOLE + 1e-9 for one in forth)
