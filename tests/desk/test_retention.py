"""Personal data goes when its term is over, not a day before; figures stay; an account goes when its person wants."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text, update

from archive.catalogue.consents import Consent
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.evidence import Evidence
from archive.catalogue.fees import StatementLine, UnmatchedMoney
from archive.catalogue.keeping import Enquiry, KeptItem
from archive.catalogue.people import Account, AccountToken, AuditEvent, Grant
from archive.catalogue.reading_room import Appointment, Loan
from archive.catalogue.requests import ReadingRequest, RequestDraft, RequestEvent
from archive.catalogue.sign_in import AccountSession, Letter, SignInAttempt
from archive.catalogue.tables import Base
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.identity.administration import find_accounts
from archive.identity.errors import AccountError
from archive.identity.nobody import NOBODY
from archive.identity.sessions import find_session, open_session
from archive.keeping import keep
from archive.locks import held
from archive.settings import settings
from desk.consents import note_consents
from desk.decision import Answer
from desk.drafts import save_draft
from desk.following import find_followed, second_word
from desk.forgetting import erase_account
from desk.letters import Writer
from desk.measuring import figures
from desk.news import rate
from desk.reading_room import book
from desk.retention import running
from desk.retention.kinds import KINDS
from desk.retention.rules import names, rule
from desk.retention.running import due_on, erase_due, history
from desk.steps import take_step
from tests.desk.requests_of_tests import account, answer, found, open_desk, pay, send, step, to_approval
from tests.transfers import record
from vankho.accounts import add_account
from vankho.worker import Attempts

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 3, 2)
WHOM = "Trần Thị Hoa"
NUMBER = "051099000123"
PAPER = "giay-cua-ba-hoa.pdf"
SAID = ("làm thủ tục riêng của bà Hoa", "nhờ cháu hỏi hộ", "thấy giấy của cháu Hoa", "cảm ơn, Hoa")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Puts the clock to nine o'clock of a day (a day number)."""

    def put(day: int) -> None:
        monkeypatch.setenv("VANKHO_NOW", f"{date.fromordinal(day).isoformat()}T09:00:00+07:00")
        settings.cache_clear()

    return put


@pytest.fixture
def reader(home: Path, tmp_path: Path, at: Callable[[int], None]) -> Account:
    """A reader with something of every kind, all of TODAY."""
    at(TODAY.toordinal())
    hoa = open_desk(tmp_path / "goi")
    with writing() as session:
        own = session.get_one(Account, hoa.id)
        own.full_name, own.identification = WHOM, NUMBER
    for kind, codes in (("reading", ("VB1", "VB2")), ("certified", ("VB2",))):
        ended(account("hoa"), kind, *codes)
    day = today_number()
    with writing() as session:
        asked = session.scalars(select(ReadingRequest).where(ReadingRequest.kind == "certified")).one()
        session.execute(update(ReadingRequest).values(behalf=SAID[1], proof=SAID[2], post_to=SAID[1]))
        save_draft(session, hoa.id, {"kind": "copy", "purpose": SAID[0]}, "")
        open_session(session, hoa, "password", "10.0.0.9", "Chrome")
        book(session, hoa.id, day + 1, "morning", SAID[0])
        keep(session, hoa.id, "search", "giao đất", "của riêng tôi")
        told = {"record_id": record("VB2").id, "account_id": hoa.id, "out_by": "lan", "due_on": day}
        gone = Account(name="da-xoa-1", password_hash="", role="reader", epoch="e", active=False, erased_at=now())
        session.add(gone)
        session.flush()
        note_consents(session, own, {"service": ""}, method="online", language="vi", actor=own.name)
        session.add_all([
            Consent(account_id=gone.id, purpose="service", given=True, wording="2026-01-01", language="vi",
                    method="online", actor=gone.name, at=now()),
            Loan(code="l" * 26, out_at=now(), back_at=now(), **told),
            LineCorrection(
                record_id=record("VB2").id, page=1, line=1, before="a", after="b", marks_before=[], marks_after=[],
                account_id=hoa.id, proposed_at=now(), state="waiting",
            ),
            *(
                Evidence(
                    code=f"{n}" * 26, account_id=hoa.id, submission="m" * 26, request_id=own, paper="purpose",
                    name=PAPER, media="pdf", size=1, sha256=f"{n}" * 64, sent_at=now(),
                )
                for n, own in ((1, asked.id), (2, None))
            ),
            AccountToken(digest="t", account_id=hoa.id, created=now()),
            SignInAttempt(at=now(), name="n", address="10.0.0.7", device="", success=False),
            Enquiry(code="e" * 26, kind="question", text=SAID[0], answer=SAID[3], answered_at=now(), received_at=now(),
                    source="s"),
            StatementLine(outside="1", day=day, amount=1, told=SAID[3], read_at=now()),
            UnmatchedMoney(way="transfer", outside="1", amount=1, told=SAID[3], reason="unknown", at=now(),
                           state="noted"),
        ])  # fmt: skip
        assert asked.state == "resolved"
    return account("hoa")


