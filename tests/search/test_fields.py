"""Fields find what people expect, on both engines."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from archive.access import Viewer
from search.criteria import Criteria, read_criteria
from search.errors import QueryError
from search.fielding import matching_names
from tests.portal.test_hostile import HOSTILE
from tests.search.houses import ANYONE, ARCHIVIST, House, house_on, ids


def fill(house: House) -> None:
    house.fonds("f1", "Phông Sở Nội vụ")
    house.fonds("f2", "Phông Công an tỉnh", hidden=True)
    house.change("f2", withdrawn=False, everyone_from_see=9_999_999)
    house.record("h1", "Hồ sơ giao đất", level="file", under="f1")
    house.record(
        "qd", "Giao đất ở Tịnh Khê", "Căn cứ báo cáo của Sở Nội vụ", under="h1", kind="Quyết định",
        issuer="Ủy ban nhân dân tỉnh Quảng Ngãi", place="Xã Tịnh Khê", number="1077/QĐ-UBND",
        dates=("1998-08-17", "1998-08-17"),
    )  # fmt: skip
    house.record(
        "bc", "Báo cáo về quyết định giao đất", under="h1", kind="Báo cáo", issuer="Sở Nội vụ", place="Xã Bình Châu",
        number="12/BC-SNV", dates=("1970-01-01", "1975-12-31"),
    )  # fmt: skip
    house.record("ca", "Kế hoạch giao đất", under="f2", kind="Kế hoạch", dates=("2001-01-01", "2003-01-01"))
    house.index()


@pytest.fixture(params=["embedded", "opensearch"], scope="module")
def fields(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_on(request.param, tmp_path_factory.mktemp("truong"), fill) as house:
        yield house


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('loại:"quyết định"', {"qd"}),
        ('loai:"quyet dinh"', {"qd"}),
        ("type:qd", {"qd"}),
        ("loại:QĐ", {"qd"}),
        ("loại:quyết", {"qd"}),
        ('loại:"báo cáo"', {"bc"}),
        ('loại:"định quyết"', set()),
        ("loại:không", set()),
        ('nơi:"tịnh khê"', {"qd"}),
        ("place:tinh", {"qd"}),
        ("nơi:xã", {"qd", "bc"}),
        ('nơi:"Quảng Ngãi"', {"qd"}),  # whatever surely lies in the province, as the facet says; Bình Châu is two
        ('nơi:"tinh quang ngai"', {"qd"}),
        ('nơi:"Đà Nẵng"', set()),
        ("cấp:file", {"h1"}),
        ('cấp:"văn bản"', {"qd", "bc", "ca"}),
        ("cấp:không", set()),
        ("tiếp-cận:mở cấp:file", {"h1"}),
        ("access:conditional cấp:file", set()),
        ("dạng:giấy cấp:file", {"h1"}),
        ("lĩnh-vực:không", set()),
        ("ngôn-ngữ:không", set()),
        ("mục-lục:không", set()),
        ("cơ-quan:ubnd", {"qd"}),
        ('cơ-quan:"UBND tỉnh"', {"qd"}),
        ('issuer:"sở nội vụ"', {"bc"}),
        ("issuer:SNV", {"bc"}),
        ("số:1077/qd-ubnd", {"qd"}),
        ("so:1077", {"qd"}),
        ("number:12/BC", {"bc"}),
        ('phông:"nội vụ"', {"f1", "h1", "qd", "bc"}),
        ("phong:f1 loai:qd", {"qd"}),
        ('tiêu-đề:"quyết định"', {"bc"}),
        ('title:"định quyết"', set()),
        ("năm:1998", {"qd"}),
        ("năm:1972", {"bc"}),
        ("năm:1975-1998", {"qd", "bc"}),
        ("năm:1998-", {"qd", "ca"}),
        ("năm:-1975", {"bc"}),
        ("giao đất -loại:qđ -năm:2001-", {"h1", "bc"}),
        ('loại:"kế hoạch" OR nơi:"bình châu"', {"ca", "bc"}),
    ],
)
def test_fields_find_what_people_expect(fields: House, q: str, found: set[str]) -> None:
    viewer: Viewer = ARCHIVIST if "ca" in found else ANYONE
    assert set(ids(fields.gateway.search(viewer, Criteria(q=q)).hits)) == found


def test_a_fonds_that_may_not_be_seen_has_no_name(fields: House) -> None:
    assert fields.gateway.search(ANYONE, Criteria(q='phông:"công an"')).total == 0
    assert fields.gateway.search(ARCHIVIST, Criteria(q='phông:"công an"')).total == 2


def test_open_years_are_told(fields: House) -> None:
    for q, told in (("năm:1998-", "Từ năm 1998 trở đi."), ("năm:-1975", "Đến hết năm 1975.")):
        assert told in [one.vi for one in fields.gateway.search(ANYONE, Criteria(q=q)).explanations]


def test_fields_hold_on_pages_inside_a_record(fields: House) -> None:
    assert fields.gateway.inside(ANYONE, "qd", Criteria(q='căn cứ năm:1998 -loại:"báo cáo"')) == (1,)


def test_initials_stand_in_where_no_name_has_the_words() -> None:
    names = [("a", "Ủy ban nhân dân tỉnh"), ("b", "Xã An Bình"), ("c", "Ấp Năm"), ("d", "Sở Y tế")]
    assert matching_names(names, "ubnd") == ["a"]
    assert matching_names(names, "an") == ["b"], "a word before initials"
    assert matching_names(names, "ban nhan") == ["a"]
    assert matching_names(names, "dân nhân") == []
    assert matching_names(names, "syt") == ["d"]
    assert matching_names(names, "d") == ["d"], "an id names itself"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_questions_are_answered_or_refused_by_both_engines(fields: House, name: str) -> None:
    """Without the portal's door before them; the portal's own test asks every route."""
    for viewer in (ANYONE, ARCHIVIST):
        with suppress(QueryError):
            results = fields.gateway.search(viewer, read_criteria([("q", HOSTILE[name])]))
            assert results.total >= len(results.hits)
            fields.gateway.inside(viewer, "qd", Criteria(q=HOSTILE[name]))
