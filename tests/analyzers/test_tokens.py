"""Tokens, keys, shingles and the streams of the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.fold import fold
from analyzers.normal import canon
from analyzers.tokens import (
    LONGEST,
    folded_key,
    folded_keys,
    has_marks,
    index_text,
    keys,
    marked_key,
    shingles,
    tokenize,
)

TEXT = st.text() | st.text(st.sampled_from("aàăâđdkyỹĩHOÀ 12_/-.\f\n"))


@pytest.mark.parametrize(
    ("spellings", "marked", "folded"),
    [
        (["hoà", "hòa", "Hoà", "HÒA"], "hoa2", "hoa"),
        (["thuý", "thúy"], "thuy5", "thuy"),
        (["quý", "qúy", "quí"], "qui5", "qui"),
        (["kỹ", "kĩ"], "ki4", "ki"),
        (["lý", "lí"], "li5", "li"),
        (["thúi"], "thui5", "thui"),
        (["tay"], "tay", "tay"),
        (["tai"], "tai", "tai"),
        (["y"], "y", "y"),
        (["I"], "i", "i"),
        (["Đường"], "đương2", "duong"),
        (["thuở"], "thuơ3", "thuo"),
        (["UBND"], "ubnd", "ubnd"),
        (["1998"], "1998", "1998"),
    ],
)
def test_keys_join_what_is_one_word(spellings: list[str], marked: str, folded: str) -> None:
    assert {marked_key(spelling) for spelling in spellings} == {marked}
    assert {folded_key(spelling) for spelling in spellings} == {folded}


def test_tokens_split_at_everything_but_letters_and_numbers() -> None:
    text = "Số 1077/QĐ-UBND, TP.HCM_2021"
    assert [token.text for token in tokenize(text)] == ["Số", "1077", "QĐ", "UBND", "TP", "HCM", "2021"]


def test_a_token_without_end_is_cut() -> None:
    (token,) = tokenize("x" * 1000)
    assert token == ("x" * LONGEST, 0, LONGEST)
    assert index_text("x" * 1000).marked == index_text("x" * 1000).folded == "x" * LONGEST


def test_letters_of_other_scripts_have_one_key_each() -> None:
    assert marked_key("\uff12\uff10") == folded_key("\uff12\uff10") == "20"
    assert marked_key("İzmir") == folded_key("İzmir") == "izmir"
    assert marked_key("ΟΔΟΣ") == "οδοσ"


def test_shingles_bridge_neither_pages_nor_gaps() -> None:
    assert index_text("quyết định\fsố một").shingles == "quyet_dinh so_mot"
    assert shingles(["a", "b", "", "c", "d"]) == ["a_b", "c_d"]
    assert index_text("một").shingles == ""


def test_marks_are_seen() -> None:
    assert has_marks("đ")
    assert has_marks("HOÀ")
    assert not has_marks("hoa")


@given(TEXT)
def test_offsets_slice_the_text(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text
        assert 0 < len(token.text) <= LONGEST


@given(TEXT)
def test_folded_text_has_the_same_tokens(text: str) -> None:
    text = canon(text)
    assert [token[1:] for token in tokenize(fold(text))] == [token[1:] for token in tokenize(text)]


@given(TEXT)
def test_folded_keys_are_those_of_the_tokens_whatever_parts_them(text: str) -> None:
    assert folded_keys(text) == [folded_key(token.text) for token in tokenize(text)]
    parted = text.replace(" ", "\x1c").replace("a", "\u2003") + "_b-c_" * 40 + "đ" * 200
    assert folded_keys(parted) == [folded_key(token.text) for token in tokenize(parted)]


@given(TEXT)
def test_streams_and_keys_agree(text: str) -> None:
    text = canon(text)
    streams, found, tokens = index_text(text), keys(text), tokenize(text)
    assert streams.marked.split() == found.marked == [marked_key(token.text) for token in tokens]
    assert streams.folded.split() == found.folded == [folded_key(token.text) for token in tokens]
    assert all(found.marked)
    assert all(found.folded)
    pages = sum(1 for page in text.split("\f") if tokenize(page))
    assert len(streams.shingles.split()) == len(tokens) - pages


@given(st.text(st.sampled_from("aàãăằâđeêểikhlmnoôỡpqruưữtvxyỹ"), min_size=1, max_size=8))
def test_case_never_matters(word: str) -> None:
    assert folded_key(word.upper()) == folded_key(word)
    assert marked_key(word.upper()) == marked_key(word)
