"""Paying a fee through the portal: the reader's page, the gateway's door, the desk, the statement; who may see what."""

import io
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select

from archive.accounts import hash_password, viewer_of
from archive.catalogue.fees import Bill
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.requests import ReadingRequest
from archive.clock import now, today, today_number
from archive.database import reading, writing
from archive.settings import Settings, settings
from desk import requests as desk
from desk.fees.assessing import assess
from desk.fees.notices import signature
from desk.requests import Wish
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import building, token_of
from tests.portal.heard import heard

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
CONDITIONAL = "document:H48.P1.1.004"
SECRET = "bí mật của cổng thanh toán, ba mươi hai ký tự"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of its own: a ledger cannot be emptied."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture(autouse=True)
def _bank(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"BANK_BIN": "970436", "BANK_ACCOUNT": "0011001932418", "BANK_NAME": "Vietcombank, Trung tâm Lưu trữ"}
    for name, value in {**told, "PAYMENT_SECRET": SECRET}.items():
        monkeypatch.setenv(f"VANKHO_{name}", value)
    settings.cache_clear()
    with writing() as session:
        if session.scalar(select(Account.id).where(Account.name == "truong")) is None:
            person = {"password_hash": hash_password(PASSWORD), "role": "head", "epoch": "t", "active": True}
            session.add(Account(name="truong", **person))


@pytest.fixture
def owed(app: Flask, small: Small) -> tuple[str, Bill]:
    """A request of hoa and its bill of 20.000 đồng."""
    with writing() as session:
        hoa = session.scalars(select(Account).where(Account.name == "hoa")).one()
        for one in session.scalars(select(ReadingRequest).where(ReadingRequest.account_id == hoa.id)):
            one.state = "withdrawn"  # a reader has so many at a time
        viewer = viewer_of(hoa, today_number())
        request = desk.submit(session, viewer, hoa.id, Wish("copy", "x", [small.ids[CONDITIONAL]]))
        return request.code, assess(session, request, {"certification": 1})


def press(client: FlaskClient, page: str, address: str = "", **form: str):  # type: ignore[no-untyped-def]
    text = client.get(page).text
    form.setdefault("lan", (re.search(r'name="lan" value="(\w+)"', text) or ["", ""])[1])
    return client.post(address or page, data={"csrf_token": token_of(text), **form})


def notify(app: Flask, reference: str, amount: int, content: str, *, secret: str = SECRET, shift: int = 0):  # type: ignore[no-untyped-def]
    body = json.dumps({"reference": reference, "amount": amount, "content": content}).encode()
    stamp = str(int(now().timestamp()) + shift)
    headers = {"X-Vankho-Timestamp": stamp, "X-Vankho-Signature": signature(secret, stamp, body)}
    return app.test_client().post("/thanh-toan/bao", data=body, headers=headers, content_type="application/json")


def test_from_the_bill_to_the_receipt_by_transfer(owed: tuple[str, Bill], app: Flask, as_person: People) -> None:
    code, bill = owed
    reader = as_person("hoa")
    page = reader.get(f"/yeu-cau/{code}").text
    assert all(one in page for one in ("20.000", bill.code, "0011001932418", "<svg", "TT 275/2016/TT-BTC"))
    assert "cần xác nhận" not in page, "that is for staff"
    assert reader.get(f"/yeu-cau/{code}/bien-lai").status_code == 404
    assert notify(app, f"G-{code}", bill.total, f"chuyen tien {bill.code.lower()}").get_json() == {"result": "paid"}
    assert notify(app, f"G-{code}", bill.total, f"chuyen tien {bill.code.lower()}").get_json() == {"result": "known"}
    page = reader.get(f"/yeu-cau/{code}").text
    assert ("Đã nộp" in page, "0011001932418" in page) == (True, False)
    sheet = reader.get(f"/yeu-cau/{code}/bien-lai")
    assert (sheet.status_code, "Biên lai thu phí" in sheet.text, sheet.headers["Cache-Control"]) == (
        200, True, "private, no-store",
    )  # fmt: skip
    english = reader.get(f"/yeu-cau/{code}?lang=en").text
    assert ("Paid" in english, "Đã nộp" in english) == (True, False)


