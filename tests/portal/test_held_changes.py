"""What a delivery may not loosen by itself: decided together, counted as it stands, asked anew when it comes again."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.database import reading
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of
from tests.portal.test_deliveries import OWN, give, take_all, zipped
from tests.transfers import Transfer

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests hand over to it."""
    yield from building(tmp_path_factory, database_kind)


def hand_over(client: FlaskClient, small: Small, made: Transfer | bytes) -> str:
    body = made if isinstance(made, bytes) else zipped(made)
    where: str = give(client, "goi.zip", body).headers["Location"]
    take_all(small)
    return where


def decide(client: FlaskClient, small: Small, where: str, held: int, wish: str, address: str = "giu-lai") -> str:
    token = token_of(client.get(where).text)
    fields = {"csrf_token": token, "viec": wish, "can-cu": "QĐ 5"}
    assert (
        client.post(f"{where}/{address}" + (f"/{held}" if address == "giu-lai" else ""), data=fields).status_code == 303
    )
    take_all(small)
    return client.get(where).text


def waiting(page: str) -> list[int]:
    return [int(one) for one in re.findall(r"/giu-lai/(\d+)", page) if one != "0"]


def levels(codes: list[str]) -> list[str]:
    with reading() as session:
        return [session.scalars(select(Record.level_code).where(Record.code == one)).one() for one in codes]


def test_held_changes_are_decided_together_and_asked_anew(small: Small, as_person: People, tmp_path: Path) -> None:
    lan, codes = as_person("lan"), [f"H48.P1.G{n}" for n in range(1, 4)]
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.FG", OWN)
    for code in codes:
        made.document(code, "H48.P1.FG", mode="Hạn chế", OrganId=OWN)
    hand_over(lan, small, made)
    for code in codes:
        made.change(code, Mode="Không hạn chế")
    package = zipped(made)
    where = hand_over(lan, small, package)
    page = lan.get(where).text
    assert len(waiting(page)) == 3
    assert "<dt>chờ xác nhận</dt><dd>3</dd>" in page
    page = decide(lan, small, where, waiting(page)[0], "bo")
    assert "<dt>chờ xác nhận</dt><dd>2</dd><dt>đã quyết định</dt><dd>1</dd>" in page
    page = decide(lan, small, where, 0, "xac-nhan")
    assert (waiting(page), levels(codes)) == ([], ["02", "01", "01"])
    assert "<dt>đã quyết định</dt><dd>3</dd>" in page
    fields = {"csrf_token": token_of(page), "viec": "bo", "can-cu": "x"}
    assert lan.post(f"{where}/giu-lai/0", data=fields).status_code == 422
    with reading() as session:
        told = select(AuditEvent.ground).where(AuditEvent.action == "held-confirmed")
        assert session.scalars(told).all() == ["QĐ 5", "QĐ 5"]
    assert waiting(lan.get(hand_over(lan, small, package)).text) == []  # the very package: it was decided
    package = zipped(made.change(codes[2], Subject="Đã sửa tiêu đề"))
    again = hand_over(lan, small, package)
    assert len(waiting(lan.get(again).text)) == 1
    decide(lan, small, again, 0, "", "hoan-tac")
    assert waiting(lan.get(again).text) == []
    again = hand_over(lan, small, package)  # the very one that was undone
    page = lan.get(again).text
    assert len(waiting(page)) == 1
    other = lan.get(hand_over(lan, small, made.change(codes[1], Subject="Đã sửa, cũng thế"))).text
    assert "<dt>chờ xác nhận</dt><dd>1</dd>" in other
    assert waiting(other) == []
    assert f'chờ xác nhận ở lần giao: <a href="{again}">' in other
    decide(lan, small, again, 0, "xac-nhan")
    assert levels(codes) == ["01", "01", "01"]
