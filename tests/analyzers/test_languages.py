"""Languages as delivered, in the circulars' codes and in people's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.languages import LANGUAGES, read_languages


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Tiếng Việt", ("vi",)),
        ("TIẾNG VIỆT", ("vi",)),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", ("vi",)),
        ("tieng viet", ("vi",)),
        ("06", ("vi", "en")),
        ("1; 03", ("vi", "fr")),
        ("Việt - Pháp", ("vi", "fr")),
        ("Tiếng Việt, tiếng Anh", ("vi", "en")),
        ("chữ Hán, chữ Nôm", ("han-nom",)),
        ("Hán Nôm", ("han-nom",)),
        ("Tiếng Hàn", ("ko",)),
        ("Hàn Quốc", ("ko",)),
        ("Chữ Quốc ngữ", ("vi",)),
        ("Tiếng Việt và tiếng Lào", ("vi", "lo")),
        ("Tiếng Cơ Tu", ("other",)),
        ("11", ("other",)),
        ("", ()),
        (" -- ", ()),
    ],
)
def test_languages(text: str, languages: tuple[str, ...]) -> None:
    assert read_languages(text) == languages


@given(st.text())
def test_any_text_has_known_languages(text: str) -> None:
    found = read_languages(text)
    assert found == tuple(one for one in LANGUAGES if one in found)
    assert len(found) == len(set(found))
