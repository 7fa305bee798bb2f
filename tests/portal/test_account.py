"""One's own account: sessions that can be ended, the password, tokens of the API that do no more than they say."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from archive.accounts import authenticate, hash_password, token_digest, viewer_of
from archive.catalogue.consents import Consent
from archive.catalogue.people import Account, AccountToken, AuditEvent
from archive.catalogue.requests import RequestDraft
from archive.catalogue.sign_in import AccountSession, SignInAttempt
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.identity.tokens import SCOPES
from portal.devices import device_name
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import enter, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
NEW = "một câu dễ nhớ 2026"


@pytest.fixture(autouse=True)
def _as_before(app: Flask) -> Iterator[None]:
    yield
    with writing() as session:
        for account in session.scalars(select(Account)):
            account.password_hash = hash_password(PASSWORD) if account.name == "hoa" else account.password_hash
        session.execute(delete(AccountSession))
        session.execute(delete(SignInAttempt))
        session.execute(delete(AccountToken).where(AccountToken.name != ""))


def press(client: FlaskClient, address: str, **form: object):  # type: ignore[no-untyped-def]
    """Sends a form with the token of the account's page."""
    return client.post(address, data={"csrf_token": token_of(client.get("/tai-khoan").text), **form})


def test_who_has_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    answer = client.get("/tai-khoan")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dang-nhap?next=/tai-khoan")


def test_the_page_lists_the_devices_and_is_kept_nowhere(app: Flask, as_person: People) -> None:
    phone = app.test_client()
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
    phone.environ_base = {**phone.environ_base, "HTTP_USER_AGENT": agent, "REMOTE_ADDR": "203.0.113.9"}
    assert enter(phone, "hoa").status_code == 303
    answer = as_person("hoa").get("/tai-khoan")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Chrome, Android" in answer.text
    assert "203.0.113.9" in answer.text
    assert answer.text.count("(máy này)") == 1


def test_one_session_or_all_others_can_be_ended(as_person: People) -> None:
    here, there, third, stranger = as_person("hoa"), as_person("hoa"), as_person("hoa"), as_person("minh")
    numbers = {int(n) for n in re.findall(r'action="/tai-khoan/phien/(\d+)"', here.get("/tai-khoan").text)}
    assert len(numbers) == 2
    assert press(stranger, f"/tai-khoan/phien/{min(numbers)}").status_code == 404
    assert press(here, f"/tai-khoan/phien/{min(numbers)}").status_code == 303
    assert [one.get("/tai-khoan").status_code for one in (here, there, third)] == [200, 303, 200]
    kept = here.get_cookie("phien")
    assert press(here, "/tai-khoan/phien").status_code == 303
    assert [one.get("/tai-khoan").status_code for one in (here, there, third)] == [200, 303, 303]
    assert kept
    third.set_cookie("phien", kept.value)
    assert third.get("/tai-khoan").status_code == 303, "the cookie from before the change is worth nothing"


def test_a_session_ends_by_itself(app: Flask, as_person: People) -> None:
    client = as_person("hoa")
    with writing() as session:
        for one in session.scalars(select(AccountSession)):
            one.expires = now() - timedelta(seconds=1)
    assert client.get("/tai-khoan").status_code == 303


def test_the_database_keeps_no_secret_of_a_session(as_person: People) -> None:
    client = as_person("hoa")
    with client.session_transaction() as cookie:
        secret = cookie["_user_id"].partition(":")[2]
    with reading() as session:
        rows = session.scalars(select(AccountSession)).all()
    assert secret
    assert all(secret not in str(vars(row)) for row in rows)


