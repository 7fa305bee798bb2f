"""Where nothing is found: what would have results, with counts that are true for whoever asks."""

from dataclasses import replace

import pytest

from search.criteria import Criteria
from tests.search.houses import ANYONE, ARCHIVIST, House


def told(house: House, criteria: Criteria, viewer=ANYONE) -> dict[tuple[str, str], int]:  # type: ignore[no-untyped-def]
    results = house.gateway.search(viewer, criteria)
    assert results.total == 0
    for one in results.alternatives:
        # what stands there is what the link gives
        assert house.gateway.search(viewer, one.criteria).total == one.count > 0, one
    return {(one.kind, one.text): one.count for one in results.alternatives}


def test_each_filter_that_is_in_the_way_is_named(province: House) -> None:
    narrow = Criteria(q="giao đất", level=("file",), facets={"type": ("quyet-dinh",)})
    assert told(province, narrow) == {("filter", "level"): 2, ("filter", "type"): 1, ("filters", ""): 5}
    period = Criteria(q="bản đồ", date_from="2020", date_to="2021")
    assert told(province, period) == {("filter", "years"): 2}
    both = replace(period, facets={"medium": ("digital",)})
    assert told(province, both) == {("filters", ""): 2}


def test_counts_are_those_of_whoever_asks(province: House) -> None:
    narrow = Criteria(q="mậtmã", facets={"type": ("báo-cáo-x",)})
    assert told(province, narrow) == {}
    assert told(province, narrow, ARCHIVIST)[("filter", "type")] == 3


@pytest.mark.parametrize(
    ("q", "kind", "text", "left"),
    [
        ('"giao đất" vũtrụ', "part", "vũtrụ", '"giao đất"'),
        ('"đất giao cho hộ"', "unquoted", "đất giao cho hộ", "đất giao cho hộ"),
        ('bản đồ loai:"nghị quyết"', "part", 'loại:"nghị quyết"', "bản đồ"),
    ],
)
def test_parts_and_quotes_that_are_in_the_way(province: House, q: str, kind: str, text: str, left: str) -> None:
    results = province.gateway.search(ANYONE, Criteria(q=q))
    told(province, Criteria(q=q))
    assert (kind, text, left) in [(one.kind, one.text, one.criteria.q) for one in results.alternatives]


def test_what_finds_something_needs_no_alternatives(province: House) -> None:
    assert province.gateway.search(ANYONE, Criteria(q="giao đất", level=("document",))).alternatives == ()
    assert told(province, Criteria(q="vũtrụ")) == {}
