"""Nobody of the staff takes, gives back or places his own money, nor notes his own visit, nor hands an original to
himself: not in the code, not in the database."""

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from archive.catalogue.fees import Bill, Payment
from archive.catalogue.people import Account
from archive.catalogue.reading_room import Appointment, Loan
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.identifiers import new_identifier
from desk import reading_room as room
from desk.decision import Answer, decide
from desk.delegation import delegate
from desk.fees import placing
from desk.fees.assessing import assess
from desk.fees.counter import pay_at_desk, refund
from desk.fees.settling import FeeError
from desk.fees.taking import Money, take_money
from desk.reading_room import RoomError
from tests.desk.requests_of_tests import account, found, open_desk, send, to_approval, viewer
from tests.transfers import record
from vankho.accounts import add_account

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("_desk")]


@pytest.fixture
def _desk(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def bill_of_the_head() -> Bill:
    code = send(account("truong"), "VB1", kind="copy")
    with writing() as session:
        return assess(session, found(session, code), {"certification": 1})


def test_a_head_takes_and_refunds_no_money_of_his_own() -> None:
    made = bill_of_the_head()
    with pytest.raises(FeeError, match="chính bạn"), writing() as session:
        pay_at_desk(session, made.id, made.total, new_identifier(), "head", "truong")
    with writing() as session:
        pay_at_desk(session, made.id, made.total, new_identifier(), "archivist", "lan")
    with pytest.raises(FeeError, match="chính bạn"), writing() as session:
        refund(session, made.id, made.total, "nộp nhầm", new_identifier(), "head", "truong")
    with writing() as session:
        assert refund(session, made.id, made.total, "nộp nhầm", new_identifier(), "head", "pho").state == "refunded"


def test_money_that_names_his_own_bill_is_placed_by_others() -> None:
    made = bill_of_the_head()
    with writing() as session:
        taken = take_money(session, Money("transfer", "S1", made.total - 1, f"nop {made.code}"), "bank")
        assert taken.unmatched is not None
        own = taken.unmatched.id
        taken = take_money(session, Money("transfer", "S2", made.total, "không có mã"), "bank")
        assert taken.unmatched is not None
        other = taken.unmatched.id
    for act in (placing.give_back, placing.set_aside):
        with pytest.raises(FeeError, match="chính bạn"), writing() as session:
            act(session, own, "x", "head", "truong")
    for put in (placing.assign, placing.call_same):
        with pytest.raises(FeeError, match="chính bạn"), writing() as session:
            put(session, other, made.code, "x", "head", "truong")
    with writing() as session:
        assert placing.assign(session, other, made.code, "x", "archivist", "lan").state == "paid"


def test_an_officer_notes_no_visit_of_his_own_and_hands_himself_no_original() -> None:
    lan, today = account("lan"), today_number()
    with writing() as session:
        told = {"half": "morning", "seat": 1, "state": "booked", "note": "", "made_at": now()}
        session.add(Appointment(account_id=lan.id, day=today, **told))
        session.flush()
        visit = room.visits(session, today)[0][0].id
    with pytest.raises(RoomError, match="chính bạn"), writing() as session:
        room.note_visit(session, visit, True, "lan")
    with pytest.raises(RoomError, match="chính bạn"), writing() as session:
        room.hand_out(session, "lan", "VB2", "lan")
    with writing() as session:
        slip = room.hand_out(session, "lan", _on_paper(), "truong").code
    with pytest.raises(RoomError, match="chính bạn"), writing() as session:
        room.take_back(session, slip, "lan")
    with writing() as session:
        room.note_visit(session, visit, True, "truong")
        assert room.take_back(session, slip, "truong").back_by == "truong"


def _on_paper() -> str:
    with writing() as session:
        session.merge(record("VB2")).page_count = 0
    return "VB2"


def test_the_database_refuses_it_too() -> None:
    made, lan = bill_of_the_head(), account("lan")

    def write(row: Payment | Loan) -> None:
        with writing() as session:
            session.add(row)

    for way, amount in (("desk", 1), ("refund", -1)):
        with pytest.raises(DBAPIError, match="his own"):
            write(Payment(bill_id=made.id, way=way, amount=amount, outside=way, at=now(), actor="truong"))
    # what the bank tells is money, whoever reads the statement
    write(Payment(bill_id=made.id, way="transfer", amount=1, outside="S9", at=now(), actor="truong"))
    loan = {"record_id": record("VB2").id, "account_id": lan.id, "out_at": now(), "due_on": 1, "note": ""}
    with pytest.raises(DBAPIError, match="his own"):
        write(Loan(code="b", out_by="lan", **loan))
    write(Loan(code="a", out_by="truong", **loan))
    with pytest.raises(DBAPIError, match="his own"), writing() as session:
        session.execute(update(Loan).where(Loan.code == "a").values(back_by="lan", back_at=now()))


def test_the_database_lets_nobody_decide_in_the_place_of_the_head_who_asked() -> None:
    day, heads, readers = today_number(), send(account("truong"), "VB1"), send(account("hoa"), "VB1")
    to_approval(heads)
    to_approval(readers)
    with writing() as session:
        delegate(session, viewer("truong"), "lan", (day, day), "QĐ 5")
    refused = Answer(0, ground="Điều 37")
    with pytest.raises(DBAPIError, match="his own"):
        _decided_as_head(heads, "lan", refused)
    with pytest.raises(DBAPIError, match="his own"):
        _decided_as_head(readers, "minh", refused)
    assert _decided_as_head(readers, "lan", refused) == "refused"
    with reading() as session:
        assert found(session, heads).state == "approval"


def _decided_as_head(code: str, actor: str, given: Answer) -> str:
    """What the database says where the code let an officer pass as the head."""
    with writing() as session:
        if actor == "minh":
            add_account(session, "minh", "mat-khau-thu-2026", "archivist", totp=False)
        request = found(session, code)
        decide(session, request, {record("VB1").id: given}, "head", actor)
        return request.state
