"""A page, not the whole record: on the list without an account, in the form, the fee, the request and the decision."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import Small
from tests.portal.conftest import enter, token_of
from tests.portal.test_printing import text_of
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


def _asked(as_person: People, own: str, pages: str) -> str:
    reader = as_person("hoa")
    form = {"csrf_token": token_of(reader.get("/gio").text), "hinh-thuc": "copy", "muc-dich": f"trang {pages}"}
    done = reader.post("/yeu-cau", data=form | {"tai-lieu": own, f"trang-{own}": pages})
    code = str(done.headers["Location"].rsplit("/", 1)[-1].partition("?")[0])
    for act in ("nhan", "trinh"):
        press(as_person("lan"), f"/quan-tri/yeu-cau/{code}", viec=act)
    return code


def _records(reader: FlaskClient, code: str) -> list[dict[str, str]]:
    told = json.loads(reader.get("/tai-khoan/du-lieu.json").data)
    return next(one["records"] for one in told["requests"] if one["code"] == code)


@pytest.mark.parametrize(("answer", "granted"), [("cho", "1"), ("cho", ""), ("khong", "")])
def test_what_was_asked_stays_beside_what_was_granted(
    as_person: People, small: Small, answer: str, granted: str
) -> None:
    own = small.ids[OPEN]
    code = _asked(as_person, own, "2")
    head, where = as_person("truong"), f"/quan-tri/yeu-cau/{code}"
    page = head.get(where).text
    found, last = re.search(r'name="can-cu-(\d+)"', page), re.search(r'name="den-\d+" value="([^"]+)"', page)
    assert found
    assert last
    n = found[1]
    told = {f"tra-loi-{n}": answer, f"den-{n}": last[1], f"can-cu-{n}": "Điều 37", f"trang-{n}": granted}
    assert press(head, where, viec="quyet-dinh", **told).status_code == 303
    for who, address in (("hoa", f"/yeu-cau/{code}"), ("lan", where)):
        text = as_person(who).get(address).text
        assert "xin trang 2" in text, who
        assert ("được đọc, chỉ trang 1" in text) == bool(granted), who
        assert ("được đọc cả tài liệu" in text) == (answer == "cho" and not granted), who
    record = _records(as_person("hoa"), code)[0]
    assert (record["pages_asked"], record["pages"]) == ("2", granted)
    assert "; trang 2" in text_of(as_person("hoa").get(f"/yeu-cau/{code}/phieu.pdf").data), "the form is what was asked"


def test_staff_write_down_single_pages(as_person: People, small: Small) -> None:
    officer, own = as_person("lan"), small.ids[OPEN]
    token = token_of(officer.get("/quan-tri/ghi-yeu-cau").text)
    form = {
        "csrf_token": token, "ho-ten": "Bà Sáu", "so-giay-to": "051188000778", "cach": "desk", "hinh-thuc": "copy",
        "muc-dich": "đất đai", "giay-to": "căn cước 0778", "nguoi": "citizen", "lan-gui": "c" * 26,
        "dong-y-service": "2026-01-01",
    }  # fmt: skip
    for wrong in ("9", "1-", "x"):
        refused = officer.post("/quan-tri/ghi-yeu-cau", data=form | {"tai-lieu": f"{own}; {wrong}"})
        assert refused.status_code == 422, wrong
        assert re.search(r'name="tai-lieu" rows="4" aria-invalid="true"[^>]*>' + f"{own}; {wrong}<", refused.text)
    made = officer.post("/quan-tri/ghi-yeu-cau", data=form | {"tai-lieu": f" {own} ; trang 2 , 1\n{own}"})
    assert made.status_code == 303
    assert "chỉ trang 2,1" in officer.get(made.headers["Location"]).text
