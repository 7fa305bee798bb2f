"""Questions typed with the keyboard off find, say so, and can be taken as typed."""

import pytest

from archive.access import Viewer
from search.criteria import Criteria, read_criteria
from search.errors import QueryError
from search.language import parse
from search.results import Results
from search.understanding import understand
from tests.search.houses import House


@pytest.fixture
def archive(house: House) -> House:
    house.fonds("f", "Phông")
    house.record("land", "Quyết định về việc giao đất xã Tịnh Khê", "Chữ", number="1077/QĐ-UBND", under="f")
    house.record("other", "Quyết định về việc cấp nước đô thị", "Chữ", number="12/QĐ-UBND", under="f")
    house.index()
    return house


def ask(house: House, q: str, **more: tuple[str, ...]) -> Results:
    return house.gateway.search(Viewer.anonymous(), Criteria(q=q, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "meant", "method"),
    [
        ("giao ddaats xax tinhj khee", "giao đất xã tịnh khê", "Telex"),
        ("GIAO DDAATS", "GIAO ĐẤT", "Telex"),
        ("giao d9a61t xa4 ti5nh khe6", "giao đất xã tịnh khê", "VNI"),
        ("quyeets ddinhj 1077/QDD-UBND", "quyết định 1077/QĐ-UBND", "Telex"),
    ],
)
def test_what_was_meant_is_found_and_said(archive: House, typed: str, meant: str, method: str) -> None:
    results = ask(archive, typed)
    assert [hit.id for hit in results.hits][:1] == ["land"]
    (said,) = [one for one in results.explanations if one.code == "keys"]
    assert said.vi == f"Bạn gõ kiểu {method}: đã tìm “{meant}”."
    assert said.en == f"Typed in {method} keys: searched for “{meant}”."
    assert said.undo == Criteria(q=typed, verbatim=("keys",))
    assert read_criteria(said.undo.parameters()) == said.undo


def test_as_typed_is_as_typed(archive: House) -> None:
    results = ask(archive, "giao ddaats", verbatim=("keys",))
    assert not [one for one in results.explanations if one.code == "keys"]
    assert understand(Criteria(q="giao ddaats", verbatim=("keys",))).tree == parse("giao ddaats")


def test_a_doubtful_reading_keeps_what_was_typed() -> None:
    asked = understand(Criteria(q="mua nhaf"))
    assert (asked.tree, asked.others) == (parse("mua nhà"), (parse("mua nhaf"),))
    assert understand(Criteria(q="hoof sow ddaats ddai")).others == ()


def test_errors_point_at_what_was_typed() -> None:
    with pytest.raises(QueryError) as caught:
        understand(Criteria(q='ddaats ddai nhaf "'))
    assert caught.value.position == len("ddaats ddai nhaf ")
    assert understand(Criteria(q="ddaats ddai HOAWCJ")).explanations == ()


def test_what_carries_marks_or_none_is_left_alone() -> None:
    for q in ("giao đất xã Tịnh Khê", "giao dat xa tinh khe", "test bus tour 2020", ""):
        assert understand(Criteria(q=q)).explanations == ()
