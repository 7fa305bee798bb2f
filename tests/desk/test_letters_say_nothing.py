"""A letter is a channel: whatever kind it is, it says nothing of records, purposes or other people."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import RequestEvent
from archive.catalogue.sign_in import Letter
from archive.clock import now
from archive.database import reading, writing
from archive.settings import ROOT, settings
from desk.decision import Answer
from desk.letters import Writer
from desk.request_letters import WORDS
from desk.retention.running import due_on, history
from tests.desk.requests_of_tests import answer, found, open_desk, send, step, to_approval
from tests.transfers import record

pytestmark = pytest.mark.both_databases

KINDS = {"register", "password", "invitation", "request", "day", "news", "erased", "email", "email-changed"}
PLANTED = ("zqtieude", "zqmucdich", "zqnguoi", "zqcancu", "VB1")


def test_every_kind_of_letter_is_known() -> None:
    """Where letters are written, their kind is a word of KINDS, or handed on from one who is asked here, too."""
    kinds = set()
    for room in ("archive", "desk", "portal", "vankho"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"send_letter", "ask_for_letter"}:
                    kinds |= {one.value for one in node.args[1:2] if isinstance(one, ast.Constant)}
    assert kinds | {"register", "password"} == KINDS  # portal/registering.py asks for these by name


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_letter_tells_of_records_or_people(home: Path, tmp_path: Path, language: str) -> None:
    reader = open_desk(tmp_path / "goi")
    with writing() as session:
        for one in session.scalars(select(Record)):
            one.title = f"{one.title} zqtieude"
        other = session.scalars(select(Account).where(Account.name == "truong")).one()
        other.full_name = "zqnguoi"
    code = send(reader, "VB1", purpose="zqmucdich")
    step(code, "take", actor="lan")
    asked = send(reader, "VB1", purpose="zqmucdich")  # what was answered is not asked again
    step(asked, "take", actor="lan")
    step(asked, "ask", actor="lan", reason="Xin nêu rõ thửa đất")
    to_refuse = send(reader, "VB1", purpose="zqmucdich")
    to_approval(to_refuse)
    answer(to_refuse, VB1=Answer(0, ground="zqcancu"))
    with writing() as session:
        last = session.scalars(select(RequestEvent.id).order_by(RequestEvent.id.desc())).first()
        codes = dict.fromkeys(WORDS, code) | {"supplement": asked}
        details = [("request", {"account": reader.id, "request": codes[one], "state": one}) for one in WORDS]
        details += [("news", {"account": reader.id, "after": 0, "last": last}), ("erased", {})]
        details += [(kind, {}) for kind in ("register", "password", "invitation", "email-changed")]
        details.append(("email", {"account": reader.id}))
        told = [
            Letter(kind=kind, recipient="hoa@noi.vn", language=language, address="", detail=detail, created=now())
            for kind, detail in details
        ]
        staff = session.scalars(select(Account).where(Account.name == "lan")).one()
        told.append(Letter(kind="day", recipient="lan@noi.vn", language=language, address="", created=now(),
                           detail={"account": staff.id}))  # fmt: skip
        assert {one.kind for one in told} == KINDS
        assert found(session, code).state == "processing"
        composed = [Writer(settings(), "khoa").compose(session, one) for one in told]
    assert all(composed)
    text = "\n".join(f"{one.subject}\n{one.text}" for one in composed if one)
    assert code[:8] in text
    for word in PLANTED:
        assert word not in text, word


def test_reports_of_retention_are_counts(home: Path, tmp_path: Path) -> None:
    send(open_desk(tmp_path / "goi"), "VB1", purpose="zqmucdich")
    with reading() as session:
        told = f"{due_on(session, 800_000)} {history(session)}"
    assert record("VB1").title not in told
    assert "zqmucdich" not in told
    assert "hoa" not in told
