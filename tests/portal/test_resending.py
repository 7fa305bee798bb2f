"""How far a delivery is, by the page: time left, pages to recognise; corrected and sent again; by whose hand."""

import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from archive.accession.recognised import ATTEMPTS
from archive.catalogue.deliveries import Accession, Handover, Package
from archive.catalogue.people import AuditEvent
from archive.catalogue.reading import RecognitionTask
from archive.catalogue.records import Page, Record
from archive.clock import now
from archive.database import reading, writing
from archive.packages.sources import DeliveryError
from archive.settings import ROOT
from indexer.intake.watching import FAILED, watch_once
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of
from tests.portal.test_deliveries import ADDRESS, API, bearer, give, newest, register, take_all, zipped
from tests.transfers import Transfer
from vankho.intake import take
from vankho.output import ProgressLine

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
OWN = "H48.P1"
__all__ = ["bearer"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests hand over to it."""
    yield from building(tmp_path_factory, database_kind)


@contextmanager
def elsewhere(lock: str) -> Iterator[None]:
    """Another process has that lock."""
    code = "import sys\nfrom archive.locks import held\nwith held(sys.argv[1]) as mine:\n" \
           "    print(mine, flush=True)\n    sys.stdin.read()\n"  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code, lock], cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    ) as other:  # fmt: skip
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "True\n"
        yield
        other.stdin.close()


def change(public_id: str, **values: object) -> None:
    with writing() as session:
        found = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        for name, value in values.items():
            setattr(found, name, value)


def test_the_page_says_how_many_rows_are_done_and_how_long_the_rest_takes(small: Small, as_person: People) -> None:
    client = as_person("lan")
    where = give(client, "so.csv", register(1), phong="H48.P6", **{"luu-tru": "000.00.34.H48"}).headers["Location"]
    public_id = where.rpartition("/")[2]
    begun = now() - timedelta(seconds=60)
    change(public_id, state="taking", step="van-ban", begun=begun, done=400, total=1000)
    with elsewhere("intake"):
        assert "400/1.000, còn khoảng 90 giây" in client.get(where).text
        assert "about 90 seconds left" in client.get(f"{where}?lang=en").text
    rests = client.get(f"{where}?lang=vi").text
    assert "400/1.000, đang dừng" in rests
    assert "còn khoảng" not in rests, "nobody is at it"
    client.get(f"{where}?lang=vi")
    change(public_id, done=0)
    assert "còn khoảng" not in client.get(where).text, "nothing is known before a row is done"
    change(public_id, state="waiting", begun=None, total=0)
    take_all(small)
    assert "đã tìm được" in client.get(where).text


def test_the_page_counts_what_a_machine_reads(small: Small, as_person: People, tmp_path: Path, bearer) -> None:  # type: ignore[no-untyped-def]
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F1", OWN)
    for n in (1, 2, 3):
        made.document(f"H48.P1.O{n}", "H48.P1.F1", f"Trang thứ {n}", OrganId=OWN)
    client = as_person("lan")
    where = give(client, "goi.zip", zipped(made)).headers["Location"]
    take_all(small)
    assert "Nhận dạng chữ" not in client.get(where).text
    with writing() as session:
        package = newest().package_id
        session.execute(
            update(Handover).where(Handover.package_id == package).values(finished=now() - timedelta(minutes=2))
        )
        asked = select(Record.id).join(Accession, Accession.record_id == Record.id).order_by(Record.id)
        first, second, third = session.scalars(asked.where(Accession.package_id == package, Record.level == "document"))
        session.get_one(Page, (first, 1)).text_source = "ocr"
        for one, failed in ((second, False), (third, True)):
            session.add(
                RecognitionTask(record_id=one, n=1, package_id=package, reason="", failed=failed, attempts=ATTEMPTS)
            )
    with elsewhere("recognition"):
        page = client.get(where).text
        told = client.get(f"{API}/{newest().public_id}", headers=bearer("lan")).json
    for words in (
        "1 trang đã đọc",
        "1 trang đang chờ, còn khoảng 120 giây",
        ", còn 1 trang chờ đọc chữ",
        "1 trang không đọc được",
    ):
        assert words in page
    assert told
    keys = ("recognised", "to_recognise", "unread", "seconds_left", "rests")
    assert [told[one] for one in keys] == [1, 1, 1, 120, False]
    with writing() as session:
        again = session.get_one(Handover, newest().id)
        again.context = {**again.context, "read": 1}  # it was taken once more when one page had been read
    with elsewhere("recognition"):
        assert "còn khoảng" not in client.get(where).text, "nothing is known before a page is read"
    page = client.get(where).text
    assert "1 trang đang chờ; hiện không có máy nào đang đọc" in page
    assert "còn khoảng" not in page, "a pace says nothing of work that nobody does"
    told = client.get(f"{API}/{newest().public_id}", headers=bearer("lan")).json
    assert told
    assert [told[one] for one in keys] == [1, 1, 1, None, True]
    with writing() as session:
        for one in (second, third):
            session.delete(session.get_one(RecognitionTask, (one, 1)))


def test_a_corrected_package_is_linked_and_says_what_is_still_open(
    small: Small, as_person: People, tmp_path: Path
) -> None:
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F2", OWN)
    made.document("H48.P1.S1", "H48.P1.F2", "Chữ", OrganId=OWN, AccessLevel="09")
    made.document("H48.P1.S2", "H48.P1.F2", "Chữ", OrganId=OWN, AccessLevel="09")
    made.document("H48.P1.S3", "H48.P1.F2", "Chữ", OrganId=OWN)
    clerk = as_person("minh")
    first = give(clerk, "goi.zip", zipped(made)).headers["Location"]
    take_all(small)
    assert "Sửa và giao lại" not in clerk.get(first).text
    resend = f"{ADDRESS}?sua={first.rpartition('/')[2]}"
    assert f'href="{resend}"' in clerk.get(first).text
    form = clerk.get(resend).text
    assert "Sửa cho lần giao:" in form

    made.change("H48.P1.S1", AccessLevel="01")
    second = give(clerk, "goi-sua.zip", zipped(made), sua=first.rpartition("/")[2]).headers["Location"]
    take_all(small)
    for where in (first, second):
        page = clerk.get(where).text
        assert "Còn 1 trong 2 dòng phải xem." in page
        left = page.split("phải xem.")[1].split("</section>")[0]
        assert "Văn bản 3" in left
        assert "Văn bản 2" not in left
        assert "H48.P1.S2" not in left, "what may be a secret is not named"
    assert "goi-sua.zip" in clerk.get(first).text
    assert "1 of 2 lines are still open." in clerk.get(f"{second}?lang=en").text
    clerk.get(f"{second}?lang=vi")

    made.change("H48.P1.S2", AccessLevel="01")
    third = give(clerk, "goi-sua-2.zip", zipped(made), sua=second.rpartition("/")[2]).headers["Location"]
    take_all(small)
    assert "2 dòng phải xem đều đã xong." in clerk.get(first).text
    assert "Còn" not in clerk.get(third).text.split("Sửa và giao lại")[1].split("</section>")[0]
    other = as_person("tra")
    assert other.get(resend).status_code == 404


def test_nobody_corrects_what_he_does_not_see(small: Small, as_person: People, bearer, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    hidden = give(as_person("lan"), "so.csv", register(5), phong=OWN).headers["Location"].rpartition("/")[2]
    take_all(small)
    clerk = as_person("minh")
    assert "Sửa cho lần giao:" not in clerk.get(f"{ADDRESS}?sua={hidden}").text
    assert give(clerk, "so.csv", register(6), sua=hidden).status_code == 422
    key = {**bearer("minh"), "Idempotency-Key": "sua"}
    assert client.post(f"{API}?name=a.csv&corrects={hidden}", data=register(6), headers=key).status_code == 422
    own = give(clerk, "so.csv", register(7)).headers["Location"].rpartition("/")[2]
    made = client.post(f"{API}?name=a.csv&corrects={own}", data=register(8), headers=key)
    assert made.json
    assert made.json["corrects"] == own
    take_all(small)


def hands(client: FlaskClient, public_id: str) -> str:
    return client.get(f"{ADDRESS}/{public_id}").text.split("Các bước")[1].split("</dl>")[0]


def test_each_way_in_says_by_whose_hand(
    small: Small,
    app: Flask,
    as_person: People,
    client: FlaskClient,
    bearer,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    """Who handed it over stands on the staff's pages, whichever way it came; the public's pages name nobody."""
    head, fields = as_person("lan"), {"luu-tru": "000.00.34.H48", "muc": "01"}
    give(head, "so.csv", register(41), phong="H48.Q1", **fields)
    by_page = newest()
    token = bearer("lan")
    with writing() as session:
        from archive.accounts import token_digest
        from archive.catalogue.people import AccountToken

        session.get_one(AccountToken, token_digest("deliver-deliver-lan")).name = "máy quét tầng 2"
    address = f"{API}?name=so.csv&fonds=H48.Q2&identifier=000.00.34.H48&access=01"
    assert client.post(address, data=register(42), headers={**token, "Idempotency-Key": "tay"}).status_code == 202
    by_token = newest()
    take_all(small)
    folder = tmp_path / "canh"
    folder.mkdir()
    made = Transfer(folder / "goi-canh").fonds("H48.Q3", "Sở Tài chính").file("H48.Q3.F1", "H48.Q3")
    made.document("H48.Q3.D1", "H48.Q3.F1", "Chữ", OrganId="H48.Q3").write()
    (folder / "hong.xml").write_text("<a>", encoding="utf-8")
    assert watch_once(folder) == 2
    with reading() as session:
        watched = {one.name: one for one in session.scalars(select(Handover).where(Handover.channel == "watch"))}
    root = Transfer(tmp_path / "goi-lenh").fonds("H48.Q4", "Sở Y tế").file("H48.Q4.F1", "H48.Q4")
    root.document("H48.Q4.D1", "H48.Q4.F1", "Chữ", OrganId="H48.Q4")
    take(root.write(), ProgressLine(quiet=True))
    by_command = newest()
    wrong = tmp_path / "sai.xml"
    wrong.write_text("<a>", encoding="utf-8")
    with pytest.raises(DeliveryError):
        take(wrong, ProgressLine(quiet=True))
    refused = newest()
    user = pwd.getpwuid(os.getuid()).pw_name
    take_all(small)

    for one, words, state in (
        (by_page, "lan, trang giao nộp", "taken"),
        (by_token, "lan, khóa “máy quét tầng 2”, giao nộp qua API", "taken"),
        (watched["goi-canh"], f"thư mục {folder}, thư mục được canh", "taken"),
        (watched["hong.xml"], f"thư mục {folder}, thư mục được canh", "refused"),
        (by_command, f"người dùng máy {user}, câu lệnh", "taken"),
        (refused, f"người dùng máy {user}, câu lệnh", "refused"),
    ):
        told = hands(head, one.public_id)
        assert words in told, one.name
        assert ("Từ chối" if state == "refused" else "Nhập xong") in told, one.name
        assert words.split(",")[0] in head.get(ADDRESS).text
    assert "không phải XML" in head.get(f"{ADDRESS}/{watched['hong.xml'].public_id}").text
    assert Path(watched["hong.xml"].place).parent.name == FAILED
    with reading() as session:
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "delivery-refused")).all()
        assert {one.detail.get("agent") for one in acts} >= {str(folder), user}
        ways = {
            one.channel: session.scalars(
                select(Record.public_id).join(Accession, Accession.record_id == Record.id)
                .join(Package, Package.id == Accession.package_id).join(Handover, Handover.package_id == Package.id)
                .where(Handover.id == one.id, Record.level == "document")
            ).first()
            for one in (by_page, by_token, watched["goi-canh"], by_command)
        }  # fmt: skip
    for channel, record in ways.items():
        custody = [
            one.get(f"/van-ban/{record}").text.split("Quá trình tiếp nhận</h2>")[1].split("</section>")[0]
            for one in (as_person("lan"), client)
        ]
        hand = {"page": "lan", "api": "máy quét tầng 2", "watch": str(folder), "command": user}[channel]
        assert f">{hand}" in custody[0] or hand in custody[0].split("<a ")[1], channel
        assert hand not in custody[1], channel
        assert "<a " not in custody[1], channel


def test_who_decided_and_who_undid_stands_there(small: Small, as_person: People, tmp_path: Path) -> None:
    made = Transfer(tmp_path / "goi").fonds(OWN, "Ủy ban nhân dân tỉnh").file("H48.P1.F4", OWN)
    made.document("H48.P1.U1", "H48.P1.F4", mode="Hạn chế", OrganId=OWN)
    head = as_person("lan")
    give(head, "goi.zip", zipped(made))
    take_all(small)
    where = give(head, "goi.zip", zipped(made.change("H48.P1.U1", Mode="Không hạn chế"))).headers["Location"]
    take_all(small)
    page = head.get(where).text
    held = page.split("/giu-lai/")[1].split('"')[0]
    fields = {"csrf_token": token_of(page), "viec": "bo", "can-cu": "QĐ 6"}
    assert head.post(f"{where}/giu-lai/{held}", data=fields).status_code == 303
    told = hands(head, newest().public_id)
    assert "Giữ nguyên</dt>" in told
    assert told.split("Giữ nguyên</dt>")[1].split("</dd>")[0].endswith('<span class="sm dim">lan</span>')
    where = give(head, "so.csv", register(78), phong="H48.Q7", **{"luu-tru": "000.00.34.H48"}).headers["Location"]
    take_all(small)
    token = token_of(head.get(where).text)
    assert head.post(f"{where}/hoan-tac", data={"csrf_token": token, "can-cu": "giao nhầm"}).status_code == 303
    told = hands(head, newest().public_id)
    assert told.split("Hoàn tác</dt>")[1].split("</dd>")[0].endswith('<span class="sm dim">lan</span>')


def test_what_is_no_delivery_cannot_be_corrected(client: FlaskClient, bearer) -> None:  # type: ignore[no-untyped-def]
    for number, wrong in enumerate(("%00", "khong-co%00", "khong-co")):
        address = f"{API}?name=so.csv&fonds=H48.Q9&identifier=000.00.34.H48&access=01&corrects=x{wrong}"
        headers = {**bearer("lan"), "Idempotency-Key": f"khong-{number}"}
        assert client.post(address, data=register(43), headers=headers).status_code == 422


def test_a_delivery_that_changed_nothing_says_so_and_shows_its_own_lines(small: Small, as_person: People) -> None:
    client = as_person("lan")
    fields = {"phong": "H48.P17", "luu-tru": "000.00.34.H48", "muc": "01"}
    where, same, other = (
        give(client, name, content, **fields).headers["Location"]
        for name, content in (
            ("so.csv", register(78)), ("so-nua.csv", register(78)), ("so-khac.csv", register(78).rpartition(b"78/")[0])
        )
    )  # fmt: skip
    take_all(small)
    page = client.get(f"{ADDRESS}?sua={same.rpartition('/')[2]}").text
    assert 'name="phong" maxlength="200" autocomplete="off" value="H48.P17"' in page, "said once, not to be said again"
    assert 'name="luu-tru" maxlength="200" autocomplete="off" value="000.00.34.H48"' in page
    assert '<option value="01" selected>' in page
    page = client.get(same).text
    assert "Gói này được nhận lần đầu lúc" in page
    assert "có dòng phải xem ở báo cáo" in page
    assert "đã tìm được" not in page, "it brought nothing to find"
    whole, own = (client.get(f"{one}/bao-cao.csv").data.decode("utf-8-sig").splitlines() for one in (where, same))
    assert [line.split(",")[0] for line in own[1:]] == ["không đổi", "không nhận"], "the repeated row is its own line"
    assert "Gói này được nhận lần đầu lúc" in own[1]
    assert "nhận lần đầu" not in "".join(whole)
    assert any("file.derived" in line for line in whole)
    page = client.get(other).text
    assert "Mọi dòng của gói này đã có trong kho từ trước" in page
    assert "có dòng phải xem" not in page
    assert "nhận lần đầu" not in page, "it is another package"
