"""Folding: lengths stay, every Vietnamese letter finds its base."""

from hypothesis import given
from hypothesis import strategies as st

from analyzers.fold import fold, has_marks

VOWELS = {
    "a": "aàảãáạăằẳẵắặâầẩẫấậ",
    "e": "eèẻẽéẹêềểễếệ",
    "i": "iìỉĩíị",
    "o": "oòỏõóọôồổỗốộơờởỡớợ",
    "u": "uùủũúụưừửữứự",
    "y": "yỳỷỹýỵ",
    "d": "dđ",
}


def test_every_vietnamese_letter_folds_to_its_base() -> None:
    for base, letters in VOWELS.items():
        assert fold(letters) == fold(letters.upper()) == base * len(letters)
        assert [has_marks(letter) for letter in letters] == [False] + [True] * (len(letters) - 1)


def test_letters_without_an_answer_of_one_stay() -> None:
    assert fold("ẞßﬁİĲ한") == "ßßﬁiĳ한"
    assert not has_marks("ßﬁ한 ABC")


@given(st.text())
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_every_code_point_folds_to_one() -> None:
    for code in range(0x110000):
        assert len(fold(chr(code))) == 1, hex(code)
