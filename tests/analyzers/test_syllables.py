"""Possible syllables: the rules of the orthography, on words that everybody knows and on words that are none."""

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.fold import fold, has_marks
from analyzers.normal import canon
from analyzers.syllables import (
    is_highland_name,
    is_syllable,
    is_unmarked_syllable,
    parse_syllable,
    put_tone,
    take_tone,
)
from analyzers.tokens import TOKEN, marked_key
from tests.shared_data import articles

WORDS = """
    quyết định uỷ ủy ban nhân dân tỉnh Quảng Ngãi hoà hòa giải thuỷ lợi giấy phép giếng gì giữa gia ghi nghĩa nghiêng
    ngành kỹ kĩ thuật ý kiến yêu yến khuya khuỷu thuở huơ quốc quận quý quí quỳnh ngoằn ngoèo xoong boong oan uyên uỷ
    ướt ưu bưu điện rượu hươu cứu khoẻ toà án đường phường xã huyện nước Việt Nam ĐẤT ĐAI ngoáy xoáy loắt choắt
    tuýp quẫy quệt quét quắt quơ pin phở ở ạ ơi a ê
"""
NO_WORDS = """
    web text ddat tafi quyêt đuợc tuợng kan ce ghà ngha cê kưa hỗtrợ nđ qđ ubnd iên êng ăo quuốc qa q hât hàt hảp
    xyz straße ôôn ươ aâ hòà 1998 h1
"""


@pytest.mark.parametrize("word", WORDS.split())
def test_words_are_syllables_with_and_without_marks(word: str) -> None:
    assert is_syllable(word)
    assert is_unmarked_syllable(fold(word))
    found = parse_syllable(word)
    assert found is not None
    assert found.toneless == take_tone(word.lower())[0]


@pytest.mark.parametrize("word", NO_WORDS.split())
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize("word", ["web", "ddat", "tafi", "nd", "ubnd", "test", "bank", "caas", "nwocs"])
def test_what_no_marks_can_save(word: str) -> None:
    assert not is_unmarked_syllable(word)


def test_a_syllable_is_taken_apart() -> None:
    assert parse_syllable("Quyết") == ("q", "uyêt", "sắc")
    assert parse_syllable("giếng") == ("gi", "iêng", "sắc")
    assert parse_syllable("ở") == ("", "ơ", "hỏi")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hòa", "hoà"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("toàn", "toàn"), ("quý", "quý"),
        ("của", "của"), ("giữa", "giữa"), ("già", "già"), ("gì", "gì"), ("đường", "đường"), ("ngoài", "ngoài"),
        ("khuỷu", "khuỷu"), ("huỳnh", "huỳnh"), ("Oách", "Oách"), ("loé", "loé"), ("nghĩa", "nghĩa"), ("tuệ", "tuệ"),
        ("Đắk", "Đắk"), ("HÒA", "HOÀ"), ("bướu", "bướu"), ("khuya", "khuya"), ("bảo", "bảo"), ("ngoèo", "ngoèo"),
    ],
)  # fmt: skip
def test_the_tone_stands_where_it_belongs(old: str, new: str) -> None:
    toneless, tone = take_tone(old)
    assert tone is not None
    if old != "loé":  # written in the new style above
        assert put_tone(toneless, tone) == old
    assert put_tone(toneless, tone, new_style=True) == new


def test_nothing_carries_a_tone_without_a_vowel() -> None:
    assert put_tone("bcd", "sắc") == ""
    assert put_tone("bcd", "ngang") == "bcd"


def test_names_of_the_highlands() -> None:
    assert all(map(is_highland_name, ["Đắk", "Lắk", "Krông", "Plông", "Đrăng", "Pắk"]))
    assert not any(map(is_highland_name, ["Kon", "bank", "đuợc", "hơp", "quyêt", "nđ", "Trang"]))


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạ", max_size=8))
def test_a_syllable_survives_taking_and_putting_its_tone(word: str) -> None:
    if (found := parse_syllable(word)) is not None:
        for new_style in (False, True):
            again = put_tone(found.toneless, found.tone, new_style=new_style)
            assert is_syllable(again)
            assert marked_key(again) == marked_key(word)
            assert is_unmarked_syllable(fold(again))


def test_common_words_of_real_text_are_accepted() -> None:
    """A thousand articles of the codification: what carries marks is a syllable, but for abbreviations (QĐ, NĐ)."""
    counted: Counter[str] = Counter()
    for text in islice(articles(20), 1_000):
        counted.update(word.lower() for word in TOKEN.findall(canon(text)) if has_marks(word))
    words = Counter(
        {word: count for word, count in counted.items() if word.isalpha() and set(fold(word)) & set("aeiouy")}
    )
    accepted = sum(count for word, count in words.items() if is_syllable(word))
    assert accepted > 0.998 * words.total()
    common = [word for word, count in words.items() if count >= 20]
    assert sum(map(is_syllable, common)) > 0.97 * len(common)
