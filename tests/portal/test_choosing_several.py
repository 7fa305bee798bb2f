"""Several rows of the tree at once on the reading list: without an account or a script, from any part of a list."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
FILE, OPEN, CONDITIONAL, HIDDEN = ("file:H48.P1.07.1", "document:H48.P1.1.001", "document:H48.P1.1.004",
                                   "document:H48.P2.2.001")  # fmt: skip


def boxes(page: str) -> list[str]:
    return re.findall(r'type="checkbox" name="them" value="(\w+)"', page)


def choose(client: FlaskClient, page: str, *ids: str):  # type: ignore[no-untyped-def]
    back = re.search(r'name="ve" value="([^"]+)"', page)
    assert back
    return client.post("/gio", data={"csrf_token": token_of(page), "ve": unescape(back[1]), "them": list(ids)})


def on_list(client: FlaskClient) -> list[str]:
    return re.findall(r'name="bo" value="(\w+)"', client.get("/gio").text)


def links(page: str, text: str) -> str:
    found = re.search(rf'href="([^"]+)"[^>]*>{text}</a>', page)
    assert found, text
    return unescape(found[1])


@pytest.mark.parametrize("kind", ["phong", "muc-luc", "ho-so"])
def test_every_list_of_the_tree_leads_to_boxes_and_the_chosen_to_the_reading_list(
    client: FlaskClient, small: Small, kind: str
) -> None:
    own = {"phong": "fonds:H48.P1", "muc-luc": "inventory", "ho-so": FILE}[kind]
    plain = client.get(f"/{kind}/{small.ids[own]}").text
    assert (boxes(plain), "csrf_token" in plain) == ([], False)
    page = client.get(links(plain, "Chọn nhiều").split("#")[0])
    assert "noindex,nofollow" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    there = boxes(page.text)
    assert small.ids[OPEN if kind == "ho-so" else FILE] in there
    put = choose(client, page.text, *there[:3])
    assert put.status_code == 303
    assert on_list(client) == there[:3]
    again = client.get(put.headers["Location"].split("#")[0])
    assert f"Đã thêm {len(there[:3])} tài liệu" in again.text
    assert boxes(again.text) == there[3:]
    assert again.text.count('"vh">đã ở danh sách<') == len(there[:3])
    assert links(again.text, "Thôi chọn") == links(plain, "Chọn nhiều").split("#")[0].replace("chon=1", "").rstrip("?&")


@pytest.mark.parametrize(
    "asked", ["tu=51", "xep=so", "nam=1998", "chu=%C4%90", "so=1300", "loc=th%C3%B4ng+b%C3%A1o", "loc=giao&xep=tieu-de"]
)
def test_choosing_is_kept_through_the_list_and_comes_back_to_its_place(
    client: FlaskClient, small: Small, asked: str
) -> None:
    address = f"/ho-so/{small.ids[FILE]}"
    page = client.get(f"{address}?{asked}&chon=1").text
    for further in map(unescape, re.findall(rf'href="({address}[?][^"]+)"', page)):
        assert "chon=" in further or further == links(page, "Thôi chọn"), further
    for form in re.findall(r'<form class="(?:filters|goto)">.*?</form>', page):
        assert 'name="chon" value="1"' in form
    there = boxes(page)
    put = choose(client, page, there[-1])
    assert put.headers["Location"].startswith(f"{address}?")
    back = client.get(put.headers["Location"].split("#")[0]).text
    assert boxes(back) == there[:-1]
    without = links(back, "Thôi chọn")
    assert re.findall(r' href="/van-ban/(\w+)" lang="vi"|<a href="/van-ban/(\w+)"', client.get(without).text) == (
        re.findall(r' href="/van-ban/(\w+)" lang="vi"|<a href="/van-ban/(\w+)"', client.get(f"{address}?{asked}").text)
    )


def test_what_does_not_fit_or_is_not_there_is_told(client: FlaskClient, small: Small) -> None:
    address = f"/ho-so/{small.ids[FILE]}"
    first = client.get(f"{address}?chon=ca").text
    assert len(re.findall(r'name="them"[^>]* checked', first)) == 50
    assert choose(client, first, *boxes(first)[:48]).status_code == 303
    rest = client.get(f"{address}?tu=51&chon=1").text
    left = choose(client, rest, *boxes(rest)[:5])
    assert left.status_code == 422
    assert len(on_list(client)) == 50
    assert "Đã thêm 2 tài liệu" in left.text
    assert "chỉ giữ 50 tài liệu nên chưa thêm: 1333/QĐ-UB, 1334/QĐ-UB, 1335/QĐ-UB." in left.text
    assert "tu=51" in links(left.text, "Về chỗ đang chọn")
    english = client.post("/gio?lang=en", data={"csrf_token": token_of(rest), "ve": address, "them": boxes(rest)[3]})
    assert "The list holds 50 records only, so these were not added: 1334/QĐ-UB" in english.text


def test_who_chooses_nothing_is_told(client: FlaskClient, small: Small) -> None:
    page = client.get(f"/ho-so/{small.ids[FILE]}?chon=1").text
    put = choose(client, page)
    assert "Chưa đánh dấu tài liệu nào" in client.get(put.headers["Location"].split("#")[0]).text


def test_what_the_reader_does_not_see_is_missing_among_others_too(client: FlaskClient, small: Small) -> None:
    page = client.get(f"/ho-so/{small.ids[FILE]}?chon=1").text
    hidden, unknown = (choose(client, page, one) for one in (small.ids[HIDDEN], "a" * 26))
    assert hidden.status_code == unknown.status_code == 404
    hidden, unknown = (choose(client, page, one, small.ids[OPEN]) for one in (small.ids[HIDDEN], "a" * 26))
    assert hidden.status_code == unknown.status_code == 422
    told = "1 tài liệu đã chọn không còn xem được nên không thêm."
    assert told in hidden.text
    assert told in unknown.text
    assert on_list(client) == [small.ids[OPEN]]


def test_a_page_of_it_on_the_list_becomes_the_whole(client: FlaskClient, small: Small) -> None:
    page = client.get(f"/ho-so/{small.ids[FILE]}?chon=1").text
    token = token_of(page)
    client.post("/gio", data={"csrf_token": token, "them": small.ids[OPEN], "trang": "2"})
    assert "chỉ trang 2" in client.get("/gio").text
    page = client.get(f"/ho-so/{small.ids[FILE]}?chon=1").text
    assert choose(client, page, small.ids[OPEN]).status_code == 303
    assert "chỉ trang 2" not in client.get("/gio").text


@pytest.mark.parametrize("back", ["//evil.example/x", "https://evil.example", "/x\\y", ""])
def test_it_never_leads_out_of_the_house(client: FlaskClient, small: Small, back: str) -> None:
    page = client.get(f"/ho-so/{small.ids[FILE]}?chon=1").text
    form = {"csrf_token": token_of(page), "ve": back, "them": small.ids[OPEN]}
    answer = client.post("/gio", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gio")


def test_the_page_with_boxes_is_light_too(app: Flask, small: Small) -> None:
    client = app.test_client()
    for address in (f"/ho-so/{small.ids[FILE]}?chon=1", f"/phong/{small.ids['fonds:H48.P1']}?chon=ca"):
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert len(packed.data) < 16 * 1024, address
