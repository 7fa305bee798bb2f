"""Requests beyond the first line: other kinds, sent twice, consents, delegation, waiting, letters, figures."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive import clock
from archive.access import may
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest, RequestDraft, RequestEvent
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from archive.named_persons import close_for_person
from archive.page_ranges import read_pages
from archive.settings import settings
from archive.terms import term
from archive.working_days import add_working_days
from desk import chains, consenting
from desk import requests as desk
from desk.decision import Answer
from desk.drafts import FIELDS, DraftChangedError, draft_of, edition, save_draft
from desk.fees.assessing import bill_of, lines_of
from desk.fees.settling import balance
from desk.following import LETTERS, find_followed, second_word
from desk.letters import Writer
from desk.news import mark_seen, with_news
from desk.notices import choose
from desk.states import STEPS
from desk.steps import RequestError, StepError
from desk.watching import watch_requests
from tests.desk.requests_of_tests import (
    account,
    answer,
    found,
    letters,
    open_desk,
    pay,
    send,
    step,
    to_approval,
    viewer,
)
from tests.transfers import record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def test_a_form_sent_twice_is_one_request(reader: Account) -> None:
    code = send(reader, "VB2", submission="a" * 26)
    assert send(reader, "VB2", submission="a" * 26) == code
    with pytest.raises(RequestError):
        send(account("lan"), "VB2", submission="a" * 26)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ReadingRequest)) == 1


def test_information_needs_words_and_no_records(reader: Account) -> None:
    with pytest.raises(RequestError) as refused:
        send(reader, kind="information")
    assert refused.value.field == "noi-dung"
    code = send(reader, "VB1", kind="information", wanted="danh mục văn bản về đê điều 1990")
    with reading() as session:
        assert desk.items_of(session, found(session, code)) == []
        assert found(session, code).due_on == add_working_days(today_number(), 6)
    to_approval(code)
    with pytest.raises(RequestError):
        answer(code)
    assert answer(code, ground="Có 12 văn bản; danh mục kèm theo.").state == "resolved"
    other = send(reader, kind="information", wanted="x")
    to_approval(other)
    assert answer(other, ground="không thuộc kho này", refuse=True).state == "refused"


def test_what_is_digitised_is_not_digitised_again(reader: Account) -> None:
    with pytest.raises(RequestError, match="đã được số hoá"):
        send(reader, "VB1", kind="digitisation")


def test_each_wrong_field_is_named(reader: Account) -> None:
    for told, field in (
        ({"kind": "x"}, "hinh-thuc"), ({"purpose": ""}, "muc-dich"), ({"requester": "x"}, "nguoi"),
        ({"purpose": "x" * 2001}, "muc-dich"),
    ):  # fmt: skip
        with pytest.raises(RequestError) as refused:
            send(reader, "VB2", **told)
        assert refused.value.field == field


def test_a_foreigner_waits_for_a_consent_from_outside_and_a_new_round_asks_again(reader: Account) -> None:
    code, day = send(reader, "VB1", requester="foreign"), today_number()
    to_approval(code)
    with pytest.raises(StepError, match="Chủ tịch UBND tỉnh"):
        answer(code, VB1=Answer(day + 3, ground="x"))

    def consent(reference: str, role: str = "archivist") -> None:
        with writing() as session:
            consenting.consent(session, found(session, code), role, "lan", reference)

    with pytest.raises(RequestError, match="số, ngày"):
        consent(" ")
    with pytest.raises(StepError):
        consent("x", "clerk")
    consent("số 12/UBND-NC ngày 20/11/2026")
    assert letters().count(("hoa@noi.vn", "approval")) == 1  # of being proposed, not again of the consent
    with pytest.raises(StepError, match="không chờ ý kiến"):
        consent("lần nữa")
    step(code, "return", "head", "thiếu mục đích")
    step(code, "propose")
    with pytest.raises(StepError):
        answer(code, VB1=Answer(day + 3, ground="x"))
    consent("số 13/UBND-NC")
    assert answer(code, VB1=Answer(day + 3, ground="x")).state == "payment"
    assert pay(code).state == "resolved"
    assert may(viewer("hoa"), "read", record("VB1"), day)


def test_a_record_closed_for_a_person_wants_the_archivists_word_too(reader: Account) -> None:
    with writing() as session:
        close_for_person(session, record("HS1").public_id, "Nguyễn Văn A", None, actor="an", ground="QĐ 2")
    code = send(reader, "VB1", requester="citizen")
    with reading() as session:
        wanted = chains.wanted(session, found(session, code))
    assert [one.consent for one in wanted] == ["archivist"]
    both = chains.chain({"person", "conditional"}, "foreign", today_number())
    assert [one.consent for one in both] == ["out:Chủ tịch UBND tỉnh", "archivist"]
    assert chains.chain({"open"}, "citizen", today_number()) == []


def test_a_consent_of_yesterdays_decision_is_in_the_database(reader: Account) -> None:
    """A second consent of the same place in the same round cannot be written."""
    code = send(reader, "VB1", requester="foreign")
    to_approval(code)
    with writing() as session:
        consenting.consent(session, found(session, code), "archivist", "lan", "số 12")
        assert [one.ordinal for one in chains.given(session, found(session, code))] == [1]


def test_a_request_is_followed_by_its_code_and_second_word(reader: Account) -> None:
    code = send(reader, "VB2")
    other = send(reader, "VB1")
    with reading() as session:
        word = second_word("khoa", found(session, code))
        assert len(word) == 8
        assert set(word) <= set(LETTERS)
        for written in (word, word.lower(), f"{word[:4]}-{word[4:]}", f" {word} "):
            assert find_followed(session, "khoa", f" {code.upper()} ", written) is not None
        for wrong in ("", word[:-1], word + "A", second_word("khoa", found(session, other)), "é" * 8):
            assert find_followed(session, "khoa", code, wrong) is None
        assert find_followed(session, "khoa khác", code, word) is None
        assert find_followed(session, "khoa", "a" * 26, "?" * 8) is None


def test_what_waits_for_its_reader_too_long_ends_once(reader: Account) -> None:
    code, patient = send(reader, "VB1"), send(reader, "VB1")
    for one in (code, patient):
        step(one, "take")
        step(one, "ask", reason="cần giấy")
    assert watch_requests() == 0
    waited = term("supplement.wait", today_number()).value
    with writing() as session:
        found(session, code).paused_on = today_number() - waited - 1
        found(session, patient).paused_on = today_number() - waited
    assert (watch_requests(), watch_requests()) == (1, 0)
    with reading() as session:
        assert (found(session, code).state, found(session, patient).state) == ("withdrawn", "supplement")
        last = session.scalars(select(RequestEvent).order_by(RequestEvent.id.desc()).limit(1)).one()
    assert (last.actor, "Quá 30 ngày" in last.reason) == ("system", True)


def test_what_is_not_paid_ends_and_nothing_is_owed_any_more(reader: Account) -> None:
    code, day = send(reader, "VB1", kind="copy"), today_number()
    to_approval(code)
    assert answer(code, VB1=Answer(day + 3, True, "x")).state == "payment"
    with writing() as session:
        found(session, code).paused_on = day - 40
    assert watch_requests() == 1
    with reading() as session:
        bill = bill_of(session, found(session, code))
        assert bill is not None
        assert (found(session, code).state, bill.state) == ("withdrawn", "cancelled")
    assert not may(viewer("hoa"), "read", record("VB1"), day)


def test_nobody_pays_for_days_that_are_over(reader: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is granted until a day is paid by that day; money that comes later gives nothing and waits to go back."""
    day, codes = today_number(), [send(reader, "VB1") for _ in range(3)]
    for code in codes:
        to_approval(code)
    for code, last in zip(codes, (day + 3, day + 3, day + 15), strict=True):
        assert answer(code, VB1=Answer(last, ground="x")).state == "payment"
    with reading() as session:
        bills = [bill_of(session, found(session, code)) for code in codes]
    assert [bill.due_on for bill in bills if bill] == [day + 3, day + 3, term("payment.days", day).end(day)]
    later = clock.now() + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    late = pay(codes[0])
    assert (late.state, may(viewer("hoa"), "read", record("VB1"), day + 4)) == ("withdrawn", False)
    assert watch_requests() == 1
    with reading() as session:
        ended = {code: found(session, code).state for code in codes}
        bill = bill_of(session, found(session, codes[0]))
        assert bill is not None
        assert (bill.state, balance(session, bill) == bill.total) == ("paid", True), "for staff to give back"
    assert [ended[code] for code in codes] == ["withdrawn", "withdrawn", "payment"]


