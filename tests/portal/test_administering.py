"""The administration of accounts: who may, what each act does at once, what is refused, what is noted."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from archive.accounts import authenticate, hash_password
from archive.catalogue.outbox import DeadLetter, IndexRebuild, IndexSweep, OutboxRow
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.records import Record
from archive.catalogue.sign_in import AccountSession, Assignment, Letter, SignInAttempt
from archive.clock import now, today
from archive.database import reading, writing
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import enter, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
ACCOUNTS = "/quan-tri/tai-khoan"
CONDITIONAL, HIDDEN = "document:H48.P1.1.004", "document:H48.P2.2.001"


@pytest.fixture(autouse=True)
def _with_administrator(app: Flask) -> Iterator[None]:
    with writing() as session:
        session.add(Account(name="quan", password_hash=hash_password(PASSWORD), role="administrator", epoch="q",
                            active=True))  # fmt: skip
    yield
    with writing() as session:
        for table in (AccountSession, SignInAttempt, Letter, Assignment):
            session.execute(delete(table))
        known = ("lan", "minh", "hoa", "dung", "cu", "tra")
        session.execute(delete(Account).where(Account.name.not_in(known)))
        for account in session.scalars(select(Account)):
            account.role = {"lan": "archivist", "minh": "clerk", "tra": "auditor"}.get(account.name, "reader")
            account.active = account.name != "cu"
        lan = session.scalars(select(Account).where(Account.name == "lan")).one()
        session.add(Assignment(account_id=lan.id, valid_from=1))


def number_of(name: str) -> int:
    with reading() as session:
        return session.scalars(select(Account.id).where(Account.name == name)).one()


def press(client: FlaskClient, address: str, **form: object):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/tai-khoan").text)
    return client.post(f"{ACCOUNTS}{address}", data={"csrf_token": token, **form})


def readable(client: FlaskClient, small: Small, which: str) -> bool | None:
    answer = client.get(f"/api/v1/records/{small.ids[which]}")
    return bool(answer.get_json()["readable"]) if answer.status_code == 200 else None


@pytest.mark.parametrize("name", ["", "hoa", "minh", "lan"])
def test_for_others_the_administration_is_not_there(app: Flask, as_person: People, name: str) -> None:
    client = as_person(name)
    nothing = client.get("/quan-tri/khong-co")
    for address in (
        ACCOUNTS,
        f"{ACCOUNTS}/moi",
        f"{ACCOUNTS}/{number_of('hoa')}",
        "/quan-tri/thu",
        "/quan-tri/chi-muc",
    ):
        answer = client.get(address)
        bare = [re.sub(r'value="[^"]{40,}"|next=[^"]*', "", one.text) for one in (answer, nothing)]
        assert (answer.status_code, bare[0]) == (404, bare[1]), address
    token = token_of(client.get("/dang-nhap").text)
    for address in ("vai-tro", "phan-cong", "phan-cong/1", "trang-thai", "ma-mot-lan", "phien", "loi-moi"):
        sent = client.post(f"{ACCOUNTS}/{number_of('hoa')}/{address}", data={"csrf_token": token, "vai-tro": "head"})
        assert sent.status_code == 404
    assert client.post(f"{ACCOUNTS}/moi", data={"csrf_token": token, "ten": "x", "vai-tro": "head"}).status_code == 404
    assert "Quản trị" not in client.get("/").text


def test_the_list_is_searched_and_paged(as_person: People) -> None:
    with writing() as session:
        session.add_all(
            Account(name=f"doc.gia.{n:03d}", full_name=f"Người thứ {n}", password_hash="", role="reader", epoch="e",
                    active=True) for n in range(60)
        )  # fmt: skip
    client = as_person("quan")
    first, second = client.get(ACCOUNTS).text, client.get(f"{ACCOUNTS}?trang=2").text
    assert "1–50 trong 67" in first
    assert "51–67 trong 67" in second
    assert not set(re.findall(r'href="/quan-tri/tai-khoan/(\d+)"', first)) & set(
        re.findall(r'href="/quan-tri/tai-khoan/(\d+)"', second)
    )
    assert "1–1 trong 1" in client.get(f"{ACCOUNTS}?q=thứ 59").text
    assert "1–1 trong 1" in client.get(f"{ACCOUNTS}?vai-tro=archivist").text
    for odd in ("?trang=0", "?trang=-1", "?trang=999999999", "?trang=x", "?vai-tro=x", "?q=%00", "?q=%25", "?trang=99"):
        assert client.get(f"{ACCOUNTS}{odd}").status_code == 200


def test_an_account_is_made_invited_and_used(app: Flask, as_person: People) -> None:
    client = as_person("quan")
    for bad in ({"ten": ""}, {"ten": "hoa"}, {"vai-tro": "x"}, {"vai-tro": "clerk"}, {"thu": "x"}):
        refused = press(client, "/moi", **({"ten": "mới", "vai-tro": "reader", "ho-ten": "Họ Tên"} | bad))
        assert (refused.status_code, 'id="loi"' in refused.text, "Họ Tên" in refused.text) == (422, True, True), bad
    made = press(client, "/moi", **{"ten": "tú.luutru", "vai-tro": "archivist", "ho-ten": "Tú"})
    assert made.status_code == 303
    page = press(client, f"/{number_of('tú.luutru')}/loi-moi")
    link = re.search(r"http://localhost(/dat-mat-khau/[\w.-]+)", page.text)
    assert link
    assert authenticate("tú.luutru", "") is None
    owner = app.test_client()
    form = {"csrf_token": token_of(owner.get(link[1]).text), "moi": "một câu dễ nhớ", "lai": "một câu dễ nhớ"}
    assert owner.post(link[1], data=form).status_code == 303
    assert enter(owner, "tú.luutru", "một câu dễ nhớ").status_code == 303


def test_an_archivist_reads_the_assigned_fonds_on_the_assigned_days(small: Small, as_person: People) -> None:
    client, lan = as_person("quan"), as_person("lan")
    number, day = number_of("lan"), today()
    assert (readable(lan, small, CONDITIONAL), readable(lan, small, HIDDEN)) == (True, True)
    with reading() as session:
        whole = session.scalars(select(Assignment.id).where(Assignment.account_id == number)).one()
    assert press(client, f"/{number}/phan-cong/{whole}").status_code == 303
    assert (readable(lan, small, CONDITIONAL), readable(lan, small, HIDDEN)) == (False, None), "at once"
    assert lan.get("/api/v1/search?q=hoàngthảo").get_json()["total"] == 0
    for first, last, sees in ((1, 9, False), (-9, -1, False), (-1, 0, True), (0, 0, True)):
        told = {"tu": (day + timedelta(first)).isoformat(), "den": (day + timedelta(last)).isoformat()}
        assert press(client, f"/{number}/phan-cong", phong="H48.P1", **told).status_code == 303
        assert readable(lan, small, CONDITIONAL) is sees, (first, last)
        with writing() as session:
            session.execute(delete(Assignment).where(Assignment.account_id == number))
    assert press(client, f"/{number}/phan-cong", phong="H48.P1").status_code == 303
    assert (readable(lan, small, CONDITIONAL), readable(lan, small, HIDDEN)) == (True, None)
    assert lan.get("/api/v1/search?q=hoàngthảo").get_json()["total"] > 0
    assert press(client, f"/{number}/phan-cong", phong="*").status_code == 303
    assert readable(lan, small, HIDDEN) is True


@pytest.mark.parametrize(
    "form", [{"phong": "H99"}, {"phong": ""}, {"phong": "H48.P1", "tu": "2/11/2026"},
             {"phong": "H48.P1", "tu": "2026-11-02", "den": "2026-11-01"}]
)  # fmt: skip
def test_a_bad_assignment_is_refused_with_words(as_person: People, form: dict[str, str]) -> None:
    answer = press(as_person("quan"), f"/{number_of('lan')}/phan-cong", **form)
    assert (answer.status_code, 'id="loi"' in answer.text) == (422, True)
    assert press(as_person("quan"), f"/{number_of('hoa')}/phan-cong", phong="H48.P1").status_code == 422


def test_a_new_role_ends_sessions_and_assignments(small: Small, as_person: People) -> None:
    client, lan = as_person("quan"), as_person("lan")
    assert press(client, f"/{number_of('lan')}/vai-tro", **{"vai-tro": "reader"}).status_code == 303
    assert lan.get("/tai-khoan").status_code == 303
    assert press(client, f"/{number_of('lan')}/vai-tro", **{"vai-tro": "archivist"}).status_code == 303
    assert readable(as_person("lan"), small, CONDITIONAL) is False, "the assignment of before does not come back"


def test_an_administrator_meets_nothing_that_is_closed(small: Small, as_person: People) -> None:
    client = as_person("quan")
    assert (readable(client, small, CONDITIONAL), readable(client, small, HIDDEN)) == (False, None)
    assert client.get("/api/v1/search?q=hoàngthảo").get_json()["total"] == 0
    assert "7777" not in client.get(f"/ho-so/{small.ids['file:H48.P1.07.1']}").text, "declared counts are for staff"


def test_a_closed_account_is_out_at_once(small: Small, as_person: People) -> None:
    client, hoa = as_person("quan"), as_person("hoa")
    headers = {"Authorization": f"Bearer {small.tokens['hoa']}"}
    assert client.get("/api/v1/search", headers=headers).status_code == 200
    assert press(client, f"/{number_of('hoa')}/trang-thai", mo="0").status_code == 303
    assert hoa.get("/tai-khoan").status_code == 303
    assert client.get("/api/v1/search", headers=headers).status_code == 401
    assert authenticate("hoa", PASSWORD) is None
    assert press(client, f"/{number_of('hoa')}/trang-thai", mo="1").status_code == 303
    assert authenticate("hoa", PASSWORD) is not None


def test_the_last_administrator_stays(as_person: People) -> None:
    client, number = as_person("quan"), number_of("quan")
    for act, form in (("vai-tro", {"vai-tro": "reader"}), ("trang-thai", {"mo": "0"})):
        answer = press(client, f"/{number}/{act}", **form)
        assert (answer.status_code, "cuối cùng" in answer.text) == (422, True)
    press(client, f"/{number_of('hoa')}/vai-tro", **{"vai-tro": "administrator"})
    assert press(client, f"/{number}/trang-thai", mo="0").status_code == 303


def test_every_act_is_noted_with_who_did_it(as_person: People) -> None:
    client, number = as_person("quan"), number_of("hoa")
    with reading() as session:
        before = session.scalars(select(AuditEvent.id).order_by(AuditEvent.id.desc())).first() or 0
    press(client, "/moi", **{"ten": "moi", "vai-tro": "reader"})
    press(client, f"/{number}/vai-tro", **{"vai-tro": "archivist"})
    press(client, f"/{number}/phan-cong", phong="H48.P1")
    with reading() as session:
        mine = session.scalars(select(Assignment.id).where(Assignment.account_id == number)).one()
    press(client, f"/{number}/phan-cong/{mine}")
    for act, form in (("ma-mot-lan", {}), ("phien", {}), ("loi-moi", {}), ("trang-thai", {"mo": "0"}),
                      ("trang-thai", {"mo": "1"})):  # fmt: skip
        press(client, f"/{number}/{act}", **form)
    with reading() as session:
        told = session.execute(
            select(AuditEvent.actor, AuditEvent.action).where(AuditEvent.id > before).order_by(AuditEvent.id)
        ).all()
    assert [action for actor, action in told if actor == "quan"] == [
        "account-added", "role-changed", "assigned", "unassigned", "second-factor-reset", "sign-out", "invited",
        "account-closed", "account-opened",
    ]  # fmt: skip


def test_a_person_gets_an_address_that_no_other_account_has(as_person: People) -> None:
    client, number = as_person("quan"), number_of("minh")
    assert press(client, f"/{number}/nguoi-dung", **{"ho-ten": "Lê Minh", "thu": "Minh@vidu.vn"}).status_code == 303
    assert "minh@vidu.vn" in client.get(f"{ACCOUNTS}/{number}").text
    assert authenticate("minh@vidu.vn", PASSWORD) is not None
    for typed in ("minh@vidu.vn", "x"):
        refused = press(client, f"/{number_of('lan')}/nguoi-dung", thu=typed)
        assert (refused.status_code, 'id="loi"' in refused.text) == (422, True)
    assert press(client, f"/{number}/nguoi-dung", **{"ho-ten": "", "thu": ""}).status_code == 303


def test_letters_in_trouble_are_shown_and_tried_again(as_person: People) -> None:
    with writing() as session:
        session.add(Letter(kind="register", recipient="<b>@vidu.vn", language="vi", address="", created=now(), due=None,
                           tries=3, state="failed", trouble="550 <script>"))  # fmt: skip
        session.flush()
    client = as_person("quan")
    page = client.get("/quan-tri/thu").text
    assert "550 &lt;script&gt;" in page
    number = re.search(r'action="/quan-tri/thu/(\d+)"', page)
    assert number
    token = token_of(page)
    assert client.post(f"/quan-tri/thu/{number[1]}", data={"csrf_token": token}).status_code == 303
    with reading() as session:
        assert session.scalars(select(Letter.state)).one() == "waiting"
    assert client.post("/quan-tri/thu/999", data={"csrf_token": token}).status_code == 404


def test_dates_are_told_as_people_read_them(as_person: People) -> None:
    client, number = as_person("quan"), number_of("lan")
    press(client, f"/{number}/phan-cong", phong="H48.P1", tu="2026-11-05", den="2026-12-31")
    assert date(2026, 11, 5)
    page = client.get(f"{ACCOUNTS}/{number}").text
    assert "05/11/2026" in page
    assert "31/12/2026" in page


def test_what_an_index_refused_is_shown_with_its_reason_and_sent_again(as_person: People) -> None:
    with writing() as session:
        record = session.scalars(select(Record).where(Record.level == "document")).first()
        assert record is not None
        session.add(DeadLetter(index="pages", record_id=record.id, seq=1, reason="chữ <b> quá dài", at=now()))
        session.add(IndexSweep(began_at=now(), ended_at=now(), checked=1234, missing=2, outdated=0, foreign=0))
        began = now() - timedelta(seconds=90)
        session.add(IndexRebuild(id=1, records="r-1", pages="p-1", start=0, done=500, total=2000, began_at=began))
        own, title = record.id, record.title
    client = as_person("quan")
    try:
        page = client.get("/quan-tri/chi-muc").text
        for shown in ("chữ &lt;b&gt; quá dài", "1.234", "500", "2.000", "Còn khoảng 5 phút."):
            assert shown in page
        assert title not in page  # who runs the system reads no records by it
        token = token_of(page)
        for wish in ({}, {"record": str(own)}):
            answer = client.post("/quan-tri/chi-muc", data={"csrf_token": token, **wish})
            assert answer.status_code == 303
            assert "gui=1" in answer.headers["Location"]
        with reading() as session:
            assert [one.record_id for one in session.scalars(select(OutboxRow)).all()][-2:] == [own, own]
        assert client.post("/quan-tri/chi-muc", data={"csrf_token": token, "record": "1x"}).status_code == 404
        assert as_person("hoa").post("/quan-tri/chi-muc", data={"csrf_token": token}).status_code in (400, 404)
    finally:
        with writing() as session:
            for table in (DeadLetter, IndexSweep, IndexRebuild, OutboxRow):
                session.execute(delete(table))