def ended(hoa: Account, kind: str, *codes: str) -> None:
    code = send(hoa, *codes, kind=kind, purpose=SAID[0])
    step(code, "take", actor="lan")
    step(code, "ask", reason="bà Hoa gửi thêm giấy")
    step(code, "answer", "owner", reason=SAID[2], actor="hoa")
    step(code, "propose", actor="lan")
    answered = answer(code, **{one: Answer(today_number() + 9, kind == "certified", "Điều 31") for one in codes})
    if answered.state == "payment":
        pay(code)
    with writing() as session:
        request = found(session, code)
        if request.state == "making":
            take_step(session, request, "finish", "system", "system")
        rate(session, request, "5", SAID[3])


def everything() -> str:
    """All that stands in the catalogue but the trail, as text."""
    rows: list[Any] = []
    with reading() as session:
        for name, table in Base.metadata.tables.items():
            if name not in {"audit_event", "record", "page"}:
                rows += session.execute(select(table)).all()
    return "\n".join(map(str, rows))


def test_every_kind_has_a_rule_and_every_rule_a_kind() -> None:
    assert set(names()) == set(KINDS)
    for name in names():
        found_rule = rule(name, today_number())
        assert found_rule.since in KINDS[name].moments
        assert found_rule.term.sure in {"V", "V2", "R", "U"}
        assert found_rule.term.basis


def test_what_is_due_goes_and_what_is_not_stays(reader: Account, at: Callable[[int], None]) -> None:
    """On the last day of its term every kind is there, on the next it is due, and goes."""
    for name in names():
        day = TODAY.toordinal()
        told = rule(name, day)
        (base,) = {day} if name not in {"visit", "grant", "session"} else {
            {"visit": day + 1, "grant": day + 9, "session": day}[name]
        }  # fmt: skip
        last = told.term.end(base)
        with reading() as session:
            counts = [{one.name: one.count for one in due_on(session, on)}[name] for on in (last, last + 1)]
        assert counts[0] == 0, name
        assert counts[1] > 0, name
    at(TODAY.toordinal() + 32)
    letters_before = everything()
    assert "hoa@noi.vn" in letters_before
    gone = erase_due()
    assert {"letter", "session", "attempt"} == set(gone)
    at(TODAY.replace(year=2060).toordinal())
    with held("retention"):
        assert erase_due() == {}, "another is at it"
    gone |= erase_due()
    assert set(gone) == set(KINDS)
    assert erase_due() == {}
    left = everything()
    for words in SAID:
        assert words not in left
    with reading() as session:
        rows = history(session)
        assert {one.name for one in rows} == set(KINDS)
        assert sum(one.count for one in rows if one.name == "request.other") == 1
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "retention-erased")).all()
        assert all(
            one.actor == "system" and one.ground and set(one.detail) == {"kind", "count", "term"} for one in events
        )
        for table in (ReadingRequest, IssuedCopy, Grant, Loan, Appointment):
            owners = session.scalars(select(Account.name).join(table, table.account_id == Account.id).distinct()).all()
            assert owners == [NOBODY], table
        assert "hoa" not in set(session.scalars(select(RequestEvent.actor)))


def test_figures_are_the_same_after_the_people_went(reader: Account, at: Callable[[int], None]) -> None:
    def told() -> object:
        with reading() as session:
            return figures(session, TODAY.toordinal(), TODAY.toordinal())

    before = told()
    at(TODAY.replace(year=2045).toordinal())
    assert "request.other" in erase_due()
    with reading() as session:
        kinds = {one.kind: one.purpose for one in session.scalars(select(ReadingRequest))}
    assert kinds == {"reading": "", "certified": SAID[0]}, "files of certification stay twenty years"
    assert told() == before


