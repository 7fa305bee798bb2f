"""Originals in the reading room, through its pages: the card, the slip, who has what, what came back."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.access import Viewer, may
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import writing
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]


def press(client: FlaskClient, address: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(address, data={"csrf_token": token_of(client.get("/gio").text), **form})


def test_an_original_is_handed_out_with_a_slip(as_person: People, small: Small) -> None:
    officer = as_person("lan")
    where = "/quan-tri/phong-doc"
    with writing() as session:
        session.scalars(select(Account).where(Account.name == "hoa")).one().full_name = "Trần Thị Hoa"
        rows = session.scalars(select(Record).where(Record.level == "document", Record.page_count == 0))
        paper = next(one for one in rows if may(Viewer.anonymous(), "read", one, today_number()))
    refused = press(officer, where, viec="giao", nguoi="hoa", ma="không có mã này")
    assert (refused.status_code, 'value="không có mã này"' in refused.text) == (422, True)
    assert press(officer, where, viec="nhan", phieu="x").status_code == 422
    assert press(officer, where, viec="lạ").status_code == 404
    assert officer.get(f"{where}/phieu/{'a' * 26}").status_code == 404
    assert officer.get(f"{where}?ngay=739000").status_code == 200
    card = as_person("hoa").get("/phong-doc/the")
    number = re.findall(r"DG-\d{6}-\d{2}", card.text)[0]
    assert ("<svg" in card.text, card.headers["Cache-Control"]) == (True, "private, no-store")
    for told in ("từ 5 ngày trở lên", "Cần xác nhận", "TT 06/2025 có thể đã sửa"):
        assert told in card.text, "the limit, and that it may have changed"
    assert f"thẻ {number}" in officer.get(f"{where}?nguoi={number}").text
    assert "Không có thẻ" in officer.get(f"{where}?nguoi=DG-000000-11").text
    assert as_person("").get("/phong-doc/the").status_code == 303
    assert press(as_person("hoa"), where, viec="giao").status_code == 404
    handed = press(officer, where, viec="giao", nguoi=number, ma=paper.code)
    slip = officer.get(handed.headers["Location"]).text
    code = handed.headers["Location"].rpartition("/")[2]
    for told in (paper.code, "Trần Thị Hoa (hoa)", code, "<svg", "Người nhận ký", "16/11/2026"):
        assert told in slip, told
    for page in (officer.get(where).text, as_person("hoa").get("/phong-doc").text):
        assert ("hạn trả 16/11/2026" in page, paper.title in page) == (True, True)
    assert "<b>Trần Thị Hoa</b>" in officer.get(where).text, "the desk sees people, not accounts only"
    back = officer.get(press(officer, where, viec="nhan", phieu=code).headers["Location"]).text
    assert re.search(r"Đã nhận lại.*Trần Thị Hoa", back), "who scans one slip after another sees what came back"
    assert "Không có bản gốc nào ở ngoài kho" in back
    with writing() as session:
        session.scalars(select(Account).where(Account.name == "hoa")).one().full_name = ""
    rules = as_person("").get("/phong-doc").text
    assert ("không quá 10 hồ sơ" in rules, "TT 06/2025 có thể đã sửa" in rules) == (True, True)
