"""The second factor: enrolling, codes that count once, recovery codes; and what production asks of staff."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import delete, select

from archive import accounts
from archive.accounts import authenticate
from archive.catalogue.people import Account
from archive.catalogue.sign_in import AccountSession, RecoveryCode, SignInAttempt
from archive.clock import now
from archive.database import reading, writing
from archive.identity.second_factor import accept_code
from archive.settings import settings
from archive.storage.folder import FolderStorage
from portal.application import create_app
from search.gateway import Gateway
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import SECRET, enter, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
PAGE = "/tai-khoan/ma-mot-lan"


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Callable[[], datetime]:
    """Puts the clock of the codes forward by one step."""
    moment = [now()]
    monkeypatch.setattr("archive.identity.second_factor.now", lambda: moment[0])

    def go() -> datetime:
        moment[0] += timedelta(seconds=30)
        return moment[0]

    return go


@pytest.fixture(autouse=True)
def _as_before(app: Flask) -> Iterator[None]:
    yield
    with writing() as session:
        for table in (AccountSession, RecoveryCode, SignInAttempt):
            session.execute(delete(table))
        for account in session.scalars(select(Account).where(Account.name.in_(("hoa", "lan", "minh")))):
            account.totp_secret = account.totp_pending = account.totp_step = None
        session.scalars(select(Account).where(Account.name == "dung")).one().totp_step = None


def send(client: FlaskClient, address: str, code: str):  # type: ignore[no-untyped-def]
    return client.post(address, data={"csrf_token": token_of(client.get(PAGE).text), "ma": code})


def shown_secret(client: FlaskClient) -> str:
    found = re.search(r'<p class="cite where">([A-Z2-7 ]+)</p>', client.get(PAGE).text)
    assert found
    return found[1].replace(" ", "")


def shown_codes(page: str) -> list[str]:
    return re.findall(r">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<", page)


def test_a_telephone_is_enrolled_and_from_then_on_needed(as_person: People, tick: Callable[[], datetime]) -> None:
    client, elsewhere = as_person("hoa"), as_person("hoa")
    page = client.get(PAGE)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "<svg viewBox" in page.text
    assert " style=" not in page.text
    secret = shown_secret(client)
    assert shown_secret(client) == secret, "looking again does not change what the telephone has"
    assert send(client, PAGE, "000000").status_code == 422
    answer = send(client, PAGE, pyotp.TOTP(secret).at(now()))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    codes = shown_codes(answer.text)
    assert len(set(codes)) == 10
    assert client.get("/tai-khoan").status_code == 200
    assert elsewhere.get("/tai-khoan").status_code == 303, "a session without the second factor has ended"
    assert authenticate("hoa", PASSWORD) is None
    assert authenticate("hoa", PASSWORD, pyotp.TOTP(secret).at(now())) is None, "that code was used to enrol"
    code = pyotp.TOTP(secret).at(tick())
    assert authenticate("hoa", PASSWORD, code) is not None
    assert authenticate("hoa", PASSWORD, code) is None
    assert authenticate("hoa", PASSWORD, codes[0].upper().replace("-", " ")) is not None
    assert authenticate("hoa", PASSWORD, codes[0]) is None, "a recovery code works once"
    assert secret not in client.get(PAGE).text


def test_a_code_shown_twice_at_once_counts_once(app: Flask) -> None:
    """Both have read the account before either has used the code."""
    with reading() as session:
        dung = session.scalars(select(Account).where(Account.name == "dung")).one()
    code = pyotp.TOTP(dung.totp_secret or "").at(now())
    accepted = []
    for _ in range(2):
        with writing() as session:
            accepted.append(accept_code(session, dung, code))
    assert accepted == [True, False]


def test_an_older_code_is_refused_after_a_newer_one(app: Flask, tick: Callable[[], datetime]) -> None:
    with reading() as session:
        dung = session.scalars(select(Account).where(Account.name == "dung")).one()
    totp = pyotp.TOTP(dung.totp_secret or "")
    before = totp.at(now())
    assert authenticate("dung", PASSWORD, totp.at(tick())) is not None
    assert authenticate("dung", PASSWORD, before) is None


def test_a_wrong_password_uses_no_code_up(app: Flask) -> None:
    with reading() as session:
        dung = session.scalars(select(Account).where(Account.name == "dung")).one()
    code = pyotp.TOTP(dung.totp_secret or "").at(now())
    assert authenticate("dung", "sai", code) is None
    assert authenticate("dung", PASSWORD, code) is not None


def test_codes_are_renewed_and_the_second_factor_turned_off(as_person: People, tick: Callable[[], datetime]) -> None:
    client = as_person("hoa")
    totp = pyotp.TOTP(shown_secret(client))
    first = shown_codes(send(client, PAGE, totp.at(now())).text)
    assert send(client, f"{PAGE}/du-phong", "123456").status_code == 422
    second = shown_codes(send(client, f"{PAGE}/du-phong", totp.at(tick())).text)
    assert len(second) == 10
    assert not set(first) & set(second)
    assert authenticate("hoa", PASSWORD, first[0]) is None
    assert "còn 10 mã dự phòng" in client.get(PAGE).text
    assert send(client, f"{PAGE}/tat", totp.at(now())).status_code == 422, "an old code"
    assert send(client, f"{PAGE}/tat", second[0]).headers["Location"] == "/tai-khoan?xong=bo-ma"
    assert authenticate("hoa", PASSWORD) is not None


def test_the_code_cannot_be_guessed_from_inside(as_person: People) -> None:
    client = as_person("hoa")
    send(client, PAGE, pyotp.TOTP(shown_secret(client)).at(now()))
    answers = [send(client, f"{PAGE}/tat", "000000").status_code for _ in range(12)]
    assert answers == [422] * 11 + [429]


@pytest.fixture
def production(small: Small, app: Flask) -> Flask:
    """The same archive, served for real."""
    chosen = settings().model_copy(update={"secret": SecretStr(SECRET), "mode": "production", "proxies": 1})
    gateway = Gateway(small.engine, secret=SECRET)
    return create_app(gateway=gateway, storage=FolderStorage(small.home / "storage"), settings=chosen)


class OverTls(FlaskClient):
    """A browser that reaches the portal through a proxy with TLS, and says where it comes from."""

    def open(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        kwargs["headers"] = {
            "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
            "X-Forwarded-Host": "evil.example", "Referer": "https://localhost/", **kwargs.get("headers", {}),
        }  # fmt: skip
        kwargs.setdefault("base_url", "https://localhost")
        return super().open(*args, **kwargs)


def test_in_production_cookies_are_bound_to_this_host_and_to_tls(production: Flask) -> None:
    client = OverTls(production)
    answer = enter(client, "hoa")
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in cookies} == {"__Host-phien", "__Host-thiet-bi"}
    for one in cookies:
        assert all(part in one for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
        assert "Domain" not in one
    with reading() as session:
        assert session.scalars(select(AccountSession.address)).all() == ["203.0.113.9"], "what the one proxy saw"


def test_in_production_staff_enrols_before_anything_else(small: Small, production: Flask) -> None:
    client = OverTls(production)
    assert enter(client, "lan").status_code == 303
    for address in (
        "/",
        "/tim-kiem",
        "/tai-khoan",
        "/api/v1/search",
        "/khong-co",
        f"/phong/{small.ids['fonds:H48.P1']}",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (303, PAGE), address
    assert client.post("/tai-khoan/khoa", data={"csrf_token": token_of(client.get(PAGE).text)}).status_code == 303
    assert "bắt buộc có mã" in client.get(PAGE).text
    assert send(client, PAGE, pyotp.TOTP(shown_secret(client)).at(now())).status_code == 200
    assert client.get("/tai-khoan").status_code == 200
    assert send(client, f"{PAGE}/tat", "0").status_code == 422
    assert "/tat" not in client.get(PAGE).text


def test_in_production_readers_need_no_second_factor(production: Flask) -> None:
    client = OverTls(production)
    enter(client, "hoa")
    assert client.get("/tai-khoan").status_code == 200


def test_a_form_from_elsewhere_is_refused_over_tls(production: Flask) -> None:
    client = OverTls(production)
    token = token_of(client.get("/dang-nhap").text)
    form = {"csrf_token": token, "ten": "hoa", "mat_khau": PASSWORD, "ma": ""}
    answer = client.post("/dang-nhap", data=form, headers={"Referer": "https://evil.example/"})
    assert answer.status_code == 400


def test_failures_behind_one_mobile_address_shut_nobody_out_who_was_here_before(app: Flask) -> None:
    known, new = app.test_client(), app.test_client()
    for client in (known, new):
        client.environ_base = {**client.environ_base, "REMOTE_ADDR": "203.0.113.50"}
    assert enter(known, "hoa").status_code == 303
    for n in range(80):
        with writing() as session:
            accounts.note_attempt(session, f"digest {n}", "203.0.113.50", "", success=False)
    assert enter(new, "minh").status_code == 429
    known.delete_cookie("phien")
    assert enter(known, "hoa").status_code == 303, "a device known for the name goes on"
    for name in ("a", "b"):
        with writing() as session:
            accounts.note_attempt(session, name, "203.0.113.50", "", success=True)
    assert enter(new, "minh").status_code == 303, "many who know their passwords raise what the address may fail"


def test_who_guesses_a_name_does_not_lock_its_owner_out(app: Flask) -> None:
    known = app.test_client()
    assert enter(known, "hoa").status_code == 303
    for _ in range(12):
        enter(app.test_client(), "hoa", "sai")
    assert enter(app.test_client(), "hoa").status_code == 429
    known.delete_cookie("phien")
    assert enter(known, "hoa").status_code == 303
    known.delete_cookie("phien")
    answers = [enter(known, "hoa", "sai").status_code for _ in range(12)]
    assert answers == [422] * 11 + [429], "a known device may fail no more than a name"
    stolen = known.get_cookie("thiet-bi")
    assert stolen
    assert "hoa" not in stolen.value
    other = app.test_client()
    other.set_cookie("thiet-bi", stolen.value)
    assert enter(other, "minh").status_code == 303, "it counts for its own names only"
