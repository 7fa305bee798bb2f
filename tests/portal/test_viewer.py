"""The page viewer: images for every screen, hits as a list, turned and large images, all pages, keys."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.boxes import Rect
from portal.marking import read_region, ticks
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

DIGITAL, CONDITIONAL = "document:H48.P1.1.001", "document:H48.P1.1.004"


def test_the_image_comes_in_the_size_of_the_screen(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}").text
    offered = re.search(r'srcset="([^"]+)"', page)
    assert offered
    sizes = dict(part.split(" ")[::-1] for part in offered[1].split(", "))
    assert set(sizes) == {"720w", "1240w"}
    data = {width: client.get(address).data for width, address in sizes.items()}
    assert len(data["720w"]) < len(data["1240w"])
    assert 'width="1240" height="1754"' in page  # the place is kept before the image is there


def test_hits_are_a_list_that_leads_to_each(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t").text
    listed = re.search(r'<ol class="hits".*?</ol>', page, re.S)
    assert listed
    links = re.findall(r'href="([^"]+)"', listed[0])
    assert [link.rpartition("cho=")[2] for link in links] == ["1", "2"]
    assert "Quyết định <mark>giao đất</mark> xây dựng" in listed[0]
    second = client.get(links[1].replace("&amp;", "&")).text
    now = re.search(r'<rect class="hit now"[^>]*>', second)
    assert now
    assert 'y="260"' in now[0]
    further = client.get(f"/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t&tu-cho=2").text
    assert '<ol class="hits" start="2">' in further
    assert "&lt;i&gt;" in page


def test_an_image_is_turned_and_large_without_script(small: Small, client: FlaskClient) -> None:
    address = f"/van-ban/{small.ids[DIGITAL]}"
    assert 'viewBox="0 0 1754 1240"' in client.get(f"{address}?xoay=90&q=giao").text
    assert 'viewBox="0 0 1754 1240"' not in client.get(f"{address}?xoay=45").text
    assert "/anh/2480.webp" in client.get(f"{address}?co=lon").text
    assert (
        '<rect class="region" x="100" y="200" width="300" height="80"/>'
        in client.get(f"{address}?vung=100,200,300,80").text
    )


def test_all_pages_are_small_images_that_wait(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}/trang").text
    assert page.count('loading="lazy"') == 2
    assert client.get(f"/van-ban/{own}/trang?den=99&q=giao").location == f"/van-ban/{own}/trang/2?q=giao"
    assert client.get(f"/van-ban/{small.ids[CONDITIONAL]}/trang").status_code == 404


def test_ticks_and_regions() -> None:
    assert ticks({}, [1, 2]) == ""
    assert ticks({2: 4}, [1, 2]) == "M500.0 10v-10h400.0v10z"
    assert read_region("10,20,5000,30", (100, 100)) == Rect(10, 20, 90, 30)
    for wrong in ("", "1,2,3", "1,2,3,x", "200,0,5,5", "1,2,0,5", "-1,2,3,4", "1,2,3,99999999"):
        assert read_region(wrong, (100, 100)) is None, wrong


def test_a_page_that_is_not_open_bears_the_agencys_name(
    small: Small, client: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    """TT 05/2025/TT-BNV Article 37: on every page that is read."""
    assert 'class="xs dim agency"' not in client.get(f"/van-ban/{small.ids[DIGITAL]}/trang/1").text
    text = as_person("lan").get(f"/van-ban/{small.ids[CONDITIONAL]}/trang/1").text
    assert text.count('class="xs dim agency"') == 1
