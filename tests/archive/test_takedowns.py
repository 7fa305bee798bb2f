"""Requests to take personal data down: the term, the throttle, the decisions, the erasure."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, takedowns
from archive.access import Viewer, may
from archive.catalogue.outbox import Veto
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Page, Record
from archive.catalogue.takedowns import TakedownRequest
from archive.database import reading, writing
from archive.takedowns import Asked, DecisionError, TooManyRequests, read_pages
from archive.terms import add_working_days, term
from search.gateway import Gateway
from tests.indexer.intake.test_personal import delivery
from tests.transfers import drain_all, record, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

ASKED = Asked("Trang về ông Ba", "Trần Văn Tám", "tam@vidu.vn", "tên tôi", "là tôi")
BODY = "Đơn của ông Trần\nVăn Tám, xã Tịnh Khê; Trần Văn Tám ký, ĐT 0912.345.678."


def ask(source: str = "a", about: str = "") -> str:
    with writing() as session:
        return takedowns.submit(session, Asked(about or ASKED.about, *list(_rest())), source).code


def _rest() -> tuple[str, str, str, str]:
    return ASKED.asker, ASKED.contact, ASKED.wish, ASKED.reason


def found(code: str) -> TakedownRequest:
    with reading() as session:
        return session.scalars(select(TakedownRequest).where(TakedownRequest.code == code)).one()


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-23", 2, "2026-11-25"),  # Monday
        ("2026-11-26", 2, "2026-11-30"),  # Thursday
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),  # Saturday
        ("2026-11-28", 0, "2026-11-28"),
    ],
)
def test_saturdays_and_sundays_do_not_count(start: str, count: int, end: str) -> None:
    first, last = (date.fromisoformat(one).toordinal() for one in (start, end))
    assert add_working_days(first, count) == last


def test_terms_are_dated_and_say_what_they_rest_on() -> None:
    one = term("takedown.answer", date(2026, 11, 27).toordinal())
    assert (one.value, one.unit, one.sure) == (2, "working_days", "V2")
    assert "NĐ 356/2025/NĐ-CP" in one.basis
    with pytest.raises(KeyError):
        term("nothing", 1)


def test_a_request_finds_its_record_and_its_day(home: Path) -> None:
    take(delivery(home.parent / "goi", BODY).write())
    public_id = record("VB1").public_id
    one = found(ask(about=f"https://vidu.vn/van-ban/{public_id}/trang/1"))
    assert one.record_id == record("VB1").id
    assert one.due_on == add_working_days(clock.today_number(), 2)
    assert found(ask(about="số 12/QĐ-UBND")).record_id is None


def test_too_many_requests_wait(home: Path) -> None:
    for _n in range(takedowns.MOST_BY_SOURCE):
        ask("a")
    with pytest.raises(TooManyRequests):
        ask("a")
    assert ask("b")


def test_masking_a_text_takes_it_from_page_index_and_image(home: Path) -> None:
    take(delivery(home.parent / "goi", BODY).write())
    gateway = Gateway(search_engine())
    code = ask()
    with writing() as session:
        own = session.get_one(Record, record("VB1").id)
        request = takedowns.find_request(session, code)
        assert request
        assert takedowns.mask_text(session, request, "lan", "đơn đúng", own, "trần văn tám", "1") == 2
        assert [one.record for one in session.scalars(select(Veto))] == [own.public_id]
    with reading() as session:
        page = session.get_one(Page, (record("VB1").id, 1))
    assert page.text == "Đơn của ông ••••\n••• •••, xã Tịnh Khê; •••• ••• ••• ký, ĐT ••••.•••.•••."
    assert page.image_held == "kept"
    drain_all()
    from search.criteria import read_criteria

    assert gateway.search(Viewer.anonymous(), read_criteria([("q", '"văn tám"')])).total == 0
    assert gateway.search(Viewer.anonymous(), read_criteria([("q", "tịnh khê ký")])).total == 1
    one = found(code)
    assert (one.state, one.outcome, one.ground, one.decided_by) == ("decided", "masked", "đơn đúng", "lan")


def test_restricting_closes_the_record(home: Path) -> None:
    take(delivery(home.parent / "goi", BODY).write())
    with writing() as session:
        request = takedowns.find_request(session, ask())
        assert request
        takedowns.restrict(session, request, "lan", "đời tư", session.get_one(Record, record("VB1").id))
    assert not may(Viewer.anonymous(), "read", record("VB1"), clock.today_number())


def test_what_cannot_be_decided_changes_nothing(home: Path) -> None:
    take(delivery(home.parent / "goi", BODY).write())
    code, own = ask(), record("VB1")
    for act, message in (
        (lambda s, r: takedowns.refuse(s, r, "lan", " "), "căn cứ"),
        (lambda s, r: takedowns.mask_text(s, r, "lan", "x", own, "Lê Thị Chín", ""), "Không thấy"),
        (lambda s, r: takedowns.mask_text(s, r, "lan", "x", own, "a", ""), "ít nhất"),
        (lambda s, r: takedowns.mask_text(s, r, "lan", "x", own, "Tám", "hai"), "Không hiểu"),
        (lambda s, r: takedowns.restrict(s, r, "lan", "x", None), "tài liệu"),
        (lambda s, r: takedowns.close_images(s, r, "lan", "x", own, "9"), "không có ảnh"),
    ):
        with pytest.raises(DecisionError, match=message), writing() as session:
            act(session, takedowns.find_request(session, code))
    assert found(code).state == "received"
    with writing() as session:
        request = takedowns.find_request(session, code)
        assert request
        takedowns.refuse(session, request, "lan", "không phải người có liên quan")
    with pytest.raises(DecisionError, match="đã có quyết định"), writing() as session:
        takedowns.refuse(session, session.merge(found(code)), "lan", "lần nữa")


def test_contacts_are_erased_on_their_day_and_never_in_the_trail(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = ask()
    with writing() as session:
        request = takedowns.find_request(session, code)
        assert request
        takedowns.take_up(session, request, "lan")
        takedowns.refuse(session, request, "lan", "không đủ căn cứ")
        assert takedowns.erase_contacts(session) == 0
    later = clock.now() + timedelta(days=term("takedown.keep_contact", clock.today_number()).value)
    monkeypatch.setattr(clock, "now", lambda: later)
    with writing() as session:
        assert takedowns.erase_contacts(session) == 1
        assert takedowns.erase_contacts(session) == 0
    one = found(code)
    assert (one.asker, one.contact, one.wish, one.reason, one.about, one.source) == ("",) * 6
    assert (one.outcome, one.ground) == ("refused", "không đủ căn cứ")
    with reading() as session:
        events = session.scalars(select(AuditEvent)).all()
    assert [event.action for event in events if event.action.startswith("takedown")] == [
        "takedown-received", "takedown-review", "takedown-refused", "takedown-contact-erased",
    ]  # fmt: skip
    assert not any(told in f"{event.actor} {event.detail}" for event in events for told in _rest())


def test_pages_are_read_as_people_write_them() -> None:
    assert read_pages("1, 3-4;7") == {1, 3, 4, 7}
    assert read_pages("") == frozenset()
    for text in ("0", "4-2", "a", "1-99999"):
        with pytest.raises(DecisionError):
            read_pages(text)
