"""Copies on the pages: fetched by their owner alone, until their day; /xac-thuc for everybody, hostile files too."""

import hashlib
import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.catalogue.sign_in import AccountSession
from archive.clock import now, today_number
from archive.database import reading, writing
from desk.copies.making import make_waiting
from desk.copies.ordering import copy_path, order
from portal import copying, verifying
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of, without_token

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
OPEN, CONDITIONAL = "document:H48.P1.1.001", "document:H48.P1.1.004"
ASKED = "b" * 26


@pytest.fixture
def copy(app: Flask, small: Small) -> Iterator[IssuedCopy]:
    """A plain copy of an open record for "hoa", made."""
    with writing() as session:
        owner = session.scalars(select(Account.id).where(Account.name == "hoa")).one()
        own = session.scalars(select(Record.id).where(Record.public_id == small.ids[OPEN])).one()
        asked = ReadingRequest(
            code=ASKED, account_id=owner, kind="copy", purpose="thử", state="resolved", received_at=now(),
            due_on=today_number(), term="answer.copy", officer="",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        told = {"answer": "granted", "ground": "QĐ 1", "until": today_number() + 3, "copying": True}
        session.add(RequestItem(request_id=asked.id, record_id=own, **told))
        session.flush()
        (made,) = order(session, asked, "plain")
    assert make_waiting(5) == 1
    with reading() as session:
        yield session.get_one(IssuedCopy, made.id)
    copy_path(made.code).unlink(missing_ok=True)
    with writing() as session:
        for table in (IssuedCopy, RequestItem, ReadingRequest, AccountSession):
            session.execute(delete(table))


def change(**values: object) -> None:
    with writing() as session:
        session.execute(update(IssuedCopy).values(**values))


def upload(client: FlaskClient, data: bytes, name: str = "ban-sao.pdf"):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/xac-thuc").text)
    return client.post("/xac-thuc", data={"csrf_token": token, "tep": (io.BytesIO(data), name)})


def test_its_owner_fetches_it_and_nobody_else(as_person: People, copy: IssuedCopy) -> None:
    address = f"/yeu-cau/{ASKED}/ban-sao/{copy.code}"
    hoa = as_person("hoa")
    assert address in hoa.get(f"/yeu-cau/{ASKED}").text
    answer = hoa.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert hashlib.sha256(answer.data).hexdigest() == copy.sha256
    with reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "copy-fetched")).all()
    assert [(one.actor, one.detail["copy"]) for one in noted][-1] == ("hoa", copy.code)
    unknown = hoa.get(f"/yeu-cau/{ASKED}/ban-sao/{'c' * 26}")
    for other in ("minh", "lan"):
        assert as_person(other).get(address).status_code == 404
    assert hoa.get(f"/yeu-cau/{'c' * 26}/ban-sao/{copy.code}").status_code == 404
    change(until=today_number() - 1)
    late = hoa.get(address)
    said = [without_token(one.text) for one in (late, unknown)]
    assert (late.status_code, said[0], late.headers.get("Cache-Control")) == (
        404, said[1], unknown.headers.get("Cache-Control"),
    )  # fmt: skip
    assert "đã hết hạn tải về" in hoa.get(f"/yeu-cau/{ASKED}").text


def test_staff_hand_over_the_file_of_who_came_or_wrote(as_person: People, copy: IssuedCopy) -> None:
    """Who has no way to sign in gets what was paid for: from the desk, once it is there, until it was handed over."""
    address, page = f"/yeu-cau/{ASKED}/ban-sao/{copy.code}", f"/quan-tri/yeu-cau/{ASKED}"
    officer = as_person("lan")
    assert address not in officer.get(page).text, "asked online: its owner fetches it"
    with writing() as session:
        session.execute(update(ReadingRequest).values(channel="desk", entered_by="lan", proof="căn cước"))
    assert address in officer.get(page).text
    answer = officer.get(address)
    assert hashlib.sha256(answer.data).hexdigest() == copy.sha256
    with reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "copy-fetched")).all()[-1]
    assert (noted.actor, noted.detail["copy"], noted.detail["to"]) == ("lan", copy.code, "hoa")
    assert as_person("minh").get(address).status_code == 404
    change(until=today_number() - 1)
    assert officer.get(address).status_code == 404
    change(until=today_number())
    with writing() as session:
        session.execute(update(ReadingRequest).values(state="returned"))
    assert (officer.get(address).status_code, address in officer.get(page).text) == (404, False)


def test_a_right_that_is_withdrawn_ends_it_at_once(as_person: People, copy: IssuedCopy, small: Small) -> None:
    with reading() as session:
        closed = session.scalars(select(Record.id).where(Record.public_id == small.ids[CONDITIONAL])).one()
    change(record_id=closed)
    assert as_person("hoa").get(f"/yeu-cau/{ASKED}/ban-sao/{copy.code}").status_code == 404


