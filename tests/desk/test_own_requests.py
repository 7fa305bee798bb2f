"""Nobody of the staff decides on what he asked for himself: not in the code, not in the database."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest, RequestConsent, RequestEvent, RequestStep
from archive.clock import VIET_NAM, now, today_number
from archive.database import reading, writing
from desk import requests as desk
from desk.consenting import consent
from desk.decision import Answer, decide
from desk.delegation import acting_role, approvers, delegate, deputises
from desk.states import OWN_PAIRS
from desk.steps import OwnRequestError, RequestError, StepError
from tests.desk.requests_of_tests import account, found, open_desk, send, step, to_approval, viewer
from tests.transfers import record
from vankho.accounts import add_account

pytestmark = pytest.mark.both_databases


@pytest.fixture
def _desk(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def _decide(code: str, name: str, *, until: int = 0) -> ReadingRequest:
    with writing() as session:
        request = found(session, code)
        role = acting_role(session, viewer(name), request)
        decide(session, request, {record("VB1").id: Answer(until, ground="Điều 37")}, role, name)
        return request


@pytest.mark.usefixtures("_desk")
@pytest.mark.parametrize("until", [0, 3])
def test_a_head_neither_grants_nor_refuses_his_own_request(until: int) -> None:
    code = send(account("truong"), "VB1")
    to_approval(code)
    with pytest.raises(OwnRequestError, match="chính bạn"):
        _decide(code, "truong", until=until and today_number() + until)
    with reading() as session:
        assert found(session, code).state == "approval"
        assert [item.answer for item, _ in desk.items_of(session, found(session, code))] == [""]


@pytest.mark.usefixtures("_desk")
def test_an_officer_takes_no_step_on_his_own_but_those_of_who_asks() -> None:
    code = send(account("lan"), "VB1", requester="foreign")
    with pytest.raises(OwnRequestError):
        step(code, "take", actor="lan")
    step(code, "take")
    for act in ("release", "propose", "ask"):
        with pytest.raises(OwnRequestError):
            step(code, act, reason="x", actor="lan")
    with pytest.raises(OwnRequestError), writing() as session:
        desk.hand_over(session, found(session, code), "archivist", "lan", "truong")
    for give in (desk.hand_over, desk.assign):
        with pytest.raises(RequestError, match="không phải người yêu cầu"), writing() as session:
            give(session, found(session, code), "archivist", "minh", "lan")
    step(code, "propose")
    with pytest.raises(OwnRequestError), writing() as session:
        consent(session, found(session, code), "archivist", "lan", "số 12")
    step(code, "return", "head", "x")
    assert step(code, "withdraw", "owner", actor="lan").state == "withdrawn"


@pytest.mark.usefixtures("_desk")
def test_who_deputises_decides_neither_on_his_own_nor_on_that_of_whom_he_stands_for() -> None:
    day, own, heads = today_number(), send(account("lan"), "VB1"), send(account("truong"), "VB1")
    to_approval(own)
    to_approval(heads)
    with writing() as session:
        delegate(session, viewer("truong"), "lan", (day, day), "QĐ 5")
    with pytest.raises(OwnRequestError):
        _decide(own, "lan")
    with pytest.raises(StepError):
        _decide(heads, "lan")
    with writing() as session:
        add_account(session, "pho", "mat-khau-thu-2026", "head", totp=False)
    with reading() as session:
        told = [approvers(session, account(name).id, frozenset({"head"})) for name in ("lan", "truong")]
        assert told == [["pho", "truong"], ["pho"]]
    assert _decide(own, "truong").state == "refused"
    with writing() as session:
        delegate(session, viewer("pho"), "lan", (day, day), "QĐ 6")
    with reading() as session:
        assert approvers(session, account("truong").id, frozenset({"head"})) == ["lan", "pho"]
        assert deputises(session, "lan", account("truong").id) == "pho"
    assert _decide(heads, "lan").state == "refused"


@pytest.mark.usefixtures("_desk")
def test_the_database_refuses_it_too() -> None:
    code = send(account("truong"), "VB1")
    to_approval(code)

    def agree(session: Session) -> None:
        told = {"round": 1, "ordinal": 1, "approver": "archivist", "at": now(), "reference": "số 12"}
        session.add(RequestConsent(request_id=found(session, code).id, actor="truong", **told))
        session.flush()

    def write(session: Session, before: str, after: str, actor: str) -> None:
        told = {"before": before, "after": after, "at": now(), "actor": actor, "reason": ""}
        session.add(RequestEvent(request_id=found(session, code).id, **told))
        session.flush()

    for after in ("resolved", "refused", "payment", "processing", "approval"):
        with pytest.raises(DBAPIError, match="request of his own"), writing() as session:
            write(session, "approval", after, "truong")
    with pytest.raises(DBAPIError, match="request of his own"), writing() as session:
        agree(session)
    with writing() as session:
        write(session, "approval", "processing", "pho")
        write(session, "processing", "withdrawn", "truong")


@pytest.mark.usefixtures("_desk")
def test_the_database_knows_the_askers_steps_as_the_machine_does() -> None:
    with reading() as session:
        rows = session.execute(select(RequestStep.before, RequestStep.after).where(RequestStep.own)).all()
    assert {(before, after) for before, after in rows} == OWN_PAIRS


@pytest.mark.usefixtures("_desk")
def test_the_database_knows_the_days_of_a_delegation() -> None:
    """By the moment of the step itself, which the house's clock wrote: days of Viet Nam, both included."""
    code, day = send(account("hoa"), "VB1"), today_number()
    to_approval(code)
    with writing() as session:
        delegate(session, viewer("truong"), "lan", (day + 1, day + 2), "QĐ 5")

    def decided(at: datetime) -> None:
        with writing() as session:
            told = {"before": "approval", "after": "refused", "at": at, "actor": "lan", "reason": ""}
            session.add(RequestEvent(request_id=found(session, code).id, **told))
            session.flush()
            session.rollback()

    first = datetime.combine(date.fromordinal(day + 1), time(0, 0), VIET_NAM)
    for outside in (first - timedelta(seconds=1), first + timedelta(days=2)):
        with pytest.raises(DBAPIError, match="what is his own"):
            decided(outside)
    for inside in (first, first + timedelta(days=2, seconds=-1)):
        decided(inside)
