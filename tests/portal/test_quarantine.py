"""The pages of what waits in quarantine: for who decides only, silent until asked, each decision with its ground."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from archive.accounts import hash_password
from archive.catalogue.deliveries import QuarantinedRow
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Assignment
from archive.database import reading, writing
from archive.packages.csip.rules import rules
from archive.packages.findings import Outcome
from archive.packages.rows import Kind
from archive.settings import ROOT
from portal.delivery_words import file_kind, held_name, quarantine_ground
from tests.archive.test_drawing import pdf
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import building, token_of
from tests.portal.test_deliveries import OWN, People, give, take_all, zipped
from tests.transfers import Transfer

pytestmark = pytest.mark.both_databases

LIST = "/quan-tri/cach-ly"
WORD = "vượn cáo"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests add records to it."""
    yield from building(tmp_path_factory, database_kind)


def one_waits(small: Small, as_person: People, tmp_path: Path) -> tuple[str, str]:
    """The addresses of the delivery and of the row that waits."""
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F5", OWN)
    made.document("H48.P1.D5", "H48.P1.F5", body=f"ỦY BAN\nHỎA TỐC - MẬT\nKế hoạch {WORD} {uuid4()}", OrganId=OWN)
    where = give(as_person("lan"), "goi.zip", zipped(made)).headers["Location"]
    take_all(small)
    with reading() as session:
        row = session.scalars(select(QuarantinedRow.id).order_by(QuarantinedRow.id.desc()).limit(1)).one()
    return where, f"{LIST}/{row}"


def test_a_stamped_row_is_looked_at_and_let_in(small: Small, as_person: People, tmp_path: Path) -> None:
    where, row = one_waits(small, as_person, tmp_path)
    client = as_person("lan")
    delivery = client.get(where).text
    assert f"{LIST}?lan-giao=" in delivery
    for address in (LIST, f"{LIST}?vi-sao=secrecy.stamp", f"{LIST}?lan-giao={where.rsplit('/', 1)[-1]}"):
        listed = client.get(address).text
        assert f'href="{row}"' in listed
        assert "H48.P1.D5" not in listed
    assert f'href="{row}"' not in client.get(f"{LIST}?trang-thai=refused").text
    page = client.get(row).text
    assert "HỎA TỐC" not in page
    assert "đứng riêng ở dòng 2" in page
    assert WORD not in page
    shown = client.post(f"{row}/xem", data={"csrf_token": token_of(page)})
    assert WORD in shown.text
    assert "H48.P1.D5" in shown.text
    fields = {"csrf_token": token_of(page), "viec": "cho-ra", "muc": "01"}
    assert client.post(row, data=fields).status_code == 422, "no ground"
    for wrong in ({"muc": "03"}, {"muc": ""}, {"ngay-mo": "mai"}, {"ngay-mo": "2040-01-01"}):
        answer = client.post(row, data={**fields, "can-cu": "QĐ 5", **wrong})
        assert answer.status_code == 422
    assert client.post(row, data={**fields, "can-cu": "QĐ 5", "viec": "x"}).status_code == 404
    assert client.post(row, data={**fields, "can-cu": "QĐ 5"}).status_code == 303
    assert client.post(row, data={**fields, "can-cu": "QĐ 6"}).status_code == 422, "somebody was quicker"
    assert "Về việc H48.P1.D5" not in as_person("").get(f"/tim-kiem?q={WORD}").text
    take_all(small)
    with reading() as session:
        found = session.scalars(select(Record).where(Record.code == "H48.P1.D5")).one()
        asked = select(AuditEvent.action).where(AuditEvent.action.like("quarantine-%")).order_by(AuditEvent.id)
        acts = session.scalars(asked).all()
    assert found.everyone_from_read == 0
    assert acts == ["quarantine-read", "quarantine-released", "quarantine-entered"]
    assert f"/van-ban/{found.public_id}" in as_person("").get(f"/tim-kiem?q={WORD}").text
    assert "Cách ly: đã cho ra" in client.get(where).text
    assert "đã cho ra" in client.get(f"{LIST}?trang-thai=released").text
    assert "Released" in client.get(f"{row}?lang=en").text