def test_who_asked_for_a_copy_and_may_only_read_pays_for_reading(reader: Account) -> None:
    code, day = send(reader, "VB1", "VB2", kind="certified"), today_number()
    to_approval(code)
    answer(code, VB1=Answer(day + 3, ground="x"), VB2=Answer(day + 3, copying=True, ground="x"))
    with reading() as session:
        bill = bill_of(session, found(session, code))
        assert bill is not None
        told = {one.item: one.count for one in lines_of(session, bill)}
    assert told["certification"] == 1, "of the one that is copied"
    assert sum(told[one] for one in told if one.startswith("reading.")) == 1


def test_letters_name_the_request_and_nothing_of_it(reader: Account) -> None:
    code = send(reader, "VB1", purpose="việc riêng tư")
    step(code, "take")
    step(code, "ask", reason="cần giấy uỷ quyền")
    assert letters() == [("hoa@noi.vn", "received"), ("hoa@noi.vn", "supplement")]
    writer = Writer(settings(), "khoa")
    with reading() as session:
        said = [writer.compose(session, one) for one in session.scalars(select(Letter).order_by(Letter.id))]
    assert all(one is not None for one in said)
    text = "\n".join(f"{one.subject}\n{one.text}" for one in said if one)
    assert "cần giấy uỷ quyền" in text
    assert f"/yeu-cau/{code}" in text
    assert "Your request" in text
    for never in ("riêng tư", record("VB1").title, "VB1"):
        assert never not in text


