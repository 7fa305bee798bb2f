"""Names over time in a question: which readings it has, what a reader is told, where nothing is expanded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.gazetteer import places
from search.language import canonical, parse, to_text
from search.understanding.home import home_of
from search.understanding.names import MOST_READINGS, OtherNames, other_names

QUANG_NGAI = frozenset({"51"})


def asked(q: str, home: frozenset[str] = frozenset()) -> OtherNames:
    return other_names(canonical(q), parse(q), home)


def readings(q: str, home: frozenset[str] = frozenset()) -> list[str]:
    return [to_text(one) for one in asked(q, home).readings]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("giao đất xã Tịnh Kỳ", ['giao đất xã "Tịnh Khê"']),
        ("Bình Châu Tịnh Kỳ", ['Bình Châu "Tịnh Khê"']),
        ("giao dat xa tinh ky", ['giao dat xã "Tịnh Khê"']),
        ("Tịnh Kỳ", ['"Tịnh Khê"']),
        ('nơi:"xã Tịnh Kỳ" giao đất', ['nơi:"xã Tịnh Khê" giao đất']),
        ("đất Tịnh Kỳ OR rừng Ba Tơ", ['đất "Tịnh Khê" OR rừng Ba Tơ']),
        ("Kon Tum", ['"Quảng Ngãi"', '"Gia Lai Kon Tum"']),
        ("Thừa Thiên - Huế", ["Huế", '"Bình Trị Thiên"']),
        ("Sài Gòn", ['"Sài Gòn Gia Định"', '"Hồ Chí Minh"']),
        ("Gia Định", ['"Sài Gòn Gia Định"', '"Hồ Chí Minh"']),
        ("phường Gia Định", []),  # "phường 7" is in many towns
        ("Đắk Lắk", ['"Phú Yên"', '"Phú Khánh"']),  # Đắk Nông left it, it is no later name
        ("Bắc Cạn", ['"Thái Nguyên"', '"Bắc Kạn"', '"Bắc Thái"']),
        ("Bộ Bưu chính, Viễn thông", ['"Bộ Thông tin và Truyền thông"', '"Tổng cục Bưu điện"']),
    ],
)
def test_older_and_newer_names(q: str, expected: list[str]) -> None:
    assert readings(q) == expected


@pytest.mark.parametrize(
    "q",
    [
        '"xã Tịnh Kỳ"',  # in quotes: just so
        "giao đất -Tịnh Kỳ",
        "tinh chau",  # without marks and without the word for its kind, it may be anything
        "thống nhất quản lý",  # a name of many communes, and ordinary words
        "Tân Thành",
        "xã Ba Xa",  # unchanged
        "Nguyễn Thị Minh Khai",  # a heroine; wards far away bear her name
        "huyện Từ Liêm",  # ended in 2013; the ward of today is another thing
        "Nguyen Van Phuoc",  # a person, not the commune Vạn Phước
        "đơn của ông Hồ Vạn Phước",
        "tính khế",
        "1077/QĐ-UBND",
        "cơ sở y tế tư nhân",  # no department, but a facility; no ministry, but an official; no office, but a company
        "co so y te",
        "cán bộ y tế",
        "Công ty Tài chính",
    ],
)
def test_what_is_not_certain_stays_as_typed(q: str) -> None:
    assert readings(q) == []


def test_at_home_a_name_without_marks_is_enough() -> None:
    assert readings("tinh chau", QUANG_NGAI) == ['"Tịnh Khê"']


def test_an_ambiguous_name_is_told_and_not_expanded() -> None:
    found = asked("đất xã Trà Giang", QUANG_NGAI)
    assert found.readings == ()
    assert found.vi.startswith("“xã Trà Giang” là tên của 2 nơi")
    assert "2 places" in found.en


def test_the_district_beside_it_says_which_is_meant() -> None:
    assert 'xã huyện Tư Nghĩa "Nghĩa Lâm"' in readings("xã Trà Giang huyện Tư Nghĩa")


def test_the_year_chooses_among_names_of_that_time() -> None:
    assert readings("xã Trà Giang 1998", QUANG_NGAI) == ['xã 1998 "Đông Trà Bồng"']
    assert readings("tỉnh Quảng Ngãi 1987")[0] == 'tỉnh 1987 "Nghĩa Bình"'
    assert readings("tỉnh Quảng Ngãi nam:2001")[0] == 'tỉnh năm:2001 "Kon Tum"'
    narrowed = other_names("tỉnh Quảng Ngãi", parse("tỉnh Quảng Ngãi"), period=(1980, 1985))
    assert to_text(narrowed.readings[0]) == 'tỉnh "Nghĩa Bình"'


def test_a_commune_is_looked_for_in_the_districts_where_it_lay() -> None:
    assert 'xã Tịnh Kỳ huyện "Sơn Tịnh"' in readings("xã Tịnh Kỳ thành phố Quảng Ngãi")


def test_what_a_reader_is_told() -> None:
    found = asked("bản đồ xã Tịnh Khê")
    assert found.vi == (
        "xã Tịnh Khê, trước 01/7/2025 thuộc thành phố Quảng Ngãi, trước 12/12/2013 thuộc huyện Sơn Tịnh; "
        "tên trước đây: xã Tịnh Kỳ, xã Tịnh Thiện, "
        "xã Tịnh Châu, xã Tịnh Long (đến 30/6/2025); đã tìm cả tên cũ"
    )
    assert found.en.startswith(
        "xã Tịnh Khê, until 30 June 2025 in thành phố Quảng Ngãi, until 11 December 2013 in huyện Sơn Tịnh; earlier"
    )
    assert asked("Tịnh Kỳ").vi == "xã Tịnh Kỳ; tên sau này: xã Tịnh Khê (từ 01/7/2025); đã tìm cả tên mới"
    assert "đến 1991" in asked("Kon Tum").vi, "a day that is only recalled is told as its year"


@pytest.mark.parametrize("q", ["huyện Sơn Tịnh", "Sơn Tịnh", "giao đất huyện Sơn Tịnh 2026"])
def test_a_district_that_ended_is_told_with_the_communes_of_today(q: str) -> None:
    found = asked(q)
    assert found.readings == ()
    assert found.vi == (
        "huyện Sơn Tịnh (đến 30/6/2025, khi cấp huyện kết thúc); địa bàn nay là xã Thọ Phong, xã Ba Gia, xã Sơn Tịnh, "
        "xã Trường Giang, phường Trương Quang Trọng"
    )
    assert found.en.startswith("huyện Sơn Tịnh (until 30 June 2025, when districts ended); its area today: ")


def test_other_spellings_are_asked_as_the_name_is_written_today() -> None:
    assert '"Đắk Lắk"' in readings("Đắc Lắc")
    assert asked("Đắc Lắc").vi.startswith("tỉnh Đắk Lắk; tên trước đây: ")


@given(st.lists(st.sampled_from(sorted(places().units)), min_size=1, max_size=4), st.booleans())
def test_never_more_readings_than_may_be(ids: list[str], short: bool) -> None:
    q = ", ".join(places().units[one].name if short else places().units[one].full for one in ids)
    found = readings(q, QUANG_NGAI)
    assert len(found) <= MOST_READINGS
    assert len(found) == len(set(found))


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    q = canonical(text).replace('"', "")
    assert other_names(f"xã Tịnh Kỳ {q}", parse("xã Tịnh Kỳ")).readings[0] == parse('xã "Tịnh Khê"')


def test_home_is_where_the_places_lie() -> None:
    assert home_of(("Xã Tịnh Khê", "xã Ba Tơ", "huyện Sơn Tịnh", "TP. Quảng Ngãi", "xã Tân Thành")) == {"51"}
    assert home_of(("Xã Tịnh Khê",)) == frozenset()
    two = ("Tịnh Khê", "Tịnh Kỳ", "Tịnh Châu", "quận Ba Đình", "quận Hoàn Kiếm", "quận Đống Đa")
    assert home_of(two) == {"51", "01"}
