"""Money that has to go back is on the list, in the queue and in the letter of the day until it went."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.people import Account
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from archive.identifiers import new_identifier
from archive.settings import settings
from desk import queueing
from desk import requests as desk
from desk.decision import Answer
from desk.fees import placing
from desk.fees.assessing import bill_of
from desk.fees.counter import refund
from desk.fees.owing import how_many_owed_back, owed_back, unplaced
from desk.fees.taking import Money, take_money
from desk.letters import Writer
from desk.watching import watch_requests
from tests.desk.requests_of_tests import answer, found, letters, open_desk, pay, send, step, to_approval

pytestmark = pytest.mark.both_databases


@pytest.fixture
def charged(home: Path, tmp_path: Path) -> str:
    """A request that waits for its fee."""
    reader: Account = open_desk(tmp_path / "goi")
    code = send(reader, "VB1", kind="copy")
    to_approval(code)
    assert answer(code, VB1=Answer(today_number() + 3, copying=True, ground="Điều 40")).state == "payment"
    return code


def _owed(code: str) -> list[tuple[int, str]]:
    with reading() as session:
        told = [(amount, why) for _bill, amount, why in owed_back(session)]
        assert how_many_owed_back(session) == len(told), "all of them, not those of one page"
        shown = [one.code for one in queueing.waiting(session, "refund", "truong", today_number())]
        assert queueing.counts(session, "truong", today_number())["refund"] == len(told)
    assert shown == ([code] if told else [])
    return told


def _give_back(code: str, amount: int) -> None:
    with writing() as session:
        bill = bill_of(session, found(session, code))
        assert bill is not None
        refund(session, bill.id, amount, "trả lại", new_identifier(), "head", "truong")


def test_what_came_when_the_days_were_over_is_owed_back(charged: str) -> None:
    assert _owed(charged) == []
    with writing() as session:
        for item, _record in desk.items_of(session, found(session, charged)):
            item.until = today_number() - 1
    with reading() as session:
        bill = bill_of(session, found(session, charged))
        assert bill is not None
        total = bill.total
    assert pay(charged).state == "withdrawn"
    assert _owed(charged) == [(total, "ended")]
    watch_requests()
    assert [to for to, _ in letters("day")] == ["truong@noi.vn"], "who gives money back hears of it"
    with reading() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "day")).first()
        assert letter is not None
        said = Writer(settings(), "khoa").compose(session, letter)
    assert said is not None
    assert "có tiền phải hoàn" in said.text
    _give_back(charged, total)
    assert _owed(charged) == []


def test_more_than_the_fee_is_owed_back_and_the_fee_is_not(charged: str) -> None:
    with writing() as session:
        bill = bill_of(session, found(session, charged))
        assert bill is not None
        take_money(session, Money("transfer", "S1", bill.total + 500, f"nop {bill.code}"), "test")
    with reading() as session:
        (listed,) = placing.listed(session)
        assert unplaced(session) == 1
    with writing() as session:
        placing.assign(session, listed.id, bill.code, "nộp thừa", "archivist", "lan")
    with reading() as session:
        assert (unplaced(session), found(session, charged).state) == (0, "making")
    assert _owed(charged) == [(500, "over")]
    _give_back(charged, 500)
    assert _owed(charged) == []


def test_a_part_paid_before_it_was_withdrawn_is_owed_back(charged: str) -> None:
    with writing() as session:
        bill = bill_of(session, found(session, charged))
        assert bill is not None
        take_money(session, Money("transfer", "S1", bill.total - 500, f"nop {bill.code}"), "test")
        (listed,) = placing.listed(session)
        placing.assign(session, listed.id, bill.code, "nộp thiếu", "archivist", "lan")
    assert _owed(charged) == [], "the rest may still come"
    step(charged, "withdraw", "owner")
    assert _owed(charged) == [(bill.total - 500, "ended")]