def test_a_reader_chooses_what_he_hears_of(reader: Account) -> None:
    with writing() as session:
        session.get_one(Account, reader.id).notices = "none"
    code = send(reader, "VB2")
    to_approval(code)
    answer(code, VB2=Answer(0, ground="x"))
    assert letters() == [("hoa@noi.vn", "refused")]
    step(send(reader, "VB2"), "withdraw", "owner")
    assert len(letters()) == 1, "what he did himself nobody owes him"


def test_a_letter_of_the_day_tells_all_that_is_new_once(reader: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    step(send(reader, "VB1"), "take")
    with writing() as session:
        choose(session, session.get_one(Account, reader.id), "daily")
    assert watch_requests() == 0
    assert letters("news") == [], "what was before the choice was told already"
    first, second = send(reader, "VB2"), send(reader, "VB3")
    to_approval(first)
    watch_requests()
    watch_requests()
    assert letters("news") == [("hoa@noi.vn", "")]
    answer(first, VB2=Answer(0, ground="x"))
    writer = Writer(settings(), "khoa")
    with reading() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.kind == "news"))
        words = writer.compose(session, letter)
    assert words is not None
    assert f"{first[:8]}: bị từ chối" in words.text, "the state in which it is when the letter goes"
    assert "has been refused" in words.text
    assert f"{second[:8]}: đã được tiếp nhận" in words.text
    assert "VB2" not in words.text
    with writing() as session:
        session.get_one(Account, reader.id).active = False
    with reading() as session:
        assert writer.compose(session, letter) is None


def test_a_draft_is_kept_until_it_is_sent(reader: Account) -> None:
    for purpose in ("đang viết", "đang viết tiếp"):
        with writing() as session:
            seen = edition(draft_of(session, reader.id))
            save_draft(session, reader.id, {"kind": "copy", "purpose": purpose, "lạ": "x"}, seen)
    with writing() as session, pytest.raises(DraftChangedError):
        save_draft(session, reader.id, {"kind": "copy", "purpose": "ở thẻ khác"}, "")
    with reading() as session:
        draft = draft_of(session, reader.id)
        assert draft is not None
        assert draft.form == dict.fromkeys(FIELDS, "") | {"kind": "copy", "purpose": "đang viết tiếp"}
    send(reader, "VB2")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(RequestDraft)) == 0


def test_the_reader_sees_what_is_new(reader: Account) -> None:
    code = send(reader, "VB2")
    with writing() as session:
        request = found(session, code)
        assert with_news(session, reader.id) == {request.id}
        mark_seen(session, request)
    with reading() as session:
        assert with_news(session, reader.id) == set()
    step(code, "take")
    with reading() as session:
        assert len(with_news(session, reader.id)) == 1


def test_pages_are_read_as_people_write_them() -> None:
    assert read_pages("", 3) == [1, 2, 3]
    assert read_pages("3, 1-2,2 – 3", 5) == [1, 2, 3]
    for wrong in ("0", "4", "2-1", "một", "1-", "1;2"):
        with pytest.raises(ValueError, match="trang"):
            read_pages(wrong, 3)


def test_no_state_waits_for_nobody() -> None:
    """From each open one somebody leads on, and what waits for a reader can lapse."""
    for state in ("received", "processing", "supplement", "approval", "payment"):
        assert [act for before, act in STEPS if before == state]
    assert {before for before, act in STEPS if act == "lapse"} == {"supplement", "payment"}
