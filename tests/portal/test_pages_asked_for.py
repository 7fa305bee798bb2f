"""A page, not the whole record: on the list without an account, in the form, the fee, the request and the decision."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import Small
from tests.portal.conftest import enter, token_of
from tests.portal.test_requesting import OPEN, _with_head, press

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]


def test_single_pages_are_listed_asked_for_decided_and_printed(as_person: People, app: Flask, small: Small) -> None:
    own, client = small.ids[OPEN], app.test_client()
    client.get("/dang-nhap")
    offered = client.get(f"/gio?them={own}&trang=2").text
    assert 'name="trang" value="2"' in offered
    for number in ("2", "1", "2"):
        token = token_of(client.get("/dang-nhap").text)
        assert client.post("/gio", data={"csrf_token": token, "them": own, "trang": number}).status_code == 303
    enter(client, "hoa")
    page = client.get("/gio").text
    assert f'name="trang-{own}" value="2,1"' in page
    assert "không quá 15 ngày (TT 05/2025" in page
    form = {"csrf_token": token_of(page), "hinh-thuc": "copy", "muc-dich": "x", "tai-lieu": own}
    wrong = client.post("/yeu-cau", data=form | {f"trang-{own}": "1-99"})
    assert wrong.status_code == 422
    assert re.search(rf'name="trang-{own}" value="1-99"[^>]*aria-invalid="true"', wrong.text)
    assert "1.000" in client.post("/yeu-cau", data=form | {f"trang-{own}": "2", "viec": "phi"}).text
    done = client.post("/yeu-cau", data=form | {f"trang-{own}": "2"})
    again = client.post("/yeu-cau", data=form | {f"trang-{own}": " 2 "})
    assert done.status_code == again.status_code == 303
    assert again.headers["Location"].split("?")[0] == done.headers["Location"], "the same is one request"
    code = done.headers["Location"].rsplit("/", 1)[-1]
    assert "chỉ trang 2" in client.get(f"/yeu-cau/{code}").text
    officer, head = as_person("lan"), as_person("truong")
    press(officer, f"/quan-tri/yeu-cau/{code}", viec="nhan")
    press(officer, f"/quan-tri/yeu-cau/{code}", viec="trinh")
    assert re.search(r'name="trang-\d+" value="2"', head.get(f"/quan-tri/yeu-cau/{code}").text)
