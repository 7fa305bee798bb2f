"""What is new in a kept search: what came or opened since its reader looked, by his rights; no difference of totals."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.access_rules import Closure, derive_access
from archive.catalogue.records import Record
from archive.database import writing
from archive.outbox import announce
from archive.settings import settings
from indexer.drainer import drain
from indexer.intake.taking import take_package
from tests.portal.archive_of_tests import Small, _document, _table, write_files
from tests.portal.conftest import building, token_of

pytestmark = pytest.mark.both_databases

small = pytest.fixture(scope="module")(building)  # records come to it and change here
SHELF = "/tai-khoan/da-luu"
People = Callable[[str], FlaskClient]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Callable[[str], None]:
    def set_to(moment: str) -> None:
        monkeypatch.setenv("VANKHO_NOW", moment)
        settings.cache_clear()

    return set_to


def deliver(folder: Path, first: int, words: str) -> None:
    """Two documents: open, and one of the fonds that hides what is closed."""
    folder.mkdir()
    write_files(folder)
    _table(folder, "van-ban", [
        _document(first, "H48.P1.07.1", "H48.P1", Subject=f"{words} mở"),
        _document(first + 1, "H48.P2.07.2", "H48.P2", Subject=f"{words} giấu", Mode="Hạn chế", AccessLevel="02"),
    ])  # fmt: skip
    assert take_package(folder).counts["quarantined"] == 0


def keep(client: FlaskClient, search: str) -> str:
    """Keeps the search; the address of its form."""
    client.post(SHELF, data={"csrf_token": token_of(client.get("/hoi").text), "tim": search})
    found = re.search(r'action="(/tai-khoan/da-luu/\d+)"', client.get(SHELF).text)
    assert found
    return found[1]


def looked(client: FlaskClient, address: str) -> None:
    """Says on the page of what is new that one has seen it."""
    page = client.get(f"{address}/moi").text
    moment = re.search(r'name="luc" value="([^"]+)"', page)
    assert moment
    form = {"csrf_token": token_of(page), "viec": "da-xem", "luc": html.unescape(moment[1])}
    assert client.post(address, data=form).status_code == 303


def test_what_came_is_counted_and_listed_by_the_rights_of_each(
    small: Small, as_person: People, clock: Callable[[str], None], tmp_path: Path
) -> None:
    hoa, lan = as_person("hoa"), as_person("lan")
    hers, theirs = keep(hoa, "q=đê+điều"), keep(lan, "q=đê+điều")
    assert "chưa có gì mới từ 02/11/2026" in hoa.get(SHELF).text
    clock("2026-11-12T09:00:00+07:00")
    deliver(tmp_path / "goi", 201, "Đê điều")
    drain(small.engine)
    clock("2026-11-13T09:00:00+07:00")
    hoa, lan = as_person("hoa"), as_person("lan")  # sessions end over night
    assert f'<a href="{hers}/moi">1 mới từ 02/11/2026</a>' in hoa.get(SHELF).text
    assert f'<a href="{theirs}/moi">2 mới từ 02/11/2026</a>' in lan.get(SHELF).text
    assert "1 new since 2 Nov 2026" in hoa.get(f"{SHELF}?lang=en").text
    page = hoa.get(f"{hers}/moi?lang=vi").text
    assert "1 tài liệu mới nhận, mới đổi hay mới mở từ 02/11/2026." in page
    assert "Đê điều mở" in re.sub("</?mark>", "", page)
    assert "giấu" not in page
    assert "giấu" in lan.get(f"{theirs}/moi").text
    assert lan.get(f"{hers}/moi").status_code == 404, "the shelf of another"
    looked(hoa, hers)
    assert "chưa có gì mới từ 13/11/2026" in hoa.get(SHELF).text
    assert "2 mới từ 02/11/2026" in lan.get(SHELF).text


def test_as_many_left_as_came_and_still_one_is_new(
    small: Small, as_person: People, clock: Callable[[str], None], tmp_path: Path
) -> None:
    deliver(tmp_path / "mot", 301, "Thủy lợi")
    drain(small.engine)
    hoa = as_person("hoa")
    address = keep(hoa, "q=thủy+lợi")
    clock("2026-11-14T09:00:00+07:00")
    deliver(tmp_path / "hai", 311, "Thủy lợi")
    with writing() as session:
        one = session.scalars(select(Record).where(Record.code == "H48.P1.1.301")).one()
        one.access = derive_access(
            [Closure("02", None)], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True
        )
        announce(session, [one.id])
    drain(small.engine)
    hoa = as_person("hoa")
    assert "1 mới từ 02/11/2026" in hoa.get(SHELF).text
    looked(hoa, address)
    clock("2026-11-15T09:00:00+07:00")
    with writing() as session:  # what was there comes back into one's rights: no news by the feed's rule
        one = session.scalars(select(Record).where(Record.code == "H48.P1.1.301")).one()
        one.access = derive_access([], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True)
        announce(session, [one.id])
    drain(small.engine)
    hoa = as_person("hoa")
    assert "2 tài liệu, chưa có gì mới từ 14/11/2026" in hoa.get(SHELF).text


def test_what_waits_for_the_index_is_not_lost_by_looking(
    small: Small, as_person: People, clock: Callable[[str], None], tmp_path: Path
) -> None:
    hoa = as_person("hoa")
    address = keep(hoa, "q=khai+hoang")
    clock("2026-11-12T09:00:00+07:00")
    deliver(tmp_path / "goi", 401, "Khai hoang")
    hoa = as_person("hoa")
    assert "chưa có gì mới" in hoa.get(SHELF).text, "the index has it not yet"
    clock("2026-11-13T09:00:00+07:00")
    hoa = as_person("hoa")
    form = {"csrf_token": token_of(hoa.get(SHELF).text), "viec": "da-xem", "luc": "không phải giờ"}
    assert hoa.post(address, data=form).status_code == 303
    drain(small.engine)
    assert "1 mới từ 12/11/2026" in hoa.get(SHELF).text
    looked(hoa, address)
    assert "chưa có gì mới từ 13/11/2026" in hoa.get(SHELF).text


def test_what_opens_by_its_day_is_new_and_a_search_says_what_it_filters_by(
    small: Small, as_person: People, clock: Callable[[str], None]
) -> None:
    hoa = as_person("hoa")
    keep(hoa, "q=Mở+sau&level=document&access=until&from=1990&to=1999&fonds=x")
    page = hoa.get(SHELF).text
    assert "Mở sau (lọc theo: Văn bản; 1990–1999; Truy cập: Mở từ một ngày sau này; Phông)" in page
    keep(hoa, "q=Mở+sau")
    clock("2031-01-01T00:05:00+07:00")
    assert "1 mới từ 02/11/2026" in as_person("hoa").get(SHELF).text
