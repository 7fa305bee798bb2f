"""A granted request is answered when its result is there, and seen by officers until then."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.access import may
from archive.access_rules import Closure
from archive.accounts import viewer_of
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import RequestItem
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import revoked_grants, set_closure
from desk import queueing
from desk.copies.making import make_waiting, retry_failed
from desk.decision import Answer
from desk.fees.owing import owed_back
from desk.finishing import finish, finish_all, give_up, left
from desk.revoking import revoke
from desk.steps import RequestError, StepError
from tests.desk.requests_of_tests import answer, found, open_desk, pay, send, step, to_approval
from tests.transfers import record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def granted(reader: Account, *codes: str, **told: object) -> str:
    """A request of which everything is granted with copying; paid where a fee is owed."""
    code = send(reader, *codes, **told)  # type: ignore[arg-type]
    to_approval(code)
    until = today_number() + 5
    state = answer(code, **{one: Answer(until, copying=True, ground="x", sheets=2) for one in codes}).state
    if state == "payment":
        pay(code)
    return code


def state_of(code: str) -> str:
    with reading() as session:
        return found(session, code).state


def waits(code: str) -> set[str]:
    with reading() as session:
        return set(left(session, found(session, code)))


def in_group(code: str, group: str) -> bool:
    with reading() as session:
        return code in {one.code for one in queueing.waiting(session, group, "lan", today_number())}


def set_pages(code: str, pages: int) -> None:
    with writing() as session:
        session.execute(update(Record).where(Record.code == code).values(page_count=pages))


def test_what_is_to_be_digitised_waits_until_it_has_pages(reader: Account) -> None:
    set_pages("VB2", 0)
    code = granted(reader, "VB2", kind="digitisation")
    assert (state_of(code), waits(code)) == ("making", {"scans"})
    assert in_group(code, "making")
    assert in_group(code, "all")
    assert not in_group(code, "ended")
    with pytest.raises(RequestError, match="chưa có trang nào"), writing() as session:
        finish(session, found(session, code), "archivist", "lan")
    assert finish_all() == 0
    set_pages("VB2", 3)
    assert finish_all() == 1
    assert state_of(code) == "resolved"
    assert finish_all() == 0


def test_a_copy_is_announced_when_it_is_made(reader: Account) -> None:
    with writing() as session:
        session.get_one(Account, reader.id).email = "an@noi.vn"
    code = granted(reader, "VB2", kind="copy")
    assert (state_of(code), waits(code)) == ("making", {"copies"})
    close(Closure("02"))  # between the decision and the copy
    assert make_waiting(5) == 0
    assert in_group(code, "stuck"), "what waits after an attempt is seen at once, not after the last one"
    assert finish_all() == 0
    assert "resolved" not in told()
    close(Closure("01"))
    with writing() as session:
        retry_failed(session)
    assert make_waiting(5) == 1
    assert (state_of(code), in_group(code, "stuck"), told()[-1]) == ("resolved", False, "resolved")


def close(closure: Closure) -> None:
    with writing() as session:
        set_closure(session, record("VB2").public_id, closure, actor="an", ground="QĐ 1")


def told() -> list[str]:
    """The states that letters were written about."""
    with reading() as session:
        rows = session.scalars(select(Letter).where(Letter.kind == "request").order_by(Letter.id))
        return [str(one.detail["state"]) for one in rows]


def test_copies_on_paper_are_done_when_an_officer_says_so(reader: Account) -> None:
    set_pages("VB2", 0)
    code = granted(reader, "VB2", kind="copy")
    assert (state_of(code), waits(code)) == ("making", {"paper"})
    with reading() as session:
        assert not session.scalars(select(IssuedCopy)).all(), "nothing is made of what is on paper only"
    assert finish_all() == 0
    assert not in_group(code, "handing")
    with pytest.raises(StepError), writing() as session:
        finish(session, found(session, code), "owner", reader.name)
    with writing() as session:
        finish(session, found(session, code), "archivist", "lan")
    assert state_of(code) == "resolved"
    assert in_group(code, "handing")
    assert step(code, "hand_out").state == "returned"


def test_what_cannot_be_made_ends_with_its_reason_grants_and_money(reader: Account) -> None:
    set_pages("VB1", 3)
    code = granted(reader, "VB1", kind="copy")
    assert state_of(code) == "making"
    with reading() as session:
        assert may(viewer_of(reader, today_number()), "read", record("VB1"), today_number())
        assert owed_back(session) == []
    with pytest.raises(RequestError, match="lý do"), writing() as session:
        give_up(session, found(session, code), "head", "truong", " ")
    with pytest.raises(StepError), writing() as session:
        give_up(session, found(session, code), "archivist", "lan", "rách nát")
    with writing() as session:
        give_up(session, found(session, code), "head", "truong", "rách nát")
    assert state_of(code) == "refused"
    assert make_waiting(5) == 0
    with reading() as session:
        assert not may(viewer_of(reader, today_number()), "read", record("VB1"), today_number())
        assert [why for _bill, _amount, why in owed_back(session)] == ["ended"]


def test_what_is_given_up_gives_no_copy_that_was_made_before(reader: Account) -> None:
    code = granted(reader, "VB1", "VB2", kind="copy")
    assert (make_waiting(1), state_of(code)) == (1, "making")
    with writing() as session:
        give_up(session, found(session, code), "head", "truong", "rách nát")
    with reading() as session:  # all its money goes back
        copies = session.scalars(select(IssuedCopy)).all()
    assert len(copies) == 2
    assert not any(one.state == "made" and (one.until or 0) >= today_number() for one in copies)


def test_what_was_granted_is_taken_back_and_its_reader_is_told(reader: Account) -> None:
    with writing() as session:
        session.get_one(Account, reader.id).email = "an@noi.vn"
        session.get_one(Account, reader.id).notices = "none"
    code = granted(reader, "VB1", kind="copy")
    assert make_waiting(5) == 1
    finish_all()
    with pytest.raises(StepError), writing() as session:
        revoke(session, found(session, code), "archivist", "lan", "dùng sai mục đích")
    with pytest.raises(RequestError, match="lý do"), writing() as session:
        revoke(session, found(session, code), "head", "truong", " ")
    with writing() as session:
        revoke(session, found(session, code), "head", "truong", "dùng sai mục đích")
    with reading() as session:
        assert not may(viewer_of(reader, today_number()), "read", record("VB1"), today_number())
        (copy,) = session.scalars(select(IssuedCopy)).all()
        assert copy.until is not None
        assert copy.until < today_number(), "not fetched any more"
        (item,) = session.scalars(select(RequestItem)).all()
        assert revoked_grants(session, [item.grant_id or 0]) == {item.grant_id}
    assert (state_of(code), told()[-1]) == ("resolved", "revoked")
    with pytest.raises(StepError, match="không còn gì"), writing() as session:
        revoke(session, found(session, code), "head", "truong", "lần nữa")


def test_reading_is_answered_at_once(reader: Account) -> None:
    code = granted(reader, "VB1", kind="reading")
    assert (state_of(code), waits(code)) == ("resolved", set())
