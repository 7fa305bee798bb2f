"""Persons on both engines: one for each name, found by it, counted in their roles, and only where they may be seen."""

from collections.abc import Iterator

import pytest

from archive.access import Viewer
from search.criteria import Criteria
from search.facet_pages import FacetQuestion
from tests.search.houses import ANYONE, ARCHIVIST, House, granted, house_on, ids


def fill(house: House) -> None:
    house.fonds("f1", "Phông mở")
    house.fonds("f2", "Phông kín", hidden=True)
    house.record("a", "Quyết định", under="f1", signer="Nguyễn Văn Hòa", dates=("1990-05-01", "1990-05-01"))
    house.record("b", "Công văn", under="f1", signer="NGUYỄN VĂN  HOÀ", photographer="Lê Mỹ; Trần Đình")
    house.record("c", "Ảnh", under="f1", photographer="Nguyễn Văn Hòa; Nguyễn Văn Hoà")
    house.record("d", "Báo cáo", under="f1", signer="Nguyễn Văn Hóa", issuer="Sở Nội vụ")
    house.record("e", "Tờ trình", under="f1", signer="sở nội vụ")
    house.record("h", "Hồ sơ", under="f1", level="file", signer="Trần Hồ Sơ")
    house.record("kin", "Kế hoạch", under="f2", code="02", signer="Võ Kín; Lê Mỹ")
    house.record("dai", "Giấy", under="f1", signer="Rất dài " * 200)
    house.index()


@pytest.fixture(params=["embedded", "opensearch"], scope="module")
def people(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_on(request.param, tmp_path_factory.mktemp("nguoi"), fill) as house:
        yield house


def names(house: House, viewer: Viewer, label: str = "") -> dict[str, int]:
    page = house.gateway.facet_page(viewer, Criteria(), FacetQuestion("person", label, "name"))
    return {one.label_vi: one.count for one in page.values}


OPEN = {"Lê Mỹ": 1, "Nguyễn Văn Hòa": 3, "Nguyễn Văn Hóa": 1, "Sở Nội vụ": 1, "Trần Đình": 1}


def test_a_name_in_any_spelling_is_one_and_its_marks_count(people: House) -> None:
    assert names(people, ANYONE) == OPEN
    # By given names, as lists of Vietnamese persons are: Đình, Hòa, Hóa, Mỹ; a body by its last word
    assert list(names(people, ANYONE)) == ["Trần Đình", "Nguyễn Văn Hòa", "Nguyễn Văn Hóa", "Lê Mỹ", "Sở Nội vụ"]
    assert names(people, ANYONE, "hoa") == {"Nguyễn Văn Hòa": 3, "Nguyễn Văn Hóa": 1}


@pytest.mark.parametrize("viewer", [ARCHIVIST, granted("kin")])
def test_who_signed_what_is_hidden_is_there_for_those_who_may_see_it(people: House, viewer: Viewer) -> None:
    assert names(people, viewer) == {**OPEN, "Lê Mỹ": 2, "Võ Kín": 1}
    assert ids(people.gateway.search(viewer, Criteria(q='người:"võ kín"')).hits) == ["kin"]


def test_roles_are_counted_of_what_may_be_seen(people: House) -> None:
    own = {one.label_vi: one.value for one in people.gateway.search(ARCHIVIST, Criteria()).facets["person"]}
    asked = people.gateway.roles
    assert asked(ANYONE, own["Nguyễn Văn Hòa"]) == {"signer": 2, "photographer": 1}
    assert asked(ANYONE, own["Lê Mỹ"]) == {"photographer": 1}
    assert asked(ARCHIVIST, own["Lê Mỹ"]) == {"photographer": 1, "signer": 1}
    assert asked(ANYONE, own["Võ Kín"]) == {} != asked(ARCHIVIST, own["Võ Kín"])


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('người:"nguyễn văn hòa"', {"a", "b", "c", "d"}),
        ("nguoi:nvh", {"a", "b", "c", "d"}),
        ("person:đình", {"b"}),
        ('người:"văn hòa" năm:1990', {"a"}),
        ("người:kín", set()),
        ('cơ-quan:"nội vụ"', {"d"}),
        ("cơ-quan:đình", set()),
        ('người:"hồ sơ"', set()),
    ],
)
def test_a_field_finds_by_the_name(people: House, q: str, found: set[str]) -> None:
    assert set(ids(people.gateway.search(ANYONE, Criteria(q=q)).hits)) == found


def test_a_person_is_no_agency_to_suggest(people: House) -> None:
    assert [one.kind for one in people.gateway.suggest(ANYONE, "nguyễn văn") if one.kind == "issuer"] == []