def test_a_new_password_ends_other_sessions_and_keeps_this_one(as_person: People) -> None:
    here, there = as_person("hoa"), as_person("hoa")
    assert press(here, "/tai-khoan/mat-khau", cu="sai", moi=NEW, lai=NEW).status_code == 422
    for bad in ("ngan", "aaaaaaaaaaaa", "hoa"):
        answer = press(here, "/tai-khoan/mat-khau", cu=PASSWORD, moi=bad, lai=bad)
        assert (answer.status_code, "err-msg" in answer.text) == (422, True)
    assert press(here, "/tai-khoan/mat-khau", cu=PASSWORD, moi=NEW, lai=NEW + "x").status_code == 422
    answer = press(here, "/tai-khoan/mat-khau", cu=PASSWORD, moi=NEW, lai=NEW)
    assert answer.headers["Location"] == "/tai-khoan?xong=mat-khau"
    assert (here.get("/tai-khoan").status_code, there.get("/tai-khoan").status_code) == (200, 303)
    assert authenticate("hoa", PASSWORD) is None
    assert authenticate("hoa", NEW) is not None


def test_the_current_password_cannot_be_guessed_from_inside(as_person: People) -> None:
    client = as_person("hoa")
    answers = [press(client, "/tai-khoan/mat-khau", cu="sai", moi=NEW, lai=NEW).status_code for _ in range(12)]
    assert answers == [422] * 11 + [429]


def made_token(client: FlaskClient, *scopes: str) -> str:
    answer = press(client, "/tai-khoan/khoa", **{"ten": "máy ở nhà", "pham-vi": list(scopes), "ngay": "30"})
    found = re.search(r"vk_[\w-]{43}", answer.text)
    assert found, answer.text
    assert found[0] not in client.get("/tai-khoan").text, "it is shown once"
    return found[0]


def test_a_token_does_what_its_scope_says(small: Small, app: Flask, as_person: People) -> None:
    record = f"/api/v1/records/{small.ids['document:H48.P1.1.001']}"
    narrow = {"Authorization": f"Bearer {made_token(as_person('hoa'), 'search')}"}
    outside = app.test_client()
    assert outside.get("/api/v1/search?q=giao", headers=narrow).status_code == 200
    refused = outside.get(record, headers=narrow)
    assert refused.status_code == 403
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="read"'
    assert refused.get_json()["detail_en"]
    wide = {"Authorization": f"Bearer {made_token(as_person('hoa'), *SCOPES)}"}
    assert outside.get(record, headers=wide).status_code == 200
    assert outside.get("/tai-khoan", headers=wide).status_code == 303, "a token opens the interface for programs only"


def test_a_token_is_never_more_than_its_owner(small: Small, app: Flask, as_person: People) -> None:
    address = f"/api/v1/records/{small.ids['document:H48.P1.1.004']}"
    headers = {"Authorization": f"Bearer {made_token(as_person('lan'), *SCOPES)}"}
    assert app.test_client().get(address, headers=headers).get_json()["readable"]
    with writing() as session:
        account = session.scalars(select(Account).where(Account.name == "lan")).one()
        account.role = "reader"
    try:
        assert not app.test_client().get(address, headers=headers).get_json()["readable"]
    finally:
        with writing() as session:
            session.scalars(select(Account).where(Account.name == "lan")).one().role = "archivist"