def test_the_text_of_a_held_pdf_is_shown_on_asking(small: Small, as_person: People, tmp_path: Path) -> None:
    code = f"H48.P1.{uuid4().hex[:8]}"
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F8", OWN)
    made.document(code, "H48.P1.F8", None, OrganId=OWN, AccessLevel="09")
    font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    made.data[f"{code}.pdf"] = pdf(b"BT /F1 14 Tf 60 700 Td (KE HOACH 079123456789 zyxw) Tj ET", font)
    give(as_person("lan"), "goi.zip", zipped(made))
    take_all(small)
    with reading() as session:
        row = session.scalars(select(QuarantinedRow.id).order_by(QuarantinedRow.id.desc()).limit(1)).one()
    client = as_person("lan")
    page = client.get(f"{LIST}/{row}").text
    assert "KE HOACH" not in page
    shown = client.post(f"{LIST}/{row}/xem", data={"csrf_token": token_of(page)}).text
    assert "KE HOACH" in shown
    assert "Mã định danh văn bản</dt>" in shown, "fields have their names, not the circular's codes"
    assert "DocCode" not in shown
    assert "zyxw" in shown
    assert "079123456789" not in shown, "personal numbers are masked"
    asked = {"csrf_token": token_of(page), "tep": "1", "trang": "1"}
    picture = client.post(f"{LIST}/{row}/xem", data=asked)
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert "no-store" in picture.headers["Cache-Control"]
    assert picture.data[8:12] == b"WEBP"
    beyond = client.post(f"{LIST}/{row}/xem", data={**asked, "trang": "9"})
    assert beyond.status_code == 422
    assert "không mở được trang 9" in beyond.text
    assert client.post(f"{LIST}/{row}/xem", data={**asked, "tep": "7"}).status_code == 404
    with reading() as session:
        seen = session.scalars(select(AuditEvent).where(AuditEvent.action == "quarantine-read")).all()
    assert [one.detail.get("page") for one in seen[-3:]] == [1, 9, 1]


def test_kept_and_refused(small: Small, as_person: People, tmp_path: Path) -> None:
    _where, row = one_waits(small, as_person, tmp_path)
    client = as_person("lan")
    fields = {"csrf_token": token_of(client.get(row).text), "can-cu": "hỏi lại"}
    assert client.post(row, data={**fields, "viec": "giu"}).status_code == 303
    assert "giữ lại, còn chờ" in client.get(LIST).text
    assert client.post(row, data={**fields, "viec": "bo"}).status_code == 303
    assert f'href="{row}"' not in client.get(LIST).text
    assert "can-cu" not in client.get(row).text


def several(small: Small, as_person: People, tmp_path: Path, organ: str, count: int) -> list[str]:
    """The numbers of rows of that fonds that wait: all but the first without a mark of secrecy."""
    made = Transfer(tmp_path / organ).fonds(organ, f"Cơ quan {organ}").file(f"{organ}.F7", organ)
    for n in range(count):
        said = {"body": f"TUYỆT MẬT\n{uuid4()}"} if not n else {"AccessLevel": "09"}
        made.document(f"{organ}.{uuid4().hex[:8]}", f"{organ}.F7", OrganId=organ, **said)
    give(as_person("lan"), "goi.zip", zipped(made))
    take_all(small)
    with reading() as session:
        asked = select(QuarantinedRow.id).order_by(QuarantinedRow.id.desc()).limit(count)
        return [str(one) for one in reversed(session.scalars(asked).all())]


def test_several_rows_are_decided_with_one_ground(small: Small, as_person: People, tmp_path: Path) -> None:
    stamped, second, third = several(small, as_person, tmp_path, OWN, 3)
    client = as_person("lan")
    page = client.get(LIST).text
    assert f'name="dong" value="{second}"' in page
    fields = {"csrf_token": token_of(page), "viec": "cho-ra", "muc": "01", "can-cu": "QĐ 9"}
    for wrong in ({"dong": []}, {"dong": [second], "can-cu": " "}, {"dong": [second], "muc": "9"}):
        assert client.post(LIST, data={**fields, **wrong}).status_code == 422
    assert client.post(LIST, data={**fields, "dong": [second], "viec": "x"}).status_code == 404
    answer = client.post(LIST, data={**fields, "dong": [stamped, second]})
    assert "Đã quyết định 1 dòng." in answer.text
    assert f"Dòng số {stamped}: Dòng có dấu hiệu mật" in answer.text, "who opens it to everyone looks at it first"
    answer = client.post(LIST, data={**fields, "dong": [stamped, third], "viec": "bo"}, follow_redirects=True)
    assert "Đã quyết định 2 dòng." in answer.text
    with reading() as session:
        rows = {str(one.id): one for one in session.scalars(select(QuarantinedRow))}
        grounds = session.scalars(select(AuditEvent.ground).where(AuditEvent.ground == "QĐ 9")).all()
    assert [rows[one].decision for one in (stamped, second, third)] == ["refused", "released", "refused"]
    assert len(grounds) == 3, "each row has its own act in the log"
    take_all(small)