def test_the_daily_job_makes_up_for_an_outage_in_lots(
    reader: Account, at: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOT", 2)
    at(TODAY.toordinal() + 200)
    attempts = Attempts()
    attempts._erase_once_a_day()
    with reading() as session:
        assert session.scalars(select(RequestDraft)).all() == []
        assert [one for one in session.scalars(select(Letter)) if one.created.date() <= TODAY] == []
        lots = [one.count for one in history(session) if one.name == "letter"]
    assert len(lots) > 1
    assert max(lots) <= 2


def test_an_account_goes_and_its_files_stay(reader: Account) -> None:
    with writing() as session:
        secret = open_session(session, reader, "password", "", "")
    running_request = send(reader, "VB2", kind="reading", purpose="đang xin")
    with reading() as session:
        done = session.scalars(select(ReadingRequest).where(ReadingRequest.kind == "certified")).one()
        word = second_word("khoa", done)
    with writing() as session:
        name = erase_account(session, session.get_one(Account, reader.id), "", "Luật 91/2025/QH15")
    left = everything()
    assert left.count("hoa@noi.vn") == 1, "the letter that tells of it"
    for words in (PAPER, "'hoa'", WHOM + "'", "10.0.0.9", "của riêng tôi"):
        assert words not in left, words
    assert find_session(secret) is None
    with writing() as session:
        over = select(ReadingRequest).where(ReadingRequest.state == "resolved")
        asked = {one.kind: one for one in session.scalars(over)}
        assert asked["certified"].asker == f"{WHOM}, {NUMBER}"
        assert not any(NUMBER in kept for kept in session.scalars(text("SELECT asker FROM reading_request")))
        assert asked["reading"].asker == ""
        assert found(session, running_request).state == "withdrawn"
        assert find_followed(session, "khoa", done.code, word) is not None, "who wrote the word down still follows it"
        assert [one.account_id for one in session.scalars(select(LineCorrection))] == [None]
        assert [(one.request_id, one.name) for one in session.scalars(select(Evidence))] == [(done.id, "")]
        for table in (KeptItem, RequestDraft, AccountToken, AccountSession):
            assert session.scalars(select(table)).all() == []
        assert all(one.revoked for one in session.scalars(select(Grant)))
        (visit,) = session.scalars(select(Appointment))
        assert (visit.state, visit.seat, visit.note) == ("cancelled", None, "")
        (copy,) = session.scalars(select(IssuedCopy))
        assert copy.state == "expired"
        own = session.get_one(Account, reader.id)
        assert (own.name, own.active, own.email, own.identification) == (name, False, None, "")
        assert find_accounts(session, "", "reader", 0, 10)[1] == 0
        (letter,) = session.scalars(select(Letter))
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "account-erased")).one()
        assert (event.actor, event.detail) == (name, {"name": name, "by_owner": True})
        for reserved in (name, NOBODY):
            with pytest.raises(AccountError):
                add_account(session, reserved, "mat-khau-thu-2026", "head", totp=False)
        words = Writer(settings(), "khoa").compose(session, letter)
        assert words is not None
        assert "đã được xóa" in words.text


def test_an_account_waits_for_originals_and_decisions_and_is_a_readers(reader: Account) -> None:
    def refused() -> str:
        with writing() as session, pytest.raises(AccountError) as told:
            erase_account(session, session.get_one(Account, reader.id), "", "x")
        return str(told.value)

    to_approval(send(reader, "VB2"))
    assert "đang chờ phê duyệt hay đang làm" in refused()
    with writing() as session:
        session.execute(update(Loan).values(back_at=None))
    assert "bản gốc" in refused()
    with writing() as session, pytest.raises(AccountError):
        erase_account(session, session.get_one(Account, account("lan").id), "", "x")
    assert account("hoa").full_name == WHOM


def test_no_table_that_names_a_person_is_without_its_rule() -> None:
    """Every table with a column of an account is either ruled, or goes with the account, or is of the staff."""
    ruled = {inspect(kind.key.class_).local_table.name for kind in KINDS.values()} | {"issued_copy", "evidence"}
    with_account = {
        "account_token",
        "account_session",
        "recovery_code",
        "kept_item",
        "request_draft",
        "line_correction",
    }
    of_staff = {"assignment", "delegation"}
    named = {
        name
        for name, table in Base.metadata.tables.items()
        if any(key.column.table.name == "account" for key in table.foreign_keys)
    }
    assert named - ruled - with_account - of_staff == set()
