"""What is wrong in a form: all of it at once, each beside its field, in the reader's language, without a script."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from tests.chromium import of_axe, of_width, opened_browser, sign_in
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import token_of
from tests.portal.test_requesting import _with_head, press, sent

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]
DIGITAL = "document:H48.P1.1.001"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    yield from opened_browser()


def test_a_question_is_told_beside_its_field_and_kept(client: FlaskClient) -> None:
    form = client.get("/hoi").text
    for text, words in ((" ", "Cần viết điều bạn thấy sai hoặc muốn hỏi."), ("x" * 4001, "Dài quá 4000 ký tự")):
        told = client.post("/hoi", data={"csrf_token": token_of(form), "noi-dung": text})
        assert told.status_code == 422
        assert beside(told.text, "noi-dung").startswith(words)
        assert text.strip() in told.text
    assert 'id="loi"' not in form


def beside(page: str, field: str) -> str:
    """What is told beside a field that says itself that it is wrong; the summary leads to it."""
    told = re.search(rf'<span class="err-msg" id="loi-{field}">.*?</svg> (.*?)</span>', page, re.DOTALL)
    assert told, f"nothing beside {field}"
    tag = re.search(rf'<(?:input|select|textarea|fieldset)[^>]*id="{field}"[^>]*>', page)
    assert tag
    assert 'aria-invalid="true"' in tag[0]
    assert re.search(rf'aria-describedby="[^"]*loi-{field}"', tag[0])
    assert f'<a href="#{field}">{told[1]}</a>' in page
    return told[1]


def wrong_form(client: FlaskClient, own: str, **other: str) -> dict[str, str]:
    press(client, "/gio", them=own)
    return {
        "csrf_token": token_of(client.get("/gio").text), "hinh-thuc": "xem", "muc-dich": " ", "so-ban": "99",
        "doi-tuong": "ai cũng được", f"trang-{own}": "9-3", "nguoi": "nobody", "tai-lieu": own,
    } | other  # fmt: skip


def test_all_faults_are_told_at_once_each_beside_its_field(as_person: People, small: Small) -> None:
    reader, own = as_person("hoa"), small.ids[DIGITAL]
    answer = reader.post("/yeu-cau", data=wrong_form(reader, own, **{"hinh-thuc": "copy", "nguoi": "nobody"}))
    assert answer.status_code == 422
    assert "Còn 5 chỗ cần sửa" in answer.text
    assert "không quá" not in beside(answer.text, "muc-dich")
    assert "từ 0 đến" in beside(answer.text, "so-ban")
    assert "đi ngược; hãy ghi trang nhỏ trước: 3-9" in beside(answer.text, f"trang-{own}")
    beside(answer.text, "doi-tuong")
    beside(answer.text, "nguoi")
    assert f'name="trang-{own}" value="9-3"' in answer.text
    assert 'name="so-ban" inputmode="numeric" value="99"' in answer.text
    assert "Chọn một hình thức" in beside(reader.post("/yeu-cau", data=wrong_form(reader, own)).text, "hinh-thuc")


def test_what_is_wrong_with_files_is_told_with_the_rest(as_person: People, small: Small) -> None:
    reader = as_person("hoa")
    form = wrong_form(reader, small.ids[DIGITAL])
    answer = reader.post("/yeu-cau", data={**form, "giay-to-other": (io.BytesIO(), "a.pdf")})
    assert answer.status_code == 422
    assert '<a href="#cac-giay-to">Tệp “a.pdf” rỗng' in answer.text
    beside(answer.text, "muc-dich")


def test_faults_are_told_in_english(as_person: People, small: Small) -> None:
    reader, own = as_person("hoa"), small.ids[DIGITAL]
    reader.get("/ngon-ngu?lang=en")
    page = reader.post("/yeu-cau?lang=en", data=wrong_form(reader, own, **{"hinh-thuc": "information"})).text
    assert "4 things to correct" in page or "5 things to correct" in page
    assert beside(page, "muc-dich") == "Write what you need it for."
    assert beside(page, "noi-dung") == "Write which information you want to be given."
    assert beside(page, "so-ban").startswith("Copies on paper: from 0 to")
    booked = reader.post("/phong-doc?lang=en", data={"csrf_token": token_of(page), "buoi": "1.am"})
    assert (booked.status_code, "No place can be booked for this half-day" in booked.text) == (422, True)


def test_staff_are_told_all_faults_of_a_request_they_write_down(as_person: People, small: Small) -> None:
    officer, where = as_person("lan"), "/quan-tri/ghi-yeu-cau"
    form = {
        "csrf_token": token_of(officer.get(where).text), "cach": "online", "hinh-thuc": "reading", "nguoi": "citizen",
        "tai-lieu": f"{small.ids[DIGITAL]}; 9-3\nkhông có\nkhông có nữa", "so-ban": "1",
    }  # fmt: skip
    answer = officer.post(where, data=form)
    assert answer.status_code == 422
    for field in ("ho-ten", "so-giay-to", "dong-y-service", "giay-to", "cach", "muc-dich", "so-ban"):
        beside(answer.text, field)
    assert "không có tài liệu nào mang mã này" in beside(answer.text, "tai-lieu")
    assert "Còn 8 chỗ cần sửa" in answer.text
    backwards = officer.post(where, data=form | {"tai-lieu": f"{small.ids[DIGITAL]}; 9-3"})
    assert "đi ngược" in beside(backwards.text, "tai-lieu")


def test_who_decides_is_told_all_faults_of_the_decision(as_person: People, small: Small) -> None:
    code = sent(as_person("hoa"), small.ids["document:H48.P1.1.004"], small.ids[DIGITAL])
    officer, head, where = as_person("lan"), as_person("truong"), f"/quan-tri/yeu-cau/{code}"
    for step in ("nhan", "trinh"):
        assert press(officer, where, viec=step).status_code == 303
    one, other = re.findall(r'name="can-cu-(\d+)"', head.get(where).text)
    form = {"viec": "quyet-dinh", "doi-tuong": "99", f"tra-loi-{one}": "cho", f"den-{one}": "hôm qua"}
    form |= {f"trang-{one}": "9-3", f"tra-loi-{other}": "cho", f"den-{other}": "2020-01-01", f"can-cu-{other}": "x"}
    refused = press(head, where, **form)
    assert (refused.status_code, "Còn 5 chỗ cần sửa" in refused.text) == (422, True)
    for field in (f"den-{one}", f"trang-{one}", f"can-cu-{one}", f"den-{other}", "doi-tuong"):
        beside(refused.text, field)
    returned = press(head, where, viec="tra-lai")
    assert returned.status_code == 422
    beside(returned.text, "ld-tra-lai")


@pytest.mark.parametrize(("script", "language"), [(False, "vi"), (True, "en")])
def test_on_a_telephone_the_fault_is_beside_its_field(
    small: Small, browser: Browser, served: str, script: bool, language: str
) -> None:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{served}/ngon-ngu?lang={language}")
    page.goto(f"{served}/dang-nhap")
    sign_in(page, "hoa", PASSWORD)
    page.goto(f"{served}/gio")
    page.check("input[name=hinh-thuc][value=information]")
    page.fill("#so-ban", "99")
    page.locator(".ask-form .btn.main").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_be_in_viewport()
    expect(alert.get_by_role("link")).to_have_count(3)
    for field in ("muc-dich", "noi-dung", "so-ban"):
        alert.locator(f"a[href='#{field}']").click()
        own, told = page.locator(f"#{field}"), page.locator(f"#loi-{field}")
        expect(own).to_be_in_viewport()
        expect(own).to_have_attribute("aria-invalid", "true")
        above, below = told.bounding_box(), own.bounding_box()
        assert above
        assert below
        assert 0 <= below["y"] - above["y"] - above["height"] < 24, field
    assert of_width(page) + (of_axe(page) if script else []) == []
    context.close()
