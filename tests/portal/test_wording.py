"""Numbers, dates, periods and the shelf, as people read them."""

import re
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import wording
from portal.delivery_words import time_left
from portal.shelf import MOST_DECADES, build_shelf
from search.criteria import Criteria
from search.results import Explanation, Results

pytestmark = pytest.mark.both_databases


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("first", "last", "vi", "en"),
    [
        ("1998-08-17", "1998-08-17", "17/8/1998", "17 Aug 1998"),
        ("1998-02-03", "1998-02-03", "03/02/1998", "3 Feb 1998"),
        ("1998-01-01", "1998-12-31", "1998", "1998"),
        ("1998-08-01", "1998-08-31", "8/1998", "Aug 1998"),
        ("1996-05-01", "1998-08-31", "1996–1998", "1996–1998"),
    ],
)
def test_periods(app: Flask, first: str, last: str, vi: str, en: str) -> None:
    with app.test_request_context("/"):
        assert wording.period(day(first), day(last)) == vi
    with app.test_request_context("/?lang=en"):
        assert wording.period(day(first), day(last)) == en


def test_numbers(app: Flask) -> None:
    with app.test_request_context("/"):
        assert wording.number(48210) == "48.210"
        assert wording.percent(342, 1000) == "34,2\N{NO-BREAK SPACE}%"
        assert wording.badge_day(day("2031-01-01")) == "01/01/2031"
    with app.test_request_context("/?lang=en"):
        assert wording.number(48210) == "48,210"
        assert wording.percent(342, 1000) == "34.2%"


def test_days_outside_the_calendar_are_nothing(app: Flask) -> None:
    with app.test_request_context("/"):
        assert wording.period(0, 5) == ""
        assert wording.period(5, 4) == ""
        assert wording.period(None, 5) == ""
        assert wording.day(9_999_999) == ""


def test_what_was_understood_is_shortened_by_whole_parts(app: Flask) -> None:
    told = "xã Tịnh Khê, trước 01/7/2025 thuộc thành phố Quảng Ngãi, trước 12/12/2013 thuộc huyện Sơn Tịnh"
    with app.test_request_context("/"):
        assert wording.in_short(Explanation("names", told, "")) == f"{told.rpartition(', ')[0]}…"
        assert wording.in_short(Explanation("names", f"{told[:60]}. Và còn nữa", "")) == told[:60]


def test_the_shelf_narrows_to_a_decade_and_opens_again(app: Flask) -> None:
    years = [(1931, 2), (1955, 1), (1998, 40), (2024, 8)]
    with app.test_request_context("/"):
        shelf = build_shelf(Results(0, (), years=tuple(years)), Criteria(q="đất"))
        assert len(shelf) == MOST_DECADES
        assert [one.label for one in shelf][:2] == ["1930", "1940"]
        nineties = next(one for one in shelf if one.label == "1990")
        assert nineties.url == "/tim-kiem?q=%C4%91%E1%BA%A5t&from=1990&to=1999"
        assert nineties.name == "1990–1999: nhiều nhất 40 kết quả một năm"
        chosen = build_shelf(Results(0, (), years=tuple(years)), Criteria(q="đất", date_from="1990", date_to="1999"))
        again = next(one for one in chosen if one.current)
        assert again.url == "/tim-kiem?q=%C4%91%E1%BA%A5t"
        last = build_shelf(Results(0, (), years=tuple(years), undated=4), Criteria(q="đất", date_from="1990"))[-1]
        assert (last.label, last.name, last.undated) == ("k.n.", "Không rõ năm: 4 kết quả", True)
        assert last.url == "/tim-kiem?q=%C4%91%E1%BA%A5t&undated=1"


@given(st.dictionaries(st.integers(1, 2100), st.integers(1, 10**6), max_size=40))
def test_every_year_with_records_has_its_place_on_the_shelf(counts: dict[int, int]) -> None:
    app = Flask("shelf")
    from portal.languages import install

    install(app)
    app.add_url_rule("/tim-kiem", "searching.show", lambda: "")
    with app.test_request_context("/"):
        shelf = build_shelf(Results(0, (), years=tuple(sorted(counts.items()))), Criteria())
    assert len(shelf) <= MOST_DECADES
    reach = [tuple(map(int, re.findall(r"(?:from|to)=(\d{4})", one.url))) for one in shelf]
    assert all(any(first <= year <= last for first, last in reach) for year in counts)
    for one in shelf:
        assert all(2 <= int(tall) <= 98 for tall in re.findall(r"100v-(\d+)h", one.spines))


def test_time_left_is_said_in_the_unit_that_people_count_in(app: Flask) -> None:
    with app.test_request_context():
        told = [time_left(seconds) for seconds in (0, 45, 120, 121, 2500, 7199, 7200, 90_000)]
    units = ["1 giây", "45 giây", "120 giây", "2 phút", "42 phút", "120 phút", "2 giờ", "25 giờ"]
    assert told == [f"còn khoảng {one}" for one in units]
