"""What a record's page tells everyone of its files and its way here: when, from which body, whether they are whole."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.fixity import StoredObject
from archive.catalogue.records import Page, Record, RecordFile
from archive.database import reading, writing
from archive.drawing import Drawer
from archive.settings import settings
from archive.storage.folder import FolderStorage
from portal import images
from tests.archive.test_drawing import SLOW
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building
from tests.portal.test_deliveries import give, take_all, zipped
from tests.transfers import Transfer
from vankho import wiring
from vankho.checking import check_installation

pytestmark = pytest.mark.both_databases

SCAN, CLOSED = "document:H48.P1.1.001", "document:H48.P1.1.004"
TAKEN, CHECKED = (f"Tệp nguyên vẹn, kiểm ngày {day:02d}/11/2026." for day in (2, 9))
DAMAGED = "Có tệp không còn như khi nhận; Trung tâm đang xem xét."


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests change its files."""
    yield from building(tmp_path_factory, database_kind)


def damaged() -> list[str]:
    """What the check of the installation finds changed, in this archive."""
    wiring.search_engine.cache_clear()
    wiring.storage.cache_clear()
    found: list[str] = check_installation(lambda *_progress: None)["damaged"]
    return found


def part(client: FlaskClient, address: str, heading: str) -> str:
    """The words of the page from a heading to the end of its section."""
    page = client.get(address).text.partition(f"{heading}</h2>")[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_sums_are_told_as_they_are_and_only_to_who_may_read(
    small: Small, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, closed = (f"/van-ban/{small.ids[one]}" for one in (SCAN, CLOSED))
    assert TAKEN in part(client, scan, "Tính xác thực")
    monkeypatch.setenv("VANKHO_NOW", "2026-11-09T09:00:00+07:00")
    settings.cache_clear()
    assert not damaged()
    assert CHECKED in part(client, scan, "Tính xác thực")
    assert "Files are whole, checked on " in client.get(f"{scan}?lang=en").text
    with reading() as session:
        own = session.scalars(
            select(RecordFile.sha256).join(Record).where(Record.code == "H48.P1.1.001").order_by(RecordFile.sha256)
        ).first()
        assert session.get(StoredObject, own)
    (stored,) = [one for one in (small.home / "storage").rglob(f"*{str(own)[8:]}*") if one.is_file()]
    stored.chmod(0o600)
    kept = stored.read_bytes()
    stored.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    try:
        assert damaged() == [own]
        assert DAMAGED in part(client, f"{scan}?lang=vi", "Tính xác thực")
    finally:
        stored.write_bytes(kept)
    assert not damaged()
    assert CHECKED in part(client, scan, "Tính xác thực")
    told = part(client, closed, "Tính xác thực")
    assert "Chỉ hiện với người được đọc nội dung." in told
    assert CHECKED not in told


def test_the_way_here_names_bodies_and_days_and_no_person(
    small: Small, client: FlaskClient, as_person: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    clerk = as_person("minh")
    made = Transfer(tmp_path / "goi").fonds("H48.P1", "Ủy ban nhân dân tỉnh", FondHistory="Từ năm 1989.")
    made.file("H48.P1.F8", "H48.P1").document("H48.P1.D8", "H48.P1.F8", OrganId="H48.P1")
    give(clerk, "goi.zip", zipped(made))
    take_all(small)
    with reading() as session:
        ids = {one.level: one.public_id for one in session.scalars(select(Record).where(Record.code.like("H48.P1._8")))}
    giver = "Ủy ban nhân dân tỉnh"
    line = f"Nhận 02/11/2026, kiểm tra 02/11/2026, nhập 02/11/2026 từ {giver} (trang giao nộp)"
    for address in (f"/van-ban/{ids['document']}", f"/ho-so/{ids['file']}"):
        assert part(client, address, "Quá trình tiếp nhận") == line, address
        page = client.get(address).text
        assert "minh" not in re.sub(r"[Mm]inh bạch|xác minh|chứng minh", "", page), address
    came = part(client, f"/van-ban/{small.ids[SCAN]}", "Quá trình tiếp nhận")
    assert came == "Nhận 02/11/2026, kiểm tra 02/11/2026, nhập 02/11/2026 (nhập kho)"
    assert "Received" in client.get(f"/van-ban/{ids['document']}?lang=en").text


def test_a_page_that_cannot_be_drawn_in_its_time_has_no_image(
    small: Small, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FolderStorage(small.home / "storage").batch() as batch:
        slow = batch.put(SLOW).sha256
    asked = select(Page).join(Record).where(Record.code == "H48.P1.1.001", Page.n == 1)
    with writing() as session:
        page = session.scalars(asked).one()
        before = page.image_sha256, page.image_kind, page.image_index
        page.image_sha256, page.image_kind, page.image_index = slow, "pdf", 0
    with closing(Drawer(0.5)) as drawer:
        monkeypatch.setattr(images, "drawer", drawer)
        address = f"/van-ban/{small.ids[SCAN]}"
        assert client.get(f"{address}/trang/1/anh/1240.webp").status_code == 404
        assert client.get(address).status_code == 200
    with writing() as session:
        page = session.scalars(asked).one()
        page.image_sha256, page.image_kind, page.image_index = before
