"""Hits and snippets over canonical text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.cutting import letter_start
from analyzers.normal import canon
from search.highlight import locate, snippet
from search.language import parse
from search.tree import Query

TEXT = "Quyết định về việc giao đất. Ruộng đất của Ủy ban xã Tịnh Khê; đất rừng, ruộng lúa.\nHoà Bình, số 1077/QĐ-UBND."


def found(query: str, text: str = TEXT) -> list[str]:
    return [text[hit.start : hit.end] for hit in locate(parse(query), text)]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("ruộng", ["Ruộng", "ruộng"]),
        ("ruong", ["Ruộng", "ruộng"]),
        ("ruông", []),
        ('"ruộng đất"', ["Ruộng đất"]),
        ('"ruong dat"', ["Ruộng đất"]),
        ('"đất lúa"', []),
        ("ruộng đất", ["đất", "Ruộng đất", "đất", "ruộng"]),
        ("hòa bình", ["Hoà Bình"]),
        ("1077/qd-ubnd", ["1077/QĐ-UBND"]),
        ("ruộng -đất", ["Ruộng", "ruộng"]),
        ("lúa OR rừng", ["rừng", "lúa"]),
        ("giao đất cho ủy ban xã", ["giao đất", "Ủy ban xã"]),
        ("bán lúa cho nhà nước", ["lúa"]),
        ("so:1077", []),
        ("...", []),
    ],
)
def test_locate(query: str, hits: list[str]) -> None:
    assert found(query) == hits


def test_hits_own_the_words_of_white_space() -> None:
    words = TEXT.split()
    (hit,) = locate(parse('"Tịnh Khê"'), TEXT)
    assert words[hit.first_word : hit.last_word + 1] == ["Tịnh", "Khê;"]
    (hit,) = locate(parse("1077/QĐ-UBND"), TEXT)
    assert words[hit.first_word : hit.last_word + 1] == ["1077/QĐ-UBND."]


def test_no_phrase_bridges_a_page() -> None:
    assert found('"một hai"', "một\fhai") == []
    assert found("một hai", "một\fhai") == ["một", "hai"]


def test_snippet_takes_the_window_with_most_words() -> None:
    text = "đất " * 50 + "và một đoạn dài. " * 30 + "Giấy chứng nhận đất ở tại Tịnh Khê" + " khác" * 100
    got = snippet(parse("chứng nhận đất"), text, 60)
    assert got
    assert ("chứng nhận đất", True) in got.parts
    assert got.parts[0] == got.parts[-1] == ("…", False)


def test_snippet_of_a_short_text_is_the_text() -> None:
    got = snippet(parse("hai"), " một\n\n hai ba ")
    assert got
    assert got.parts == (("một ", False), ("hai", True), (" ba", False))
    assert snippet(parse("bốn"), "một hai ba") is None


SOUP = st.lists(
    st.sampled_from(
        ["đất", "dat", "Ruộng", "ruong", "ưu", "x" * 90, "1077", "/", "-", ".", "\n", " ", "\f", "e\u0302\u0323", "😀"]
    ),
    max_size=60,
).map(lambda parts: canon(" ".join(parts)))
QUERIES = st.sampled_from(
    ["đất", "ruong dat", '"ruộng đất"', "đất ruộng ưu 1077 dat", "x -đất", "x" * 64, "e OR đất"]
).map(parse)


@given(QUERIES, SOUP)
def test_hits_are_in_order_apart_and_own_their_words(query: Query, text: str) -> None:
    words = text.split()
    end = -1
    for hit in locate(query, text):
        assert end < hit.start < hit.end <= len(text)
        end = hit.end
        covered = " ".join(words[hit.first_word : hit.last_word + 1])
        assert " ".join(text[hit.start : hit.end].split()) in covered


@given(QUERIES, SOUP, st.integers(10, 120))
def test_snippets_are_pieces_of_the_text(query: Query, text: str, width: int) -> None:
    got = snippet(query, text, width)
    hits = locate(query, text)
    assert (got is None) == (not hits)
    if got:
        assert any(is_hit for _, is_hit in got.parts)
        pieces = [piece.strip() for piece in "".join(part for part, _ in got.parts).split("…") if piece.strip()]
        flat = " ".join(text.split())
        assert 1 <= len(pieces) <= 3
        assert sum(map(len, pieces)) <= max(width, 64)
        end = 0
        for piece in pieces:
            at = flat.find(piece, end)
            assert at >= end
            end = at + len(piece)
            assert letter_start(flat, end) == end


def test_words_that_lie_apart_get_a_piece_each() -> None:
    between = "cùng nhiều chữ khác nữa " * 30
    text = f"Điều kiện cấp phép {between} thời hạn nộp {between} mức phạt tiền {between}"
    got = snippet(parse("cấp phép thời hạn mức phạt"), text)
    assert got
    assert [part for part, is_hit in got.parts if is_hit] == ["cấp phép", "thời hạn", "mức phạt"]
    told = "".join(part for part, _ in got.parts)
    assert told.count("…") == 3
    assert "… " in told
    assert " …" in told
    assert len(told) <= 250
    words = set(text.split())
    assert all(word in words for word in told.replace("…", " ").split())


def test_words_that_stand_together_need_one_piece() -> None:
    text = "thời hạn cấp phép. " + "cùng nhiều chữ khác nữa " * 30 + "cấp phép lần nữa"
    got = snippet(parse("thời hạn cấp phép"), text)
    assert got
    assert "".join(part for part, _ in got.parts).count("…") == 1


def test_no_piece_bridges_a_page() -> None:
    got = snippet(parse("cấp phép thời hạn"), "việc cấp phép\fcó thời hạn")
    assert got
    assert [part for part, is_hit in got.parts if is_hit] == ["cấp phép", "thời hạn"]
    assert "".join(part for part, _ in got.parts) == "việc cấp phép có thời hạn"


def test_beside_words_with_marks_an_unmarked_word_means_itself() -> None:
    text = "Sở Giáo dục và Đào tạo báo cáo việc giao đất"
    assert [text[h.start : h.end] for h in locate(parse("giao đất"), text)] == ["giao đất"]
    only_other = "Sở Giáo dục và Đào tạo"
    assert [only_other[h.start : h.end] for h in locate(parse("giao đất"), only_other)] == ["Giáo"]
    damaged = "về việc giáo đất xây dựng"
    assert [damaged[h.start : h.end] for h in locate(parse("giao đất"), damaged)] == ["giáo đất"]
