"""Corrections of lines: proposed, decided, undone; masked as delivered text is; kept over later deliveries."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import Viewer
from archive.accession.by_hand import mask_by_hand
from archive.boxes import decode, rectangles
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Page
from archive.clock import today_number
from archive.database import reading, writing
from archive.line_corrections import (
    MOST_AN_HOUR,
    CorrectionError,
    TooManyCorrections,
    accept,
    decided_corrections,
    find_correction,
    propose,
    refuse,
    undo,
    waiting_corrections,
    words_of,
)
from archive.lines import lines_of
from archive.masking import restore
from archive.reviewing import marks_of_page
from archive.undoing import undo_package
from search.criteria import Criteria
from search.gateway import Gateway
from tests.indexer.extraction.making import alto, alto_page, row
from tests.transfers import Transfer, drain_all, lines, record, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

LINES = ["Căn cứ Lụât Đất đai", "CCCD 001099001234 của ông Bình", "Điện thoại 0912345678 kèm theo"]
MASKED = ["Căn cứ Lụât Đất đai", "CCCD •••••••••••• của ông Bình", "Điện thoại •••••••••• kèm theo"]
RIGHT = "Căn cứ vào Luật Đất đai"


def deliver(root: Path, *texts: str, **fields: str) -> Transfer:
    """Takes a package with the document VB1, whose page has these lines."""
    made = Transfer(root).fonds().file("HS1").document("VB1", "HS1", None, **fields)
    made.data["VB1.alto.xml"] = alto(alto_page([row(one, 100 + 40 * n) for n, one in enumerate(texts or LINES)]))
    take(made.write())
    return made


def reader() -> Account:
    with writing() as session:
        found = session.scalar(select(Account).where(Account.name == "hoa"))
        if found is None:
            found = Account(name="hoa", password_hash="x", role="reader", epoch="1")
            session.add(found)
            session.flush()
        return found


def archivist() -> Viewer:
    return Viewer(name="lan", role="archivist", tags=frozenset(record("VB1").access.read.allow))


def say(number: int, before: str, after: str) -> int:
    own, account = record("VB1"), reader()
    with writing() as session:
        page = session.get_one(Page, (own.id, 1))
        return propose(session, account.id, "hoa", page, own.public_id, number, before, after).id


def decide(act, number: int) -> None:  # type: ignore[no-untyped-def]
    with writing() as session:
        found = find_correction(session, archivist(), today_number(), number)
        assert found
        act(session, "lan", *found)
    drain_all()


def page() -> Page:
    own = record("VB1").id
    with reading() as session:
        return session.get_one(Page, (own, 1))


def texts() -> list[str]:
    return [one.text for one in lines_of(page().text)]


def state(number: int) -> str:
    with reading() as session:
        return session.get_one(LineCorrection, number).state


def found(q: str) -> int:
    return Gateway(search_engine()).search(Viewer.anonymous(), Criteria(q=q)).total


def marks() -> list[PersonalMark]:
    with reading() as session:
        return marks_of_page(session, record("VB1"), 1)


def test_an_accepted_correction_is_the_text_is_found_and_can_be_undone(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    before = page()
    assert texts() == MASKED
    number = say(1, MASKED[0], f"  Căn cứ  vào {RIGHT.removeprefix('Căn cứ vào ')} ")
    assert texts() == MASKED
    with reading() as session:
        (waits,) = waiting_corrections(session, archivist(), today_number()).rows
    assert (waits.correction.before, waits.correction.after, waits.now.text if waits.now else "") == (
        MASKED[0], RIGHT, MASKED[0],
    )  # fmt: skip
    assert not found('"vào Luật Đất"')
    decide(accept, number)
    assert texts() == [RIGHT, *MASKED[1:]]
    assert found('"vào Luật Đất"') == 1
    boxes = decode(page().boxes or b"")
    assert boxes.count == len(page().text.split())
    assert rectangles(boxes, 6, 6) == rectangles(
        decode(before.boxes or b""), 5, 5
    )  # the lines below lie where they lay
    with reading() as session:
        assert [one.correction.decided_by for one in decided_corrections(session, archivist(), today_number())] == [
            "lan"
        ]
        assert restore(page().text, marks()) == "\n".join([RIGHT, *LINES[1:]])
    decide(undo, number)
    assert (page().text, page().boxes) == (before.text, before.boxes)
    assert restore(page().text, marks()) == "\n".join(LINES)
    assert not found('"vào Luật Đất"')
    with reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("correction-")))
        assert sorted(acts) == ["correction-accepted", "correction-proposed", "correction-undone"]
    with pytest.raises(CorrectionError):
        decide(undo, number)


def test_personal_numbers_stay_masked_and_typed_ones_become_so(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    decide(accept, say(2, MASKED[1], "CCCD số •••••••••••• của bà Bình"))
    assert texts()[1] == "CCCD số •••••••••••• của bà Bình"
    assert restore(page().text, marks()).split("\n")[1:] == ["CCCD số 001099001234 của bà Bình", LINES[2]]
    typed = say(3, MASKED[2], "Điện thoại 0912345678 và 0987654321 kèm theo")
    with reading() as session:
        assert "0987654321" not in session.get_one(LineCorrection, typed).after
    decide(accept, typed)
    assert texts()[2] == "Điện thoại •••••••••• và •••••••••• kèm theo"
    assert restore(page().text, marks()).endswith("0912345678 và 0987654321 kèm theo")
    assert not found("0987654321")
    decide(undo, typed)
    assert restore(page().text, marks()).endswith(LINES[2])


def test_a_later_delivery_does_not_overwrite_what_was_accepted(home: Path, tmp_path: Path) -> None:
    made = deliver(tmp_path / "goi")
    first = say(1, MASKED[0], RIGHT)
    decide(accept, first)
    second = say(1, RIGHT, f"{RIGHT} 1993")
    decide(accept, second)
    take(made.change("VB1", Subject="Trích yếu khác").write())
    assert texts()[0] == f"{RIGHT} 1993"
    assert (state(first), state(second)) == ("accepted", "accepted")
    (told,) = [one for one in lines() if one.code == "text.correction-kept"]
    assert (told.record, told.outcome) == ("VB1", "warned")
    assert "dòng 1" in told.message
    other = deliver(tmp_path / "khac", "Căn cứ Luật Đât đai", *LINES[1:], Subject="Trích yếu mới")
    assert texts()[0] == "Căn cứ Luật Đât đai"
    assert state(second) == "contested"
    assert [one.action for one in lines() if one.code == "text.correction-contested"] == [
        "lấy chữ mới, chờ lưu trữ viên xem lại lần sửa"
    ]
    with reading() as session:
        (waits,) = waiting_corrections(session, archivist(), today_number()).rows
    assert waits.now
    assert waits.now.text == "Căn cứ Luật Đât đai"
    decide(accept, second)
    assert texts()[0] == f"{RIGHT} 1993"
    take(other.change("VB1", Subject="Lần nữa").write())
    assert texts()[0] == f"{RIGHT} 1993"


def test_undoing_a_delivery_ends_the_contest(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    number = say(1, MASKED[0], RIGHT)
    decide(accept, number)
    made = Transfer(tmp_path / "sau").fonds().file("HS1").document("VB1", "HS1", "Chữ khác hẳn")
    taken = take(made.write())
    assert state(number) == "contested"
    with writing() as session:
        undo_package(session, taken.package, actor="lan", ground="giao nhầm")
    assert texts()[0] == RIGHT
    assert state(number) == "accepted"


@pytest.mark.parametrize(
    ("number", "before", "after", "told"),
    [
        (1, "chữ khác", "x", "vừa đổi"),
        (9, MASKED[0], "x", "vừa đổi"),
        (1, MASKED[0], " \n ", "Cần viết"),
        (1, MASKED[0], f" {MASKED[0]}\t", "giống chữ hiện nay"),
        (1, MASKED[0], "x" * 2_001, "2000 ký tự"),
    ],
)
def test_what_cannot_be_proposed_is_said(
    home: Path, tmp_path: Path, number: int, before: str, after: str, told: str
) -> None:
    deliver(tmp_path / "goi")
    with pytest.raises(CorrectionError, match=told) as caught:
        say(number, before, after)
    assert caught.value.en


def test_one_word_a_reader_a_line_and_so_many_an_hour(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi", *(f"dòng {n}" for n in range(MOST_AN_HOUR + 1)))
    numbers = [say(n + 1, f"dòng {n}", f"hàng {n}") for n in range(MOST_AN_HOUR - 1)]
    assert say(1, "dòng 0", "lần nữa") == numbers[0]
    say(MOST_AN_HOUR, f"dòng {MOST_AN_HOUR - 1}", "cuối")
    with pytest.raises(TooManyCorrections):
        say(MOST_AN_HOUR + 1, f"dòng {MOST_AN_HOUR}", "quá")


def test_a_line_that_changed_is_not_overwritten_nor_is_anything_decided_twice(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    first = say(1, MASKED[0], RIGHT)
    with writing() as session:
        session.get_one(LineCorrection, first).account_id = None  # another reader's
    second = say(1, MASKED[0], "Căn cứ Luật")
    decide(accept, first)
    assert state(second) == "outdated"
    for act in (accept, refuse):
        with pytest.raises(CorrectionError, match="đã có người"):
            decide(act, first)
    third = say(1, RIGHT, "Căn cứ Luật khác")
    decide(refuse, third)
    assert texts()[0] == RIGHT


def test_a_stamp_of_secrecy_is_not_taken_from_a_reader(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi", "MÂT7", *LINES)
    number = say(1, "MÂT7", "TUYỆT MẬT")
    with pytest.raises(CorrectionError, match="mức độ mật"):
        decide(accept, number)
    assert state(number) == "waiting"
    assert texts()[0] == "MÂT7"


def test_words_of_a_record_that_turns_out_to_be_secret_leave_with_its_text(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    decide(accept, say(1, MASKED[0], RIGHT))
    say(3, MASKED[2], "Điện thoại kèm theo")
    deliver(tmp_path / "mat", "TUYỆT MẬT", *LINES)
    assert record("VB1").withdrawn
    with reading() as session:
        assert session.scalars(select(LineCorrection)).all() == []


def test_what_is_masked_by_hand_later_is_masked_in_what_a_correction_tells_too(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    waits, done = say(2, MASKED[1], f"{MASKED[1]} nữa"), say(3, MASKED[2], "Điện thoại của ông Bình kèm theo")
    decide(accept, done)
    with writing() as session:
        mask_by_hand(session, record("VB1"), "ông Bình")
        told = [words_of(session, session.get_one(LineCorrection, one)) for one in (waits, done)]
    assert told == [
        ("CCCD •••••••••••• của ••• ••••", "CCCD •••••••••••• của ••• •••• nữa"),
        (MASKED[2], "Điện thoại của ••• •••• kèm theo"),
    ]
    decide(accept, waits)
    assert texts() == [MASKED[0], told[0][1], told[1][1]]
    assert restore(page().text, marks()).split("\n")[1] == f"{LINES[1]} nữa"
    decide(undo, waits)
    decide(undo, done)
    assert texts() == [MASKED[0], told[0][0], MASKED[2]]
    assert restore(page().text, marks()).split("\n")[1] == LINES[1]