def test_an_archivist_of_one_fonds_decides_its_rows_and_no_others(
    small: Small, as_person: People, tmp_path: Path
) -> None:
    own, other = (several(small, as_person, tmp_path, organ, 1)[0] for organ in ("H48.P2", "H48.p2"))
    with writing() as session:
        fonds = session.scalars(select(Record).where(Record.level == "fonds", Record.code == "H48.P2")).one()
        made = Account(name="mot-phong", password_hash=hash_password(PASSWORD), role="archivist", epoch="t")
        session.add(made)
        session.flush()
        session.add(Assignment(account_id=made.id, record_id=fonds.id, valid_from=0))
    client = as_person("mot-phong")
    page = client.get(LIST).text
    assert f'href="{LIST}/{own}"' in page
    assert f'href="{LIST}/{other}"' not in page
    assert "1–1 trong 1" in page, "nothing is counted of what he does not see"
    assert "goi.zip" not in page
    token = token_of(page)
    fields = {"csrf_token": token, "viec": "giu", "can-cu": "xem lại", "muc": "02"}
    assert client.get(f"{LIST}/{other}").status_code == 404
    assert client.post(f"{LIST}/{other}/xem", data=fields).status_code == 404
    assert client.post(f"{LIST}/{other}/xem", data={**fields, "tep": "1", "trang": "1"}).status_code == 404
    assert client.post(f"{LIST}/{other}", data=fields).status_code == 404
    assert client.post(LIST, data={**fields, "dong": [other]}).status_code == 422
    assert "TUYỆT MẬT" in client.post(f"{LIST}/{own}/xem", data=fields).text
    assert client.post(f"{LIST}/{own}", data=fields).status_code == 303
    assert client.post(LIST, data={**fields, "dong": [own, other]}).status_code == 200
    with reading() as session:
        assert not session.get_one(QuarantinedRow, int(other)).decision


@pytest.mark.parametrize("name", ["", "hoa", "minh", "tra"])
def test_for_all_others_there_is_nothing(small: Small, as_person: People, tmp_path: Path, name: str) -> None:
    where, row = one_waits(small, as_person, tmp_path)
    client = as_person(name)
    for address in (LIST, row, f"{LIST}/99999"):
        assert client.get(address).status_code == 404
    token = token_of(client.get("/" if name else "/dang-nhap").text)
    for address in (row, f"{row}/xem", LIST):
        sent = client.post(address, data={"csrf_token": token, "viec": "cho-ra", "can-cu": "x", "muc": "01"})
        assert sent.status_code in {400, 404}
    assert "cach-ly" not in client.get(where).text


def test_every_reason_to_keep_a_row_apart_has_words(app: Flask) -> None:
    lines = [one for path in (ROOT / "archive").rglob("*.py") for one in path.read_text("utf-8").splitlines()]
    codes = {code for one in lines if "QUARANTINED" in one for code in re.findall(r'"([a-z]+\.[a-z]+)"', one)}
    codes |= {code for code, rule in rules().items() if rule.severity == Outcome.QUARANTINED}
    assert {"code.double", "file.orphan", "checksum.differs"} <= codes
    with app.test_request_context():
        assert not [one for one in (*codes, "file.lost", "access.unknown") if quarantine_ground(one) == one]


def test_files_of_a_row_are_called_as_their_delivery_calls_them(app: Flask) -> None:
    names = ["data/representations/rep1/data/a.txt", "data/a.txt", "a.txt"]
    assert [held_name(one) for one in names] == ["representations/rep1/data/a.txt", "data/a.txt", "a.txt"]
    with app.test_request_context():
        assert not [one for one in get_args(Kind) if file_kind(one) == one]
