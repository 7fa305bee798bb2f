"""The take-down channel as people meet it: the form, its errors, the code, the staff's pages."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.takedowns import TakedownRequest
from archive.database import reading, writing
from tests.portal.conftest import token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
ASKED = {
    "tai-lieu": "số 12/QĐ-UBND",
    "nguoi": "Trần Văn Tám",
    "lien-he": "tam@vidu.vn",
    "noi-dung": "tên tôi ở trang 1",
    "ly-do": "không liên quan",
}


@pytest.fixture(autouse=True)
def _none_yet(app: Flask) -> None:
    with writing() as session:
        for one in session.scalars(select(TakedownRequest)):
            session.delete(one)


def send(client: FlaskClient, **fields: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/yeu-cau-go-bo").text)
    return client.post("/yeu-cau-go-bo", data={"csrf_token": token, **ASKED, **fields})


def test_anybody_sends_a_request_and_follows_it_by_its_code(client: FlaskClient) -> None:
    answer = send(client)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Đã tiếp nhận" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert not any(told in page.text for told in ASKED.values())


def test_what_is_missing_is_told_beside_it_and_nothing_is_lost(client: FlaskClient) -> None:
    answer = send(client, **{"lien-he": " ", "ly-do": "x" * 3001})
    assert answer.status_code == 422
    assert "Cần điện thoại hoặc thư điện tử" in answer.text
    assert "Dài quá 3000 ký tự (đang có 3001)" in answer.text
    for kept in ("Trần Văn Tám", "tên tôi ở trang 1", "x" * 3001, "số 12/QĐ-UBND"):
        assert kept in answer.text


def test_an_old_form_is_refused_with_everything_kept(client: FlaskClient) -> None:
    answer = client.post("/yeu-cau-go-bo", data={"csrf_token": "cũ", **ASKED})
    assert answer.status_code == 400
    assert "tên tôi ở trang 1" in answer.text
    with reading() as session:
        assert session.scalar(select(TakedownRequest)) is None


def test_too_many_from_one_address_wait(client: FlaskClient) -> None:
    answers = [send(client).status_code for _n in range(6)]
    assert answers == [303] * 5 + [429]
    with reading() as session:
        sources = {one.source for one in session.scalars(select(TakedownRequest))}
    assert len(sources) == 1
    assert "127.0.0.1" not in sources.pop()


def test_staff_decide_and_the_public_page_says_only_that(client: FlaskClient, as_person: People) -> None:
    code = send(client).location.rsplit("/", 1)[-1]
    lan = as_person("lan")
    assert code in lan.get("/quan-tri/go-bo").text
    page = lan.get(f"/quan-tri/go-bo/{code}").text
    assert "tam@vidu.vn" in page

    def act(**fields: str):  # type: ignore[no-untyped-def]
        return lan.post(f"/quan-tri/go-bo/{code}", data={"csrf_token": token_of(page), **fields})

    assert act(viec="nhan").status_code == 303
    assert "Đang xem xét" in client.get(f"/yeu-cau-go-bo/{code}").text
    wrong = act(viec="che", chu="Lê Thị Chín", trang="1", **{"can-cu": "đúng", "tai-lieu": "không có"})
    assert wrong.status_code == 422
    assert "Lê Thị Chín" in wrong.text
    assert act(viec="tu-choi", **{"can-cu": "không phải người có tên"}).status_code == 303
    told = client.get(f"/yeu-cau-go-bo/{code}").text
    assert "Đã có quyết định" in told
    assert "không phải người có tên" not in told
    assert act(viec="tu-choi", **{"can-cu": "lần nữa"}).status_code == 422


def test_the_staff_pages_are_missing_for_all_others(client: FlaskClient, as_person: People) -> None:
    code = send(client).location.rsplit("/", 1)[-1]
    for name in ("", "hoa", "minh"):
        reader = as_person(name)
        assert reader.get("/quan-tri/go-bo").status_code == 404
        assert reader.get(f"/quan-tri/go-bo/{code}").status_code == 404
        token = token_of(reader.get("/yeu-cau-go-bo").text)
        data = {"csrf_token": token, "viec": "tu-choi", "can-cu": "x"}
        assert reader.post(f"/quan-tri/go-bo/{code}", data=data).status_code == 404
    assert client.get(f"/yeu-cau-go-bo/{'a' * 26}").status_code == 404
