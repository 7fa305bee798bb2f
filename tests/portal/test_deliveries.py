"""Deliveries before staff, clerks and programs: whose they see, uploading, the report, deciding, undoing, the API."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.accounts import hash_password, token_digest
from archive.catalogue.deliveries import Handover
from archive.catalogue.people import Account, AccountToken, AuditEvent
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.settings import settings
from archive.storage.folder import FolderStorage
from indexer.drainer import drain
from indexer.intake.waiting import take_waiting
from tests.databases import DatabaseKind
from tests.indexer.intake.test_broken_off import broken_storage
from tests.indexer.intake.test_messages import attached, envelope, packed
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import building, token_of, without_token
from tests.transfers import Transfer

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
ADDRESS, API = "/quan-tri/tiep-nhan", "/api/v1/deliveries"
OWN, OTHER = "H48.P1", "H48.P2"
REGISTER = "Số ký hiệu,Ngày tháng,Trích yếu\n{n}/QĐ-UBND,05/01/2019,Giao đất {n}\n{n}/QĐ-UBND,05/01/2019,Giao đất {n}\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests add records to it; with an administrator."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture(autouse=True)
def _administrator(app: Flask) -> None:
    with writing() as session:
        if session.scalar(select(Account.id).where(Account.name == "tong")) is None:
            made = Account(name="tong", password_hash=hash_password(PASSWORD), role="administrator", epoch="t")
            session.add(made)


@pytest.fixture
def bearer(small: Small, app: Flask) -> Callable[[str], dict[str, str]]:
    """Headers with a token for deliveries of that account."""

    def make(name: str, scopes: str = "deliver") -> dict[str, str]:
        token = f"deliver-{scopes}-{name}"
        with writing() as session:
            account = session.scalars(select(Account.id).where(Account.name == name)).one()
            digest = token_digest(token)
            session.merge(AccountToken(digest=digest, account_id=account, created=now(), scopes=scopes))
        return {"Authorization": f"Bearer {token}"}

    return make


def give(client: FlaskClient, name: str, content: bytes, **fields: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get(ADDRESS).text)
    return client.post(
        ADDRESS, data={"csrf_token": token, "goi": (io.BytesIO(content), name), **fields},
        content_type="multipart/form-data",
    )  # fmt: skip


def take_all(small: Small) -> None:
    while take_waiting():
        pass
    drain(small.engine)


def zipped(made: Transfer) -> bytes:
    root, body = made.write(), io.BytesIO()
    with zipfile.ZipFile(body, "w") as file:
        for path in sorted(root.rglob("*")):
            file.write(path, path.relative_to(root))
    return body.getvalue()


def register(n: int) -> bytes:
    return REGISTER.format(n=n).encode()


def newest() -> Handover:
    with reading() as session:
        return session.scalars(select(Handover).order_by(Handover.id.desc()).limit(1)).one()


@pytest.mark.parametrize("name", ["", "hoa", "tra"])
def test_readers_find_no_such_page(as_person: People, name: str) -> None:
    client = as_person(name)
    there = client.get(f"{ADDRESS}/{'a' * 26}")
    assert client.get(ADDRESS).status_code == there.status_code == 404


def test_a_register_is_received_taken_and_told(small: Small, as_person: People) -> None:
    clerk = as_person("minh")
    answer = give(clerk, "../so 2019.csv", register(1), muc="01", **{"luu-tru": "000.00.34.H48"})
    assert answer.status_code == 303
    page = clerk.get(answer.headers["Location"])
    assert "đã nhận, chờ kiểm tra" in page.text
    take_all(small)
    page = clerk.get(answer.headers["Location"])
    assert "đã nhập" in page.text
    assert "đã tìm được" in page.text
    assert "giống hệt dòng 2" in page.text
    words = re.sub(r"<[^>]*>", " ", page.text)
    assert "row.duplicate" not in words, "a rule's code is for files and programs"
    assert "dòng của bảng (1)" in words
    assert "--" not in words.split("Báo cáo")[1]
    assert "giống hệt dòng 2" in clerk.get(answer.headers["Location"] + "?quy-tac=row").text
    narrowed = clerk.get(answer.headers["Location"] + "?quy-tac=file.derived")
    assert "giống hệt dòng 2" not in narrowed.text
    table = clerk.get(answer.headers["Location"] + "/bao-cao.csv?quy-tac=row.duplicate").get_data(as_text=True)
    assert len(table.splitlines()) == 2
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(answer.headers["Location"] + "/bao-cao.xlsx").data))
    assert next(cell.value for cell in book.worksheets[0][1]) == "Kết quả"
    assert clerk.get(answer.headers["Location"] + "/bao-cao.pdf").status_code == 404
    assert newest().name == "so 2019.csv"
    with reading() as session:
        acts = set(session.scalars(select(AuditEvent.action)))
    assert {"delivery-received", "delivery-taken"} <= acts


def test_a_clerk_delivers_for_the_own_agency_only(small: Small, as_person: People, tmp_path: Path) -> None:
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh", FondHistory="Từ năm 1989.")
    made.file("H48.P1.F9", OWN).document("H48.P1.D9", "H48.P1.F9", OrganId=OWN)
    made.file("H48.P2.F9", OTHER).document("H48.P2.D9", "H48.P2.F9", OrganId=OTHER)
    clerk = as_person("minh")
    answer = give(clerk, "goi.zip", zipped(made))
    take_all(small)
    page = clerk.get(answer.headers["Location"]).text
    assert "không thuộc cơ quan của người giao" in page
    with reading() as session:
        codes = set(session.scalars(select(Record.code)))
    assert "H48.P1.D9" in codes
    assert not {"H48.P2.F9", "H48.P2.D9"} & codes


def test_others_deliveries_are_missing(small: Small, as_person: People) -> None:
    where = give(as_person("lan"), "so.csv", register(2), phong=OWN).headers["Location"]
    clerk = as_person("minh")
    missing = clerk.get(f"{ADDRESS}/{'a' * 26}")
    found = clerk.get(where)
    assert (found.status_code, without_token(found.text)) == (missing.status_code, without_token(missing.text))
    assert clerk.get(f"{where}/bao-cao.csv").status_code == 404
    assert where.rpartition("/")[2] not in clerk.get(ADDRESS).text
    assert as_person("tong").get(where).status_code == 404
    assert as_person("lan").get(where).status_code == 200
    take_all(small)


def test_what_cannot_be_taken_says_why(small: Small, as_person: People) -> None:
    client = as_person("lan")
    where = give(client, "so.csv", register(3)).headers["Location"]
    take_all(small)
    page = client.get(where).text
    assert "không nhận được" in page
    assert "hãy nêu kèm khi giao" in page
    assert "--fonds" not in page
    assert page.count(f"?sua={where.rpartition('/')[2]}") > 1, "the page has the fields for it"
    empty_package = io.BytesIO()
    with zipfile.ZipFile(empty_package, "w") as file:
        file.writestr("phong.csv", "Identifier,OrganId,FondName\n")
        file.writestr("ho-so.csv", "FileCode,Identifier,OrganId,Title\n")
        file.writestr("van-ban.csv", "DocCode,FileCode,Identifier,OrganId,Subject\n")
        for n in range(250):
            file.writestr(f"data/thua-{n:04d}.txt", "x")
    where = give(client, "goi-rong.zip", empty_package.getvalue()).headers["Location"]
    take_all(small)
    assert "không có dòng nào để nhận" in client.get(where).text
    assert "không có dòng nào để nhận" in client.get(ADDRESS).text
    page = client.get(where).text
    assert "Hoàn tác" not in page, "there is nothing to undo"
    fields = {"csrf_token": token_of(page), "can-cu": "x"}
    assert client.post(f"{where}/hoan-tac", data=fields).status_code in {404, 422}
    report = client.get(f"{where}/bao-cao.csv").data.decode("utf-8-sig")
    assert report.count("file.unlisted") == 101, "the first hundred in full, the others in one line"
    assert all(f"thua-{n:04d}.txt" in report for n in range(250))
    last = client.get(f"{where}?quy-tac=file.unlisted&tu=101").text
    assert "Như các dòng trên, còn 150" in last
    assert "đủ trong tệp tải về" in last
    token = token_of(client.get(ADDRESS).text)
    empty = client.post(ADDRESS, data={"csrf_token": token}, content_type="multipart/form-data")
    assert (empty.status_code, "Hãy chọn một tệp." in empty.text) == (422, True)
    old = client.post(ADDRESS, data={"csrf_token": "x"}, content_type="multipart/form-data")
    assert old.status_code == 400


def test_what_broke_off_says_why_and_is_taken_again_at_once(small: Small, as_person: People) -> None:
    client = as_person("lan")
    fields = {"phong": "H48.P9", "luu-tru": "000.00.34.H48", "muc": "01"}
    where = give(client, "so-hong.csv", register(9), **fields).headers["Location"]
    token = token_of(client.get(where).text)
    assert client.post(f"{where}/nhan-lai", data={"csrf_token": token}).status_code == 404, "it waits for its turn"
    with broken_storage(settings().home):
        take_waiting()
    page = client.get(where).text
    assert "Đã thử 1 lần." in page
    assert "Tự thử lại lúc" in page
    assert "không phải thư mục" in page
    assert "Tried 1 time." in client.get(f"{where}?lang=en").text
    client.get(f"{where}?lang=vi")
    assert as_person("minh").post(f"{where}/nhan-lai", data={"csrf_token": token}).status_code in {400, 404}
    assert client.post(f"{where}/nhan-lai", data={"csrf_token": token}).status_code == 303
    take_all(small)
    page = client.get(where).text
    assert "đã tìm được" in page
    assert "nhan-lai" not in page


def test_only_an_administrator_points_at_the_server(small: Small, as_person: People, tmp_path: Path) -> None:
    made = Transfer(tmp_path / "tren-may").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F7", OWN)
    folder = str(made.write())
    for name, status in (("lan", 422), ("tong", 303)):
        client = as_person(name)
        token = token_of(client.get(ADDRESS).text)
        fields = {"csrf_token": token, "thu-muc": folder}
        assert client.post(ADDRESS, data=fields, content_type="multipart/form-data").status_code == status
    assert newest().channel == "folder"
    for bad in ("khong/day-du", "/khong/co/that", str(small.home)):
        fields = {"csrf_token": token_of(client.get(ADDRESS).text), "thu-muc": bad}
        assert client.post(ADDRESS, data=fields, content_type="multipart/form-data").status_code == 422
    take_all(small)


def test_what_is_held_is_confirmed_and_taken(small: Small, as_person: People, tmp_path: Path) -> None:
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F5", OWN)
    made.document("H48.P1.D5", "H48.P1.F5", mode="Hạn chế", OrganId=OWN)
    client = as_person("lan")
    give(client, "goi.zip", zipped(made))
    take_all(small)
    where = give(client, "goi.zip", zipped(made.change("H48.P1.D5", Mode="Không hạn chế"))).headers["Location"]
    take_all(small)
    page = client.get(where).text
    assert "đang ở mức 02, giao mức 01" in page
    action = page.split('action="')[-1] if "giu-lai" not in page else page.split("/giu-lai/")[1].split('"')[0]
    token = token_of(page)
    refused = client.post(f"{where}/giu-lai/{action}", data={"csrf_token": token, "viec": "xac-nhan"})
    assert refused.status_code == 422
    fields = {"csrf_token": token, "viec": "xac-nhan", "can-cu": "QĐ 5"}
    assert as_person("minh").post(f"{where}/giu-lai/{action}", data=fields).status_code in {400, 404}
    assert client.post(f"{where}/giu-lai/{action}", data=fields).status_code == 303
    take_all(small)
    with reading() as session:
        found = session.scalars(select(Record).where(Record.code == "H48.P1.D5")).one()
        assert (found.level_code, found.everyone_from_read) == ("01", 0)
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "held-confirmed")).one()
    assert (told.actor, told.ground, told.record) == ("lan", "QĐ 5", found.public_id)


def test_a_delivery_is_undone_on_its_page(small: Small, as_person: People) -> None:
    client = as_person("lan")
    fields = {"phong": "H48.P7", "luu-tru": "000.00.34.H48", "muc": "01"}
    where = give(client, "so.csv", register(77), **fields).headers["Location"]
    take_all(small)
    with reading() as session:
        found = session.scalars(select(Record).where(Record.number == "77/QĐ-UBND")).one().public_id
    reader = as_person("")
    page = reader.get(f"/van-ban/{found}")
    assert page.status_code == 200
    assert "trang giao nộp" in page.text
    assert "lan" not in page.text.split("Quá trình tiếp nhận")[1].split("</section>")[0]
    same = give(client, "so-nua.csv", register(77), **fields).headers["Location"]
    take_all(small)
    page = client.get(same)
    assert "không đổi gì" in page.text
    assert f'href="{where}"' in page.text
    assert f"{same}/hoan-tac" not in page.text
    assert "không đổi gì" in client.get(ADDRESS).text
    token = token_of(client.get(where).text)
    assert client.post(f"{same}/hoan-tac", data={"csrf_token": token, "can-cu": "nhầm"}).status_code == 422
    assert client.post(f"{where}/hoan-tac", data={"csrf_token": token}).status_code == 422
    assert client.post(f"{where}/hoan-tac", data={"csrf_token": token, "can-cu": "giao nhầm"}).status_code == 303
    assert "đã hoàn tác" in client.get(where).text
    assert "đã hoàn tác" in client.get(same).text
    assert reader.get(f"/van-ban/{found}").status_code == 410
    again = client.post(f"{where}/hoan-tac", data={"csrf_token": token, "can-cu": "giao nhầm"})
    assert again.status_code == 422


def test_the_files_of_an_undone_delivery_leave_the_storage_at_once(small: Small, as_person: People) -> None:
    client = as_person("lan")
    words = "Kế hoạch trồng rừng, giao nhầm".encode()
    message = envelope(attached(packed("van-ban.txt", words)), subject="V/v giao nhầm")
    fields = {"phong": "H48.P8", "luu-tru": "000.00.34.H48", "muc": "01"}
    where = give(client, "nham.edxml", message.encode(), **fields).headers["Location"]
    take_all(small)
    home, digest = settings().home, hashlib.sha256(words).hexdigest()
    assert FolderStorage(home / "storage").has(digest)
    token = token_of(client.get(where).text)
    assert client.post(f"{where}/hoan-tac", data={"csrf_token": token, "can-cu": "giao nhầm"}).status_code == 303
    assert not FolderStorage(home / "storage").has(digest)
    assert FolderStorage(home / "quarantine").has(digest)


def test_a_program_delivers_once_under_a_key(small: Small, client: FlaskClient, bearer) -> None:  # type: ignore[no-untyped-def]
    headers = {**bearer("minh"), "Idempotency-Key": "mot"}
    address = f"{API}?name=so.csv&identifier=000.00.34.H48&access=01"
    first = client.post(address, data=register(11), headers=headers)
    assert first.status_code == 202
    assert first.json
    again = client.post(address, data=register(11), headers=headers)
    assert again.json
    assert (again.status_code, again.json["id"]) == (202, first.json["id"])
    other = client.post(address, data=register(12), headers=headers)
    assert (other.status_code, other.mimetype) == (409, "application/problem+json")
    take_all(small)
    state = client.get(first.headers["Location"], headers=headers).json
    assert state
    assert (state["state"], state["indexed"], state["records"]) == ("taken", True, 1)
    report = client.get(state["report"] + "?code=row.duplicate", headers=headers).json
    assert report
    assert [(one["row"], one["outcome"]) for one in report["lines"]] == [(3, "rejected")]
    listed = client.get(API, headers=headers).json
    assert listed
    assert listed["total"] >= 1


def test_a_large_delivery_comes_in_pieces(small: Small, client: FlaskClient, bearer) -> None:  # type: ignore[no-untyped-def]
    headers, whole = {**bearer("minh"), "Idempotency-Key": "manh"}, register(21)
    made = client.post(
        f"{API}?name=lon.csv&identifier=000.00.34.H48", headers={**headers, "Upload-Length": str(len(whole))}
    )
    assert made.status_code == 201
    where = made.headers["Location"]
    part = {**headers, "Content-Type": "application/offset+octet-stream"}
    first = client.patch(where, data=whole[:30], headers={**part, "Upload-Offset": "0"})
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "30")
    wrong = client.patch(where, data=whole[:30], headers={**part, "Upload-Offset": "0"})
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "30")
    assert client.head(where, headers=headers).headers["Upload-Offset"] == "30"
    more = client.patch(where, data=whole[30:] + b"x", headers={**part, "Upload-Offset": "30"})
    assert more.status_code == 422
    assert client.patch(where, data=whole[30:], headers={**part, "Upload-Offset": "30"}).status_code == 204
    take_all(small)
    assert client.get(where, headers=headers).json["state"] == "taken"  # type: ignore[index]
    assert Path(newest().place).read_bytes() == whole


def test_a_program_needs_token_scope_key_and_name(small: Small, client: FlaskClient, as_person: People, bearer) -> None:  # type: ignore[no-untyped-def]
    key = {"Idempotency-Key": "x"}
    assert client.post(f"{API}?name=a.csv", data=b"x", headers=key).status_code == 401
    assert as_person("lan").post(f"{API}?name=a.csv", data=b"x", headers=key).status_code == 401
    narrow = client.post(f"{API}?name=a.csv", data=b"x", headers={**key, **bearer("minh", "read")})
    assert (narrow.status_code, 'scope="deliver"' in narrow.headers["WWW-Authenticate"]) == (403, True)
    assert client.post(f"{API}?name=a.csv", data=b"x", headers={**key, **bearer("hoa")}).status_code == 404
    assert client.post(f"{API}?name=a.csv", data=b"x", headers=bearer("minh")).status_code == 400
    assert client.post(API, data=b"x", headers={**key, **bearer("minh")}).status_code == 400
    assert client.post(f"{API}?name=a.csv", data=b"", headers={**key, **bearer("minh")}).status_code == 400
    long = {**key, **bearer("minh"), "Upload-Length": str(1 << 60)}
    assert client.post(f"{API}?name=a.csv", headers=long).status_code == 413


def test_a_file_larger_than_any_other_form_is_received(small: Small, as_person: People) -> None:
    content = "Số ký hiệu,Trích yếu\n".encode() + "".join(f"{n}/QĐ-XX,Việc {n}\n" for n in range(9000)).encode()
    assert len(content) > 150_000
    answer = give(as_person("lan"), "lon.csv", content)
    assert answer.status_code == 303
    assert newest().size == len(content)
    with writing() as session:  # nobody needs its rows
        session.get_one(Handover, newest().id).state = "refused"


def test_a_reader_may_send_no_more_than_any_other_form(as_person: People) -> None:
    client = as_person("hoa")
    sent = {"csrf_token": "x", "goi": (io.BytesIO(b"x" * 200_000), "x.csv")}
    answer = client.post(ADDRESS, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 413
