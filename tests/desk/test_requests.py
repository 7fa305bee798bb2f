"""A reader's request from sending to decision: terms, steps, who may, what a grant does, what the database refuses."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from holidays import country_holidays
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from archive import working_days
from archive.access import may, may_copy
from archive.access_rules import Closure
from archive.accounts import viewer_of
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.requests import ReadingRequest, RequestEvent, RequestStep
from archive.clock import VIET_NAM, today_number
from archive.database import reading, writing
from archive.deciding import set_closure
from archive.terms import term
from archive.working_days import is_working_day
from desk import requests as desk
from desk.counted_days import LONGEST, counted_days
from desk.decision import Answer
from desk.kinds import KINDS
from desk.requests import Wish
from desk.states import DECIDER, OPEN, PAIRS, STEPS, acts_of
from desk.steps import RequestError, StepError, take_step
from tests.desk.requests_of_tests import answer, found, pay, send, step, to_approval
from tests.transfers import province, record, take
from vankho.accounts import add_account

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    take(province(tmp_path / "goi").write())
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
        add_account(session, "hoa", "mat-khau-thu-2026", "reader", totp=False)
    with reading() as session:
        return session.scalars(select(Account).where(Account.name == "hoa")).one()


def test_the_term_is_that_of_the_strictest_record(reader: Account) -> None:
    day = today_number()
    for codes, kind, days in (
        (("VB2",), "reading", 1),
        (("VB2",), "copy", 2),
        (("VB2",), "certified", 2),
        (("VB2", "VB1"), "reading", 7),
        (("VB1",), "copy", 7),
    ):
        code = send(reader, *codes, kind=kind)
        with reading() as session:
            assert found(session, code).due_on == working_days.add_working_days(day, days)


def test_what_cannot_be_asked_is_refused_in_words(reader: Account, tmp_path: Path) -> None:
    for told, codes in (
        ({"purpose": " "}, ("VB1",)), ({"kind": "lấy luôn"}, ("VB1",)), ({}, ()), ({"purpose": "x" * 2001}, ("VB1",)),
    ):  # fmt: skip
        with pytest.raises(RequestError):
            send(reader, *codes, **told)
    many = province(tmp_path / "nhieu")
    for n in range(20, 31):
        many.file(f"HS{n}").document(f"VB{n}", f"HS{n}")
    take(many.write())
    with pytest.raises(RequestError, match="không quá 10 hồ sơ"):
        send(reader, *(f"VB{n}" for n in range(20, 31)))
    with writing() as session, pytest.raises(RequestError, match="chưa có tài liệu"):
        desk.submit(session, viewer_of(reader, today_number()), reader.id, Wish("reading", "x", ["a" * 26, "../x"]))
    with reading() as session:
        assert session.scalars(select(ReadingRequest)).all() == []


def test_a_decision_grants_for_the_purpose_and_ends_by_itself(reader: Account) -> None:
    code, day = send(reader, "VB1", "VB2", kind="copy"), today_number()
    to_approval(code)
    request = answer(code, VB1=Answer(day + 3, True, "Điều 31"), VB2=Answer(day + 3, True, "Điều 31"))
    assert request.state == "payment"
    assert not may(viewer_of(reader, day), "read", record("VB1"), day)
    request = pay(code)
    assert (request.state, request.ended_at) == ("making", None), "its copies are to be made"
    for on, reads in ((day, True), (day + 3, True), (day + 4, False)):
        viewer = viewer_of(reader, on)
        assert (may(viewer, "read", record("VB1"), on), may_copy(viewer, record("VB1"), on)) == (reads, reads)
    with reading() as session:
        items = {one.code: item for item, one in desk.items_of(session, found(session, code))}
    assert items["VB1"].grant_id is not None
    assert items["VB2"].grant_id is None, "everybody may read it"


def test_reading_lets_nobody_copy_and_a_refusal_needs_its_ground(reader: Account) -> None:
    code, day = send(reader, "VB1"), today_number()
    to_approval(code)
    for said in (Answer(0), Answer(day + 3), Answer(day + 16, ground="x"), Answer(day - 1, ground="x")):
        with pytest.raises(RequestError):
            answer(code, VB1=said)
    assert not may(viewer_of(reader, day), "read", record("VB1"), day)
    answer(code, VB1=Answer(day + 15, True, "Điều 31"))
    pay(code)
    assert not may_copy(viewer_of(reader, day), record("VB1"), day)
    other = send(reader, "VB1")
    to_approval(other)
    assert answer(other, VB1=Answer(0, ground="ảnh hưởng đến người còn sống")).state == "refused"


def test_the_clock_stands_still_while_the_reader_owes_something(reader: Account) -> None:
    code = send(reader, "VB1")
    step(code, "take")
    before = step(code, "ask", reason="cần giấy ủy quyền").due_on
    with writing() as session:  # four working days later, said of the past
        request = found(session, code)
        asked = today_number()
        while working_days.working_days_between(asked, today_number()) < 4:
            asked -= 1
        request.paused_on = asked
    after = step(code, "answer", "owner", "đã gửi").due_on
    left = working_days.working_days_between(asked, before)
    assert working_days.working_days_between(today_number(), after) == left


def test_the_days_on_the_page_number_what_counts(reader: Account) -> None:
    code = send(reader, "VB1")
    with writing() as session:  # received on a Thursday, asked on the next day, answered on the Tuesday after
        request = found(session, code)
        request.received_at = datetime(2026, 11, 12, 23, 30, tzinfo=VIET_NAM)
        request.due_on = date(2026, 11, 25).toordinal()
        for before, state, day in (
            ("received", "processing", 12), ("processing", "supplement", 13), ("supplement", "processing", 17),
        ):  # fmt: skip
            told = {"before": before, "after": state, "at": datetime(2026, 11, day, 9, tzinfo=VIET_NAM)}
            session.add(RequestEvent(request_id=request.id, actor="lan", reason="", **told))
            session.flush()
        days = counted_days(request, desk.events_of(session, request)[1:])
        request.paused_on = today_number()
        assert counted_days(request, []) == []
        request.paused_on, request.due_on = None, date(2027, 3, 1).toordinal()
        assert len(counted_days(request, [])) == LONGEST
        session.rollback()
    shown = [(date.fromordinal(one.day).day, one.kind, one.number) for one in days]
    assert shown == [
        (12, "received", 0), (13, "counted", 1), (14, "stopped", 0), (15, "stopped", 0), (16, "stopped", 0),
        (17, "stopped", 0), (18, "counted", 2), (19, "counted", 3), (20, "counted", 4), (21, "off", 0), (22, "off", 0),
        (23, "counted", 5), (24, "counted", 6), (25, "due", 7),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["owner", "reader", "archivist", "head", "administrator", "clerk", "auditor"])
def test_only_the_steps_of_the_machine_by_those_whose_they_are(reader: Account, role: str) -> None:
    roles = [role, DECIDER] if role == "head" else [role]
    for state in sorted(OPEN | {"resolved", "refused", "withdrawn"}):
        code = send(reader, "VB2")
        with writing() as session:
            found(session, code).state = state
        for act in ("take", "ask", "answer", "propose", "return", "withdraw"):
            if act in acts_of(state, *roles):
                continue
            with pytest.raises(StepError):
                step(code, act, role, "x")
        if "decide" not in acts_of(state, *roles):
            with pytest.raises(StepError):
                answer(code, role=role, VB2=Answer(0, ground="x"))
        with writing() as session:
            found(session, code).state = "withdrawn"


def test_the_database_refuses_a_step_that_is_none(reader: Account) -> None:
    code = send(reader, "VB2")
    with reading() as session:
        assert {(one.before, one.after) for one in session.scalars(select(RequestStep))} == PAIRS
        request = found(session, code)
    assert {before for before, _ in STEPS} <= OPEN | {"resolved", "returned"}
    told = {"request_id": request.id, "at": request.received_at, "actor": "x", "reason": ""}
    with pytest.raises(IntegrityError), writing() as session:
        session.add(RequestEvent(before="received", after="resolved", **told))


def test_of_two_officers_one_wins_and_the_other_is_told(reader: Account) -> None:
    code = send(reader, "VB2")
    with reading() as session:
        seen = found(session, code)
        session.expunge(seen)
    step(code, "take")

    def late() -> None:
        with writing() as session:
            session.add(seen)
            take_step(session, seen, "take", "head", "head")

    with pytest.raises(StaleDataError):
        late()
    with reading() as session:
        assert found(session, code).officer == "archivist"


def test_every_step_is_in_the_trail_without_the_purpose(reader: Account) -> None:
    code = send(reader, "VB1", purpose="bí mật riêng")
    to_approval(code)
    answer(code, VB1=Answer(0, ground="Điều 31"))
    with reading() as session:
        events = [one for one in session.scalars(select(AuditEvent)) if one.action.startswith("request-")]
        steps = [(one.before, one.after) for one in desk.events_of(session, found(session, code))]
    assert [one.action for one in events] == ["request-received", "request-take", "request-propose", "request-refuse"]
    assert "bí mật" not in "".join(str(one.detail) for one in events)
    assert steps == [("", "received"), ("received", "processing"), ("processing", "approval"), ("approval", "refused")]


#: Where the list of another house (the package ``holidays``) and ours part, and why.
APART = {
    "2026-01-02": "swap of the State's offices with 10/01/2026, which that list lacks",
    "2026-01-10": "the same",
    "2026-11-24": "U with us: counted as worked, so that an answer comes rather early than late",
    "2027-02-04": "Tết of 2027 is not announced: ours has a day before it and four after, that list two and three",
    "2027-02-11": "the same",
    "2027-09-03": "U with us",
    "2027-11-24": "U with us",
}


def test_terms_of_every_kind_over_three_years_by_an_independent_list() -> None:
    """From every day of 2025 to 2027: the due day of each kind of request, counted over the list of another house."""
    others = country_holidays("VN", years=range(2025, 2029))
    days = [date(2025, 1, 1) + timedelta(n) for n in range(3 * 365)]
    apart = {one.isoformat() for one in days if others.is_working_day(one) != is_working_day(one.toordinal())}
    assert apart == set(APART), "a list changed: compare, then mend holidays.tsv or this table"
    own = {date.fromisoformat(one): is_working_day(date.fromisoformat(one).toordinal()) for one in APART}

    def counted(start: date, count: int) -> date:
        day = start
        while count:
            day += timedelta(1)
            count -= own.get(day, others.is_working_day(day))
        return day

    names = {kind.term for kind in KINDS.values()} | {"answer.conditional", "subject.answer", "payment.days"}
    for name in names:
        for start in days[181:-45]:  # procedures of today run from 01/7/2025
            told = term(name, start.toordinal())
            assert told.unit == "working_days"
            assert date.fromordinal(told.end(start.toordinal())) == counted(start, told.value), (name, start)
    for start in days[:-60:3]:
        for count in (1, 2, 6, 7, 15):
            end = working_days.add_working_days(start.toordinal(), count)
            assert date.fromordinal(end) == counted(start, count)
            assert working_days.working_days_between(start.toordinal(), end) == count
