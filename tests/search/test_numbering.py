"""Numbers in a question, as clauses."""

from hypothesis import given
from hypothesis import strategies as st

from search.numbering import MOST_WORDS, keys_clause, number_words, words_clause
from search.plan import Constant, Keyword


def test_a_number_is_asked_by_one_key() -> None:
    assert keys_clause("giao đất") is None
    clause = keys_clause("quyết định 1077/QĐ-UBND về giao đất")
    assert isinstance(clause, Constant)
    assert clause.clause == Keyword("number_keys", ("1077/qd-ubnd",))


def test_words_of_a_number_lose_their_leading_noughts() -> None:
    assert number_words("06/2026/TT-BT") == ["6", "2026", "tt", "bt"]
    assert number_words("000 Đ") == ["0", "d"]


def test_only_a_short_question_with_a_numeral_may_be_a_number() -> None:
    assert words_clause("quyết định giao đất") is None
    assert words_clause("qđ 5") is not None
    assert words_clause("5 " + " ".join(f"chữ{n}" for n in range(MOST_WORDS))) is None


@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    for word in number_words(text):
        assert word
    keys_clause(text)
    words_clause(text)
