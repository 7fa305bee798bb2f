"""What the pages count by year is what their links find, and only files and documents have a year to count."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.records import Record
from archive.database import reading
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

LINK = re.compile(r'<a href="(/tim-kiem\?[^"]+)"[^>]*aria-label="([^"]+)"')
ROW = re.compile(r'<th scope="row"><a href="([^"]+)"[^>]*>(\d+)</a></th>.*?<td class="num">([\d.]+)</td>')


def found(client: FlaskClient, address: str) -> Iterator[dict[str, Any]]:
    """Every hit of a search page's address, page after page."""
    answer = client.get(address.replace("/tim-kiem", "/api/v1/search") + "&size=100").get_json()
    assert answer["next"] is None
    assert answer["total"] == len(answer["hits"])
    yield from answer["hits"]


def seen(client: FlaskClient) -> set[str]:
    """The ids of all files and documents that are found."""
    return {one["id"] for one in found(client, "/tim-kiem?level=file&level=document")}


def counted_by_hand(ids: set[str]) -> tuple[Counter[int], int]:
    """Files and documents of the catalogue that touch each year, and those of no year."""
    years: Counter[int] = Counter()
    undated = 0
    with reading() as session:
        for one in session.scalars(select(Record).where(Record.public_id.in_(ids))):
            if one.date_from is None or one.date_to is None:
                undated += 1
            else:
                years.update(range(date.fromordinal(one.date_from).year, date.fromordinal(one.date_to).year + 1))
    return years, undated


def test_the_timeline_counts_files_and_documents_and_its_links_find_them(small: Small, client: FlaskClient) -> None:
    years, undated = counted_by_hand(seen(client))
    page = unescape(client.get("/theo-nam").text)
    rows = ROW.findall(page)
    assert {int(year): int(count) for _url, year, count in rows} == years
    for start, total in re.findall(r'id="t(\d+)">.*?<p class="sm dim">(\d+) hồ sơ, văn bản</p>', page, re.S):
        decade = f"/tim-kiem?level=file&level=document&from={start}&to={int(start) + 9}"
        assert len(list(found(client, decade))) == int(total)
    assert page.count('class="years"') == len(re.findall(r'<p class="sm dim">\d+ hồ sơ, văn bản</p>', page))
    assert undated
    link = re.search(r'<a href="([^"]+)" rel="nofollow">Không rõ năm: (\d+) hồ sơ, văn bản</a>', page)
    assert link
    assert int(link[2]) == undated
    for url, count in [*((url, int(count)) for url, _year, count in rows), (link[1], undated)]:
        hits = list(found(client, url))
        assert len(hits) == count, url
        assert {one["level"] for one in hits} <= {"file", "document"}


@pytest.mark.parametrize("address", ["/", "/phong/{fonds}", "/tim-kiem?level=file&level=document"])
def test_the_shelf_has_what_has_no_year_as_a_place_of_its_own(small: Small, client: FlaskClient, address: str) -> None:
    page = unescape(client.get(address.format(fonds=small.ids["fonds:H48.P1"])).text)
    shelf = page.split('<ol class="shelf"')[1].split("</ol>")[0]
    places = LINK.findall(shelf)
    assert places
    for url, name in places:
        hits = list(found(client, url))
        told = re.fullmatch(r"(.+): (\d+) hồ sơ, văn bản", name)
        assert told, name
        assert int(told[2]) == len(hits), name  # how many the decade has, not its best year
        assert {one["level"] for one in hits} <= {"file", "document"}
        years, undated = counted_by_hand({one["id"] for one in hits})
        if told[1] == "Không rõ năm":
            assert undated == len(hits)
        else:
            first, last = map(int, told[1].split("–"))
            assert any(years[year] for year in range(first, last + 1))


def test_the_undated_are_a_filter_that_can_be_given_up(small: Small, client: FlaskClient) -> None:
    page = unescape(client.get("/tim-kiem?undated=1").text)
    assert "Bỏ lọc </span>Không rõ năm" in page
    assert {one["dates"] for one in found(client, "/tim-kiem?undated=1")} == {None}
    assert client.get("/tim-kiem?undated=1&q=%C4%91%E1%BA%A5t&from=1998").status_code == 200
    assert client.get("/api/v1/search?undated=yes").status_code == 400
