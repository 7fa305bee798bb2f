"""The staff's side of requests: queue, handing over, delegation, assisted service, letters of the day, figures."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import withdraw_record
from archive.settings import settings
from desk import queueing
from desk import requests as desk
from desk.assisting import Person, codes_to_ids, enter
from desk.consents import purposes, said_of
from desk.decision import Answer, decide
from desk.delegation import acting_role, delegate, deputises, end_delegation
from desk.letters import Writer
from desk.measuring import figures, percentile
from desk.news import rate
from desk.requests import Wish
from desk.steps import RequestError
from desk.watching import watch_requests
from tests.desk.requests_of_tests import (
    answer,
    found,
    ids,
    letters,
    open_desk,
    send,
    step,
    to_approval,
    viewer,
)
from tests.transfers import record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def test_who_deputises_decides_for_those_days_only(reader: Account) -> None:
    day = today_number()
    with pytest.raises(RequestError), writing() as session:
        delegate(session, viewer("lan"), "truong", (day, day), "x")
    for to, days, ground in (
        ("hoa", (day, day), "x"), ("lan", (day - 3, day - 1), "x"), ("lan", (day, day + 400), "x"),
        ("lan", (day, day), " "), ("truong", (day, day), "x"),
    ):  # fmt: skip
        with pytest.raises(RequestError), writing() as session:
            delegate(session, viewer("truong"), to, days, ground)
    with writing() as session:
        later = delegate(session, viewer("truong"), "lan", (day + 1, day + 2), "QĐ 5").id
    with reading() as session:
        assert acting_role(session, viewer("lan")) == "archivist"
        assert acting_role(session, viewer("hoa")) == "reader"
    with writing() as session:
        end_delegation(session, viewer("truong"), later)
        now_running = delegate(session, viewer("truong"), "lan", (day, day + 2), "QĐ 6").id
    with reading() as session:
        assert (acting_role(session, viewer("lan")), deputises(session, "lan")) == ("head", "truong")
    with writing() as session:
        end_delegation(session, viewer("truong"), now_running)
    with reading() as session:
        assert acting_role(session, viewer("lan")) == "archivist"
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "delegated")).all()) == 2


def test_the_trail_says_in_whose_place_it_was_decided(reader: Account) -> None:
    day, codes = today_number(), [send(reader, "VB2"), send(reader, "VB2")]
    with writing() as session:
        delegate(session, viewer("truong"), "lan", (day, day), "QĐ 5")
    for code, name in zip(codes, ("lan", "truong"), strict=True):
        to_approval(code)
        with writing() as session:
            role = acting_role(session, viewer(name))
            decide(session, found(session, code), {record("VB2").id: Answer(0, ground="x")}, role, name)
    with reading() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "request-refuse").order_by(AuditEvent.id)
        )
        assert [(one.actor, one.detail.get("deputises", "")) for one in events] == [("lan", "truong"), ("truong", "")]


def test_a_head_whose_account_is_closed_delegates_nothing(reader: Account) -> None:
    day = today_number()
    with writing() as session:
        delegate(session, viewer("truong"), "lan", (day, day), "QĐ 5")
        session.scalars(select(Account).where(Account.name == "truong")).one().active = False
    with reading() as session:
        assert acting_role(session, viewer("lan")) == "archivist"


def test_officers_hear_once_a_day_of_what_is_due(reader: Account) -> None:
    code = send(reader, "VB2")
    watch_requests()
    assert letters("day") == []
    with writing() as session:
        found(session, code).due_on = today_number() - 1
    watch_requests()
    watch_requests()
    assert sorted(letters("day")) == [("lan@noi.vn", ""), ("truong@noi.vn", "")]
    with reading() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "day")).first()
        assert letter is not None
        said = Writer(settings(), "khoa").compose(session, letter)
    assert said is not None
    assert "quá hạn / overdue" in said.text


def test_the_queue_counts_what_it_shows(reader: Account) -> None:
    day = today_number()
    codes = [send(reader, "VB2") for _ in range(6)]
    step(codes[0], "take", actor="lan")
    to_approval(codes[1])
    step(codes[2], "take")
    step(codes[2], "ask", reason="x")
    step(codes[3], "withdraw", "owner")
    with writing() as session:
        found(session, codes[4]).due_on = day
        found(session, codes[5]).due_on = day - 1
        found(session, codes[2]).due_on = day - 1
    with reading() as session:
        counts = queueing.counts(session, "lan", day)
        shown = {group: len(queueing.waiting(session, group, "lan", day)) for group in queueing.GROUPS}
    assert counts == shown
    assert counts == {
        "all": 5, "mine": 1, "new": 2, "today": 1, "overdue": 1, "approval": 1, "reader": 1, "fee": 0, "making": 0,
        "handing": 0,
        "stuck": 0, "refund": 0, "ended": 1,
    }  # fmt: skip


def test_the_queue_is_sifted_and_hidden_records_find_nothing(reader: Account) -> None:
    day = today_number()
    with writing() as session:
        session.get_one(Account, reader.id).full_name = "Phạm Thị Hòa"
    plain, shut = send(reader, "VB2", kind="copy"), send(reader, "VB1", "VB2")
    step(shut, "take", actor="lan")

    def shown(**sieve: str) -> list[str]:
        with reading() as session:
            sieved = queueing.sieved(session, queueing.Sieve(**sieve), viewer("lan"), day)
            return [one.code for one in queueing.waiting(session, "all", "lan", day, sieved=sieved)]

    number = record("VB1").code
    assert set(shown()) == {plain, shut}
    assert shown(kind="copy") == shown(access="open") == shown(officer=queueing.NOBODY) == [plain]
    assert shown(access="conditional") == shown(officer="lan") == [shut]
    assert shown(words=shut[:8].upper()) == shown(words=number.lower()) == shown(words=f"hoa {number}") == [shut]
    assert set(shown(words="phạm hoa")) == {plain, shut}
    assert shown(words="%") == shown(words="không ai") == []
    with writing() as session:
        withdraw_record(session, record("VB1").public_id, actor="an", ground="QĐ 2")
    assert len(shown()) == 2
    assert shown(words=number) == shown(access="conditional") == []


def test_work_is_taken_released_and_handed_over(reader: Account) -> None:
    code = send(reader, "VB2")
    assert step(code, "take", actor="lan").officer == "lan"
    for to in ("hoa", "lan", "không có"):
        with pytest.raises(RequestError), writing() as session:
            desk.hand_over(session, found(session, code), "archivist", "lan", to)
    with writing() as session:
        desk.hand_over(session, found(session, code), "archivist", "lan", "truong")
    with reading() as session:
        assert found(session, code).officer == "truong"
    released = step(code, "release")
    assert (released.state, released.officer) == ("received", "")


def test_staff_write_a_request_down_for_who_comes(reader: Account) -> None:
    officer = viewer("lan")
    wish = Wish("reading", "đất đai", ids("VB2"))
    for person, proof, channel, field in (
        (Person(), "căn cước 1234", "desk", "ho-ten"), (Person(full_name="Bà Năm"), "căn cước", "desk", "so-giay-to"),
        (Person(full_name="Bà Năm", identification="051188000777"), "căn cước", "desk", "dong-y-service"),
        (Person(account="ai đó"), "căn cước", "desk", "tai-khoan"), (Person(account="hoa"), " ", "desk", "giay-to"),
        (Person(account="hoa"), "căn cước", "online", "cach"),
    ):  # fmt: skip
        with pytest.raises(RequestError) as refused, writing() as session:
            enter(session, officer, person, wish, channel=channel, proof=proof)
        assert refused.value.field == field
    agreed = {one.name: one.wording for one in purposes(today_number())}
    person = Person(full_name="Bà Năm", identification="051188000777", phone="0912000111", agreed=agreed)
    with writing() as session:
        made = enter(session, officer, person, wish, channel="desk", behalf="ông Tư (đã mất)", proof="căn cước 0777")
        account = session.get_one(Account, made.account_id)
        consents = [(one.purpose, one.method, one.actor) for one in said_of(session, account.id).values()]
        assert consents == [("service", "desk", "lan"), ("contact", "desk", "lan")]
        told = (made.channel, made.entered_by, made.behalf, made.state, account.name)
    assert told[:4] == ("desk", "lan", "ông Tư (đã mất)", "received")
    assert told[4].startswith("doc-gia-")
    with reading() as session:
        told = codes_to_ids(session, ["VB2", " ", "VB2; 1", record("VB1").public_id + "; trang 1-3, 7"])
        assert told == dict(zip(ids("VB2", "VB1"), ("", "1-3, 7"), strict=True))
        with pytest.raises(RequestError, match="không có tài liệu"):
            codes_to_ids(session, ["không có"])


def test_figures_agree_with_a_count_by_hand(reader: Account) -> None:
    day = today_number()
    for late, rating in ((False, 5), (True, 2), (False, 0)):
        code = send(reader, "VB2")
        to_approval(code)
        answer(code, VB2=Answer(day, ground="x"))
        with writing() as session:
            request = found(session, code)
            request.due_on = day - 1 if late else day
            if rating:
                rate(session, request, str(rating), "tốt")
    waiting = send(reader, "VB2")
    with pytest.raises(RequestError), writing() as session:
        rate(session, found(session, waiting), "5", "")
    with reading() as session:
        told = figures(session, day - 30, day)
        assert figures(session, day + 1, day + 9).kinds == []
    (line,) = told.kinds
    assert (line.name, line.count, line.late, line.rating, line.refused) == ("reading", 3, 1, 3.5, 0)
    assert round(line.on_time or 0, 3) == 0.667
    assert told.waiting == 1
    assert told.months == [(date.fromordinal(day).strftime("%Y-%m"), 2, 1)]
    assert {one.name for one in told.stages} == {"received", "processing", "approval"}
    (agency,) = told.agencies
    assert (agency.name, agency.count, agency.late) == ("Ủy ban nhân dân tỉnh", 3, 1)
    (stage, *_others) = told.stages
    assert stage.on_time is None
    with writing() as session:
        session.execute(update(Record).where(Record.code == "VB2").values(page_count=0))
    late, rued = send(reader, "VB2", kind="digitisation", purpose="quét"), send(reader, "VB2", purpose="rút")
    step(rued, "take")
    step(rued, "withdraw", "owner", actor=reader.name)
    to_approval(late)
    answer(late, VB2=Answer(day, ground="x"))  # granted, not scanned yet
    with writing() as session:
        found(session, late).due_on = day - 1
    with reading() as session:
        told = figures(session, day - 30, day)
    (made, other) = told.kinds
    assert (made.name, made.count, made.median, made.on_time, made.overdue) == ("digitisation", 0, None, 0.0, 1)
    assert (other.name, other.count, other.late, other.withdrawn) == ("reading", 3, 1, 1)
    assert round(other.on_time or 0, 3) == 0.667, "what was withdrawn is neither on time nor late"
    assert sum(good + bad for _month, good, bad in told.months) == 4
    assert [percentile(v, p) for v, p in (([1], 0.9), ([1, 2], 0.5), ([3, 1, 2], 0.5), (list(range(1, 11)), 0.9))] == [
        1, 1.5, 2, 9,
    ]  # fmt: skip
