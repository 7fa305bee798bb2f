"""A form that comes after its session ended goes along with signing in; what another site sends or made up does not."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.resuming import FIELD
from tests.portal.archive_of_tests import PASSWORD
from tests.portal.conftest import token_of

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"muc-dich": "<b>đang gõ</b>", "hinh-thuc": "information", "noi-dung": "hỏi", "csrf_token": "cũ"}


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_what_another_site_sends_goes_nowhere(app: Flask, headers: dict[str, str]) -> None:
    answer = app.test_client().post("/yeu-cau", data=TYPED, headers=headers)
    assert answer.status_code in {303, 400}
    assert "đang gõ" not in answer.text


@pytest.mark.parametrize("address", ["/yeu-cau", "/yeu-cau/" + "a" * 26, "/quan-tri/yeu-cau/" + "a" * 26, "/hoi"])
def test_what_was_typed_is_offered_again_and_sent_only_then(
    address: str, app: Flask, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person("hoa") if address == "/hoi" else app.test_client()
    answer = client.post(address, data=TYPED, headers=OURS)
    assert (answer.status_code, "&lt;b&gt;đang gõ" in answer.text) == (400, True)
    assert "<b>đang gõ" not in answer.text


def test_a_question_to_several_readers_is_offered_again_with_their_requests(app: Flask) -> None:
    asked = {"viec": "hoi", "ma": ["a" * 26, "b" * 26], "ly-do": "Xin nêu thửa đất", "csrf_token": "cũ"}
    queue = "/quan-tri/yeu-cau"
    page = app.test_client().post(queue, data=asked, headers=OURS).text
    assert "Xin nêu thửa đất" in page
    kept = json.dumps([queue, [["viec", "hoi"], ["ma", "a" * 26], ["ma", "b" * 26], ["ly-do", "Xin nêu thửa đất"]]])
    client = app.test_client()
    form = {"csrf_token": token_of(client.get("/dang-nhap").text), "ten": "lan", "mat_khau": PASSWORD, FIELD: kept}
    offered = client.post("/dang-nhap", data=form, headers=OURS).text
    assert "aaaaaaaa, bbbbbbbb" in offered
    assert f'action="{queue}"' in offered
    assert offered.count('<textarea name="ma" hidden>') == 2
    ticked = app.test_client().post(queue, data=asked | {"viec": "nhan", "ly-do": ""}, headers=OURS)
    assert "a" * 26 not in ticked.text


@pytest.mark.parametrize(
    "kept",
    ["", "x", "[]", '["/dang-xuat", [["muc-dich", "đang gõ"]]]', '["//a.vn/yeu-cau", [["muc-dich", "đang gõ"]]]',
     '["http://a.vn/yeu-cau", [["muc-dich", "đang gõ"]]]', '["/yeu-cau", [["muc-dich"]]]', '{"a": 1}', "5",
     json.dumps(["/tai-khoan/xoa", [["muc-dich", "đang gõ"]]])],
)  # fmt: skip
def test_what_is_none_of_our_forms_is_left_out(app: Flask, kept: str) -> None:
    client = app.test_client()
    form = {"csrf_token": token_of(client.get("/dang-nhap").text), "ten": "hoa", "mat_khau": PASSWORD, FIELD: kept}
    answer = client.post("/dang-nhap", data=form, headers=OURS)
    assert (answer.status_code, "đang gõ" in answer.text) == (303, False)


@pytest.mark.parametrize(("headers", "along"), [(OURS, True), ({"Sec-Fetch-Site": "cross-site"}, False), ({}, False)])
def test_signing_in_carries_what_our_own_page_sent(app: Flask, headers: dict[str, str], along: bool) -> None:
    """A page elsewhere may send the form of signing in, with words of its own for somebody to send on."""
    kept = json.dumps(["/yeu-cau", [["muc-dich", "đang gõ"]]], ensure_ascii=False)
    wrong = app.test_client().post("/dang-nhap", data={"csrf_token": "cũ", FIELD: kept}, headers=headers)
    assert ("đang gõ" in wrong.text) is along
    client = app.test_client()
    form = {"csrf_token": token_of(client.get("/dang-nhap").text), "ten": "hoa", "mat_khau": PASSWORD, FIELD: kept}
    assert ("đang gõ" in client.post("/dang-nhap", data=form, headers=headers).text) is along
