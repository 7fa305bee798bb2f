"""Dates out of free text: what people write, with marks and without, and what is none."""

from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.dates import find_dates
from analyzers.fold import fold
from analyzers.normal import canon
from tests.shared_data import articles

EVER, NEVER = date.min, date.max


def only(text: str) -> tuple[str, date, date]:
    (found,) = find_dates(text)
    return text[found.start : found.end], date.fromordinal(found.earliest), date.fromordinal(found.latest)


@pytest.mark.parametrize(
    ("text", "read", "earliest", "latest"),
    [
        ("Hà Nội, ngày 17 tháng 8 năm 1998", "ngày 17 tháng 8 năm 1998", date(1998, 8, 17), date(1998, 8, 17)),
        ("ký ngày 17/8/1998.", "17/8/1998", date(1998, 8, 17), date(1998, 8, 17)),
        ("17-8-98", "17-8-98", date(1998, 8, 17), date(1998, 8, 17)),
        ("17.8.21", "17.8.21", date(2021, 8, 17), date(2021, 8, 17)),
        ("2021-12-31", "2021-12-31", date(2021, 12, 31), date(2021, 12, 31)),
        ("5 tháng giêng năm 2020", "5 tháng giêng năm 2020", date(2020, 1, 5), date(2020, 1, 5)),
        ("tháng 8/1998", "tháng 8/1998", date(1998, 8, 1), date(1998, 8, 31)),
        ("tháng 2 năm 2020", "tháng 2 năm 2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("08/2007", "08/2007", date(2007, 8, 1), date(2007, 8, 31)),
        ("năm 1998", "năm 1998", date(1998, 1, 1), date(1998, 12, 31)),
        ("bản đồ đất 1998 xã Tịnh Khê", "1998", date(1998, 1, 1), date(1998, 12, 31)),
        ("1996-1999", "1996-1999", date(1996, 1, 1), date(1999, 12, 31)),
        ("giai đoạn 2021 – 2025", "giai đoạn 2021 – 2025", date(2021, 1, 1), date(2025, 12, 31)),
        ("từ năm 1996 đến năm 1999", "từ năm 1996 đến năm 1999", date(1996, 1, 1), date(1999, 12, 31)),
        ("từ năm 1996 tới năm 1999", "từ năm 1996 tới năm 1999", date(1996, 1, 1), date(1999, 12, 31)),
        ("trước ngày 30/4/1975", "trước ngày 30/4/1975", EVER, date(1975, 4, 29)),
        ("sau ngày 30 tháng 4 năm 1975", "sau ngày 30 tháng 4 năm 1975", date(1975, 5, 1), NEVER),
        ("truoc thang 8/1998", "truoc thang 8/1998", EVER, date(1998, 7, 31)),
        ("đến hết ngày 30/9/1998", "đến hết ngày 30/9/1998", EVER, date(1998, 9, 30)),
        ("kể từ ngày 1/7/2025", "kể từ ngày 1/7/2025", date(2025, 7, 1), NEVER),
        (
            "từ ngày 1/7/1998 tới ngày 30/9/1998",
            "từ ngày 1/7/1998 tới ngày 30/9/1998",
            date(1998, 7, 1),
            date(1998, 9, 30),
        ),
        ("1/7/1998 - 30/9/1998", "1/7/1998 - 30/9/1998", date(1998, 7, 1), date(1998, 9, 30)),
        ("tháng tám năm 1998", "tháng tám năm 1998", date(1998, 8, 1), date(1998, 8, 31)),
        ("ngày 5 tháng mười hai năm 1998", "ngày 5 tháng mười hai năm 1998", date(1998, 12, 5), date(1998, 12, 5)),
        ("thang nam nam 1998", "thang nam nam 1998", date(1998, 5, 1), date(1998, 5, 31)),
        ("quý III/1998", "quý III/1998", date(1998, 7, 1), date(1998, 9, 30)),
        ("quý 4 năm 1998", "quý 4 năm 1998", date(1998, 10, 1), date(1998, 12, 31)),
        ("trước 1975", "trước 1975", EVER, date(1974, 12, 31)),
        ("sau năm 1975", "sau năm 1975", date(1976, 1, 1), NEVER),
        ("từ 1996 đến nay", "từ 1996 đến nay", date(1996, 1, 1), NEVER),
        ("đến hết năm 1999", "đến hết năm 1999", EVER, date(1999, 12, 31)),
        ("thập niên 80", "thập niên 80", date(1980, 1, 1), date(1989, 12, 31)),
        ("những năm 1990", "những năm 1990", date(1990, 1, 1), date(1999, 12, 31)),
        ("1077/QĐ-UBND năm 2021", "năm 2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("30/2020/NĐ-CP ngày 5/3/2020", "5/3/2020", date(2020, 3, 5), date(2020, 3, 5)),
    ],
)
def test_dates_are_read_with_marks_and_without(text: str, read: str, earliest: date, latest: date) -> None:
    assert only(text) == (read, earliest, latest)
    assert only(fold(text)) == (fold(read), earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "30/02/2020", "ngày 31 tháng 4 năm 2020", "32/13/2020", "tháng 13/1998", "quý 5/1998", "1999-1996", "số 1998",
        "thửa 1998", "1998 đồng", "1998 m2", "02/2019/TT-BNV", "Luật số 08/2007/QH12", "1.998", "20201", "1077", "98",
        "12/8/2020-UBND", "0/1/2000", "29/2/1900", "", "3.1998.55",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_a_word_behind_tháng_is_a_month_only_with_its_marks() -> None:
    assert only("ba tháng sau năm 1998") == ("sau năm 1998", date(1999, 1, 1), NEVER)
    assert only("hàng tháng từ năm 1998") == ("từ năm 1998", date(1998, 1, 1), NEVER)
    assert only("tháng sáu năm 1998") == ("tháng sáu năm 1998", date(1998, 6, 1), date(1998, 6, 30))


@pytest.mark.parametrize("text", ["giao đất năm 98", "giao dat nam 98", "Năm 75 ở xã"])
def test_a_question_may_say_a_year_in_two_figures(text: str) -> None:
    (found,) = find_dates(text, short_years=True)
    assert date.fromordinal(found.earliest) == date(1998 if "98" in text else 1975, 1, 1)
    assert find_dates(text) == []


@pytest.mark.parametrize(
    "text",
    ["98", "Việt Nam 98", "viet nam 98", "hàng năm 98 hộ", "5 năm 98", "năm 98 hộ", "năm 25", "năm 98/2", "Nam 98 ở"],
)
def test_what_is_no_year_in_two_figures(text: str) -> None:
    assert find_dates(text, short_years=True) == []


@given(st.dates(date(1400, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_however_it_is_written(day: date) -> None:
    d, m, y = day.day, day.month, day.year
    written = [
        f"ngày {d} tháng {m} năm {y}", f"ngày {d:02} tháng {m:02} năm {y}", f"{d}/{m}/{y}", f"{d:02}-{m:02}-{y}",
        f"{d}.{m}.{y}", day.isoformat(), f"NGAY {d} THANG {m} NAM {y}", f"{d} / {m} / {y}",
    ]  # fmt: skip
    for text in written:
        assert only(f"({text})") == (text, day, day)


@given(st.text() | st.text("0123456789/-. ngàytháănmquýIV", max_size=40))
def test_dates_slice_any_text_and_are_in_order(text: str) -> None:
    text = canon(text)
    end = 0
    for found in find_dates(text):
        assert end <= found.start < found.end <= len(text)
        assert found.earliest <= found.latest
        assert find_dates(text[found.start : found.end])
        end = found.end


def test_real_text_holds_dates() -> None:
    count = 0
    for text in islice(articles(10), 1_000):
        for found in find_dates(canon(text)):
            assert date(1940, 1, 1).toordinal() < found.latest
            count += 1
    assert count > 100
