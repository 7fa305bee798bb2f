"""Names found by spaCy's entity ruler: whatever the tone's placement, the capitals, or the letters' composition."""

import importlib.util
import unicodedata

import pytest

from analyzers.entities import Entity, EntityFinder, KnownName
from analyzers.normal import canon

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("spacy") is None, reason="spaCy is not installed (make install-language)"
)

NAMES = [
    KnownName("place", "quang-ngai", "Quảng Ngãi"),
    KnownName("place", "thanh-pho", "thành phố Quảng Ngãi"),
    KnownName("place", "hoa-binh", "Hòa Bình"),
    KnownName("place", "vung-tau", "Bà Rịa - Vũng Tàu"),
    KnownName("agency", "ubnd", "Uỷ ban nhân dân"),
    KnownName("place", "nothing", "?!"),
]


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(NAMES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ủy ban nhân dân thành phố Quảng Ngãi", [("ubnd", "Ủy ban nhân dân"), ("thanh-pho", "thành phố Quảng Ngãi")]),
        ("UỶ BAN NHÂN DÂN TỈNH HOÀ BÌNH", [("ubnd", "UỶ BAN NHÂN DÂN"), ("hoa-binh", "HOÀ BÌNH")]),
        ("Ở Quảng. Ngãi là nói", []),
        ("quang ngai", []),
        ("Bà Rịa – Vũng Tàu", [("vung-tau", "Bà Rịa – Vũng Tàu")]),
        ("", []),
        ("...", []),
    ],
)
def test_names_are_found(finder: EntityFinder, text: str, wanted: list[tuple[str, str]]) -> None:
    for form in (text, unicodedata.normalize("NFD", text)):
        read = canon(form)
        assert [(one.id, read[one.start : one.end]) for one in finder.find(read)] == wanted


def test_the_label_is_told(finder: EntityFinder) -> None:
    assert finder.find("tỉnh Quảng Ngãi") == [Entity("place", "quang-ngai", 5, 15)]
