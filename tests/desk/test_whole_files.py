"""A request for a file (hồ sơ) is judged by the strictest of the file and of the documents in it."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.access import may, may_copy
from archive.access_rules import Closure
from archive.catalogue.people import Account, Grant
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import set_closure, set_hiding, withdraw_record
from archive.named_persons import close_for_person
from archive.working_days import add_working_days
from desk import chains, queueing
from desk.copies.making import make_waiting
from desk.copies.ordering import copies_of, to_copy
from desk.covered import asked_for, cover, digitised_counts
from desk.decision import Answer
from desk.fees.assessing import bill_of, expected, lines_of
from desk.finishing import finish
from desk.handing import is_to_be_handed, paper_records
from desk.steps import RequestError, StepError
from tests.desk.requests_of_tests import answer, found, open_desk, pay, send, to_approval, viewer
from tests.transfers import record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    """As in open_desk: HS1 is open, VB1 in it is conditional, VB2 and VB3 are open."""
    return open_desk(tmp_path / "goi")


def held(pages: int, *codes: str) -> None:
    with writing() as session:
        session.execute(update(Record).where(Record.code.in_(codes)).values(page_count=pages))


def wanted(code: str) -> list[str]:
    with reading() as session:
        return [one.consent for one in chains.wanted(session, found(session, code))]


def test_term_and_consents_are_those_of_the_strictest_document(reader: Account) -> None:
    code = send(reader, "HS1", requester="foreign")
    with reading() as session:
        assert found(session, code).due_on == add_working_days(today_number(), 7)
        assert found(session, code).term == "answer.conditional"
    assert wanted(code) == ["out:Chủ tịch UBND tỉnh"]
    to_approval(code)
    with pytest.raises(StepError, match="còn chờ ý kiến"):
        answer(code, HS1=Answer(today_number() + 5, ground="QĐ 2"))
    with writing() as session:
        close_for_person(session, record("VB2").public_id, "Nguyễn Văn A", None, actor="lan", ground="QĐ 3")
    assert wanted(code) == ["out:Chủ tịch UBND tỉnh", "archivist"]
    assert wanted(send(reader, "VB3", requester="foreign")) == []


def test_a_file_of_open_documents_is_answered_as_before(reader: Account) -> None:
    with writing() as session:
        withdraw_record(session, record("VB1").public_id, actor="an", ground="QĐ 4")
    code = send(reader, "HS1", requester="foreign")
    with reading() as session:
        assert found(session, code).due_on == add_working_days(today_number(), 1)
    assert wanted(code) == []
    to_approval(code)
    assert answer(code, HS1=Answer(today_number() + 5, ground="QĐ 2")).state == "resolved"
    with reading() as session:
        assert session.scalars(select(Grant)).all() == []


def test_a_granted_file_opens_the_closed_documents_in_it(reader: Account) -> None:
    day, code = today_number(), send(reader, "HS1", kind="copy")
    to_approval(code)
    assert not may(viewer("hoa"), "read", record("VB1"), day)
    assert answer(code, HS1=Answer(day + 5, True, "QĐ 2")).state == "payment"
    pay(code)
    with reading() as session:
        (made,) = session.scalars(select(Grant)).all()
        assert (made.record_id, made.valid_to, made.pages) == (record("HS1").id, day + 5, "")
    assert may(viewer("hoa"), "read", record("VB1"), day)
    assert may_copy(viewer("hoa"), record("VB1"), day)
    assert not may(viewer("hoa"), "read", record("VB4"), day)


def test_pages_of_a_file_are_its_own_and_open_no_document(reader: Account) -> None:
    day = today_number()
    held(3, "HS1")
    code = send(reader, "HS1", kind="reading")
    to_approval(code)
    answer(code, HS1=Answer(day + 5, ground="QĐ 2", pages="1-2"))
    assert not may(viewer("hoa"), "read", record("VB1"), day)
    with reading() as session:
        assert session.scalars(select(Grant)).all() == []


def test_the_queue_finds_it_among_the_conditional(reader: Account) -> None:
    code, day = send(reader, "HS1"), today_number()
    for access, there in (("conditional", [code]), ("open", [])):
        with reading() as session:
            asked = queueing.sieved(session, queueing.Sieve(access=access), viewer("lan"), day)
            assert [one.code for one in queueing.waiting(session, "all", "lan", day, sieved=asked)] == there, access


def test_a_reader_is_told_of_no_document_that_he_does_not_see(reader: Account) -> None:
    with writing() as session:
        set_hiding(session, record("H48.01").public_id, True, actor="an", ground="QĐ 5")
        set_closure(session, record("VB2").public_id, Closure("02"), actor="an", ground="QĐ 1")
    day = today_number()
    files = [record("HS1"), record("VB3")]
    with reading() as session:
        own = files[0].id
        assert digitised_counts(session, files, viewer("hoa"), day)[own][1] == 1
        assert digitised_counts(session, files, viewer("lan"), day)[own][1] == 3
        assert [one.code for one in cover(session, files, viewer("hoa"), day)[own].documents] == ["VB3"]
        assert [one.code for one in cover(session, files)[own].documents] == ["VB1", "VB2", "VB3"]


def lines(code: str) -> dict[str, int]:
    with reading() as session:
        bill = bill_of(session, found(session, code))
        return {one.item: one.count for one in lines_of(session, bill)} if bill else {}


def copied_records(code: str) -> list[str]:
    with reading() as session:
        made = copies_of(session, found(session, code).id)
        return [session.get_one(Record, one.record_id).code for one in made]


def test_a_copy_of_a_file_is_a_copy_of_each_digitised_document(reader: Account) -> None:
    held(0, "VB3")
    code = send(reader, "HS1", "VB2", kind="certified")
    to_approval(code)
    told = Answer(today_number() + 5, True, "QĐ 2", sheets=7)
    answer(code, HS1=told, VB2=Answer(today_number() + 5, True, "QĐ 2"))
    pages = sum(record(one).page_count for one in ("VB1", "VB2"))
    assert lines(code) == {"certification": 3, "copy.digital": pages, "copy.a4": 7}, "VB2 once, VB3 on paper"
    pay(code)
    assert copied_records(code) == ["VB1", "VB2"]
    assert make_waiting(10) == 2
    with reading() as session:
        assert [one.state for one in copies_of(session, found(session, code).id)] == ["made", "made"]


def test_documents_of_one_file_are_one_in_the_fee_of_reading(reader: Account) -> None:
    with writing() as session:
        set_closure(session, record("VB2").public_id, Closure("02"), actor="an", ground="QĐ 1")
    for codes, items in (
        (("VB1", "VB2"), {"reading.digitised": 1}), (("HS1",), {"reading.digitised": 1}),
        (("VB1", "VB4"), {"reading.digitised": 2}), (("VB3",), {}),
    ):  # fmt: skip
        code = send(reader, *codes)
        with reading() as session:
            told = expected(session, found(session, code))
        assert {one.fee.item: one.count for one in told.lines} == items, codes


def test_what_is_digitised_by_its_documents_is_not_digitised_on_demand(reader: Account) -> None:
    with pytest.raises(RequestError, match="đã được số hoá"):
        send(reader, "HS1", kind="digitisation")
    held(0, "VB3")
    send(reader, "HS1", kind="digitisation")


def test_masks_are_given_on_the_documents_of_a_file(reader: Account) -> None:
    code = send(reader, "HS1", kind="copy")
    with reading() as session:
        assert [one.code for one in to_copy(asked_for(session, found(session, code)))] == ["VB1", "VB2", "VB3"]


def test_what_is_on_paper_only_makes_no_package_and_no_file(reader: Account) -> None:
    held(0, "VB2", "VB3")
    with pytest.raises(RequestError, match="xin số hoá theo yêu cầu"):
        send(reader, "VB2", "VB1", kind="dip")
    code = send(reader, "VB2", kind="copy")
    to_approval(code)
    answer(code, VB2=Answer(today_number() + 5, True, "QĐ 2"))
    assert copied_records(code) == []
    with reading() as session:
        assert [one.code for one in paper_records(session, found(session, code))] == ["VB2"]
        assert not is_to_be_handed(session, found(session, code)), "it is still to be made"
    with writing() as session:
        finish(session, found(session, code), "archivist", "lan")
    with reading() as session:
        assert is_to_be_handed(session, found(session, code))
