"""Personal data before readers and staff: masked text, held images, the review, originals by an explicit act."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Page, Record
from archive.database import reading, writing
from indexer.drainer import drain
from indexer.intake.taking import take_package
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of, without_token
from tests.transfers import Transfer

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
CITIZEN, PHONE = "051088001234", "0912345678"
CODE = "H48.P9.VB"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests add records to it."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture
def paper(small: Small, app: Flask, tmp_path: Path) -> str:
    """A scanned document of two pages, the first with a citizen number; added once, its image held anew each time."""
    with reading() as session:
        there = session.scalar(select(Record.public_id).where(Record.code == CODE))
    if there is None:
        made = Transfer(tmp_path / "goi").fonds("H48.P9", "Phông chín").file("H48.P9.HS", "H48.P9")
        text = f"Đơn của ông Ba, căn cước số {CITIZEN}, về thửa đất 12\fTrang hai không có gì"
        made.document(CODE, "H48.P9.HS", text, OrganId="H48.P9", Subject=f"Đơn của ông Ba, điện thoại {PHONE}")
        for n in (1, 2):
            picture = io.BytesIO()
            Image.new("L", (124, 175), 200).save(picture, "PNG")
            made.data[f"{CODE}-{n:04d}.png"] = picture.getvalue()
        take_package(made.write())
        drain(small.engine)
    with writing() as session:
        found = session.scalars(select(Record).where(Record.code == CODE)).one()
        session.get_one(Page, (found.id, 1)).image_held = "held"
        for event in session.scalars(select(AuditEvent)):
            session.delete(event)
        return found.public_id


def events(*actions: str) -> list[AuditEvent]:
    with reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.id)))


def post(client: FlaskClient, paper: str, n: int = 1, **fields: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/quan-tri/du-lieu-ca-nhan").text)
    return client.post(f"/quan-tri/du-lieu-ca-nhan/{paper}/{n}", data={"csrf_token": token, **fields})


@pytest.mark.parametrize("name", ["", "hoa", "minh"])
def test_readers_meet_the_masked_text_and_why_there_is_no_image(paper: str, as_person: People, name: str) -> None:
    client = as_person(name)
    told = client.get(f"/van-ban/{paper}")
    assert "căn cước số ••••••••••••, về thửa đất 12" in told.text
    assert "điện thoại ••••••••••" in told.text
    assert "chưa hiện vì có dữ liệu cá nhân" in told.text
    assert f"{paper}/trang/1/anh/" not in told.text
    assert f"{paper}/trang/2/anh/300" in told.text
    for address in (f"/van-ban/{paper}?hien=ca-nhan", f"/api/v1/records/{paper}", "/tim-kiem?q=don+cua+ong+ba"):
        answer = client.get(address).text
        assert CITIZEN not in answer
        assert PHONE not in answer
    pages = client.get(f"/api/v1/records/{paper}").json["pages"]
    assert [one["image"] for one in pages] == [False, True]


@pytest.mark.parametrize("name", ["", "hoa"])
@pytest.mark.parametrize("width", [300, 1240])
def test_a_held_image_is_missing_exactly(paper: str, as_person: People, name: str, width: int) -> None:
    client = as_person(name)
    held = client.get(f"/van-ban/{paper}/trang/1/anh/{width}.webp")
    missing = client.get(f"/van-ban/{paper}/trang/9/anh/{width}.webp")
    assert held.status_code == missing.status_code == 404
    assert without_token(held.text) == without_token(missing.text)
    assert list(held.headers) == list(missing.headers)
    assert client.get(f"/van-ban/{paper}/trang/2/anh/{width}.webp").status_code == 200


def test_no_number_is_found_or_suggested(paper: str, client: FlaskClient) -> None:
    for question in (CITIZEN, PHONE, f'"{CITIZEN}"', CITIZEN[:6]):
        assert client.get("/api/v1/search", query_string={"q": question}).json["total"] == 0
        assert client.get("/api/v1/suggest", query_string={"q": question}).json["suggestions"] == []
    hits = client.get("/api/v1/search?q=don+cua+ong+ba").json["hits"]
    assert paper in [one["id"] for one in hits]


def test_staff_see_the_image_and_decide(paper: str, as_person: People, client: FlaskClient) -> None:
    lan = as_person("lan")
    image = lan.get(f"/van-ban/{paper}/trang/1/anh/300.webp")
    assert image.status_code == 200
    assert image.headers["Cache-Control"] == "private, no-store"
    told = lan.get("/quan-tri/du-lieu-ca-nhan").text
    assert paper in told
    assert "số căn cước" in told
    answer = post(lan, paper, viec="cong-khai")
    assert answer.status_code == 422
    assert "Cần nêu căn cứ" in answer.text
    answer = post(lan, paper, viec="cong-khai", **{"can-cu": "người có tên đồng ý"})
    assert answer.status_code == 303
    assert client.get(f"/van-ban/{paper}/trang/1/anh/300.webp").status_code == 200
    (event,) = events("image-released")
    assert (event.actor, event.record, event.detail) == ("lan", paper, {"page": 1})
    assert event.ground == "người có tên đồng ý"
    assert post(lan, paper, viec="giu").status_code == 303
    assert client.get(f"/van-ban/{paper}/trang/1/anh/300.webp").status_code == 404
    assert "không hiện vì có dữ liệu cá nhân" in client.get(f"/van-ban/{paper}").text
    assert paper not in lan.get("/quan-tri/du-lieu-ca-nhan").text
    assert post(lan, paper, 2, viec="giu").status_code == 422  # shows nothing personal


def test_the_queue_is_missing_for_all_others(paper: str, as_person: People) -> None:
    for name in ("", "hoa", "minh"):
        client = as_person(name)
        assert client.get("/quan-tri/du-lieu-ca-nhan").status_code == 404
        token = token_of(client.get("/dang-nhap").text)
        data = {"csrf_token": token, "viec": "cong-khai", "can-cu": "x"}
        assert client.post(f"/quan-tri/du-lieu-ca-nhan/{paper}/1", data=data).status_code == 404
    assert events("image-released") == []


def test_a_decision_needs_its_token(paper: str, as_person: People, client: FlaskClient) -> None:
    as_person("lan").post(f"/quan-tri/du-lieu-ca-nhan/{paper}/1", data={"viec": "cong-khai", "can-cu": "x"})
    assert client.get(f"/van-ban/{paper}/trang/1/anh/300.webp").status_code == 404


def test_originals_are_shown_by_an_explicit_act_that_is_recorded(paper: str, as_person: People) -> None:
    lan = as_person("lan")
    plain = lan.get(f"/van-ban/{paper}").text
    assert "Hiện dữ liệu cá nhân" in plain
    assert CITIZEN not in plain
    assert events("personal-shown") == []
    answer = lan.get(f"/van-ban/{paper}/trang/1", query_string={"hien": "ca-nhan", "can-cu": "đối chiếu hồ sơ 12"})
    assert f"căn cước số {CITIZEN}, về" in answer.text
    assert f"điện thoại {PHONE}" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    (event,) = events("personal-shown")
    assert (event.actor, event.record) == ("lan", paper)
    assert (event.detail, event.ground) == ({"page": 1, "kinds": ["citizen", "phone"]}, "đối chiếu hồ sơ 12")
    assert CITIZEN not in lan.get(f"/van-ban/{paper}/trang/2?hien=ca-nhan").text
    assert CITIZEN not in lan.get(f"/api/v1/records/{paper}?hien=ca-nhan").text


def test_hits_lie_where_they_lay_on_the_restored_text(paper: str, as_person: People) -> None:
    told = as_person("lan").get(f"/van-ban/{paper}/trang/1?hien=ca-nhan&q=thua+dat").text
    assert f"{CITIZEN}, về <mark>thửa đất</mark>" in told


def test_lists_are_shown_to_staff_and_named_on_the_page(paper: str, as_person: People) -> None:
    from archive.accession.listed import add_list

    with writing() as session:
        told = add_list(session, "77/QĐ-UBND", 738_000, "Chủ tịch UBND tỉnh", [{"FileCode": "H48.P9.HS"}], "lan")
        other = session.scalars(select(Record).where(Record.code == "H48.P9.HS")).one()
    lan = as_person("lan")
    assert "77/QĐ-UBND" in lan.get("/quan-tri/danh-muc").text
    assert other.public_id in lan.get(f"/quan-tri/danh-muc/{told.public_id}").text
    assert lan.get(f"/quan-tri/danh-muc/{paper}").status_code == 404
    for address in (f"/van-ban/{paper}", f"/ho-so/{other.public_id}"):
        assert "77/QĐ-UBND ngày" in lan.get(address).text
        assert "77/QĐ-UBND" not in as_person("").get(address).text
    for name in ("", "hoa", "minh"):
        assert as_person(name).get("/quan-tri/danh-muc").status_code == 404
        assert as_person(name).get(f"/quan-tri/danh-muc/{told.public_id}").status_code == 404
    assert as_person("").get(f"/van-ban/{paper}/trang/1").status_code == 404


def test_the_description_of_a_file_is_restored_on_its_page(small: Small, as_person: People, tmp_path: Path) -> None:
    made = (
        Transfer(tmp_path / "goi")
        .fonds("H48.P8", "Phông tám")
        .file("H48.P8.HS", "H48.P8", Title=f"Hồ sơ có điện thoại {PHONE}")
    )
    take_package(made.write())
    with reading() as session:
        own = session.scalars(select(Record.public_id).where(Record.code == "H48.P8.HS")).one()
    lan = as_person("lan")
    assert PHONE not in lan.get(f"/ho-so/{own}").text
    assert f"điện thoại {PHONE}" in lan.get(f"/ho-so/{own}?hien=ca-nhan").text
    assert PHONE not in as_person("").get(f"/ho-so/{own}?hien=ca-nhan").text
    assert [event.record for event in events("personal-shown")][-1] == own
