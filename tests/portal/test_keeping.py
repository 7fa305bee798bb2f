"""The shelf of a reader, and enquiries: what one keeps and asks is his, what staff answer reaches him."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
SHELF = "/tai-khoan/da-luu"
DIGITAL, HIDDEN = "document:H48.P1.1.001", "document:H48.P2.2.001"
small = pytest.fixture(scope="module")(building)


@pytest.fixture
def hoa(as_person: People) -> FlaskClient:
    return as_person("hoa")


def post(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/hoi").text)
    return client.post(path, data={"csrf_token": token, **{n.replace("_", "-"): v for n, v in fields.items()}})


def test_a_record_is_kept_with_a_note(small: Small, hoa: FlaskClient, as_person: People) -> None:
    own = small.ids[DIGITAL]
    assert "Lưu lại" in hoa.get(f"/van-ban/{own}").text
    assert post(hoa, "/tai-khoan/da-luu", tai_lieu=own, ghi_chu="xem <b>lại</b>").status_code == 303
    page = hoa.get("/tai-khoan/da-luu").text
    assert "1281/QĐ-UB. Về việc giao đất" in page
    assert 'value="xem &lt;b&gt;lại&lt;/b&gt;"' in page
    item = re.search(r"/tai-khoan/da-luu/(\d+)", page)
    assert item
    other = as_person("lan")
    assert "1281/QĐ-UB" not in other.get("/tai-khoan/da-luu").text
    assert post(other, item[0], viec="bo").status_code == 404
    assert post(hoa, item[0], viec="ghi-chu", ghi_chu="xong").status_code == 303
    assert 'value="xong"' in hoa.get("/tai-khoan/da-luu").text
    assert post(hoa, item[0], viec="bo").status_code == 303
    assert "1281/QĐ-UB" not in hoa.get("/tai-khoan/da-luu").text


def test_what_is_hidden_cannot_be_kept(small: Small, hoa: FlaskClient, as_person: People) -> None:
    assert post(hoa, "/tai-khoan/da-luu", tai_lieu=small.ids[HIDDEN]).status_code == 404
    archivist = as_person("lan")
    assert post(archivist, "/tai-khoan/da-luu", tai_lieu=small.ids[HIDDEN]).status_code == 303
    assert small.ids[HIDDEN] in archivist.get("/tai-khoan/da-luu").text


def test_a_search_is_kept_and_counted(small: Small, hoa: FlaskClient) -> None:
    assert "Lưu lần tìm này" in hoa.get("/tim-kiem?q=giao").text
    assert post(hoa, "/tai-khoan/da-luu", tim="q=th%C3%B4ng+b%C3%A1o&level=document&cursor=x").status_code == 303
    page = hoa.get("/tai-khoan/da-luu").text
    total = hoa.get("/api/v1/search?q=thông+báo&level=document").get_json()["total"]
    assert f"{total} tài liệu" in page
    assert 'href="/tim-kiem?q=th%C3%B4ng+b%C3%A1o&amp;level=document"' in page


def test_the_shelf_wants_somebody(client: FlaskClient) -> None:
    assert client.get("/tai-khoan/da-luu").status_code == 303


def test_an_error_is_reported_and_answered(small: Small, app: Flask, client: FlaskClient, as_person: People) -> None:
    own = small.ids[DIGITAL]
    vain = html.unescape(client.get("/tim-kiem?q=so+mỏ+<b>khongco</b>+khongdau&medium=photo").text)
    asked = re.search(r'class="btn" rel="nofollow" href="(/hoi\?noi-dung=[^"]+)"', vain)
    assert asked
    assert ">so mỏ &lt;b&gt;khongco&lt;/b&gt; khongdau</textarea>" in client.get(asked[1]).text
    assert 'href="/hoi"' in client.get("/khong-co").text
    form = client.get(f"/hoi?viec=loi&trang=2&tai-lieu={own}").text
    assert "1281/QĐ-UB" in form
    assert post(client, "/hoi", viec="loi", tai_lieu=own, noi_dung=" ").status_code == 422
    long = post(client, "/hoi", noi_dung="x" * 4001)
    assert long.status_code == 422
    assert "x" * 4001 in long.text  # nothing is lost
    sent = post(client, "/hoi", viec="loi", tai_lieu=own, trang="2", noi_dung="Trang 2 <i>ngược</i>, số 0905123456")
    assert sent.status_code == 303
    told = client.get(sent.location)
    assert "Trang 2 &lt;i&gt;ngược&lt;/i&gt;" in told.text
    assert "0905123456" not in told.text
    assert told.headers["Cache-Control"] == "no-store"
    staff = as_person("lan")
    queue = staff.get("/quan-tri/hoi-dap").text
    assert f"/van-ban/{own}/trang/2" in queue
    code = sent.location.rpartition("/")[2]
    assert post(staff, f"/quan-tri/hoi-dap/{code}", tra_loi="Đã xoay lại.").status_code == 303
    assert "Đã xoay lại." in client.get(sent.location).text
    reader = as_person("hoa")
    assert reader.get("/quan-tri/hoi-dap").status_code == 404
    assert post(reader, f"/quan-tri/hoi-dap/{code}", tra_loi="x").status_code == 404


def test_a_question_about_what_is_hidden_names_nothing(small: Small, client: FlaskClient) -> None:
    page = client.get(f"/hoi?tai-lieu={small.ids[HIDDEN]}").text
    assert small.ids[HIDDEN] not in page.replace(f"tai-lieu%3D{small.ids[HIDDEN]}", "")


def test_too_many_enquiries_wait(client: FlaskClient) -> None:
    answers = [post(client, "/hoi", noi_dung=f"câu {n}").status_code for n in range(6)]
    assert answers[-1] == 429
    assert client.get(f"/hoi/{'a' * 26}").status_code == 404


def told(client: FlaskClient, answer) -> str:  # type: ignore[no-untyped-def]
    """What the page that a form leads to says was done."""
    found = re.search(r'role="status">.*?<span>(.*?)</span>', client.get(answer.location).text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def test_what_was_done_is_told_and_what_was_taken_off_comes_back(small: Small, hoa: FlaskClient) -> None:
    kept = post(hoa, SHELF, tai_lieu=small.ids[DIGITAL], ghi_chu="<b>xem</b>")
    assert told(hoa, kept) == "Đã lưu “1281/QĐ-UB. Về việc giao đất xây dựng khu dân cư”."
    assert "Kept: “1281/QĐ-UB" in hoa.get(f"{kept.location}&lang=en").text
    item = re.search(r'action="(/tai-khoan/da-luu/\d+)"', hoa.get(SHELF).text)
    assert item
    assert told(hoa, post(hoa, item[1], viec="ghi-chu", ghi_chu="<b>lại</b>")).startswith("Đã ghi chú cho “")
    gone = post(hoa, item[1], viec="bo")
    assert told(hoa, gone).startswith("Đã bỏ “1281/QĐ-UB")
    assert 'value="hoan-tac"' in hoa.get(gone.location).text
    assert "hoan-tac" not in hoa.get(SHELF).text, "offered once, where it was done"
    assert "1281/QĐ-UB" not in hoa.get(SHELF).text
    assert told(hoa, post(hoa, SHELF, viec="hoan-tac")).startswith("Đã đưa “1281/QĐ-UB")
    page = hoa.get(SHELF).text
    assert 'value="&lt;b&gt;lại&lt;/b&gt;"' in page
    assert told(hoa, post(hoa, SHELF, viec="hoan-tac")) == "", "once"
    assert hoa.get(SHELF).text.count("1281/QĐ-UB") == 1
    item = re.search(r'action="(/tai-khoan/da-luu/\d+)"', page)
    assert item
    post(hoa, item[1], viec="ghi-chu", ghi_chu="dài" * 600)
    gone = post(hoa, item[1], viec="bo")
    assert "hoan-tac" not in hoa.get(gone.location).text, "a note that no cookie holds"
    assert told(hoa, gone) == "Đã bỏ khỏi chỗ lưu."


def test_a_search_comes_back_with_its_place(small: Small, hoa: FlaskClient, as_person: People) -> None:
    assert told(hoa, post(hoa, SHELF, tim="q=kênh+mương")) == "Đã lưu “kênh mương”."
    item = re.search(r'kênh mương.*?action="(/tai-khoan/da-luu/\d+)"', hoa.get(SHELF).text, re.DOTALL)
    assert item
    assert told(hoa, post(hoa, item[1], viec="da-xem")) == "Đã xem “kênh mương”: tính mới từ bây giờ."
    post(hoa, item[1], viec="bo")
    other = as_person("lan")
    assert told(other, post(other, SHELF, viec="hoan-tac")) == "", "nobody takes what another took off"
    assert told(hoa, post(hoa, SHELF, viec="hoan-tac")) == "Đã đưa “kênh mương” trở lại."
    assert "kênh mương" in hoa.get(SHELF).text
