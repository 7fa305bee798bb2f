"""Shortening never breaks a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.cutting import cut, letter_start


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Quyết định về việc", 18, "Quyết định về việc"),
        ("Quyết định về việc", 17, "Quyết định về…"),
        ("Quyết định, về việc", 13, "Quyết định…"),
        ("Quyếtđịnhvềviệc", 6, "Quyết…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("e\u0302\u0301e\u0302\u0301", 5, "e\u0302\u0301…"),
        ("🇻🇳🇻🇳🇻🇳", 4, "🇻🇳…"),
        ("👍🏽👍🏽", 2, "…"),
    ],
)
def test_cut(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(st.text(st.sampled_from("aê \n\u0301\u0302🇻🇳\u200d👍🏽각\u11a8,")), st.integers(-2, 30))
def test_cut_keeps_the_limit_and_the_letters(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= max(limit, 0)
    if short != text and short:
        body = short.removesuffix("…")
        assert text.startswith(body)
        assert letter_start(text, len(body)) == len(body)
