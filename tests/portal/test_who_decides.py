"""Who decides not on what he asked himself, and what who was refused is told, also without signing in."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.identifiers import new_identifier
from desk.fees.assessing import assess
from desk.requests import find_request
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import second_word
from tests.portal.test_requesting import CONDITIONAL, OPEN, _with_head, followed, press, sent

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]


def to_approval(officer: FlaskClient, code: str) -> str:
    where = f"/quan-tri/yeu-cau/{code}"
    for wish in ("nhan", "trinh"):
        assert press(officer, where, viec=wish).status_code == 303
    return where


def number_of(public_id: str) -> int:
    with reading() as session:
        return session.scalars(select(Record.id).where(Record.public_id == public_id)).one()


def test_a_head_is_told_who_decides_on_his_own_request(as_person: People, small: Small) -> None:
    head = as_person("truong")
    code = sent(head, small.ids[CONDITIONAL])
    where = to_approval(as_person("lan"), code)
    page = head.get(where).text
    assert "Đây là yêu cầu của chính bạn" in page
    assert "chưa ai khác quyết định được" in page
    assert 'name="viec"' not in page.split("<main")[1]
    number = number_of(small.ids[CONDITIONAL])
    told = {f"tra-loi-{number}": "khong", f"can-cu-{number}": "x"}
    refused = press(head, where, viec="quyet-dinh", **told)
    assert (refused.status_code, "người khác xem xét" in refused.text) == (422, True)
    with writing() as session:
        session.execute(update(Account).where(Account.name == "lan").values(role="head"))
    try:
        assert "Hôm nay quyết định được: lan." in head.get(where).text
    finally:
        with writing() as session:
            session.execute(update(Account).where(Account.name == "lan").values(role="archivist"))


def test_who_asked_is_not_offered_the_money_of_his_own_bill(as_person: People, small: Small) -> None:
    head, officer = as_person("truong"), as_person("lan")
    code = sent(officer, small.ids[OPEN], kind="copy")
    with writing() as session:
        request = find_request(session, code)
        assert request
        where = f"/quan-tri/phi/{assess(session, request).code}"
    page = officer.get(where).text.split("<main")[1]
    assert "Đây là phí của chính bạn" in page
    assert 'name="viec"' not in page
    assert 'name="viec" value="thu"' in head.get(where).text
    told = {"viec": "thu", "so-tien": "2000", "lan": new_identifier()}
    assert press(officer, where, **told).status_code == 422
    assert press(head, where, **told).status_code == 303
    assert 'value="hoan"' in head.get(where).text


@pytest.mark.parametrize("kind", ["reading", "information"])
def test_who_follows_a_refused_request_reads_why_and_what_he_can_do_not_who_asked(
    kind: str, as_person: People, app: Flask, small: Small
) -> None:
    reader, head, own = as_person("hoa"), as_person("truong"), small.ids[CONDITIONAL]
    if kind == "reading":
        code = sent(reader, own)
    else:
        page = reader.get("/gio").text
        form = {"hinh-thuc": kind, "muc-dich": "nghiên cứu", "noi-dung": "danh mục", "lan-gui": "c" * 26}
        form["csrf_token"] = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        code = reader.post("/yeu-cau", data=form).headers["Location"].rsplit("/", 1)[-1]
    word, where, number = second_word(reader, code), to_approval(as_person("lan"), code), number_of(own)
    with reading() as session:
        title = session.scalars(select(Record.title).where(Record.public_id == own)).one()
    ground = f"Luật Lưu trữ Điều 25: {title} nêu tên hoa, số 051188000777"
    told = {f"tra-loi-{number}": "khong", f"can-cu-{number}": ground, "tra-loi": "khong", "can-cu": ground}
    assert press(head, where, viec="quyet-dinh", **told).status_code == 303
    shown = followed(app.test_client(), code, word)
    main = shown.text.split("<main")[1].split("</main")[0]
    for said in (
        "Lý do từ chối", "Luật Lưu trữ Điều 25", "trong 90 ngày", "Luật Khiếu nại 02/2011/QH13", "khiếu nại lần hai",
        "khởi kiện tại Tòa án", "trong 1 năm", "Gửi yêu cầu khác", "/hoi",
    ):  # fmt: skip
        assert said in main, said
    hidden = ("hoa,", "nghiên cứu", "051188000777") + ((title, own) if kind == "reading" else ())
    for never in hidden:
        assert never not in main, never
    assert all(said in reader.get(f"/yeu-cau/{code}").text for said in ("khiếu nại lần hai", "khởi kiện tại Tòa án"))


def test_who_follows_a_request_that_runs_or_was_granted_reads_no_refusal(
    as_person: People, app: Flask, small: Small
) -> None:
    reader = as_person("hoa")
    code = sent(reader, small.ids[OPEN])
    shown = followed(app.test_client(), code, second_word(reader, code))
    assert "khiếu nại" not in shown.text.split("<main")[1].lower()
