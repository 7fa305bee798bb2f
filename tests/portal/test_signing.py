"""Signing in: the right way in, every wrong one, where it leads, and what is left behind."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from archive import accounts
from archive.access import NEVER, Access, Rule
from archive.catalogue.people import Account, AuditEvent, Grant
from archive.catalogue.records import Record
from archive.catalogue.sign_in import SignInAttempt
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.identity.throttling import note_attempt
from portal.returning import local_path
from tests.conftest import REAL_HASHER
from tests.portal.archive_of_tests import PASSWORD, TOTP, Small
from tests.portal.conftest import enter, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
CONDITIONAL = "document:H48.P1.1.004"


@pytest.fixture(autouse=True)
def _clean_trail(app: Flask) -> None:
    """Each test counts its own failures."""
    with writing() as session:
        for table in (AuditEvent, SignInAttempt):
            session.execute(delete(table))


def test_the_right_password_opens_and_the_page_says_who(client: FlaskClient) -> None:
    answer = enter(client, "lan", next="/phong")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/phong"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get("/").text
    assert "<summary>lan</summary>" in page
    assert "Đăng xuất" in page


@pytest.mark.parametrize(
    ("name", "password"), [("lan", "sai"), ("khong-co", PASSWORD), ("cu", PASSWORD), ("", ""), ("lan", "x" * 399)]
)
def test_every_wrong_way_is_told_in_the_same_words(client: FlaskClient, name: str, password: str) -> None:
    answer = enter(client, name, password)
    assert answer.status_code == 422
    assert "Tên, mật khẩu hoặc mã không đúng" in answer.text
    assert password not in answer.text or not password
    assert "Đăng xuất" not in client.get("/").text


def test_a_failure_hashes_whether_the_name_exists_or_not(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = accounts._matches
    monkeypatch.setattr(accounts, "_matches", lambda stored, given: bool(hashed.append(stored)) or real(stored, given))
    for name in ("lan", "khong-co", "cu"):
        assert accounts.authenticate(name, "sai") is None
    assert len(hashed) == 3
    assert all(one.startswith("$argon2id$") for one in hashed)


def test_a_secret_asks_for_its_code(client: FlaskClient) -> None:
    right = pyotp.TOTP(TOTP).at(now())
    assert enter(client, "dung").status_code == 422
    assert enter(client, "dung", code="000000" if right != "000000" else "000001").status_code == 422
    assert enter(client, "dung", code=f"{right[:3]} {right[3:]}").status_code == 303


def test_a_form_without_its_token_does_nothing(client: FlaskClient) -> None:
    answer = client.post("/dang-nhap", data={"ten": "lan", "mat_khau": PASSWORD})
    assert answer.status_code == 400
    assert "Chưa gửi được" in answer.text
    assert "Đăng xuất" not in client.get("/").text
    assert client.post("/dang-xuat").status_code == 400


def test_the_session_is_new_after_signing_in(client: FlaskClient) -> None:
    client.get("/dang-nhap")
    with client.session_transaction() as before:
        before["left"] = "behind"
    enter(client, "lan")
    with client.session_transaction() as after:
        assert "left" not in after


def test_signing_out_and_a_new_epoch_end_the_session(as_person: People) -> None:
    client = as_person("hoa")
    answer = client.post("/dang-xuat", data={"csrf_token": token_of(client.get("/").text)})
    assert answer.status_code == 303
    assert "Đăng nhập" in client.get("/").text
    other = as_person("hoa")
    with writing() as session:
        account = session.scalars(select(Account).where(Account.name == "hoa")).one()
        account.epoch = "hoa-2"
    assert "Đăng xuất" not in other.get("/").text


def test_a_kept_cookie_is_worth_nothing_after_signing_out(app: Flask, as_person: People) -> None:
    client = as_person("hoa")
    kept = client.get_cookie("phien")
    assert kept
    client.post("/dang-xuat", data={"csrf_token": token_of(client.get("/").text)})
    thief = app.test_client()
    thief.set_cookie("phien", kept.value)
    assert "Đăng xuất" not in thief.get("/").text


def test_guessing_is_slowed_by_name_and_by_address(app: Flask) -> None:
    for _ in range(11):
        assert accounts.authenticate("minh", "sai", address="192.0.2.1") is None
    with pytest.raises(accounts.TooManyFailures):
        accounts.authenticate("minh", PASSWORD, address="192.0.2.2")
    for n in range(40):
        with writing() as session:
            note_attempt(session, str(n), "192.0.2.1", "", success=False)
    with pytest.raises(accounts.TooManyFailures):
        accounts.authenticate("lan", PASSWORD, address="192.0.2.1")
    assert accounts.authenticate("lan", PASSWORD, address="192.0.2.3") is not None
    with writing() as session:
        for attempt in session.scalars(select(SignInAttempt)):
            attempt.at -= timedelta(minutes=16)
    assert accounts.authenticate("minh", PASSWORD, address="192.0.2.1") is not None


def test_a_throttled_name_gets_a_calm_refusal(client: FlaskClient) -> None:
    for _ in range(11):
        enter(client, "minh", "sai")
    answer = enter(client, "minh")
    assert answer.status_code == 429
    assert "đợi 15 phút" in answer.text


def test_the_trail_keeps_no_typed_name(client: FlaskClient) -> None:
    enter(client, "mật-khẩu-gõ-nhầm-ô", "x")
    with reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == accounts.FAILED)).one()
    assert "nhầm" not in f"{event.actor} {event.detail}"


def test_a_grant_opens_its_record_for_its_days_only(small: Small, as_person: People) -> None:
    client, address = as_person("hoa"), f"/van-ban/{small.ids[CONDITIONAL]}"
    assert "Nội dung đơn" not in client.get(address).text
    with writing() as session:
        account = session.scalars(select(Account).where(Account.name == "hoa")).one()
        record = session.scalars(select(Record).where(Record.public_id == small.ids[CONDITIONAL])).one()
        grant = Grant(
            account_id=account.id,
            record_id=record.id,
            valid_from=today_number(),
            valid_to=today_number(),
            ground="QĐ 1",
        )
        session.add(grant)
    assert "Nội dung đơn" in client.get(address).text
    with reading() as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.action == "read")).all()
    assert [(one.actor, one.record) for one in read] == [("hoa", small.ids[CONDITIONAL])]
    with writing() as session:
        kept = session.scalars(select(Grant)).one()
        kept.revoked = now()
    assert "Nội dung đơn" not in client.get(address).text
    with writing() as session:
        session.delete(session.scalars(select(Grant)).one())


def test_every_channel_notes_who_read_what_is_closed(small: Small, as_person: People) -> None:
    client = as_person("lan")
    with writing() as session:
        scan = session.scalars(select(Record).where(Record.public_id == small.ids["document:H48.P1.1.001"])).one()
        before = scan.access
        scan.access = Access(before.see, Rule(NEVER, before.search.allow), Rule(NEVER, before.read.allow))
    try:
        for address in ("/van-ban/{}", "/van-ban/{}/trang/1/anh/1240.webp", "/api/v1/records/{}"):
            answer = client.get(address.format(scan.public_id))
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "private, no-store"
        outside = as_person("")
        assert outside.get(f"/van-ban/{scan.public_id}/trang/1/anh/1240.webp").status_code == 404
        assert "<image" not in outside.get(f"/van-ban/{scan.public_id}").text
    finally:
        with writing() as session:
            session.scalars(select(Record).where(Record.id == scan.id)).one().access = before
    with reading() as session:
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "read").order_by(AuditEvent.id)).all()
    assert [(one.actor, one.detail["channel"]) for one in trail] == [("lan", c) for c in ("page", "image", "api")]


@pytest.mark.parametrize(
    "wish",
    [
        "//host", "///host", "/\\host", "\\\\host", "http://host/", "javascript:alert(1)", "/\t/host", "\t//host",
        " //host", "/%2f/host", "/%5chost", "/a\nb", "host", "", "/a//b", "/a?x=<b>", "/a#//b", "@host", "/\u00a0/h",
    ],
)  # fmt: skip
def test_only_plain_local_paths_are_gone_back_to(client: FlaskClient, wish: str) -> None:
    assert local_path(wish, "/safe") == "/safe"
    assert client.get("/ngon-ngu", query_string={"lang": "vi", "next": wish}).headers["Location"] == "/"


@pytest.mark.parametrize("wish", ["/", "/phong", "/van-ban/abc/trang/2?q=giao+%C4%91%E1%BA%A5t&cho=2", "/tim-kiem?q=a"])
def test_paths_of_this_house_are_gone_back_to(wish: str) -> None:
    assert local_path(wish, "/safe") == wish


@given(st.text(max_size=60))
def test_no_text_leads_away(wish: str) -> None:
    path = local_path(wish)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isascii()
    assert path.isprintable()


def test_passwords_cost_what_rfc_9106_asks(app: Flask) -> None:
    """Its second choice, for servers with little memory: argon2id, 64 MiB, three passes."""
    hasher = REAL_HASHER
    assert (hasher.type.name, hasher.memory_cost, hasher.time_cost) == ("ID", 65_536, 3)
