"""From a found record to a decision on the pages: the list, sign-in, sending, the staff's queue, the answer."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from archive.accounts import hash_password
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.fees import Bill
from archive.catalogue.people import Account, Grant
from archive.catalogue.reading_room import Appointment
from archive.catalogue.requests import (
    Delegation,
    ReadingRequest,
    RequestConsent,
    RequestDraft,
    RequestEvent,
    RequestItem,
)
from archive.catalogue.sign_in import AccountSession
from archive.clock import now, today
from archive.database import reading, writing
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import enter, second_word, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
CONDITIONAL, HIDDEN, OPEN = "document:H48.P1.1.004", "document:H48.P2.2.001", "document:H48.P1.1.001"


@pytest.fixture(autouse=True)
def _with_head(app: Flask) -> Iterator[None]:
    with writing() as session:
        told = {"password_hash": hash_password(PASSWORD), "role": "head", "epoch": "t", "active": True}
        session.add(Account(name="truong", **told))
    yield
    with writing() as session:
        made = list(session.scalars(select(RequestItem.grant_id).where(RequestItem.grant_id.is_not(None))))
        session.execute(update(RequestItem).values(grant_id=None))
        session.execute(
            update(ReadingRequest).values(state="withdrawn", officer="", ended_at=now() - timedelta(days=900))
        )
        billed = select(Bill.request_id)  # money is never forgotten, nor what it was for
        for linked in (IssuedCopy, RequestConsent, RequestEvent, RequestItem):
            session.execute(delete(linked).where(linked.request_id.not_in(billed)))
        session.execute(delete(ReadingRequest).where(ReadingRequest.id.not_in(billed)))
        for table in (Appointment, Delegation, RequestDraft, AccountSession):
            session.execute(delete(table))
        session.execute(delete(Grant).where(Grant.id.in_(made)))
        session.execute(delete(Account).where(Account.name == "truong"))


def press(client: FlaskClient, address: str, **form: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/gio").text)
    return client.post(address, data={"csrf_token": token, **form})


def sent(client: FlaskClient, *ids: str, kind: str = "reading", purpose: str = "nghiên cứu <b>") -> str:
    for one in ids:
        assert press(client, "/gio", them=one).status_code == 303
    token = token_of(client.get("/gio").text)
    form = {"csrf_token": token, "hinh-thuc": kind, "muc-dich": purpose, "tai-lieu": list(ids)}
    answer = client.post("/yeu-cau", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"].rsplit("/", 1)[-1])


def test_the_list_needs_no_account_and_survives_signing_in(app: Flask, small: Small) -> None:
    client = app.test_client()
    client.get("/dang-nhap")
    for which in (OPEN, CONDITIONAL, OPEN):
        token = token_of(client.get("/dang-nhap").text)
        assert client.post("/gio", data={"csrf_token": token, "them": small.ids[which]}).status_code == 303
    page = client.get("/gio").text
    assert (page.count('name="bo"'), "/dang-nhap?next=" in page) == (2, True)
    form = {"hinh-thuc": "reading", "muc-dich": "x", "tai-lieu": small.ids[OPEN]}
    refused = client.post("/yeu-cau", data={"csrf_token": token_of(page), **form})
    with reading() as session:
        assert session.scalars(select(ReadingRequest)).all() == [], "without an account nothing is sent (Article 32.4)"
    assert "/dang-nhap" in refused.headers.get("Location", refused.text)
    enter(client, "hoa")
    page = client.get("/gio").text
    assert page.count('name="tai-lieu"') == 2
    press(client, "/gio", bo=small.ids[OPEN])
    assert client.get("/gio").text.count('name="tai-lieu"') == 1


def test_what_the_reader_does_not_see_cannot_be_listed(as_person: People, small: Small) -> None:
    client = as_person("hoa")
    hidden, unknown = press(client, "/gio", them=small.ids[HIDDEN]), press(client, "/gio", them="a" * 26)
    assert hidden.status_code == unknown.status_code == 404
    with client.session_transaction() as session:
        session["gio"] = [small.ids[HIDDEN], "../x", 7]
    assert 'name="tai-lieu"' not in client.get("/gio").text


def test_from_the_list_to_a_decision_and_to_reading(as_person: People, app: Flask, small: Small) -> None:
    reader, own = as_person("hoa"), small.ids[CONDITIONAL]
    code = sent(reader, own)
    assert 'name="tai-lieu"' not in reader.get("/gio").text
    page = reader.get(f"/yeu-cau/{code}").text
    assert "Đã tiếp nhận" in page
    assert "nghiên cứu &lt;b&gt;" in page
    assert code[:8] in reader.get("/yeu-cau").text
    officer, head = as_person("lan"), as_person("truong")
    assert code[:8] in officer.get("/quan-tri/yeu-cau").text
    where = f"/quan-tri/yeu-cau/{code}"
    assert press(officer, where, viec="nhan").status_code == 303
    assert code[:8] in officer.get("/quan-tri/yeu-cau?cua-toi=1").text.split("Vừa giải quyết")[0]
    assert press(officer, where, viec="hoi").status_code == 422
    assert press(officer, where, viec="hoi", **{"ly-do": "cần giấy ủy quyền"}).status_code == 303
    assert "cần giấy ủy quyền" in reader.get(f"/yeu-cau/{code}").text
    assert press(reader, f"/yeu-cau/{code}", viec="bo-sung", **{"ly-do": "đã nộp tại quầy"}).status_code == 303
    assert press(officer, where, viec="trinh").status_code == 303
    assert "tra-loi-" not in officer.get(where).text  # the decision is the head's
    assert press(officer, where, viec="quyet-dinh").status_code == 422
    number = re.search(r'name="can-cu-(\d+)"', head.get(where).text)
    assert number
    n = number[1]
    answer = {f"tra-loi-{n}": "cho", f"den-{n}": "hôm qua", f"can-cu-{n}": "Điều 31 Luật Lưu trữ"}
    refused = press(head, where, viec="quyet-dinh", **answer)
    assert (refused.status_code, "Điều 31 Luật Lưu trữ" in refused.text) == (422, True)
    assert not reader.get(f"/api/v1/records/{own}").get_json()["readable"]
    assert press(head, where, viec="quyet-dinh", **answer | {f"den-{n}": today().isoformat()}).status_code == 303
    assert "Chờ nộp phí" in reader.get(f"/yeu-cau/{code}").text
    assert not reader.get(f"/api/v1/records/{own}").get_json()["readable"]
    bill = re.search(r"/quan-tri/phi/(\w+)", officer.get(where).text)
    assert bill
    amount = re.search(r'name="so-tien"[^>]*value="([\d.]+)"', officer.get(bill[0]).text)
    assert amount
    assert press(officer, bill[0], viec="thu", lan="b" * 26, **{"so-tien": amount[1]}).status_code == 303
    assert reader.get(f"/api/v1/records/{own}").get_json()["readable"]
    page = reader.get(f"/van-ban/{own}").text
    assert "Giấy phép của bạn" in page
    assert not app.test_client().get(f"/api/v1/records/{own}").get_json()["readable"]
    assert "được đọc" in reader.get(f"/yeu-cau/{code}").text
    assert press(reader, f"/yeu-cau/{code}", viec="rut").status_code == 422


def steps(page: str) -> list[tuple[str, str]]:
    """Each step of the way on the page: done, now (step) or to come (todo), and its name."""
    way = re.search(r'<ol class="progress".*?</ol>', page, re.S)
    return re.findall(r'<li (?:class|aria-current)="(\w+)"><b>([^<]+)<', way[0]) if way else []


def test_the_way_of_a_request_is_seen_and_who_asks_for_what(as_person: People, small: Small) -> None:
    reader, officer = as_person("hoa"), as_person("lan")
    code = sent(reader, small.ids[CONDITIONAL], small.ids[OPEN])
    where = f"/quan-tri/yeu-cau/{code}"
    to_come = [("todo", "Đã giải quyết"), ("todo", "Đã trả kết quả")]
    asked = [("step", "Đã tiếp nhận"), ("todo", "Đang giải quyết"), ("todo", "Chờ phê duyệt"), *to_come]
    assert steps(reader.get(f"/yeu-cau/{code}").text) == asked
    assert re.search(r"còn \d+ ngày làm việc", reader.get(f"/yeu-cau/{code}").text)
    queue = officer.get("/quan-tri/yeu-cau").text
    assert "Record object" not in queue  # the search box of the page stays empty
    row = queue.partition(code[:8])[2].partition("</tr>")[0]
    assert "hoa" in row
    assert "và 1 tài liệu khác" in row
    assert press(officer, where, viec="nhan").status_code == 303
    assert press(officer, where, viec="hoi", **{"ly-do": "cần giấy ủy quyền"}).status_code == 303
    asked = [("done", "Đã tiếp nhận"), ("step", "Yêu cầu bổ sung"), ("todo", "Chờ phê duyệt"), *to_come]
    assert steps(reader.get(f"/yeu-cau/{code}").text) == steps(officer.get(where).text) == asked
    assert press(reader, f"/yeu-cau/{code}", viec="rut").status_code == 303
    ended = [("done", "Đã tiếp nhận"), ("done", "Đang giải quyết"), ("step", "Người yêu cầu rút")]
    assert steps(reader.get(f"/yeu-cau/{code}").text) == ended


def test_a_request_is_its_readers_and_the_staffs(as_person: People, app: Flask, small: Small) -> None:
    code = sent(as_person("hoa"), small.ids[OPEN])
    nothing = as_person("tra").get(f"/yeu-cau/{'a' * 26}")
    other = as_person("tra").get(f"/yeu-cau/{code}")
    assert (other.status_code, nothing.status_code) == (404, 404)
    assert press(as_person("tra"), f"/yeu-cau/{code}", viec="rut").status_code == 404
    assert app.test_client().get(f"/yeu-cau/{code}").status_code == 303
    for name in ("hoa", "minh", "tra"):
        assert as_person(name).get(f"/quan-tri/yeu-cau/{code}").status_code == 404
        assert as_person(name).get("/quan-tri/yeu-cau").status_code == 404
    assert press(as_person("hoa"), f"/yeu-cau/{code}", viec="rut").status_code == 303


def test_what_is_wrong_is_told_with_everything_kept(as_person: People, small: Small) -> None:
    client = as_person("hoa")
    press(client, "/gio", them=small.ids[OPEN])
    token = token_of(client.get("/gio").text)
    form = {"csrf_token": token, "hinh-thuc": "copy", "muc-dich": "  ", "tai-lieu": small.ids[OPEN]}
    answer = client.post("/yeu-cau", data=form)
    assert answer.status_code == 422
    assert re.search(r'value="copy" checked', answer.text)
    assert 'role="alert"' in answer.text
    assert client.get("/gio").text.count('name="tai-lieu"') == 1


def test_a_record_offers_itself_without_a_form_on_its_page(app: Flask, small: Small) -> None:
    client, own = app.test_client(), small.ids[CONDITIONAL]
    page = client.get(f"/van-ban/{own}").text
    assert f'href="/gio?them={own}"' in page
    assert "csrf_token" not in page.split("<main")[1]
    offered = client.get(f"/gio?them={own}").text
    assert f'name="them" value="{own}"' in offered
    assert client.get(f"/gio?them={small.ids[HIDDEN]}").text.count('name="them"') == 0
    client.post("/gio", data={"csrf_token": token_of(offered), "them": own})
    assert client.get(f"/gio?them={own}").text.count('name="them"') == 0


def followed(client: FlaskClient, code: str, word: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/theo-doi").text)
    return client.post("/theo-doi", data={"csrf_token": token, "ma": code, "tu": word})


def test_a_request_is_followed_without_signing_in_and_tells_nothing(
    as_person: People, app: Flask, small: Small
) -> None:
    reader, stranger = as_person("hoa"), app.test_client()
    code = sent(reader, small.ids[CONDITIONAL])
    shown = followed(stranger, code, second_word(reader, code).lower())
    assert shown.status_code == 200
    assert "Đã tiếp nhận" in shown.text
    for never in ("hoa", "nghiên cứu", small.ids[CONDITIONAL], "Đơn thư"):
        assert never not in shown.text.split("<main")[1].split("</main")[0]
    assert shown.headers["Cache-Control"] == "no-store"
    wrong, unknown = followed(stranger, code, "AAAA-AAAA"), followed(stranger, "b" * 26, "AAAA-AAAA")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert (
        wrong.text.split('class="flash')[1].split("</div>")[0]
        == unknown.text.split('class="flash')[1].split("</div>")[0]
    )
    tries = [followed(stranger, code, "AAAA-AAAA").status_code for _ in range(10)]
    assert tries[-1] == 429


def test_a_draft_comes_back_and_goes_when_it_is_sent(as_person: People, small: Small) -> None:
    reader = as_person("hoa")
    press(reader, "/gio", them=small.ids[OPEN])
    form = {"hinh-thuc": "certified", "muc-dich": "đang viết dở", "viec": "luu"}
    assert press(reader, "/yeu-cau", **form).status_code == 303
    page = as_person("hoa").get("/gio").text
    assert "đang viết dở" in page
    assert re.search(r'value="certified" checked', page)


def test_a_form_sent_twice_leads_to_one_request(as_person: People, small: Small) -> None:
    reader = as_person("hoa")
    press(reader, "/gio", them=small.ids[OPEN])
    page = reader.get("/gio").text
    own = re.search(r'name="lan-gui" value="([a-z2-7]{26})"', page)
    assert own
    form = {
        "csrf_token": token_of(page), "hinh-thuc": "reading", "muc-dich": "x", "tai-lieu": small.ids[OPEN],
        "lan-gui": own[1],
    }  # fmt: skip
    places = [reader.post("/yeu-cau", data=form).headers["Location"] for _ in range(2)]
    assert places[1] == f"{places[0]}?lai=1"
    changed = reader.post("/yeu-cau", data=form | {"muc-dich": "đã sửa"})
    assert (changed.status_code, "đã sửa" in changed.text, places[0] in changed.text) == (409, True, True)
    assert changed.text.count('name="tai-lieu"') == 1


def test_the_same_form_at_the_same_moment_leads_to_one_request(as_person: People, small: Small) -> None:
    readers = [as_person("hoa") for _ in range(6)]
    forms = []
    for reader in readers:
        page = reader.get("/gio").text
        own = re.search(r'name="lan-gui" value="([a-z2-7]{26})"', page)
        assert own
        forms.append({
            "csrf_token": token_of(page), "hinh-thuc": "reading", "muc-dich": "x", "tai-lieu": small.ids[OPEN],
            "lan-gui": own[1],
        })  # fmt: skip
    assert len({form["lan-gui"] for form in forms}) == 1, "one form, on however many devices"
    with ThreadPoolExecutor(len(readers)) as pool:
        answers = list(pool.map(lambda n: readers[n].post("/yeu-cau", data=forms[n]), range(len(readers))))
    places = {answer.headers.get("Location", answer.status).partition("?")[0] for answer in answers}
    assert len(places) == 1, places


def test_a_request_is_written_down_for_who_comes(as_person: People, small: Small) -> None:
    officer = as_person("lan")
    empty = officer.get("/quan-tri/ghi-yeu-cau").text
    assert 'id="q" name="q" type="search" value=""' in empty
    token = token_of(empty)
    form = {
        "csrf_token": token, "ho-ten": "Bà Năm", "so-giay-to": "051188000777", "cach": "desk", "hinh-thuc": "reading",
        "muc-dich": "đất đai", "tai-lieu": "không có mã này", "giay-to": "căn cước 0777", "nguoi": "citizen",
        "dong-y-service": "2026-01-01",
    }  # fmt: skip
    refused = officer.post("/quan-tri/ghi-yeu-cau", data=form)
    assert (refused.status_code, "Bà Năm" in refused.text) == (422, True)
    assert 'name="tai-lieu" rows="4" aria-invalid="true"' in refused.text
    form |= {"tai-lieu": small.ids[OPEN], "lan-gui": "b" * 26}
    made, again = (officer.post("/quan-tri/ghi-yeu-cau", data=form) for _ in range(2))
    assert made.status_code == again.status_code == 303, "pressed twice it is one request of one person"
    assert made.headers["Location"] == again.headers["Location"]
    page = officer.get(made.headers["Location"]).text
    assert "Bà Năm" in page
    assert "tại quầy" in page
    assert as_person("hoa").get("/quan-tri/ghi-yeu-cau").status_code == 404


def test_a_head_delegates_and_who_deputises_decides(as_person: People, small: Small) -> None:
    code = sent(as_person("hoa"), small.ids[CONDITIONAL])
    officer, head, where = as_person("lan"), as_person("truong"), f"/quan-tri/yeu-cau/{code}"
    press(officer, where, viec="nhan")
    press(officer, where, viec="trinh")
    assert "tra-loi-" not in officer.get(where).text
    assert press(officer, "/quan-tri/uy-quyen", nguoi="lan").status_code == 404
    told = {"nguoi": "lan", "tu": today().isoformat(), "den": today().isoformat()}
    assert press(head, "/quan-tri/uy-quyen", **told).status_code == 422
    assert press(head, "/quan-tri/uy-quyen", **told, **{"can-cu": "QĐ 5/QĐ-TT"}).status_code == 303
    assert "tra-loi-" in officer.get(where).text
    with writing() as session:
        session.scalars(select(Account).where(Account.name == "lan")).one().full_name = "Phạm Thị Lan"
    shown = head.get("/quan-tri/uy-quyen").text
    assert ("<b>Phạm Thị Lan</b>" in shown, 'value="lan"' in shown) == (True, True), "people, with their accounts"
    with writing() as session:
        session.scalars(select(Account).where(Account.name == "lan")).one().full_name = ""
    number = re.search(r'name="thoi" value="(\d+)"', shown)
    assert number
    assert press(head, "/quan-tri/uy-quyen", thoi=number[1]).status_code == 303
    assert "tra-loi-" not in officer.get(where).text


def test_figures_are_for_staff_and_come_as_a_spreadsheet(as_person: People, small: Small) -> None:
    reader, officer, head = as_person("hoa"), as_person("lan"), as_person("truong")
    code = sent(reader, small.ids[OPEN])
    where = f"/quan-tri/yeu-cau/{code}"
    press(officer, where, viec="nhan")
    press(officer, where, viec="trinh")
    number = re.search(r'name="can-cu-(\d+)"', head.get(where).text)
    assert number
    press(head, where, viec="quyet-dinh", **{f"tra-loi-{number[1]}": "khong", f"can-cu-{number[1]}": "Điều 25"})
    assert "khiếu nại" in reader.get(f"/yeu-cau/{code}").text.lower()
    assert press(reader, f"/yeu-cau/{code}", viec="danh-gia", diem="9").status_code == 422
    assert press(reader, f"/yeu-cau/{code}", viec="danh-gia", diem="4").status_code == 303
    page = officer.get("/quan-tri/so-lieu").text
    assert '<th scope="row">Đọc tài liệu</th><td class="num">1</td>' in page
    table = officer.get("/quan-tri/so-lieu.csv")
    told = table.get_data(as_text=True)
    assert "Đọc tài liệu,1,0,0,100,1,4.0" in told
    assert ",lan,1,0,0,100,1,4.0" in told
    assert re.search(r"Cơ quan có tài liệu,[^,]+,1,0,0,100,1,4.0", told)
    assert re.search(r"Tháng,\d{4}-\d\d,1,,,100,,", told)
    assert page.count('<svg class="bar"') == 1, "the month; nothing took a day, so there is nothing else to draw"
    with writing() as session:
        request = session.scalars(select(ReadingRequest).where(ReadingRequest.code == code)).one()
        first = select(RequestEvent).where(RequestEvent.request_id == request.id).order_by(RequestEvent.id).limit(1)
        session.scalars(first).one().at -= timedelta(days=20)
    told = officer.get("/quan-tri/so-lieu.csv").get_data(as_text=True)
    slow = len(re.findall(r",1,1\d,1\d,[\d,]", told))
    assert slow == 4, "of the kind, its first stage, the officer, the agency"
    assert officer.get("/quan-tri/so-lieu").text.count('<svg class="bar"') >= 1 + slow
    assert officer.get("/quan-tri/so-lieu?tu=1990-01-01&den=1990-12-31").text.count("<table") == 0
    assert reader.get("/quan-tri/so-lieu").status_code == reader.get("/quan-tri/so-lieu.csv").status_code == 404


def test_a_place_in_the_reading_room_is_booked_and_given_back(as_person: People, app: Flask) -> None:
    reader, stranger = as_person("hoa"), app.test_client()
    page = stranger.get("/phong-doc").text
    assert 'name="buoi"' not in page
    assert "/dang-nhap?next=/phong-doc" in page
    first = re.search(r'name="buoi" value="(\d+\.morning)"', reader.get("/phong-doc").text)
    assert first
    assert press(reader, "/phong-doc", buoi=first[1]).status_code == 303
    assert press(reader, "/phong-doc", buoi=first[1]).status_code == 422
    assert press(reader, "/phong-doc", buoi="x.y").status_code == 422
    own = re.search(r'name="huy" value="(\d+)"', reader.get("/phong-doc").text)
    assert own
    assert press(as_person("tra"), "/phong-doc", huy=own[1]).status_code == 422
    assert press(reader, "/phong-doc", huy=own[1]).status_code == 303
    assert reader.get("/quan-tri/phong-doc").status_code == 404


def test_every_result_leads_to_the_list_and_so_does_the_tree(small: Small, client: FlaskClient) -> None:
    for q in ("giao+đất", "đơn+thư", "bản+giấy", "mở+sau", "thông+báo+thường+kỳ", "giao+đất+năm+1998"):
        page = client.get(f"/tim-kiem?q={q}&level=document&level=file").text
        cards = re.findall(r'<article class="card">.*?</article>', page, re.S)
        assert cards, q
        for card in cards:
            own = re.search(r'<h3[^>]*><a href="/(?:van-ban|ho-so)/(\w+)', card)
            assert own
            assert f'href="/gio?them={own[1]}"' in card.split('class="side"')[1].split("</div>")[0], (q, card)
    file = small.ids["file:H48.P1.07.1"]
    assert f"/gio?them={file}" in client.get(f"/ho-so/{file}").text
    assert f'name="them" value="{small.ids[OPEN]}"' in client.get(f"/gio?them={small.ids[OPEN]}").text
