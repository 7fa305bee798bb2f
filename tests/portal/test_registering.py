"""Opening an account and choosing a new password by a link in a letter; nothing tells who has an account."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import delete, event, select

from archive.accounts import authenticate, hash_password
from archive.catalogue.consents import Consent
from archive.catalogue.people import Account, AccountToken, AuditEvent
from archive.catalogue.sign_in import AccountSession, Letter, SignInAttempt
from archive.clock import now
from archive.database import engine, reading, writing
from archive.identity.links import INVITATION_SECONDS, LIFETIME, password_link, registration_link
from archive.settings import settings
from desk.letters import Writer
from desk.post import send_waiting
from portal.house import House
from tests.mail_room import mail_room
from tests.portal.archive_of_tests import PASSWORD
from tests.portal.conftest import SECRET, enter, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
NEW = "một câu dễ nhớ 2026"
PERSON = {
    "ho-ten": "Phạm Thị Hòa",
    "so-dinh-danh": "051198001234",
    "moi": NEW,
    "lai": NEW,
    "dong-y-service": "2026-01-01",
}


@pytest.fixture(autouse=True)
def _with_mail(app: Flask) -> Iterator[None]:
    """A mail server in the settings; it is only called by the post."""
    house: House = app.extensions["vankho"]
    told = {"smtp_url": SecretStr("smtp://127.0.0.1:1"), "mail_from": "a@tinh.vn", "public_url": "http://localhost"}
    app.extensions["vankho"] = replace(house, settings=house.settings.model_copy(update=told))
    with writing() as session:
        session.scalars(select(Account).where(Account.name == "hoa")).one().email = "hoa@vidu.vn"
    yield
    with writing() as session:
        for table in (Letter, AccountSession, SignInAttempt):
            session.execute(delete(table))
        session.execute(delete(AuditEvent).where(AuditEvent.action == "registered"))
        session.execute(delete(Consent))
        session.execute(delete(Account).where(Account.name.contains("@")))
        hoa = session.scalars(select(Account).where(Account.name == "hoa")).one()
        hoa.email, hoa.password_hash = None, hash_password(PASSWORD)
        for one in session.scalars(select(AccountToken).where(AccountToken.account_id == hoa.id)):
            one.revoked = None


def ask(client: FlaskClient, page: str, email: str):  # type: ignore[no-untyped-def]
    return client.post(page, data={"csrf_token": token_of(client.get(page).text), "thu": email})


def fill(client: FlaskClient, page: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(page, data={"csrf_token": token_of(client.get("/dang-nhap").text), **form})


def links() -> list[str]:
    """The paths of the links in what the post sends."""
    with mail_room() as room:
        told = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{room.port}"), "mail_from": "a@tinh.vn",
                "public_url": "http://localhost"}  # fmt: skip
        send_waiting(Writer(settings().model_copy(update=told), SECRET))
    texts = [one.get_content() for one in room.letters]
    return [
        found
        for text in texts
        for found in re.findall(r"http://localhost(/(?:dang-ky|dat-mat-khau|doi-thu)/\S+)", text)
    ]


def test_from_the_form_to_the_first_signing_in(client: FlaskClient) -> None:
    answer = ask(client, "/dang-ky", " Moi.Doc@VIDU.vn ")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "moi.doc@vidu.vn" in answer.text
    (link,) = links()
    page = client.get(link)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "same-origin"), "the link stays in this house"
    assert client.get(link).status_code == 200, "looking at it uses nothing up"
    wrong = (
        {"ho-ten": ""}, {"so-dinh-danh": "12"}, {"moi": "ngan", "lai": "ngan"}, {"lai": "khác"},
        {"dong-y-service": ""}, {"dong-y-service": "2020-01-01"}, {"dien-thoai": "0912"},
    )  # fmt: skip
    for bad in wrong:
        refused = fill(client, link, **(PERSON | bad))
        assert (refused.status_code, "Còn 1 chỗ cần sửa" in refused.text) == (422, True), bad
        field = "dong-y-contact" if "dien-thoai" in bad else next(iter(bad))
        assert f'id="loi-{field}"' in refused.text, "beside its field"
        assert "ho-ten" in bad or "Phạm Thị Hòa" in refused.text, "what was typed is kept"
    opened = fill(client, link, **PERSON)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/dang-nhap?xong=dang-ky")
    assert fill(client, link, **PERSON).status_code == 410, "a link works once"
    assert client.get(link).status_code == 410
    assert enter(client, "Moi.Doc@vidu.vn", NEW).status_code == 303
    with reading() as session:
        made = session.scalars(select(Account).where(Account.email == "moi.doc@vidu.vn")).one()
        said = session.scalars(select(Consent).where(Consent.account_id == made.id)).all()
    assert (made.role, made.full_name, made.identification, made.active) == (
        "reader", "Phạm Thị Hòa", "051198001234", True
    )  # fmt: skip
    assert [(one.purpose, one.given, one.wording, one.method) for one in said] == [
        ("service", True, "2026-01-01", "online")
    ]


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_ticked_beforehand(client: FlaskClient) -> None:
    ask(client, "/dang-ky", "moi.doc@vidu.vn")
    (link,) = links()
    assert " checked" not in client.get(link).text
    refused = fill(client, link, **{"ho-ten": "", "so-dinh-danh": "1", "dien-thoai": "0912", "moi": "a", "lai": "b"})
    assert (refused.status_code, "Còn 6 chỗ cần sửa" in refused.text) == (422, True)
    fields = ("ho-ten", "so-dinh-danh", "moi", "lai", "dong-y-service", "dong-y-contact")
    assert all(f'id="loi-{one}"' in refused.text for one in fields)


@pytest.mark.parametrize("page", ["/dang-ky", "/quen-mat-khau"])
def test_neither_answer_nor_work_tells_who_has_an_account(app: Flask, page: str) -> None:
    """The same page, and the same statements: what differs is decided by the worker."""
    seen = []
    for email in ("hoa@vidu.vn", "aoh@vidu.vn"):
        client = app.test_client()
        token = token_of(client.get(page).text)
        said: list[str] = []

        def hear(_c: object, _cursor: object, statement: str, *_more: object, into: list[str] = said) -> None:
            into.append(statement)

        event.listen(engine(), "before_cursor_execute", hear)
        try:
            answer = client.post(page, data={"csrf_token": token, "thu": email})
        finally:
            event.remove(engine(), "before_cursor_execute", hear)
        assert any("INSERT INTO letter" in one for one in said)
        assert not any("FROM account" in one for one in said)
        text = re.sub(r'value="[^"]{40,}"', "", answer.text).replace(email, "E")
        seen.append((answer.status_code, text, sorted(answer.headers.keys()), said))
    assert seen[0] == seen[1]


def test_another_address_is_confirmed_by_a_letter_to_it(app: Flask, as_person: People, client: FlaskClient) -> None:
    reader, where = as_person("hoa"), "/tai-khoan/doi-thu"
    token = token_of(reader.get("/tai-khoan").text)
    form = {"csrf_token": token, "thu-moi": "không phải thư", "mat-khau": "sai"}
    wrong = reader.post(where, data=form)
    assert (wrong.status_code, "Còn 2 chỗ cần sửa" in wrong.text) == (422, True)
    form |= {"thu-moi": "Moi@VIDU.vn", "mat-khau": PASSWORD}
    assert reader.post(where, data=form).headers["Location"] == "/tai-khoan?xong=thu-moi"
    (link,) = links()
    assert "moi@vidu.vn" in client.get(link).text
    with reading() as session:
        assert session.scalar(select(Account.email).where(Account.name == "hoa")) == "hoa@vidu.vn", (
            "looking changes nothing"
        )
    assert fill(client, link).headers["Location"] == "/dang-nhap?xong=doi-thu"
    assert fill(client, link).status_code == client.get(link).status_code == 410, "once"
    assert enter(app.test_client(), "moi@vidu.vn", PASSWORD).status_code == 303
    with reading() as session:
        told = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
    assert (told.kind, told.recipient) == ("email-changed", "hoa@vidu.vn")
    assert enter(reader, "moi@vidu.vn", PASSWORD).status_code == 303
    form["csrf_token"] = token_of(reader.get("/tai-khoan").text)
    assert reader.post(where, data=form | {"thu-moi": "moi@vidu.vn"}).status_code == 303, "it does not say who has it"
    assert links() == [], "who has it is told that he has an account"


def test_a_forgotten_password_is_chosen_anew_once(app: Flask, as_person: People, client: FlaskClient) -> None:
    signed_in = as_person("hoa")
    ask(client, "/quen-mat-khau", "hoa@vidu.vn")
    ask(client, "/quen-mat-khau", "hoa@vidu.vn")
    first, second = links()
    assert "hoa" in client.get(first).text
    assert fill(client, first, moi="ngan", lai="ngan").status_code == 422
    assert fill(client, first, moi=NEW, lai=NEW).headers["Location"] == "/dang-nhap?xong=mat-khau"
    assert fill(client, first, moi=NEW, lai=NEW).status_code == 410
    assert fill(client, second, moi=NEW, lai=NEW).status_code == 410, "the password that it was to change is gone"
    assert signed_in.get("/tai-khoan").status_code == 303
    assert authenticate("hoa", PASSWORD) is None
    assert authenticate("hoa@vidu.vn", NEW) is not None
    with reading() as session:
        (token,) = session.scalars(select(AccountToken).join(Account).where(Account.name == "hoa"))
    assert token.revoked is not None, "whoever knew the old password may have made it"


def test_links_end_and_cannot_be_made_up(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading() as session:
        hoa = session.scalars(select(Account).where(Account.name == "hoa")).one()
    good = password_link(SECRET, hoa)
    assert client.get(f"/dat-mat-khau/{good}").status_code == 200
    assert client.get(f"/dang-ky/{good}").status_code == 410, "of another purpose"
    forged = (password_link("another key, as long as the first one", hoa), good[:-1], good + "x", "x", "a.b.c")
    assert [client.get(f"/dat-mat-khau/{one}").status_code for one in forged] == [410] * 5
    start = now()
    for page, link, seconds in (
        ("dat-mat-khau", good, LIFETIME["password"]),
        ("dang-ky", registration_link(SECRET, "moi@vidu.vn"), LIFETIME["register"]),
        ("dat-mat-khau", password_link(SECRET, hoa, invitation=True), INVITATION_SECONDS),
    ):
        for late, status in ((-1, 200), (1, 410)):
            later = start + timedelta(seconds=seconds + late)
            with monkeypatch.context() as patch:
                patch.setattr("archive.identity.links.now", lambda later=later: later)
                assert client.get(f"/{page}/{link}").status_code == status, (page, late)


def test_only_so_many_letters_are_sent_to_one_address_and_the_answer_stays_the_same(app: Flask) -> None:
    told = set()
    for _ in range(6):
        answer = ask(app.test_client(), "/dang-ky", "hang-xom@vidu.vn")
        told.add((answer.status_code, re.sub(r'value="[^"]{40,}"', "", answer.text)))
    assert len(told) == 1
    with reading() as session:
        assert len(session.scalars(select(Letter)).all()) == 3
    with writing() as session:
        for one in session.scalars(select(Letter)):
            one.created = now() - timedelta(minutes=61)
    ask(app.test_client(), "/dang-ky", "hang-xom@vidu.vn")
    with reading() as session:
        assert len(session.scalars(select(Letter)).all()) == 4


@pytest.mark.parametrize(
    "email", ["", "hoa", "hoa@", "@vidu.vn", "hoa@vidu", "a b@vidu.vn", "hòa@vidu.vn", "hoa@vi..du.vn", "<a>@vidu.vn",
              "a@vidu.vn\nBcc: b@vidu.vn", "x" * 200 + "@vidu.vn", "a@b@vidu.vn"]
)  # fmt: skip
def test_what_is_no_address_is_told_and_kept(client: FlaskClient, email: str) -> None:
    answer = ask(client, "/dang-ky", email)
    assert answer.status_code == 422
    assert 'id="loi"' in answer.text
    with reading() as session:
        assert session.scalars(select(Letter)).all() == []


def test_without_a_mail_server_the_page_says_where_to_go(app: Flask) -> None:
    house: House = app.extensions["vankho"]
    app.extensions["vankho"] = replace(house, settings=house.settings.model_copy(update={"smtp_url": SecretStr("")}))
    client = app.test_client()
    page = client.get("/dang-ky").text
    assert "Tài khoản độc giả được mở tại phòng đọc của Trung tâm" in page
    assert "csrf_token" not in page
    sent = client.post("/dang-ky", data={"csrf_token": token_of(client.get("/dang-nhap").text), "thu": "a@vidu.vn"})
    assert "phòng đọc" in sent.text
    with reading() as session:
        assert session.scalars(select(Letter)).all() == []


def test_a_link_never_begins_with_what_the_request_says(client: FlaskClient) -> None:
    evil = "http://evil.example"
    token = token_of(client.get("/dang-ky", base_url=evil).text)
    assert client.post("/dang-ky", data={"csrf_token": token, "thu": "moi@vidu.vn"}, base_url=evil).status_code == 200
    assert len(links()) == 1, "links() reads those that begin with VANKHO_PUBLIC_URL"
