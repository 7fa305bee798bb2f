"""On every engine: today's names find yesterday's records and the other way round, told, and undone by one address."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.criteria import Criteria
from search.engines.protocol import Engine
from search.facet_pages import FacetQuestion
from search.results import Parts, Results
from tests.search.conftest import clock  # noqa: F401  (a fixture)
from tests.search.houses import ANYONE, House, ids


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, clock: Callable[[str], None]) -> Iterator[House]:  # noqa: F811
    house = House(tmp_path, engine=engine)
    house.fonds("f", "Phông")
    records = (
        ("khe", "Bản đồ đất xã Tịnh Khê năm 1998", "huyện Sơn Tịnh, tỉnh Quảng Ngãi"),
        ("ky", "Bản đồ đất xã Tịnh Kỳ", "huyện Sơn Tịnh, tỉnh Quảng Ngãi"),
        ("ha", "Bản đồ đất xã Tịnh Hà", "thời kỳ đổi mới"),
        ("nghia-binh", "Quyết định của tỉnh Nghĩa Bình", "ngày 12/3/1987"),
        ("sông-be", "Quyết định của tỉnh Sông Bé", "ngày 12/3/1987"),
        ("ubnd", "Công văn của UBND về việc cấp nước", "Kính gửi các phòng"),
        ("full", "Tờ trình của Ủy ban nhân dân về việc cấp nước", "Kính gửi các phòng"),
    )
    for own, title, text in records:
        house.record(own, title, text, under="f")
    for own, place in (("p1", "Xã Tịnh Khê"), ("p2", "Tịnh Kỳ"), ("p3", "xã Tân Thành"), ("p4", "huyện Đắk Glei")):
        house.record(own, "Sơ đồ", under="f", place=place)
    house.index()
    yield house
    house.database.dispose()


def ask(archive: House, q: str, *verbatim: str, **more: str) -> Results:
    return archive.gateway.search(ANYONE, Criteria(q=q, level=("document",), verbatim=verbatim, **more))  # type: ignore[arg-type]


def marked(parts: Parts) -> list[str]:
    return [text for text, hit in parts if hit]


def test_the_name_of_today_finds_what_was_merged_into_it(archive: House) -> None:
    for q in ("xã Tịnh Khê", "xa tinh khe"):
        assert ids(ask(archive, q).hits) == ["khe", "ky"], q
    found = ask(archive, "xã Tịnh Khê")
    assert marked(found.hits[1].title_parts) == ["xã Tịnh Kỳ"]
    assert [one.code for one in found.explanations] == ["names"]


def test_an_old_name_finds_what_the_place_became(archive: House) -> None:
    # "ha" has all three words, each for itself; as another reading a name is found only as it is
    assert ids(ask(archive, "xã Tịnh Kỳ").hits) == ["ky", "khe", "ha"]
    assert ids(ask(archive, "quyết định tỉnh Bình Dương").hits)[0] == "sông-be"
    assert ids(ask(archive, 'nơi:"Tịnh Kỳ"').hits) == ["p2", "p1"]


def test_undone_it_finds_what_was_typed(archive: House) -> None:
    undo = ask(archive, "xã Tịnh Khê").explanations[0].undo
    assert undo is not None
    assert undo.verbatim == ("names",)
    found = archive.gateway.search(ANYONE, undo)
    assert ids(found.hits) == ["khe"]
    assert found.explanations == ()
    assert archive.gateway.count(ANYONE, undo) == 1
    assert archive.gateway.count(ANYONE, Criteria(q="xã Tịnh Khê", level=("document",))) == 2


def test_the_years_asked_for_choose_the_name_of_that_time(archive: House) -> None:
    found = ask(archive, "tỉnh Quảng Ngãi", date_from="1985", date_to="1988")
    assert found.explanations[0].vi.startswith("tỉnh Quảng Ngãi; tên trước đây: tỉnh Nghĩa Bình (đến 30/6/1989)")
    assert "nghia-binh" in ids(ask(archive, "quyết định tỉnh Quảng Ngãi").hits)


def test_an_abbreviation_and_what_it_stands_for_find_each_other(archive: House) -> None:
    assert ids(ask(archive, "UBND cấp nước").hits) == ["ubnd", "full"]
    assert ids(ask(archive, "ubnd cap nuoc").hits) == ["ubnd", "full"]
    assert ids(ask(archive, "ủy ban nhân dân").hits) == ["full", "ubnd"]
    assert ids(ask(archive, "UBND cấp nước", "abbreviations").hits) == ["ubnd"]
    assert marked(ask(archive, "UBND cấp nước").hits[1].title_parts) == ["Ủy ban nhân dân", "cấp nước"]


def test_choosing_a_province_chooses_all_its_places(archive: House) -> None:
    asked = Criteria(q="sơ đồ", level=("document",))
    facet = {one.label_vi: one for one in archive.gateway.search(ANYONE, asked).facets["place"]}
    province = facet["Tỉnh Quảng Ngãi (mọi nơi)"]
    assert (province.value, province.count, province.label_en) == ("tinh-51", 3, "Tỉnh Quảng Ngãi (all places)")
    assert {label for label in facet if "mọi nơi" in label} == {"Tỉnh Quảng Ngãi (mọi nơi)"}, "Tân Thành is anywhere"
    chosen = archive.gateway.search(ANYONE, asked.toggled("place", "tinh-51"))
    assert set(ids(chosen.hits)) == {"p1", "p2", "p4"}, "what lay in Kon Tum lies in Quảng Ngãi today"
    assert chosen.total == province.count
    found = archive.gateway.facet_page(ANYONE, asked, FacetQuestion("place", "quang ngai")).values
    assert [one.value for one in found] == ["tinh-51"]
