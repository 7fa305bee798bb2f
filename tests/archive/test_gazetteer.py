"""The facts of config/ hold together, and what was before and came after a unit is found within bounds."""

import pytest

from archive.gazetteer import REFORM, agencies, places, province_value
from archive.units import MOST_RELATED, Units


@pytest.fixture(params=["places", "agencies"])
def units(request: pytest.FixtureRequest) -> Units:
    return places() if request.param == "places" else agencies()


def test_every_reference_leads_somewhere(units: Units) -> None:
    for unit in units.units.values():
        assert all(one in units.units for one in (*unit.above, *unit.successors)), unit
        assert unit.first is None or unit.last is None or unit.first <= unit.last, unit
        assert unit.sure in {"V", "V2", "R"}, unit
        assert not unit.successors or unit.last is not None, f"{unit} has successors and no end"


def test_successors_begin_when_a_unit_ends_or_were_there(units: Units) -> None:
    for unit in units.units.values():
        for one in unit.successors:
            other = units.units[one]
            assert unit.last is not None
            assert other.last is None or other.last > unit.last, (unit, other)
            assert other.first is None or other.first <= unit.last + 1, (unit, other)


def test_walks_are_bounded_and_never_come_back(units: Units) -> None:
    for own in units.units:
        before, after = units.before(own), units.after(own)
        assert len(before) <= MOST_RELATED >= len(after)
        assert not {unit.id for unit in before} & {unit.id for unit in after}
        assert own not in {unit.id for unit in (*before, *after)}


def test_the_structures_are_whole() -> None:
    known = places().units.values()
    today = [unit for unit in known if unit.last is None]
    assert len([unit for unit in today if not unit.above]) == 34
    assert len([unit for unit in today if unit.above]) == 3_321
    until = [unit for unit in known if unit.last == REFORM - 1]
    assert len([unit for unit in until if not unit.above]) == 63
    assert len([unit for unit in until if unit.kind in {"xã", "phường", "thị trấn"}]) == 10_035
    assert all(unit.successors for unit in until if unit.kind in {"xã", "phường", "thị trấn"})


def test_what_became_of_quang_ngai() -> None:
    known = places()
    assert {unit.full for unit in known.before("51")} == {
        "tỉnh Quảng Ngãi", "tỉnh Kon Tum", "tỉnh Nghĩa Bình", "tỉnh Gia Lai - Kon Tum",
    }  # fmt: skip
    assert "Bình Định" not in {unit.name for unit in known.before("51")}, "a part of Nghĩa Bình, but another one"
    assert {unit.name for unit in known.before("21211")} == {
        "Tịnh Khê", "Tịnh Kỳ", "Tịnh Châu", "Tịnh Long", "Tịnh Thiện",
    }  # fmt: skip
    assert known.tops("21211-2025") == {"51"}
    assert "527-2025" in known.around("21211-2025"), "huyện Sơn Tịnh until 2013"
    assert [unit.id for unit in known.after("536-2025")] == ["21548"], "a district without communes"


def test_the_96_units_of_quang_ngai_and_the_names_that_live_on_elsewhere() -> None:
    known = places()
    assert sum(unit.above == ("51",) for unit in known.units.values()) == 96
    tra_giang = [own for own, unit in known.units.items() if unit.full == "xã Trà Giang" and known.tops(own) == {"51"}]
    assert len(known.families(tra_giang)) == 2


def test_names_of_agencies_in_any_spelling() -> None:
    known = agencies()
    for written in ("Sở NN&PTNT", "sở nông nghiệp và phát triển nông thôn", "So Nong nghiep va Phat trien nong thon"):
        (mention,) = known.gazetteer.find(written)
        assert mention.ids == ("so-nong-nghiep-va-phat-trien-nong-thon",)
    assert [unit.name for unit in known.after("so-dia-chinh")] == [
        "Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "province"),
    [
        ("Xã Tịnh Khê", "tinh-51"),
        ("thị xã Kon Tum", "tinh-51"),
        ("Quảng Ngãi", "tinh-51"),
        ("xã Tân Thành, huyện Phú Bình", "tinh-19"),
        ("xã Tân Thành", ""),
        ("Xã Tịnh Khê 2", ""),
        ("tỉnh Nghĩa Bình", ""),  # of two provinces of today
        ("ẩndanh", ""),
        ("", ""),
    ],
)
def test_the_province_of_a_delivered_place_where_it_is_certain(place: str, province: str) -> None:
    assert province_value(place) == province
