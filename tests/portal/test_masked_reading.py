"""What is masked in a copy is not read by the grant that comes with it: through every address of the reader."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.people import Grant
from archive.catalogue.requests import ReadingRequest
from archive.clock import today
from archive.database import reading, writing
from archive.deciding import end_grants, revoke
from archive.settings import settings
from desk.copies.making import make_waiting
from desk.fees.assessing import bill_of
from desk.fees.taking import Money, take_money
from tests.portal.archive_of_tests import NOW, Small
from tests.portal.closing import GROUND, closed
from tests.portal.conftest import token_of
from tests.portal.test_requesting import OPEN, _with_head, press, sent

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]
SENTENCE = "Trang có chỗ che chỉ có trong bản sao, không đọc được trên hệ thống."
WORD = "Khê"  # stands on page 1, which is masked


@pytest.fixture
def own(app: Flask, small: Small) -> Iterator[str]:
    """A document of two scanned pages that is not open while the test runs."""
    with closed(small, OPEN) as found:
        yield found[0]


def masked(as_person: People, own: str, *numbers: int, purpose: str = "nhà đất") -> str:
    """A request of "hoa" for a copy, waiting for its decision, with a part of these pages masked; its code."""
    code = sent(as_person("hoa"), own, kind="copy", purpose=purpose)
    officer = as_person("lan")
    assert press(officer, f"/quan-tri/yeu-cau/{code}", viec="nhan").status_code == 303
    for n in numbers:
        where = f"/quan-tri/yeu-cau/{code}/che/{own}/{n}"
        page = officer.get(where).text
        assert SENTENCE in page
        region = {"viec": "vung", "trai": "0", "tren": "10", "rong": "90", "cao": "20"}
        assert officer.post(where, data={"csrf_token": token_of(page), **region}).status_code == 303
    assert press(officer, f"/quan-tri/yeu-cau/{code}", viec="trinh").status_code == 303
    return code


def decide(as_person: People, code: str, pages: str = "") -> None:
    """The head grants with copying, the reader pays, the copy is made."""
    head, where = as_person("truong"), f"/quan-tri/yeu-cau/{code}"
    page = head.get(where).text
    assert (SENTENCE in page, 'id="che"' in page) == (True, True)
    found = re.search(r'name="can-cu-(\d+)"', page)
    assert found
    n = found[1]
    told = {f"tra-loi-{n}": "cho", f"den-{n}": today().isoformat(), f"sao-{n}": "1", f"can-cu-{n}": "Điều 37"}
    assert press(head, where, viec="quyet-dinh", **told, **{f"trang-{n}": pages}).status_code == 303
    assert 'id="che"' not in head.get(where).text, "what is decided is masked no more"
    with writing() as session:
        asked = session.scalars(select(ReadingRequest).where(ReadingRequest.code == code)).one()
        bill = bill_of(session, asked)
        assert bill is not None
        money = Money("transfer", f"S{bill.id}", bill.total, f"nop {bill.code}")
        assert take_money(session, money, "test").result == "paid"
    assert make_waiting(5) == 1


def channels(own: str, n: int) -> list[str]:
    """The addresses that give page ``n`` to who may read it."""
    return [
        f"/van-ban/{own}/trang/{n}", f"/van-ban/{own}/trang/{n}/anh/720.webp", f"/iiif/3/{own}/{n}",
        f"/van-ban/{own}/trang/{n}/anh/300.webp", f"/iiif/3/{own}/{n}/info.json", f"/van-ban/{own}/trang/{n}/sua-chu",
        f"/iiif/3/{own}/{n}/full/200,/0/default.jpg", f"/iiif/3/{own}/{n}/pct:0,0,50,50/max/0/default.webp",
    ]  # fmt: skip


def of_the_whole(own: str) -> list[str]:
    """The addresses that give more than a page."""
    return [
        f"/van-ban/{own}", f"/van-ban/{own}/toan-van.pdf", f"/van-ban/{own}/chu.txt", f"/van-ban/{own}/trang?q={WORD}",
        f"/van-ban/{own}/trang/2?q={WORD}", f"/iiif/3/{own}/search?q={WORD}", f"/iiif/search/1/{own}?q={WORD}",
        f"/iiif/3/{own}/manifest", f"/api/v1/records/{own}", "/api/v1/search?q=giao", "/tim-kiem?q=giao",
        f"/van-ban/{own}/ban-doc", f"/van-ban/{own}/tep/1",
    ]  # fmt: skip


def copy_of(reader: FlaskClient, code: str) -> str:
    found = re.search(rf"/yeu-cau/{code}/ban-sao/\w+", reader.get(f"/yeu-cau/{code}").text)
    assert found
    return found[0]


def test_a_masked_page_is_in_the_copy_only(as_person: People, own: str) -> None:
    code = masked(as_person, own, 1)
    decide(as_person, code)
    reader = as_person("hoa")
    assert {one: reader.get(one).status_code for one in channels(own, 2)}.items() >= dict.fromkeys(
        channels(own, 2)[:2] + channels(own, 2)[3:5], 200
    ).items()
    assert {one: reader.get(one).status_code for one in channels(own, 1)} == dict.fromkeys(channels(own, 1), 404)
    for one in of_the_whole(own):
        assert f"Tịnh {WORD} <i>" not in reader.get(one).text, one
        assert f"xã Tịnh {WORD} &lt;i" not in reader.get(one).text, one
    for one in of_the_whole(own)[1:3]:
        assert reader.get(one).status_code == 404, one
    assert reader.get(copy_of(reader, code)).status_code == 200
    told = reader.get(f"/yeu-cau/{code}").text
    assert ("được đọc, chỉ trang 2" in told, SENTENCE in told) == (True, True)
    assert "được đọc, chỉ trang 2" in as_person("lan").get(f"/quan-tri/yeu-cau/{code}").text


def test_where_every_page_is_masked_there_is_the_copy_and_no_grant(as_person: People, own: str) -> None:
    code = masked(as_person, own, 1, 2, purpose="cả hai trang")
    with reading() as session:
        before = session.query(Grant).count()
    decide(as_person, code)
    reader = as_person("hoa")
    for n in (1, 2):
        assert {one: reader.get(one).status_code for one in channels(own, n)} == dict.fromkeys(channels(own, n), 404)
    with reading() as session:
        assert session.query(Grant).count() == before
    assert reader.get(copy_of(reader, code)).status_code == 200
    told = reader.get(f"/yeu-cau/{code}").text
    assert ("được cấp bản sao, không đọc trên hệ thống" in told, SENTENCE in told) == (True, True)


def test_pages_of_the_decision_without_those_masked(as_person: People, own: str) -> None:
    """A mask on a page that is not granted takes nothing away."""
    code = masked(as_person, own, 1, purpose="trang hai")
    decide(as_person, code, "2")
    reader = as_person("hoa")
    assert reader.get(f"/van-ban/{own}/trang/2").status_code == 200
    assert reader.get(copy_of(reader, code)).status_code == 200


def test_a_grant_taken_back_ends_the_copy_too(as_person: People, own: str) -> None:
    code = masked(as_person, own, 1, purpose="thu hồi")
    decide(as_person, code)
    reader = as_person("hoa")
    address = copy_of(reader, code)
    with writing() as session:
        revoke(session, session.scalars(select(Grant.id).order_by(Grant.id.desc())).first() or 0, **GROUND)
    assert reader.get(address).status_code == 404


def test_a_grant_that_ended_says_so_and_not_that_it_was_taken_back(
    as_person: People, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after the clock was set back."""
    code = masked(as_person, own, 1, purpose="hết hạn")
    decide(as_person, code)
    assert "đã hết hạn" not in as_person("hoa").get(f"/yeu-cau/{code}").text
    monkeypatch.setenv("VANKHO_NOW", "2026-11-09T09:00:00+07:00")
    settings.cache_clear()
    with writing() as session:
        assert end_grants(session) >= 1
    monkeypatch.setenv("VANKHO_NOW", NOW)
    settings.cache_clear()
    reader = as_person("hoa")
    told = reader.get(f"/yeu-cau/{code}").text
    assert ("(đã hết hạn)" in told, "thu hồi" in told) == (True, False)
    assert reader.get(f"/van-ban/{own}/trang/2").status_code == 404
