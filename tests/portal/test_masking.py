"""Masking on the pages: for those who answer requests only, before the decision, seen as the copy will show it."""

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete, select, update

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Page, Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.catalogue.sign_in import AccountSession
from archive.clock import now, today_number
from archive.database import reading, writing
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
ASKED = "d" * 26


@pytest.fixture
def address(app: Flask, small: Small) -> Iterator[str]:
    """Where page 1 of a record with an image is masked, in a request of "hoa" that is being worked on."""
    with writing() as session:
        owner = session.scalars(select(Account.id).where(Account.name == "hoa")).one()
        pictured = select(Record).join(Page, Page.record_id == Record.id)
        one = session.scalars(pictured.where(Page.n == 1, Page.image_kind == "image").order_by(Record.id)).first()
        assert one is not None
        asked = ReadingRequest(
            code=ASKED, account_id=owner, kind="copy", purpose="thử", state="processing", received_at=now(),
            due_on=today_number(), term="answer.copy", officer="lan",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        session.add(RequestItem(request_id=asked.id, record_id=one.id))
        where = f"/quan-tri/yeu-cau/{ASKED}/che/{one.public_id}/1"
    yield where
    with writing() as session:
        for table in (IssuedCopy, RequestItem, ReadingRequest, AccountSession):
            session.execute(delete(table))


def say(client: FlaskClient, address: str, **form: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get(address).text)
    return client.post(address, data={"csrf_token": token, **form})


def dark(client: FlaskClient, address: str, x: float, y: float) -> bool:
    answer = client.get(f"{address}/anh.jpg")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    with Image.open(io.BytesIO(answer.data)) as image:
        value = image.convert("L").getpixel((int(x * image.width), int(y * image.height)))
    return isinstance(value, int) and value < 60


def test_an_archivist_masks_a_rectangle_sees_it_and_takes_it_back(as_person: People, address: str) -> None:
    lan = as_person("lan")
    assert address in lan.get(f"/quan-tri/yeu-cau/{ASKED}").text
    assert not dark(lan, address, 0.75, 0.85)
    assert say(lan, address, viec="vung", trai="60", tren="82,5", rong="30", cao="5").status_code == 303
    told = lan.get(address).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "trái 60,0 %, trên 82,5 %, rộng 30,0 %, cao 5,0 %" in told
    assert dark(lan, address, 0.75, 0.85)
    assert say(lan, address, viec="bo", so="0").status_code == 303
    assert not dark(lan, address, 0.75, 0.85)
    assert say(lan, address, viec="bo", so="0").status_code == 422


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"viec": "vung", "trai": "x", "tren": "1", "rong": "1", "cao": "1"}, "Ô “trái” cần một số"),
        ({"viec": "vung", "trai": "1", "tren": "1", "rong": "1", "cao": "101"}, "Ô “cao” cần một số"),
        ({"viec": "vung", "trai": "1", "tren": "1", "rong": "0", "cao": "1"}, "nằm ngoài trang"),
        ({"viec": "chu", "chu": "chữ không có"}, "Không thấy “chữ không có” trên trang 1"),
    ],
)
def test_what_is_wrong_is_said_and_stays_in_the_form(
    as_person: People, address: str, form: dict[str, str], said: str
) -> None:
    answer = say(as_person("lan"), address, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{one}"' in answer.text for one in form.values())


def test_nobody_else_and_nothing_after_the_decision(as_person: People, address: str) -> None:
    lan = as_person("lan")
    for other in ("hoa", ""):
        client = as_person(other)
        for path in (address, f"{address}/anh.jpg"):
            assert client.get(path).status_code == 404
    assert lan.get(address.replace(ASKED, "e" * 26)).status_code == 404
    with writing() as session:
        session.execute(delete(RequestItem))
    assert lan.get(address).status_code == 404
    assert lan.get(f"{address}/anh.jpg").status_code == 404


def test_a_decided_request_shows_its_masks_and_keeps_them(as_person: People, address: str) -> None:
    lan = as_person("lan")
    say(lan, address, viec="vung", trai="10", tren="10", rong="10", cao="10")
    token = token_of(lan.get(address).text)
    with writing() as session:
        session.execute(update(ReadingRequest).values(state="resolved"))
    page = lan.get(address).text
    assert "trái 10,0" in page
    assert "Che vùng này" not in page
    late = lan.post(address, data={"csrf_token": token, "viec": "bo", "so": "0"})
    assert (late.status_code, "không đổi vùng che" in late.text) == (422, True)
    with reading() as session:
        assert session.scalars(select(IssuedCopy)).one().masks == {"1": [[0.1, 0.1, 0.1, 0.1]]}
