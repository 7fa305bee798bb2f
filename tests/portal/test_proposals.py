"""The page of proposals: what was read stands beside what is told, one key accepts, and it is there for staff only."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.reading import Proposal
from archive.catalogue.records import Record
from archive.database import reading, writing
from indexer.drainer import drain
from indexer.intake.taking import take_package
from tests.analyzers.test_heading import TWO_COLUMNS
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of
from tests.transfers import Transfer

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
CODE, PAGE = "H48.P8.VB", "/quan-tri/de-xuat"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests add records to it."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture
def paper(small: Small, app: Flask, tmp_path: Path) -> str:
    """A document whose type is told wrong and whose number is missing; its proposals wait anew for each test."""
    with reading() as session:
        there = session.scalar(select(Record.public_id).where(Record.code == CODE))
    if there is None:
        made = Transfer(tmp_path / "goi").fonds("H48.P8", "Phông tám").file("H48.P8.HS", "H48.P8")
        made.document(CODE, "H48.P8.HS", TWO_COLUMNS, OrganId="H48.P8", TypeName="Chỉ thị", Subject="Giao đất")
        take_package(made.write())
        drain(small.engine)
    with writing() as session:
        found = session.scalars(select(Record).where(Record.code == CODE)).one()
        for one in session.scalars(select(Proposal)):
            one.state = "waiting" if one.record_id == found.id else "refused"
        return found.public_id


def states() -> dict[str, str]:
    with reading() as session:
        own = select(Proposal).join(Record, Record.id == Proposal.record_id).where(Record.code == CODE)
        return {one.field: one.state for one in session.scalars(own)}


def post(client: FlaskClient, paper: str, **fields: object):  # type: ignore[no-untyped-def]
    token = token_of(client.get(PAGE).text)
    return client.post(f"{PAGE}/{paper}", data={"csrf_token": token, **fields})


def test_what_was_read_stands_beside_what_is_told(paper: str, as_person: People) -> None:
    told = as_person("lan").get(PAGE).text
    assert "1284/QĐ-UB" in told
    assert "Mô tả đang ghi khác: Chỉ thị" in told
    assert len(re.findall(r"<button[^>]* autofocus", told)) == 1
    assert "Accept" in as_person("lan").get(f"{PAGE}?lang=en").text


def test_one_key_accepts_what_is_ticked_and_the_rest_stays(paper: str, as_person: People) -> None:
    lan = as_person("lan")
    assert post(lan, paper, viec="nhan", truong=["CodeNumber", "TypeName"]).status_code == 303
    assert {name for name, state in states().items() if state == "accepted"} == {"CodeNumber", "TypeName"}
    assert "1284/QĐ-UB" in lan.get(f"/van-ban/{paper}").text
    assert post(lan, paper, viec="bo").status_code == 303
    assert set(states().values()) == {"accepted", "refused"}
    again = post_anew(lan, paper)
    assert again.status_code == 422
    assert "không còn chờ" in again.text


def post_anew(client: FlaskClient, paper: str):  # type: ignore[no-untyped-def]
    """A second decision from a page that was open meanwhile."""
    return client.post(f"{PAGE}/{paper}", data={"csrf_token": token_of(client.get("/dang-nhap").text), "viec": "nhan"})


@pytest.mark.parametrize("name", ["", "hoa", "minh"])
def test_for_readers_it_is_not_there(paper: str, as_person: People, name: str) -> None:
    client = as_person(name)
    assert client.get(PAGE).status_code == 404
    data = {"viec": "nhan", "csrf_token": token_of(client.get("/dang-nhap").text)}
    assert client.post(f"{PAGE}/{paper}", data=data).status_code == 404
    assert set(states().values()) == {"waiting"}
