"""The window of a long text in which a snippet is looked for."""

from hypothesis import given
from hypothesis import strategies as st

from search.focus import WINDOW, focus
from search.highlight import snippet
from search.language import parse

FILLER = "chữ nào đó không liên quan " * 400


def test_the_window_lies_where_neighbours_of_the_question_stand_together() -> None:
    text = f"đồ bản {FILLER} bản sao {FILLER} bản đồ địa chính của xã {FILLER}"
    for question in ("bản đồ địa chính", "ban do dia chinh", '"bản đồ"', "BẢN ĐỒ OR địa chính"):
        window = focus(parse(question), text)
        assert "bản đồ địa chính của xã" in window
        assert len(window) <= WINDOW
        found = snippet(parse(question), window)
        assert found is not None
        assert any(hit and "bản đồ" in part for part, hit in found.parts)


def test_single_words_count_where_no_neighbours_do() -> None:
    assert "độc nhất" in focus(parse("nhất"), f"{FILLER} độc nhất {FILLER}")
    assert "đồ cổ" in focus(parse("bản đồ"), f"{FILLER} đồ cổ {FILLER}")


@given(st.text(alphabet="ab đấ\n", max_size=3 * WINDOW), st.sampled_from(["", "ab", "a b", '"đ ấ"', "a -b"]))
def test_the_window_is_a_piece_of_the_text(text: str, question: str) -> None:
    window = focus(parse(question), text)
    assert window in text
    assert len(window) <= WINDOW
    assert window or not text