def test_staff_read_why_one_waits_and_the_reader_does_not(as_person: People, copy: IssuedCopy) -> None:
    change(state="waiting", error="máy chủ cấp dấu thời gian chưa trả lời")
    assert "máy chủ cấp dấu thời gian" in as_person("lan").get(f"/quan-tri/yeu-cau/{ASKED}").text
    page = as_person("hoa").get(f"/yeu-cau/{ASKED}").text
    assert "đang làm" in page
    assert "máy chủ cấp dấu thời gian" not in page


def test_everybody_checks_a_copy_by_code_and_file(client: FlaskClient, copy: IssuedCopy) -> None:
    page = client.get(f"/xac-thuc?ma={copy.code}").text
    assert "H48.P1.1.001" in page
    assert "hoa" not in page.split("<main", 1)[1].split("</main>", 1)[0].split()
    data = copy_path(copy.code).read_bytes()
    good = upload(client, data)
    assert (good.status_code, "nguyên vẹn từng byte" in good.text, copy.code in good.text) == (200, True, True)
    bad = upload(client, data[:-200] + b"\n%%EOF\n")
    assert "không trùng từng byte" in bad.text
    assert client.get("/xac-thuc?ma=khong-co").status_code == client.get(f"/xac-thuc?ma={'c' * 26}").status_code == 404
    change(state="waiting")
    assert client.get(f"/xac-thuc?ma={copy.code}").status_code == 404


def test_the_code_of_a_closed_original_is_told_and_its_title_is_not(
    client: FlaskClient, copy: IssuedCopy, small: Small
) -> None:
    with reading() as session:
        ids = {one.public_id: one for one in session.scalars(select(Record))}
    closed, hidden = ids[small.ids[CONDITIONAL]], ids[small.ids["document:H48.P2.2.001"]]
    change(record_id=closed.id)
    page = client.get(f"/xac-thuc?ma={copy.code}").text
    assert (closed.code in page, closed.title in page) == (True, False)
    change(record_id=hidden.id)
    page = client.get(f"/xac-thuc?ma={copy.code}").text
    assert (hidden.code in page, hidden.title in page, "không công khai" in page) == (False, False, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "không phải là PDF"),
        (b"xin chao", "không phải là PDF"),
        (b"%PDF-1.7\n" + b"1 0 obj <<" * 20_000, "không có chữ ký số"),
        (b"%PDF-1.7\n/ByteRange [0 1 2 3]" + b"<<" * 50_000, "Không đọc được"),
        (b"%PDF-1.7\n/ByteRange\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF", "Không đọc được"),
    ],
)
def test_a_hostile_file_is_answered(client: FlaskClient, data: bytes, said: str) -> None:
    answer = upload(client, data)
    assert answer.status_code == 200
    assert said in answer.text


def test_what_is_too_large_is_said_and_nothing_chosen_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert upload(client, b"", "").status_code == 422
    monkeypatch.setattr(verifying, "MOST", 1 << 20)
    head = b'--x\r\nContent-Disposition: form-data; name="tep"; filename="a.pdf"\r\n\r\n%PDF-'
    body = head + b"x" * (2 << 20) + b"\r\n--x--\r\n"
    answer = client.post("/xac-thuc", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "Tệp lớn quá 1 MB" in answer.text


def test_a_stale_form_keeps_its_page(client: FlaskClient) -> None:
    answer = client.post("/xac-thuc", data={"tep": (io.BytesIO(b"%PDF-"), "a.pdf")})
    assert answer.status_code == 400
    assert "để quá lâu" in answer.text


def test_a_record_that_was_hidden_since_is_not_named_beside_its_copy(
    as_person: People, copy: IssuedCopy, small: Small
) -> None:
    with reading() as session:
        wanted = Record.public_id == small.ids["document:H48.P2.2.001"]
        hidden = session.scalars(select(Record).where(wanted)).one()
    change(record_id=hidden.id)
    page = as_person("hoa").get(f"/yeu-cau/{ASKED}").text
    assert (hidden.code in page, copy.code[:8] in page, "không còn tải về được" in page) == (False, True, True)
    assert f"/ban-sao/{copy.code}" not in page


def test_staff_are_told_what_signatures_lack(
    as_person: People, copy: IssuedCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, lacks = f"/quan-tri/yeu-cau/{ASKED}", "chưa đặt VANKHO_TSA_URL"
    change(grade="certified")
    assert lacks not in as_person("lan").get(address).text  # nothing signs, or a demonstration does
    monkeypatch.setattr(copying, "signing_gaps", lambda: ("stamp",))
    assert lacks in as_person("lan").get(address).text
    assert lacks not in as_person("hoa").get(f"/yeu-cau/{ASKED}").text


def test_the_page_says_why_an_answer_cannot_be_given(client: FlaskClient) -> None:
    from tests.indexer.signatures.signing import sign, unsigned

    page = upload(client, sign(unsigned())).text
    assert "chưa biết của ai" in page
    assert "không phải bản sao" not in page
