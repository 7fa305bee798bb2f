"""The reading room: places are never given twice, originals never handed out twice, and only to who may read them."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from archive.access import Viewer
from archive.access_rules import Closure
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import grant, set_closure
from archive.settings import settings
from archive.terms import term
from archive.working_days import add_working_days
from desk import reading_room as room
from desk.letters import Writer
from desk.reading_cards import card_holder, card_number
from desk.reading_room import RoomError
from desk.watching import watch_requests
from tests.transfers import province, record, take
from vankho.accounts import add_account

pytestmark = pytest.mark.both_databases


@pytest.fixture
def readers(home: Path, tmp_path: Path) -> list[int]:
    take(province(tmp_path / "goi").write())
    with writing() as session:
        for n in range(10):
            add_account(session, f"doc{n}", "mat-khau-thu-2026", "reader", totp=False)
    with writing() as session:
        for paper in session.scalars(select(Record).where(Record.code.in_(("VB1", "VB2")))):
            paper.page_count = 0  # on paper only
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
    with reading() as session:
        return list(session.scalars(select(Account.id).order_by(Account.name)))


def tomorrow() -> int:
    return add_working_days(today_number(), 1)


def book(account: int, day: int, half: str = "morning") -> int | None:
    with writing() as session:
        return room.book(session, account, day, half).seat


def test_places_are_given_until_none_is_left_and_come_back(readers: list[int]) -> None:
    seats = term("room.seats", today_number()).value
    assert [book(one, tomorrow()) for one in readers[:seats]] == list(range(1, seats + 1))
    with pytest.raises(RoomError, match="hết chỗ"):
        book(readers[seats], tomorrow())
    with pytest.raises(RoomError, match="đã có chỗ"):
        book(readers[0], tomorrow())
    with reading() as session:
        free = {(one.day, one.half): one.free for one in room.half_days(session)}
        (mine,) = room.own_visits(session, readers[2])
    assert (free[(tomorrow(), "morning")], free[(tomorrow(), "afternoon")]) == (0, seats)
    with pytest.raises(RoomError), writing() as session:
        room.cancel(session, readers[3], mine.id)
    with writing() as session:
        room.cancel(session, readers[2], mine.id)
    assert book(readers[seats], tomorrow()) == 3


@pytest.mark.parametrize(("ahead", "half"), [(0, "morning"), (-1, "morning"), (99, "morning"), (1, "night"), (1, "")])
def test_only_coming_half_days_of_work(readers: list[int], ahead: int, half: str) -> None:
    day = add_working_days(today_number(), ahead) if ahead > 0 else today_number() + ahead
    with pytest.raises(RoomError, match="không đặt chỗ được"):
        book(readers[0], day, half)


def test_one_reader_does_not_take_the_whole_room(readers: list[int]) -> None:
    for ahead in range(1, room.MOST_BOOKED + 1):
        book(readers[0], add_working_days(today_number(), ahead))
    with pytest.raises(RoomError, match="không quá"):
        book(readers[0], tomorrow(), "afternoon")


def test_the_database_gives_no_place_twice(readers: list[int]) -> None:
    book(readers[0], tomorrow())
    told = {"day": tomorrow(), "half": "morning", "seat": 1, "state": "booked", "note": ""}
    with reading() as session:
        made_at = session.scalars(select(Appointment.made_at)).one()
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Appointment(account_id=readers[1], made_at=made_at, **told))


def test_ten_readers_at_once_get_different_places(readers: list[int]) -> None:
    barrier, got, full = Barrier(10), [], []

    def run(account: int) -> None:
        barrier.wait()
        for _ in range(20):
            try:
                got.append(book(account, tomorrow()))
                return
            except RoomError as error:
                if "hết chỗ" in str(error):
                    full.append(account)
                    return

    threads = [Thread(target=run, args=(one,)) for one in readers[:10]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    seats = term("room.seats", today_number()).value
    assert sorted(got) == list(range(1, seats + 1))
    assert len(full) == 10 - seats


def test_visits_are_noted_once_and_not_before_their_day(readers: list[int]) -> None:
    book(readers[0], tomorrow())
    with reading() as session:
        (visit,) = room.own_visits(session, readers[0])
    with pytest.raises(RoomError), writing() as session:
        room.note_visit(session, visit.id, True, "lan")
    with writing() as session:
        session.get_one(Appointment, visit.id).day = today_number()
    with writing() as session:
        room.note_visit(session, visit.id, True, "lan")
        assert [(one.state, who.name) for one, who in room.visits(session, today_number())] == [("came", "doc0")]
    with pytest.raises(RoomError), writing() as session:
        room.note_visit(session, visit.id, False, "lan")


def hand_out(reader: str, code: str) -> str:
    with writing() as session:
        return room.hand_out(session, reader, code, "lan").code


def test_an_original_goes_to_who_may_read_it_and_to_one_only(readers: list[int]) -> None:
    day = today_number()
    for reader, code, told in (
        ("không có", "VB2", "Không có thẻ độc giả hay tài khoản"), ("doc0", "VB9999", "không có tài liệu"),
        ("doc0", "VB1", "chưa được phép đọc"), ("doc0", "VB3", "đã được số hoá"),
    ):  # fmt: skip
        with pytest.raises(RoomError, match=told):
            hand_out(reader, code)
    slip = hand_out("doc0", "VB2")
    with pytest.raises(RoomError, match="ở ngoài kho"):
        hand_out("doc1", "VB2")
    with writing() as session:
        grant(session, "doc1", record("VB1").public_id, (day, day + 3), actor="head", ground="QĐ 2")
    hand_out("doc1", record("VB1").public_id)
    with reading() as session:
        out = [(one.code, who.name) for _loan, one, who in room.out_now(session)]
        assert out == [("VB2", "doc0"), ("VB1", "doc1")]
        assert [one.due_on for one, _ in room.own_loans(session, readers[0])] == [day + 14]
    with writing() as session:
        room.take_back(session, f" {slip.upper()} ", "lan", "góc rách")
    with pytest.raises(RoomError), writing() as session:
        room.take_back(session, slip, "lan")
    hand_out("doc2", "VB2")
    with reading() as session:
        acts = [one.action for one in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
        assert session.scalars(select(Loan).where(Loan.code == slip)).one().note == "góc rách"
    assert [one for one in acts if one.startswith("original-")] == [
        "original-out", "original-out", "original-back", "original-out",
    ]  # fmt: skip


def test_the_next_delivery_waits_until_the_last_one_is_back(readers: list[int]) -> None:
    """TT 10/2014/TT-BNV: what is handed out on one day is one delivery."""
    with writing() as session:
        grant(session, "doc0", record("VB1").public_id, (today_number(), today_number() + 3), actor="h", ground="QĐ 2")
    slip = hand_out("doc0", "VB2")
    with writing() as session:
        hand = room.hand_out(session, "doc0", "VB1", "lan")  # the same day: the same delivery
        room.take_back(session, hand.code, "lan")
        session.scalars(select(Loan).where(Loan.code == slip)).one().out_at -= timedelta(days=1)
    with pytest.raises(RoomError, match=r"còn giữ 1 bản gốc của lần giao trước, từ ngày .*TT 10/2014"):
        hand_out("doc0", "VB1")
    with writing() as session:
        room.take_back(session, slip, "lan")
    hand_out("doc0", "VB1")


def test_originals_that_are_late_are_counted_and_officers_hear_of_them(readers: list[int]) -> None:
    slip, day = hand_out("doc0", "VB2"), today_number()
    with writing() as session:
        add_account(session, "lan", "mat-khau-thu-2026", "archivist", totp=False)
        session.scalars(select(Account).where(Account.name == "lan")).one().email = "lan@noi.vn"
        session.get_one(Account, readers[0]).full_name = "Nguyễn Thị Đọc"
        loan = session.scalars(select(Loan).where(Loan.code == slip)).one()
        loan.due_on = day  # until tonight
        session.flush()
        assert room.overdue_originals(session, day) == 0
        loan.due_on = day - 1
    watch_requests()
    watch_requests()
    with reading() as session:
        assert room.overdue_originals(session, day) == 1
        (letter,) = session.scalars(select(Letter).where(Letter.kind == "day"))
        said = Writer(settings(), "khoa").compose(session, letter)
        told = room.slip_of(session, slip, Viewer(frozenset(), "lan", "archivist"))
    assert said is not None
    assert "1  bản gốc giao ở phòng đọc quá hạn trả" in said.text
    assert told is not None
    assert told[2] == "Nguyễn Thị Đọc (doc0)"
    with writing() as session:
        room.take_back(session, slip, "lan")
        assert room.overdue_originals(session, day) == 0


def test_a_card_leads_to_its_reader_and_a_wrong_number_to_nobody(readers: list[int]) -> None:
    account = readers[3]
    number = card_number(account)
    wrong = [number[:-1] + str((int(number[-1]) + 1) % 10), number.replace("DG-0", "DG-1"), number[:-3], "DG-", ""]
    with writing() as session:
        name = session.get_one(Account, account).name
        for told in (number, number.lower().replace("-", ""), f" {number} ", name):
            found = card_holder(session, told)
            assert found is not None, told
            assert found.id == account, told
        assert [card_holder(session, told) for told in wrong] == [None] * len(wrong)
    with writing() as session:
        loan = room.hand_out(session, number, "VB2", "an")
        assert loan.account_id == account
        session.get_one(Account, account).active = False
    with reading() as session:
        assert card_holder(session, number) is None
