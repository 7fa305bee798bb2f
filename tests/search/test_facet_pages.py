"""Long facets, page by page: each value once, in Vietnamese order or by count, from the index or from the catalogue."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from analyzers.collation import sort_key
from archive.access import Viewer
from search.criteria import Criteria, CriteriaError
from search.facet_pages import FacetOrder, FacetQuestion
from tests.search.houses import ANYONE, ARCHIVIST, House, house_on

LETTERS = ("Ân", "An", "Ẩn", "Ăn", "Đa", "Da", "Ô", "Ơ", "Ư", "Xuân", "Yên", "Ba")


def fill(house: House) -> None:
    house.fonds("f1", "Phông Sở Nội vụ")
    house.fonds("f2", "Phông Công an", hidden=True)
    for n in range(60):
        for copy in range(1 + n % 4):
            house.record(f"r{n:02d}-{copy}", "Giấy", under="f1", place=f"Xã {LETTERS[n % 12]} {n // 12}")
    for n in range(5):
        house.record(f"k{n}", "Giấy kín", under="f2", code="02", place=f"Xã An kín {n}")
    house.index()


@pytest.fixture(params=["embedded", "opensearch"], scope="module")
def long(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_on(request.param, tmp_path_factory.mktemp("dai"), fill) as house:
        yield house


def through(house: House, viewer: Viewer, asked: FacetQuestion, q: str = "") -> list[tuple[str, int]]:
    found, criteria = [], Criteria(q=q)
    while True:
        page = house.gateway.facet_page(viewer, criteria, asked)
        assert len(page.values) <= asked.size
        found += [(one.label_vi, one.count) for one in page.values]
        if not page.next:
            return found
        criteria = replace(criteria, cursor=page.next)


@pytest.mark.parametrize("most", [10_000, 7], ids=["counted whole", "read in the catalogue"])
@pytest.mark.parametrize("size", [7, 100])
def test_by_name_every_value_once_in_vietnamese_order(long: House, size: int, most: int) -> None:
    long.gateway.most_values = most
    for viewer, many in ((ANYONE, 60), (ARCHIVIST, 65)):
        found = through(long, viewer, FacetQuestion("place", order="name", size=size))
        assert len(found) == len(set(found)) == many
        assert found == sorted(found, key=lambda one: sort_key(one[0]))
        assert sum(count for _, count in found) == long.gateway.search(viewer, Criteria(level=("document",))).total
    assert [name for name, _ in found[:2]] == ["Xã An 0", "Xã An 1"]


@pytest.mark.parametrize("most", [10_000, 7])
@pytest.mark.parametrize("order", ["count", "name"])
def test_a_label_narrows(long: House, order: FacetOrder, most: int) -> None:
    long.gateway.most_values = most
    found = through(long, ANYONE, FacetQuestion("place", "xa an", order, 4))
    assert {name for name, _ in found} == {f"Xã {one} {n}" for one in LETTERS[:4] for n in range(5)}
    assert len(found) == 20
    assert through(long, ANYONE, FacetQuestion("place", "kín", order, 4)) == []
    assert len(through(long, ARCHIVIST, FacetQuestion("place", "kín", order, 4))) == 5


@pytest.mark.parametrize("typed", ["Ddaf", "xa dda", "xax ddas"])
def test_a_label_typed_in_keys_narrows(long: House, typed: str) -> None:
    assert {name[:5] for name, _ in through(long, ANYONE, FacetQuestion("place", typed))} == {"Xã Đa", "Xã Da"}


def test_inventories_say_of_which_fonds_and_abbreviations_are_names(house: House) -> None:
    for n, title in enumerate(("Ủy ban nhân dân huyện Sơn Tịnh", "Sở Nội vụ")):
        house.fonds(f"f{n}", title)
        house.record(f"i{n}", "Mục lục số 01", under=f"f{n}", level="inventory")
        house.record(f"d{n}", "Giấy", under=f"i{n}")
    house.index()
    for most in (10_000, 1):
        house.gateway.most_values = most
        asked = through(house, ANYONE, FacetQuestion("inventory", "", "name"))
        assert asked == [("Mục lục số 01 · Sở Nội vụ", 2), ("Mục lục số 01 · Ủy ban nhân dân huyện Sơn Tịnh", 2)]
        assert [name for name, _ in through(house, ANYONE, FacetQuestion("fonds", "ubnd"))] == [
            "Ủy ban nhân dân huyện Sơn Tịnh"
        ]


def test_by_count_the_most_frequent_first(long: House) -> None:
    long.gateway.most_values = 10_000
    found = through(long, ANYONE, FacetQuestion("place", size=9))
    assert len(found) == 60
    assert found == sorted(found, key=lambda one: (-one[1], sort_key(one[0])))


def test_a_cursor_belongs_to_one_question_and_one_reader(long: House) -> None:
    asked = FacetQuestion("place", size=5)
    cursor = long.gateway.facet_page(ANYONE, Criteria(), asked).next
    wrong: list[Callable[[], object]] = [
        lambda: long.gateway.facet_page(ARCHIVIST, Criteria(cursor=cursor), asked),
        lambda: long.gateway.facet_page(ANYONE, Criteria(q="giấy", cursor=cursor), asked),
        lambda: long.gateway.facet_page(ANYONE, Criteria(cursor=cursor), replace(asked, order="name")),
        lambda: long.gateway.facet_page(ANYONE, Criteria(cursor=cursor), replace(asked, facet="issuer")),
        lambda: long.gateway.facet_page(ANYONE, Criteria(cursor=cursor + "x"), asked),
        lambda: long.gateway.search(ANYONE, Criteria(cursor=cursor)),
    ]
    for one in wrong:
        with pytest.raises(CriteriaError, match="cursor"):
            one()
