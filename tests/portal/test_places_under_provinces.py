"""In the facet of places each province stands before what lies in it."""

from portal.faceting import by_province
from search.results import FacetValue


def value(own: str, text: str, count: int) -> FacetValue:
    return FacetValue(own, text, text, count, False)


def test_each_province_stands_before_its_places() -> None:
    province = value("tinh-51", "Tỉnh Quảng Ngãi (mọi nơi)", 9)
    places = [
        value("a", "xã Tịnh Khê, huyện Sơn Tịnh, tỉnh Quảng Ngãi", 5), value("b", "thành phố Huế", 4),
        province, value("c", "huyện Ba Tơ, tỉnh Quảng Ngãi", 2), value("d", "nơi không ai biết", 1),
    ]  # fmt: skip
    told = [(one.value, under) for one, under in by_province(places)]
    assert told == [("b", False), ("tinh-51", False), ("a", True), ("c", True), ("d", False)]
    assert [one for one, _under in by_province(places[:2])] == places[:2], "without the province nothing moves"
