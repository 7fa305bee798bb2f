"""The staff's queue: many requests at once, given to an officer, ticked whole, taken away as a file."""

import csv
import html
import io
import re

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from archive.accounts import hash_password
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.requests import ReadingRequest, RequestEvent
from archive.database import reading, writing
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import token_of
from tests.portal.test_requesting import OPEN, People, _with_head, sent  # noqa: F401 (a fixture)

pytestmark = pytest.mark.both_databases


def test_many_are_taken_up_at_once_and_undone(as_person: People, small: Small) -> None:
    codes = [sent(as_person("hoa"), small.ids[OPEN], purpose=f"lần {n}") for n in range(3)]
    officer = as_person("lan")
    token = token_of(officer.get("/quan-tri/yeu-cau").text)
    form = {"csrf_token": token, "viec": "nhan", "ma": codes[:2], "nhom": "all"}
    page = officer.post("/quan-tri/yeu-cau", data=form)
    assert (page.status_code, "Đã làm với 2 yêu cầu" in page.text) == (200, True)
    again = officer.post("/quan-tri/yeu-cau", data=form).text
    assert "2 yêu cầu không còn ở bước ấy" in again
    assert officer.get("/quan-tri/yeu-cau?nhom=mine").text.count('name="ma"') == 2
    assert officer.post("/quan-tri/yeu-cau", data=form | {"viec": "tha"}).status_code == 200
    assert officer.get("/quan-tri/yeu-cau?nhom=new").text.count('name="ma"') == 3
    assert officer.post("/quan-tri/yeu-cau", data=form | {"viec": "quyet-dinh"}).status_code == 404
    assert officer.post("/quan-tri/yeu-cau", data=form | {"ma": ["a" * 26]}).status_code == 404


def officers_of(page: str) -> dict[str, str]:
    """Who has each request of the queue, by its code."""
    return dict(
        re.findall(r'name="ma" value="(\w+)".*?data-l="Người làm:">([^<]*)<', page.partition("<tbody>")[2], re.S)
    )


def test_many_are_given_to_an_officer_at_once_and_undone(as_person: People, small: Small) -> None:
    with writing() as session:
        session.add(Account(name="kha", password_hash=hash_password(PASSWORD), role="archivist", epoch="k"))
    codes = [sent(as_person("hoa"), small.ids[OPEN], purpose=f"giao {n}") for n in range(3)]
    lan, here = as_person("lan"), "/quan-tri/yeu-cau"
    form = {"csrf_token": token_of(lan.get(here).text), "nhom": "all"}
    lan.post(here, data=form | {"viec": "nhan", "ma": codes[:1]})
    page = lan.post(here, data=form | {"viec": "giao", "giao-cho": "kha", "ma": codes})
    assert "Đã làm với 3 yêu cầu" in page.text
    assert {officers_of(lan.get(here).text)[one] for one in codes} == {"kha"}
    undo = re.search(r'<div class="flash" role="status"><form.*?</form>', page.text, re.S)
    assert undo
    back = MultiDict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[0]))
    assert back["viec"] == "tra-ve"
    assert lan.post(here, data=back).status_code == 200
    assert [officers_of(lan.get(here).text)[one] for one in codes] == ["lan", "chưa giao", "chưa giao"]
    for nobody in ("hoa", "", "không có"):
        told = lan.post(here, data=form | {"viec": "giao", "giao-cho": nobody, "ma": codes[:1]}).text
        assert "1 yêu cầu không còn ở bước ấy" in told
    assert officers_of(lan.get(here).text)[codes[0]] == "lan"
    with reading() as session:  # every step of it is in the request's own history
        request = session.scalars(select(ReadingRequest).where(ReadingRequest.code == codes[1])).one()
        steps = session.execute(
            select(RequestEvent.after, RequestEvent.actor, RequestEvent.reason)
            .where(RequestEvent.request_id == request.id)
            .order_by(RequestEvent.id)
        )
        assert [tuple(one) for one in steps][-3:] == [
            ("processing", "lan", ""),
            ("processing", "lan", "→ kha"),
            ("received", "lan", ""),
        ]


