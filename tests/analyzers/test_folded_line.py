"""Lines of folded tokens: what the keys say, letter by letter, whatever stands in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.folded_line import folded_line, spellings
from analyzers.normal import canon
from analyzers.tokens import LONGEST, folded_keys

LETTERS = "aàĂằđĐyYỹĩkqutrhm2²³ .,_-–“”\f\n" + "αΣςßẞİıſﬁ٣日\u0301Ⅳ½"


def told(text: str) -> list[str]:
    """Of each token of the line the one key of the text by which it is looked for."""
    keys = dict.fromkeys(folded_keys(text))
    return ["|".join(key for key in keys if _is(token, key)) for token in folded_line(text).split()]


def _is(token: bytes, key: str) -> bool:
    return token in spellings(key) or token[:LONGEST] in spellings(key)


@given((st.text() | st.text(LETTERS, max_size=200)).map(canon))
def test_a_line_has_the_keys_of_its_text(text: str) -> None:
    assert told(text) == folded_keys(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 1077/QĐ-UBND ngày 10/8/2021 của Ủy ban nhân dân tỉnh Quảng Ngãi",
        "kỹ kĩ ky ki, Lý lí; quý quí; thy thi, y tế, mỹ2 mi2",
        "500 m² đất, 3 m³ gỗ – “thửa 12”",
        f"{'ỳ' * (LONGEST + 9)} {'a' * LONGEST} {'b' * (LONGEST + 1)} c",
        f"{'日' * (LONGEST + 9)} {'ý' * LONGEST} m²",
        "",
    ],
)
def test_lines_of_what_stands_in_records(text: str) -> None:
    assert told(text) == folded_keys(text)