def test_tokens_end_when_they_are_told_to_and_by_themselves(app: Flask, as_person: People) -> None:
    client, outside = as_person("hoa"), app.test_client()
    token = made_token(client, "search")
    headers = {"Authorization": f"Bearer {token}"}
    assert outside.get("/api/v1/search", headers=headers).status_code == 200
    page = client.get("/tai-khoan").text
    assert "máy ở nhà" in page
    with reading() as session:
        used = session.scalars(select(AccountToken.last_used).where(AccountToken.name == "máy ở nhà")).all()
    assert used == [now()]
    address = f"/tai-khoan/khoa/{token_digest(token)}"
    assert address in page
    assert press(as_person("minh"), address).status_code == 404
    assert press(client, address).status_code == 303
    assert outside.get("/api/v1/search", headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {made_token(client, 'search')}"}
    with writing() as session:
        for one in session.scalars(select(AccountToken).where(AccountToken.name != "")):
            one.expires = now()
    assert outside.get("/api/v1/search", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "form", [{"ten": ""}, {"ten": "x" * 61}, {"pham-vi": []}, {"pham-vi": ["write"]}, {"ngay": "0"}, {"ngay": "99999"}]
)
def test_a_bad_token_form_says_why_and_keeps_the_name(as_person: People, form: dict[str, object]) -> None:
    told = {"ten": "máy", "pham-vi": ["search"], "ngay": "30"} | form
    answer = press(as_person("hoa"), "/tai-khoan/khoa", **told)
    assert answer.status_code == 422
    assert 'id="loi-khoa"' in answer.text
    assert f'name="ten" maxlength="60" required value="{str(told["ten"])[:60]}"' in answer.text
    with reading() as session:
        assert not session.scalars(select(AccountToken).where(AccountToken.name != "")).all()


def test_every_change_needs_the_forms_token(as_person: People) -> None:
    client = as_person("hoa")
    for address in ("mat-khau", "phien", "phien/1", "khoa", f"khoa/{'0' * 64}"):
        assert client.post(f"/tai-khoan/{address}").status_code == 400


def test_an_administrator_reads_no_more_than_anybody(small: Small, app: Flask) -> None:
    with reading() as session:
        account = session.scalars(select(Account).where(Account.name == "lan")).one()
    for role in ("administrator", "auditor", "reader", "clerk"):
        account.role = role
        assert not viewer_of(account, today_number()).tags & {"role:administrator", "role:archivist", "role:head"}
        assert not viewer_of(account, today_number()).is_staff


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
         "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        ("curl/8.5.0", "curl"), ("", ""), ("<script>", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_which_letters_tell_of_requests_is_chosen(as_person: People) -> None:
    client = as_person("hoa")
    assert 'value="each" checked' in client.get("/tai-khoan").text
    assert press(client, "/tai-khoan/thu", thu="none").status_code == 303
    assert 'value="none" checked' in client.get("/tai-khoan").text
    assert press(client, "/tai-khoan/thu", thu="lạ").status_code == 404
    assert press(client, "/tai-khoan/thu", thu="each").status_code == 303


def test_a_reader_says_who_he_is_and_the_number_is_shown_masked(as_person: People, small: Small) -> None:
    client, where = as_person("hoa"), "/tai-khoan/nguoi-dung"
    person = {
        "ho-ten": " ",
        "so-dinh-danh": "0511!",
        "dien-thoai": "0912",
        "noi-lam-viec": "",
        "dong-y-contact": "2026-01-01",
    }
    wrong = press(client, where, **person)
    assert (wrong.status_code, "Còn 2 chỗ cần sửa" in wrong.text, 'value="0512"' in wrong.text) == (422, True, False)
    assert 'id="loi-ho-ten"' in wrong.text
    assert 'id="loi-so-dinh-danh"' in wrong.text
    person |= {"ho-ten": "Trần Thị Hoa", "so-dinh-danh": "051188 000777"}
    assert press(client, where, **person).status_code == 303
    assert press(client, where, **person | {"so-dinh-danh": ""}).status_code == 303
    page = client.get("/tai-khoan").text
    assert ("Trần Thị Hoa" in page, "••••0777" in page, "000777" in page) == (True, True, False)
    told = client.get("/tai-khoan/du-lieu.json").get_json()["account"]
    assert (told["full_name"], told["identification"], told["phone"]) == ("Trần Thị Hoa", "051188000777", "0912")
    with writing() as session:
        assert session.scalar(
            select(AuditEvent.id).where(AuditEvent.action == "person-changed", AuditEvent.actor == "hoa")
        )
        session.execute(delete(Consent))
        session.execute(update(Account).where(Account.name == "hoa").values(full_name="", identification="", phone=""))
    assert press(as_person("lan"), where, **person).status_code == 404


def test_an_agreement_is_given_by_purpose_and_taken_back(as_person: People, small: Small) -> None:
    client, where = as_person("hoa"), "/tai-khoan/dong-y"
    assert "Chưa ghi lời đồng ý nào" in client.get("/tai-khoan").text
    assert press(client, where, **{"dong-y-service": "2019-01-01"}).status_code == 422, "other words were read"
    assert press(client, where, rut="service").status_code == 422, "nothing was given"
    unread = {"ho-ten": "Trần Thị Hoa", "so-dinh-danh": "051188000777", "dong-y-contact": "2019-01-01"}
    assert press(client, "/tai-khoan/nguoi-dung", **unread).status_code == 422, "nobody agrees to words he did not read"
    assert press(client, where).status_code == press(as_person("lan"), where, rut="service").status_code == 404
    for purpose in ("service", "contact"):
        assert press(client, where, **{f"dong-y-{purpose}": "2026-01-01"}).status_code == 303
    person = {"ho-ten": "Trần Thị Hoa", "so-dinh-danh": "051188000777", "dien-thoai": "0912"}
    assert press(client, "/tai-khoan/nguoi-dung", **person).status_code == 303, "agreed to already"
    assert press(client, where, rut="contact").status_code == 303
    with reading() as session:
        assert session.scalar(select(Account.phone).where(Account.name == "hoa")) == "", "it goes at once"
    refused = press(client, "/tai-khoan/nguoi-dung", **person)
    assert (refused.status_code, 'id="loi-dong-y-contact"' in refused.text) == (422, True)
    assert press(client, where, rut="service").status_code == 303
    asked = press(
        client,
        "/yeu-cau",
        **{"hinh-thuc": "reading", "muc-dich": "đọc", "tai-lieu": small.ids["document:H48.P1.1.001"]},
    )
    assert (asked.status_code, "Bạn đã rút lại đồng ý" in asked.text) == (422, True)
    booked = press(client, "/phong-doc", buoi="1.am")
    assert (booked.status_code, "Bạn đã rút lại đồng ý" in booked.text) == (422, True)
    assert press(client, where, **{"dong-y-service": "2026-01-01"}).status_code == 303
    told = client.get("/tai-khoan/du-lieu.json").get_json()["consents"]
    assert [(one["purpose"], one["given"]) for one in told] == [
        ("service", True), ("contact", True), ("contact", False), ("service", False), ("service", True),
    ]  # fmt: skip
    assert {one["wording"] for one in told} == {"2026-01-01"}
    with writing() as session:
        acts = session.scalars(
            select(AuditEvent.action).where(AuditEvent.action.like("consent-%")).order_by(AuditEvent.id)
        ).all()[-5:]
        assert (acts.count("consent-given"), acts.count("consent-withdrawn")) == (3, 2)
        session.execute(delete(Consent))
        session.execute(update(Account).where(Account.name == "hoa").values(full_name="", identification="", phone=""))


def test_one_takes_away_what_is_held_about_oneself(as_person: People, app: Flask, small: Small) -> None:
    client = as_person("hoa")
    answer = client.get("/tai-khoan/du-lieu.json")
    told = answer.get_json()
    assert told["account"]["name"] == "hoa"
    assert {"requests", "grants", "sessions", "kept", "visits", "originals", "letters"} < set(told)
    assert [one["device"] for one in told["sessions"]]
    assert "no-store" in answer.headers["Cache-Control"]
    form = {"hinh-thuc": "copy", "muc-dich": "đang viết", "viec": "luu"}
    assert press(client, "/yeu-cau", **form).status_code == 303
    assert client.get("/tai-khoan/du-lieu.json").get_json()["draft"]["purpose"] == "đang viết"
    with writing() as session:
        session.execute(delete(RequestDraft))
    for secret in ("password_hash", "digest", "epoch", "totp"):
        assert secret not in answer.text
    assert app.test_client().get("/tai-khoan/du-lieu.json").status_code == 303
