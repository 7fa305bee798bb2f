"""The canonical form: repairs, what is left alone, idempotence."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.normal import canon, canon_counted

DIRTY = st.text(
    st.sampled_from("aăâeêoôơuưyAEOUYÐðƉǎǍƣСРОАЕНКМТХВсроаехЖж \n\t\f/-.12T\u0300\u0301\u0302\u0303\u0306\u0309"
                    "\u030c\u031b\u0323\u0340\u0341\u200b\u00ad\ufeff\x00\x07\r\x85\u2028\ud800")
    | st.characters()
)  # fmt: skip


@pytest.mark.parametrize(
    ("dirty", "clean", "letters"),
    [
        ("QÐ-UBND", "QĐ-UBND", 1),
        ("Ɖường ðất", "Đường đất", 2),
        ("СHỈ THỊ, ТT-BNV", "CHỈ THỊ, TT-BNV", 2),
        ("15/СТ-UBND", "15/CT-UBND", 2),
        ("Москва, СССР", "Москва, СССР", 0),
        ("ǎn Ǎn", "ăn Ăn", 2),
        ("Tƣ pháp", "Tư pháp", 1),
        ("a\u0340 a\u0341", "à á", 2),
        ("e\u0301\u0302 A\u0301\u0306 o\u0303\u0302", "ế Ắ ỗ", 3),
        ("ê\u0301 e\u0302\u0301 o\u0301\u031b a\u0323\u0302", "ế ế ớ ậ", 0),
        ("lưu\u200b trữ\u00ad \ufefftài", "lưu trữ tài", 0),
        ("một\x00 hai\x07\x7f", "một hai", 0),
        ("a\r\nb\rc\x85d\u2028đ\te\ff", "a\nb\nc\nd\nđ\te\ff", 0),
        ("a\ud800", "a\ufffd", 0),
        ("hoà hòa thuý", "hoà hòa thuý", 0),
        ("đại học München, cà phê", "đại học München, cà phê", 0),
    ],
)
def test_repairs(dirty: str, clean: str, letters: int) -> None:
    assert canon_counted(dirty) == (clean, letters)
    assert canon(clean) == clean


def test_decomposed_text_becomes_composed() -> None:
    text = "Quyết định về việc đền bù ruộng đất ở xã Tịnh Khê, Ủy ban nhân dân tỉnh"
    assert canon_counted(unicodedata.normalize("NFD", text)) == (text, 0)


@given(DIRTY)
def test_canon_twice_changes_nothing(text: str) -> None:
    once = canon(text)
    assert canon_counted(once) == (once, 0)
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@given(DIRTY)
def test_no_invisible_character_is_left(text: str) -> None:
    assert not any(unicodedata.category(letter) == "Cc" and letter not in "\n\t\f" for letter in canon(text))
    assert not set(canon(text)) & set("\u200b\u200c\u200d\u00ad\ufeff\u2060\u0340\u0341ÐðƉ")