def test_who_owes_is_led_to_the_gateway_which_learns_no_more_than_the_fee(
    owed: tuple[str, Bill], app: Flask, as_person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, bill = owed
    reader, where = as_person("hoa"), f"/yeu-cau/{code}/thanh-toan"
    assert (reader.get(where).status_code, where in reader.get(f"/yeu-cau/{code}").text) == (404, False)
    monkeypatch.setenv("VANKHO_PAYMENT_URL", "https://cong.vidu.vn/tra?don-vi=7")
    settings.cache_clear()
    assert where in reader.get(f"/yeu-cau/{code}").text
    assert as_person("lan").get(where).status_code == 404
    with heard() as said:
        led = reader.get(where)
    assert not any("FROM bill_line" in one or "FROM receipt" in one for one in said), "the amount is enough"
    assert (led.status_code, led.headers["Cache-Control"]) == (303, "no-store")
    address, _mark, signed = led.headers["Location"].rpartition("&signature=")
    query = address.removeprefix("https://cong.vidu.vn/tra?don-vi=7&")
    told = dict(parse_qsl(query))
    assert set(told) == {"reference", "amount", "currency", "content", "return", "timestamp"}
    assert (told["reference"], told["amount"], told["currency"]) == (bill.code, "20000", "VND")
    assert signed == signature(SECRET, told["timestamp"], query.encode())
    back = told["return"].removeprefix("http://localhost")
    assert "chưa báo tiền đến" in reader.get(back).text
    assert notify(app, f"V-{code}", bill.total, told["content"]).get_json() == {"result": "paid"}
    assert "đã báo tiền đến" in reader.get(back).text
    assert reader.get(where).headers["Location"] == f"/yeu-cau/{code}", "nothing is owed any more"


def test_a_forged_or_late_notice_changes_nothing_and_leaves_a_line(owed: tuple[str, Bill], app: Flask) -> None:
    _code, bill = owed

    def lines() -> list[str]:
        with reading() as session:
            return list(session.scalars(select(AuditEvent.action).where(AuditEvent.action == "payment-forged")))

    before = len(lines())
    for told in ({"secret": SECRET + "x"}, {"shift": -301}, {"shift": 301}):
        answer = notify(app, "X1", bill.total, bill.code, **told)  # type: ignore[arg-type]
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    plain = app.test_client().post("/thanh-toan/bao", data=b"{}")
    assert plain.status_code == 401
    assert len(lines()) == before + 4
    stamp = str(int(now().timestamp()))
    headers = {"X-Vankho-Timestamp": stamp, "X-Vankho-Signature": signature(SECRET, stamp, b"{}")}
    wrong = app.test_client().post("/thanh-toan/bao", data=b"{}", headers=headers)
    assert (wrong.status_code, wrong.get_json()["parameter"]) == (422, "reference")
    assert app.test_client().post("/thanh-toan/bao", data=b"x" * 20_000, headers=headers).status_code == 413
    with reading() as session:
        assert session.get_one(Bill, bill.id).state == "due"


def test_without_a_secret_there_is_no_door(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VANKHO_PAYMENT_SECRET")
    settings.cache_clear()
    assert settings().payment_secret == SecretStr("") == Settings().payment_secret
    assert notify(app, "X", 1, "x").status_code == app.test_client().post("/khong-co").status_code == 404


def test_the_desk_takes_what_is_owed_once(owed: tuple[str, Bill], as_person: People) -> None:
    _code, bill = owed
    officer, where = as_person("lan"), f"/quan-tri/phi/{bill.code}"
    assert officer.get(f"/quan-tri/phi?ma={bill.code.lower()}").headers["Location"] == where
    assert officer.get("/quan-tri/phi?ma=VKX").status_code == 404
    assert bill.code in officer.get("/quan-tri/phi").text
    assert "cần xác nhận" in officer.get(where).text
    for amount in ("19.000", "hai mươi nghìn", "", "-20000", "9" * 13):
        refused = press(officer, where, viec="thu", **{"so-tien": amount})
        assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    text = officer.get(where).text
    form = {"csrf_token": token_of(text), "viec": "thu", "so-tien": "20.000"}
    form["lan"] = re.findall(r'name="lan" value="(\w+)"', text)[0]
    assert [officer.post(where, data=form).status_code for _ in range(2)] == [303, 303]
    assert officer.get(where).text.count("Tại quầy,") == 1
    again = press(officer, where, viec="thu", **{"so-tien": "20.000"}, lan="a" * 26)
    assert (again.status_code, "không còn chờ nộp" in again.text) == (422, True)
    assert officer.get(f"{where}/bien-lai").status_code == 200
    assert "Hoàn phí" not in officer.get(where).text
    refused = press(officer, where, viec="hoan", **{"so-tien": "20.000", "ly-do": "x"}, lan="b" * 26)
    assert refused.status_code == 422


def test_heads_refund_with_a_reason(owed: tuple[str, Bill], as_person: People) -> None:
    code, bill = owed
    head, where = as_person("truong"), f"/quan-tri/phi/{bill.code}"
    assert press(head, where, viec="thu", **{"so-tien": "20000"}).status_code == 303
    missing_reason = press(head, where, viec="hoan", **{"so-tien": "20000", "ly-do": " "})
    assert (missing_reason.status_code, "lý do" in missing_reason.text) == (422, True)
    assert press(head, where, viec="hoan", **{"so-tien": "20000", "ly-do": "rút <b>"}).status_code == 303
    page = as_person("hoa").get(f"/yeu-cau/{code}").text
    assert ("Đã hoàn" in page, "rút &lt;b&gt;" in page) == (True, True)


def test_a_statement_is_read_and_what_is_left_is_placed(owed: tuple[str, Bill], as_person: People) -> None:
    _code, bill = owed
    officer, where, day = as_person("lan"), "/quan-tri/doi-chieu", f"{today():%d/%m/%Y}"
    text = f"Ngày;Mã giao dịch;Ghi có;Nội dung\n{day};S{bill.id};19000;{bill.code}\nkhông;;;"

    def send(content: bytes):  # type: ignore[no-untyped-def]
        form = {"csrf_token": token_of(officer.get(where).text), "tep": (io.BytesIO(content), "sao-ke.csv")}
        return officer.post(where, data=form, content_type="multipart/form-data")

    told = send(text.encode())
    assert told.status_code == 200
    assert all(one in told.text for one in ("“Ghi có” = tiền vào", "thiếu so với phí", "không phải là ngày"))
    assert "<dt>Đã đọc từ trước</dt><dd>1</dd>" in send(text.encode()).text
    assert send(b"x").status_code == 422
    assert officer.post(where, data={"csrf_token": "x"}).status_code == 400
    page = officer.get(f"{where}/tien").text
    number = re.search(r'action="/quan-tri/doi-chieu/tien/(\d+)"', page)
    assert number
    place = f"{where}/tien/{number[1]}"
    wrong = press(officer, f"{where}/tien", place, viec="ghi", ma="VKSAI", **{"ghi-chu": "gọi điện"})
    assert (wrong.status_code, 'value="gọi điện"' in wrong.text) == (422, True)
    assert press(officer, f"{where}/tien", place, viec="tra", **{"ghi-chu": "x"}).status_code == 422
    assert press(officer, f"{where}/tien", place, viec="la").status_code == 404
    assert press(officer, f"{where}/tien", place, viec="ghi", ma=bill.code, **{"ghi-chu": "thiếu"}).status_code == 303
    assert press(officer, f"/quan-tri/phi/{bill.code}", viec="thu", **{"so-tien": "1.000"}).status_code == 303
    assert "Đã nộp" in officer.get(f"/quan-tri/phi/{bill.code}").text


def test_a_bill_is_its_readers_and_the_staffs(owed: tuple[str, Bill], app: Flask, as_person: People) -> None:
    code, bill = owed
    notify(app, f"Q-{code}", bill.total, bill.code)
    stranger = as_person("tra")
    other, nothing = (stranger.get(f"/yeu-cau/{one}/bien-lai") for one in (code, "a" * 26))

    def told(text: str) -> str:
        return re.sub(r'value="[^"]+"', "", text).replace(code, "a" * 26)

    assert (other.status_code, told(other.text)) == (404, told(nothing.text))
    assert app.test_client().get(f"/yeu-cau/{code}/bien-lai").status_code == 303
    for name in ("", "hoa", "minh", "tra"):
        client = as_person(name)
        for path in ("phi", f"phi/{bill.code}", f"phi/{bill.code}/bien-lai", "doi-chieu", "doi-chieu/tien"):
            assert client.get(f"/quan-tri/{path}").status_code == 404, (name, path)
        token = token_of(client.get("/gio").text if name else client.get("/dang-nhap").text)
        for path in (f"phi/{bill.code}", "doi-chieu", "doi-chieu/tien/1"):
            form = {"csrf_token": token, "viec": "thu", "so-tien": "20000", "lan": "a" * 26}
            assert client.post(f"/quan-tri/{path}", data=form).status_code == 404, (name, path)


def test_the_reading_list_tells_what_it_will_cost(app: Flask, small: Small) -> None:
    client = app.test_client()
    token = token_of(client.get("/dang-nhap").text)
    client.post("/gio", data={"csrf_token": token, "them": small.ids[CONDITIONAL]})
    page = client.get("/gio").text
    assert all(one in page for one in ("Phí dự kiến", "TT 275/2016/TT-BTC", "Người hưởng chế độ hưu trí"))