def test_the_queue_is_ticked_whole_told_in_days_and_taken_away(as_person: People, small: Small) -> None:
    code = sent(as_person("hoa"), small.ids[OPEN], purpose="để xuất")
    lan, here = as_person("lan"), "/quan-tri/yeu-cau"
    page = lan.get(here).text
    assert " checked" not in page.partition("<tbody>")[2]
    ticked = lan.get(html.unescape(re.findall(r'href="([^"]+chon=[^"]*)"', page)[0])).text
    rows = ticked.partition("<tbody>")[2]
    assert rows.count(" checked") == rows.count('name="ma"') > 0
    assert re.search(rf'value="{code}".*?data-l="Hạn:">[0-9/]+, còn 1 ngày<', page, re.S)
    answer = lan.get(html.unescape(re.findall(r'href="([^"]+xuat\.csv[^"]*)"', page)[0]))
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\N{BOM}"))))
    assert table[0][0] == "Mã"
    (own,) = [one for one in table[1:] if one[0] == code]
    assert "H48.P1.1.001" in own[2] or "1281/QĐ-UB" in own[2]
    assert len(lan.get(f"{here}/xuat.csv?q={code}").text.splitlines()) == 2
    assert lan.get(f"{here}/xuat.xlsx").content_type.startswith("application/vnd.openxml")
    assert lan.get(f"{here}/xuat.pdf").status_code == 404
    for name in ("", "hoa", "tra", "minh"):
        assert as_person(name).get(f"{here}/xuat.csv").status_code == 404
    with reading() as session:
        assert session.scalar(select(AuditEvent.id).where(AuditEvent.action == "requests-export"))


def test_many_are_asked_for_more_with_one_message_and_undone(as_person: People, small: Small) -> None:
    codes = [sent(as_person("hoa"), small.ids[OPEN], purpose=f"hỏi {n}") for n in range(3)]
    lan, here = as_person("lan"), "/quan-tri/yeu-cau"
    form = {"csrf_token": token_of(lan.get(here).text), "nhom": "all", "loai": "reading"}
    lan.post(here, data=form | {"viec": "nhan", "ma": codes[:2]})
    for reason in ("", "  ", "x" * 1001):
        told = lan.post(here, data=form | {"viec": "hoi", "ma": codes[:2], "ly-do": reason})
        assert (told.status_code, "Cần ghi điều phải bổ sung" in told.text) == (422, True)
        assert all(f'value="{one}" checked' in told.text for one in codes[:2]), "what was chosen stays chosen"
        assert f'value="{codes[2]}" checked' not in told.text
        assert '<option value="reading" selected' in told.text
    due = states(codes)
    page = lan.post(here, data=form | {"viec": "hoi", "ma": codes, "ly-do": "Giấy giới thiệu"}).text
    assert "Đã làm với 2 yêu cầu" in page
    assert "1 yêu cầu không còn ở bước ấy" in page
    asked = states(codes)
    assert [one[0] for one in asked] == ["supplement", "supplement", "received"]
    assert all(paused for _state, paused, _due in asked[:2]), "the term rests"
    for one in codes[:2]:
        assert "Giấy giới thiệu" in as_person("hoa").get(f"/yeu-cau/{one}").text
    undo = re.search(r'<div class="flash" role="status"><form.*?</form>', page, re.S)
    assert undo
    back = MultiDict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[0]))
    assert back["viec"] == "rut"
    assert lan.post(here, data=back).status_code == 200
    assert states(codes) == due, "the term goes on as it was"


def states(codes: list[str]) -> list[tuple[str, int | None, int]]:
    """State, day of the pause, day of the term, by code."""
    with reading() as session:
        told = select(ReadingRequest.code, ReadingRequest.state, ReadingRequest.paused_on, ReadingRequest.due_on)
        found = {code: (state, paused, due) for code, state, paused, due in session.execute(told)}
    return [found[one] for one in codes]


def test_what_was_asked_is_taken_back_on_the_page_of_the_request(as_person: People, small: Small) -> None:
    code = sent(as_person("hoa"), small.ids[OPEN], purpose="rút lại")
    lan = as_person("lan")
    here = f"/quan-tri/yeu-cau/{code}"
    form = {"csrf_token": token_of(lan.get(here).text)}
    for wish, reason, state in (
        ("nhan", "", "processing"),
        ("hoi", "Giấy tờ", "supplement"),
        ("rut", "", "processing"),
    ):
        assert f'value="{wish}"' in lan.get(here).text
        assert lan.post(here, data=form | {"viec": wish, "ly-do": reason}).status_code == 303
        assert states([code])[0][0] == state
