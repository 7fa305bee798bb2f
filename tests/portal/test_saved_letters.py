"""Letters about saved searches, in real SMTP conversations: what is new only, by the rights of that moment."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import delete, select

from archive.access_rules import Closure, derive_access
from archive.catalogue.keeping import KeptItem
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Letter
from archive.database import reading, writing
from archive.outbox import announce
from archive.settings import settings
from desk.letters import Writer
from desk.post import send_waiting
from desk.saved_searches import MOST_WITH_LETTERS, end_of_catalogue, write_letters
from indexer.drainer import drain
from indexer.intake.taking import take_package
from search.engines.embedded import EmbeddedEngine
from search.gateway import Gateway
from tests.mail_room import mail_room
from tests.portal.archive_of_tests import Small, _document, _table, write_files
from tests.portal.conftest import SECRET, building, token_of

pytestmark = pytest.mark.both_databases

small = pytest.fixture(scope="module")(building)  # records come to it and change here
Post = Callable[[], list[EmailMessage]]
SHELF = "/tai-khoan/da-luu"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Callable[[str], None]:
    def set_to(moment: str) -> None:
        monkeypatch.setenv("VANKHO_NOW", moment)
        settings.cache_clear()

    return set_to


@pytest.fixture(autouse=True)
def readers(app: Flask) -> Iterator[None]:
    """Two with an address, in an installation that sends letters."""
    house = app.extensions["vankho"]
    told = {"smtp_url": SecretStr("smtp://127.0.0.1:1"), "mail_from": "a@tinh.vn", "public_url": "http://localhost"}
    app.extensions["vankho"] = replace(house, settings=house.settings.model_copy(update=told))
    with writing() as session:
        for name in ("hoa", "lan"):
            session.scalars(select(Account).where(Account.name == name)).one().email = f"{name}@vidu.vn"
    yield
    with writing() as session:
        for table in (Letter, KeptItem):
            session.execute(delete(table))


def deliver(small: Small, folder: Path, first: int, words: str) -> None:
    """Three documents: open, conditional (its description is for everyone), and one of the fonds that hides."""
    folder.mkdir()
    closed = {"Mode": "Hạn chế", "AccessLevel": "02"}
    write_files(folder)
    _table(folder, "van-ban", [
        _document(first, "H48.P1.07.1", "H48.P1", Subject=f"{words} mở"),
        _document(first + 1, "H48.P1.07.1", "H48.P1", Subject=f"{words} có điều kiện", **closed),
        _document(first + 2, "H48.P2.07.2", "H48.P2", Subject=f"{words} giấu", **closed),
    ])  # fmt: skip
    assert take_package(folder).counts["quarantined"] == 0
    drain(small.engine)


def record(code: str) -> Record:
    with reading() as session:
        return session.scalars(select(Record).where(Record.level == "document", Record.code == code)).one()


def send(gateway: Gateway) -> list[EmailMessage]:
    """What arrives when the post goes."""
    with mail_room() as room:
        told = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{room.port}"), "mail_from": "a@tinh.vn",
                "public_url": "http://localhost"}  # fmt: skip
        send_waiting(Writer(settings().model_copy(update=told), SECRET, gateway))
    return room.letters


def write() -> int:
    with writing() as session:
        return write_letters(session, end_of_catalogue(session))


def states() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Letter.state).order_by(Letter.id)))


def keep(client: FlaskClient, search: str) -> str:
    """Keeps the search and wants letters about it; the address of its form."""
    token = token_of(client.get("/hoi").text)
    client.post(SHELF, data={"csrf_token": token, "tim": search})
    found = re.search(r'action="(/tai-khoan/da-luu/\d+)"', client.get(SHELF).text)
    assert found
    assert client.post(found[1], data={"csrf_token": token, "viec": "thu"}).status_code == 303
    return found[1]


def test_news_goes_once_a_day_by_the_rights_of_its_hour(
    small: Small, as_person: Callable[[str], FlaskClient], clock: Callable[[str], None], tmp_path: Path
) -> None:
    gateway, down = Gateway(small.engine, secret=SECRET), Gateway(EmbeddedEngine(tmp_path / "leer"), secret=SECRET)
    for name in ("hoa", "lan"):
        keep(as_person(name), "q=kỳ+báo+cáo")
    assert write() == 2
    assert (send(gateway), states()) == ([], ["needless", "needless"]), "what was there already is not new"
    deliver(small, tmp_path / "goi", 201, "Kỳ báo cáo quý")
    assert write() == 0, "one a day, also where it said nothing"
    clock("2026-11-05T09:00:00+07:00")  # two days without anybody looking
    assert (write(), write()) == (2, 0)
    assert send(down) == [], "an index that is down holds the letter back and loses nothing"
    assert states()[2:] == ["waiting", "waiting"]
    with writing() as session:  # between writing and sending
        one = session.scalars(select(Record).where(Record.code == "H48.P1.1.202")).one()
        one.access = derive_access(
            [Closure("02", None)], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True
        )
        announce(session, [one.id])
    clock("2026-11-05T10:00:00+07:00")
    letters = {str(one["To"]): one for one in send(gateway)}
    hers, theirs = letters["hoa@vidu.vn"].get_content(), letters["lan@vidu.vn"].get_content()
    assert letters["hoa@vidu.vn"]["Subject"] == "1 tài liệu mới cho lần tìm đã lưu"
    assert "1481/QĐ-UB. Kỳ báo cáo quý mở" in hers
    assert f"http://localhost/t/{record('H48.P1.1.201').public_id}" in hers
    assert "có điều kiện" not in hers
    assert letters["lan@vidu.vn"]["Subject"] == "3 tài liệu mới cho lần tìm đã lưu"
    assert "và 2 tài liệu khác" in theirs
    assert "giấu" not in theirs, "a letter lies open on its way: what not everyone sees is a number"
    clock("2026-11-06T09:00:00+07:00")
    assert write() == 2
    assert send(gateway) == [], "told once"
    clock("2031-01-01T00:05:00+07:00")
    keep(as_person("hoa"), "q=Mở+sau")
    clock("2031-01-02T09:00:00+07:00")
    assert write() == 2
    assert send(gateway) == [], "it opened on the day on which letters were first wanted"


def test_what_opens_by_its_day_is_new(
    small: Small, as_person: Callable[[str], FlaskClient], clock: Callable[[str], None]
) -> None:
    keep(as_person("hoa"), "q=Mở+sau&lang=en")
    clock("2031-01-01T00:05:00+07:00")
    assert write() == 1
    (letter,) = send(Gateway(small.engine, secret=SECRET))
    assert record("H48.P1.1.005").public_id in letter.get_content()


def test_letters_end_by_the_link_without_signing_in(
    small: Small,
    as_person: Callable[[str], FlaskClient],
    client: FlaskClient,
    clock: Callable[[str], None],
    tmp_path: Path,
) -> None:
    hoa = as_person("hoa")
    keep(hoa, "q=kết+luận")
    deliver(small, tmp_path / "goi", 301, "Kết luận thanh tra")
    (letter,) = send(Gateway(small.engine, secret=SECRET)) if write() else ()
    one, every = re.findall(r"http://localhost(/thoi-thu/\S+)", letter.get_content())
    assert letter["List-Unsubscribe"].strip() == f"<http://localhost{every}>"
    page = client.get(one)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "kết luận" not in page.text
    assert "Thôi nhận thư" in hoa.get(SHELF).text, "looking at the link ends nothing"
    assert client.get(one.replace(".", ".A", 1)).status_code == 404
    assert client.post(every, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "Nhận thư khi có mới" in hoa.get(SHELF).text
    assert "không có thư nào về lần tìm này nữa" in client.get(one).text
    clock("2026-11-09T09:00:00+07:00")
    assert write() == 0


def test_letters_are_about_few_searches_and_for_who_has_an_address(
    as_person: Callable[[str], FlaskClient], small: Small
) -> None:
    hoa = as_person("hoa")
    for n in range(MOST_WITH_LETTERS):
        last = keep(hoa, f"q=thử+{n}")
    token = token_of(hoa.get("/hoi").text)
    hoa.post(SHELF, data={"csrf_token": token, "tim": "q=quá"})
    address = re.search(r'action="(/tai-khoan/da-luu/\d+)"', hoa.get(SHELF).text)
    assert address
    assert address[1] != last
    refused = hoa.post(address[1], data={"csrf_token": token, "viec": "thu"})
    assert (refused.status_code, "nhiều nhất 20 lần tìm" in refused.text) == (422, True)
    with writing() as session:
        session.scalars(select(Account).where(Account.name == "hoa")).one().email = None
    assert "Nhận thư khi có mới" not in hoa.get(SHELF).text
    assert write() == 0
