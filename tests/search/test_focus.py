"""The window of a long text in which a snippet is looked for."""

from hypothesis import given
from hypothesis import strategies as st

from search.focus import SHORT_WINDOW, WINDOW, Focus
from search.highlight import snippet
from search.language import parse

FILLER = "chữ nào đó không liên quan " * 400


def test_the_window_lies_where_neighbours_of_the_question_stand_together() -> None:
    text = f"đồ bản {FILLER} bản sao {FILLER} bản đồ địa chính của xã {FILLER}"
    for question in ("bản đồ địa chính", "ban do dia chinh", '"bản đồ"', "BẢN ĐỒ OR địa chính"):
        window = Focus(parse(question)).window(text)
        assert "bản đồ địa chính của xã" in window
        assert max(map(len, window.split("\f"))) <= WINDOW
        found = snippet(parse(question), window)
        assert found is not None
        assert any(hit and "bản đồ" in part for part, hit in found.parts)


def test_single_words_count_where_no_neighbours_do() -> None:
    assert "độc nhất" in Focus(parse("nhất")).window(f"{FILLER} độc nhất {FILLER}")
    assert "đồ cổ" in Focus(parse("bản đồ")).window(f"{FILLER} đồ cổ {FILLER}")


def test_what_the_best_window_lacks_has_windows_of_its_own() -> None:
    text = f"thời hạn {FILLER} cấp phép xây dựng {FILLER} mức phạt tiền {FILLER}"
    windows = Focus(parse("cấp phép xây dựng thời hạn mức phạt")).window(text).split("\f")
    assert [any(words in one for one in windows) for words in ("thời hạn", "cấp phép xây dựng", "mức phạt")] == [
        True
    ] * 3
    assert len(windows) == 3
    assert sum(map(len, windows)) <= WINDOW + 2 * SHORT_WINDOW


@given(st.text(alphabet="ab đấ\n", max_size=3 * WINDOW), st.sampled_from(["", "ab", "a b", '"đ ấ"', "a -b"]))
def test_windows_are_pieces_of_the_text_in_order(text: str, question: str) -> None:
    windows = Focus(parse(question)).window(text).split("\f")
    end = 0
    for window in windows:
        at = text.find(window, end)
        assert at >= end
        end = at + len(window)
        assert len(window) <= WINDOW
        assert window or not text
    assert len(windows) <= 3
