"""Erasing an account through the pages: proof is asked, what stays is told; staff see terms and counts, nobody else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import delete, select

from archive.accounts import hash_password
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.requests import ReadingRequest
from archive.catalogue.sign_in import Letter, SignInAttempt
from archive.clock import now, today_number
from archive.database import reading, writing
from desk.retention.rules import rule
from portal.retaining import kind_labels, length
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import PASSWORD, TOTP, Small
from tests.portal.conftest import building, enter, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
PAGE = "/tai-khoan/xoa"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of its own: people go."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture(autouse=True)
def _people(app: Flask) -> None:
    with writing() as session:
        session.execute(delete(SignInAttempt))
        for name, role in (("truong", "head"), ("quan", "administrator"), ("mai", "reader"), ("nga", "reader")):
            if session.scalar(select(Account.id).where(Account.name == name)) is None:
                person = {"password_hash": hash_password(PASSWORD), "role": role, "epoch": name, "active": True}
                session.add(Account(name=name, email=f"{name}@noi.vn", full_name=f"Người {name}", **person))


def press(client: FlaskClient, address: str, at: str = "", **form: str):  # type: ignore[no-untyped-def]
    return client.post(at or address, data={"csrf_token": token_of(client.get(address).text), **form})


def account(name: str) -> Account | None:
    with reading() as session:
        return session.scalar(select(Account).where(Account.name == name))


def test_the_owner_proves_who_it_is_and_is_gone(app: Flask, as_person: People) -> None:
    mai = as_person("mai")
    page = mai.get(PAGE).text
    assert "20 năm" in page
    assert "5 năm" in page
    for form, said in (
        ({"mat-khau": PASSWORD}, "đánh dấu"), ({"mat-khau": "sai", "hieu": "1"}, "Mật khẩu không đúng"),
    ):  # fmt: skip
        answer = press(mai, PAGE, **form)
        assert answer.status_code == 422
        assert said in answer.text
    assert account("mai") is not None
    answer = press(mai, PAGE, **{"mat-khau": PASSWORD, "hieu": "1"})
    assert answer.status_code == 303
    assert "Đã xóa tài khoản" in mai.get(answer.headers["Location"]).text
    assert account("mai") is None
    assert mai.get("/tai-khoan").status_code == 303
    assert enter(app.test_client(), "mai").status_code == 422
    with reading() as session:
        letters = session.scalars(select(Letter).where(Letter.recipient == "mai@noi.vn")).all()
    assert [one.kind for one in letters] == ["erased"]


def test_what_stands_in_the_way_is_told_before_the_form(as_person: People) -> None:
    own = account("nga")
    assert own is not None
    told = {"account_id": own.id, "kind": "reading", "purpose": "x", "received_at": now(), "due_on": today_number()}
    told |= {"term": "answer.reading", "officer": "lan"}
    with writing() as session:
        for code, state in (("w" * 26, "processing"), ("z" * 26, "approval")):
            session.add(ReadingRequest(code=code, state=state, **told))
    page = as_person("nga").get(PAGE).text
    assert "Yêu cầu zzzzzzzz đang chờ phê duyệt" in page
    assert "1 yêu cầu đang giải quyết sẽ được rút" in page
    with writing() as session:
        session.execute(delete(ReadingRequest).where(ReadingRequest.account_id == own.id))
    assert "Chưa xóa được ngay" not in as_person("nga").get(PAGE).text


def test_a_second_factor_is_asked_for_too(app: Flask) -> None:
    client = app.test_client()
    assert enter(client, "dung", code=pyotp.TOTP(TOTP).at(now())).status_code == 303
    client.get("/")
    assert press(client, PAGE, **{"mat-khau": PASSWORD, "hieu": "1", "ma": "000000"}).status_code == 422
    code = pyotp.TOTP(TOTP).at(now() + timedelta(seconds=30))  # the next one: a code counts once
    assert press(client, PAGE, **{"mat-khau": PASSWORD, "hieu": "1", "ma": code}).status_code == 303
    assert account("dung") is None


def test_an_administrator_does_it_for_one_who_writes(small: Small, as_person: People) -> None:
    nga = account("nga")
    assert nga is not None
    with writing() as session:
        asked = ReadingRequest(
            code="n" * 26, account_id=nga.id, kind="certified", purpose="thử", state="resolved", received_at=now(),
            due_on=today_number(), term="answer.copy", officer="lan", ended_at=now(),
        )  # fmt: skip
        session.add(asked)
    quan, page = as_person("quan"), f"/quan-tri/tai-khoan/{nga.id}"
    refused = press(quan, page, f"{page}/xoa", **{"can-cu": "Đơn ngày 01/11/2026"})
    assert refused.status_code == 422
    assert "đã xem giấy tờ" in refused.text
    done = press(quan, page, f"{page}/xoa", **{"can-cu": "Đơn ngày 01/11/2026", "da-xem": "1"})
    assert "Đã xóa tài khoản" in quan.get(done.headers["Location"]).text
    assert quan.get(page).status_code == 404
    assert account("nga") is None
    staff = as_person("truong").get(f"/quan-tri/yeu-cau/{'n' * 26}").text
    assert "Người nga" in staff, "the file of a certified copy names its person"
    with reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "account-erased")).all()[-1]
    assert (event.actor, event.ground, "nga" in str(event.detail)) == ("quan", "Đơn ngày 01/11/2026", False)


def test_staff_accounts_are_not_erased_like_this(as_person: People) -> None:
    lan = account("lan")
    assert lan is not None
    client = as_person("lan")
    assert client.get(PAGE).status_code == 404
    quan, page = as_person("quan"), f"/quan-tri/tai-khoan/{lan.id}"
    answer = press(quan, page, f"{page}/xoa", **{"can-cu": "x", "da-xem": "1"})
    assert answer.status_code == 422
    assert account("lan") is not None


def test_terms_and_counts_are_for_staff(as_person: People) -> None:
    page = as_person("lan").get("/quan-tri/luu-giu?ngay=2030-01-01").text
    assert "2030-01-01" in page
    assert "Luật 91/2025/QH15" in page
    for wrong in ("hôm nay", "9999-12-31", "0001-01-01"):
        assert as_person("truong").get("/quan-tri/luu-giu", query_string={"ngay": wrong}).status_code == 200
    missing = as_person("hoa").get("/quan-tri/luu-giu")
    assert missing.status_code == 404
    assert "Người" not in page


@pytest.mark.parametrize(("wish", "status"), [("daily", 303), ("none", 303), ("each", 303), ("ends", 404)])
def test_letters_are_chosen(as_person: People, wish: str, status: int) -> None:
    client = as_person("hoa")
    answer = press(client, "/tai-khoan", "/tai-khoan/thu", thu=wish)
    assert answer.status_code == status
    if status == 303:
        assert "Đã lưu cách báo qua thư" in client.get(answer.headers["Location"]).text


def test_people_are_told_which_terms_are_the_archives_own(client: FlaskClient) -> None:
    """No term of ours stands as one of the law; every kind that has a rule is told."""
    page = client.get("/tro-giup/tuyen-bo").text
    with client.application.test_request_context():
        labels = {name: (label, length(rule(name, today_number()).term)) for name, label in kind_labels().items()}
    law, own = page.split("Luật không cho con số")[0].split("Giữ bao lâu")[1], page.split("Luật không cho con số")[1]
    for name, (label, long) in labels.items():
        told, line = rule(name, today_number()).term, f"{escape(label)}: {long}"
        assert (line in law, line in own) == (told.sure in {"V", "V2"}, told.sure not in {"V", "V2"}), name
    assert "do Trung tâm đặt" not in law
    assert "Quy tắc của Trung tâm" not in law
