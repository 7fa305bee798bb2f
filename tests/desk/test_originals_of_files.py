"""Originals of a file (hồ sơ) and of the documents in it: nobody gets more than he may read, nothing is out twice."""

from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from archive.access_rules import Closure
from archive.catalogue.reading_room import Loan
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import grant, set_closure
from archive.terms import term
from desk import reading_room as room
from desk.reading_room import RoomError
from tests.transfers import Transfer, province, record, take
from vankho.accounts import add_account

pytestmark = pytest.mark.both_databases
IN_HS1 = ("VB1", "VB2", "VB3")


@pytest.fixture
def readers(home: Path, tmp_path: Path) -> None:
    """Three readers; HS1, an open file, and what is in it are on paper only, VB2 is conditional."""
    take(province(tmp_path / "goi").write())
    with writing() as session:
        for n in range(3):
            add_account(session, f"doc{n}", "mat-khau-thu-2026", "reader", totp=False)
        set_closure(session, record("VB2").public_id, Closure("02"), actor="an", ground="QĐ 1")
    held(0, *IN_HS1)


def held(pages: int, *codes: str) -> None:
    with writing() as session:
        session.execute(update(Record).where(Record.code.in_(codes)).values(page_count=pages))


def hand_out(reader: str, code: str) -> str:
    with writing() as session:
        return room.hand_out(session, reader, code, "lan").code


def give(reader: str, code: str) -> None:
    day = today_number()
    with writing() as session:
        grant(session, reader, record(code).public_id, (day, day + 3), actor="head", ground="QĐ 2")


@pytest.mark.usefixtures("readers")
def test_a_file_goes_to_who_may_read_all_that_is_in_it() -> None:
    with pytest.raises(RoomError, match=r"chưa được phép đọc: “VB2”"):
        hand_out("doc0", "HS1")
    give("doc0", "VB2")
    with pytest.raises(RoomError, match="chưa được phép đọc"):
        hand_out("doc1", "HS1")
    hand_out("doc0", "HS1")


@pytest.mark.usefixtures("readers")
def test_what_is_digitised_stays_whether_by_the_file_or_by_its_documents() -> None:
    give("doc0", "HS1")
    held(2, "HS1")
    with pytest.raises(RoomError, match="đã được số hoá"):
        hand_out("doc0", "HS1")
    held(0, "HS1")
    held(3, *IN_HS1)
    with pytest.raises(RoomError, match="cả 3 văn bản trong hồ sơ đã được số hoá"):
        hand_out("doc0", "HS1")
    held(0, "VB3")
    hand_out("doc0", "HS1")


@pytest.mark.usefixtures("readers")
def test_a_fonds_is_no_original() -> None:
    with pytest.raises(RoomError, match="từng hồ sơ"):
        hand_out("doc0", "H48.01")


@pytest.mark.usefixtures("readers")
def test_a_file_and_a_document_in_it_are_not_with_two_readers() -> None:
    for reader in ("doc0", "doc1"):
        give(reader, "HS1")
    slip = hand_out("doc0", "VB1")
    with pytest.raises(RoomError, match="“VB1” của hồ sơ này đang ở ngoài kho"):
        hand_out("doc1", "HS1")
    hand_out("doc1", "VB2")  # another document of the same file
    with writing() as session:
        room.take_back(session, slip, "lan")
        room.take_back(session, session.scalars(select(Loan.code).where(Loan.back_at.is_(None))).one(), "lan")
    slip = hand_out("doc0", "HS1")
    with pytest.raises(RoomError, match="“HS1”, hồ sơ của văn bản này, đang ở ngoài kho"):
        hand_out("doc1", "VB1")
    with writing() as session:
        room.take_back(session, slip, "lan")
    hand_out("doc1", "VB1")


@pytest.mark.usefixtures("readers")
def test_of_two_officers_at_once_one_hands_out() -> None:
    for reader in ("doc0", "doc1"):
        give(reader, "HS1")
    for _ in range(5):
        barrier, done, told = Barrier(2), list[str](), list[str]()

        def run(
            reader: str, code: str, barrier: Barrier = barrier, done: list[str] = done, told: list[str] = told
        ) -> None:
            barrier.wait()
            try:
                done.append(hand_out(reader, code))
            except RoomError as error:
                told.append(str(error))

        threads = [Thread(target=run, args=pair) for pair in (("doc0", "HS1"), ("doc1", "VB1"))]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(done) == 1
        assert "ở ngoài kho" in told[0]
        with reading() as session:
            assert len(session.scalars(select(Loan).where(Loan.back_at.is_(None))).all()) == 1
        with writing() as session:
            room.take_back(session, done[0], "lan")


def test_the_limit_counts_files(home: Path, tmp_path: Path) -> None:
    most = term("loan.most", today_number()).value
    made = Transfer(tmp_path / "goi").fonds()
    for n in range(most + 1):
        made.file(f"HS{n}").document(f"VB{n}", f"HS{n}")
    made.document("VB0b", "HS0").document("VB0c", "HS0")
    take(made.write())
    with writing() as session:
        add_account(session, "doc0", "mat-khau-thu-2026", "reader", totp=False)
        session.execute(update(Record).values(page_count=0))
    for n in range(most):
        hand_out("doc0", f"VB{n}")
    hand_out("doc0", "VB0b")
    with pytest.raises(RoomError, match=f"đang giữ {most} hồ sơ"):
        hand_out("doc0", f"VB{most}")
    hand_out("doc0", "VB0c")
