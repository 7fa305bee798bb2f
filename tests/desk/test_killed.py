"""kill -9 in the middle of deciding, paying, signing, expiring and of taking papers: real processes, killed at a step.

All of it or nothing is there afterwards, and whoever does it again does it once.  A clock set back stops nothing.
"""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.evidence import Evidence
from archive.catalogue.fees import Bill
from archive.catalogue.people import Account, AuditEvent, Grant
from archive.catalogue.requests import RequestEvent
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.settings import ROOT, settings
from desk.copies.making import expire, make_waiting
from desk.copies.ordering import copies_of, copy_path
from desk.decision import Answer
from desk.papers.keeping import FOLDER, sweep_evidence
from desk.watching import watch_requests
from tests.desk.requests_of_tests import answer, found, letters, open_desk, pay, send, step, to_approval
from tests.transfers import record

pytestmark = pytest.mark.both_databases

#: Every child begins with this: ``die_at`` makes a function of a module the last thing that the process calls.
DYING = """
import importlib, os, signal, sys
import archive.catalogue.tables
from archive.database import writing
from desk import requests as desk
def die_at(module, name, after=True):
    place = importlib.import_module(module)
    real = getattr(place, name)
    def last(*given, **named):
        if after:
            real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(place, name, last)
where, told = sys.argv[1].split(":"), sys.argv[2:]
die_at(where[0], where[1], len(where) < 3)
"""
DECIDING = """
from desk.decision import Answer, decide
with writing() as session:
    answers = {int(told[1]): Answer(int(told[2]), True, "x")}
    decide(session, desk.find_request(session, told[0]), answers, "head", "truong")
"""
PAYING = """
from desk.fees.taking import Money, take_money
with writing() as session:
    take_money(session, Money("gateway", "G1", int(told[1]), told[0]), "cổng")
"""
MAKING = "from desk.copies.making import make_waiting\nmake_waiting(10)\n"
EXPIRING = "from desk.copies.making import expire\nexpire()\n"
LAPSING = "from desk.watching import watch_requests\nwatch_requests()\n"
HOLDING = """
from desk.papers.keeping import Sent, hold
hold(int(told[0]), "f" * 26, [Sent("identity", "a.jpg", open(told[1], "rb"))])
"""


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def killed(act: str, where: str, *told: object) -> None:
    """Does the act in a process that is killed at the step, and makes sure that it was."""
    command = [sys.executable, "-c", DYING + act, where, *map(str, told)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def count(table: type, *conditions: object) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def acts(action: str) -> int:
    return count(AuditEvent, AuditEvent.action == action)


def state(code: str) -> str:
    with reading() as session:
        return found(session, code).state


def copy_of(code: str) -> IssuedCopy:
    with reading() as session:
        (one,) = copies_of(session, found(session, code).id)
        return one


def asked(reader: Account) -> str:
    code = send(reader, "VB1", kind="certified")
    to_approval(code)
    return code


def granted(reader: Account) -> str:
    code = asked(reader)
    answer(code, VB1=Answer(today_number() + 10, copying=True, ground="x"))
    return code


def again_now() -> None:
    """What was put off is due: a killed maker's attempt has a pause after it."""
    with writing() as session:
        session.execute(update(IssuedCopy).values(next_at=now()))


@pytest.mark.parametrize("where", ["desk.decision:move", "desk.decision:assess", "desk.decision:record_event"])
def test_killed_while_deciding_nothing_is_decided_and_then_once(where: str, reader: Account) -> None:
    code = asked(reader)
    killed(DECIDING, where, code, record("VB1").id, today_number() + 10)
    assert (state(code), count(Bill), count(Grant)) == ("approval", 0, 0)
    assert ("hoa@noi.vn", "payment") not in letters()
    answer(code, VB1=Answer(today_number() + 10, copying=True, ground="x"))
    assert (state(code), count(Bill)) == ("payment", 1)
    assert letters().count(("hoa@noi.vn", "payment")) == 1


@pytest.mark.parametrize("where", ["desk.decision:fulfil", "desk.fees.taking:record_event"])
def test_killed_while_paying_it_is_paid_once_and_one_copy_is_ordered(where: str, reader: Account) -> None:
    code = granted(reader)
    with reading() as session:
        bill = session.scalars(select(Bill)).one()
    killed(PAYING, where, bill.code, bill.total)
    assert (state(code), count(Grant), count(IssuedCopy)) == ("payment", 0, 0)
    pay(code)
    assert (state(code), count(Grant), count(IssuedCopy)) == ("making", 1, 1)


@pytest.mark.parametrize(
    "where", ["desk.copies.making:sign", "desk.copies.making:_write", "desk.copies.making:record_event"]
)
def test_killed_while_signing_the_copy_is_made_once(where: str, reader: Account) -> None:
    code = granted(reader)
    pay(code)
    killed(MAKING, where)
    copy = copy_of(code)
    assert (copy.state, copy.attempts, acts("copy-made")) == ("waiting", 1, 0)  # seen by staff: it waits
    again_now()
    assert make_waiting(10) == 1
    copy = copy_of(code)
    assert (copy.state, acts("copy-made"), make_waiting(10)) == ("made", 1, 0)
    assert [one.name for one in copy_path(copy.code).parent.iterdir()] == [copy_path(copy.code).name]


@pytest.mark.parametrize("where", ["desk.copies.making:record_event", "desk.copies.making:copy_path:before"])
def test_killed_while_expiring_the_file_goes_once(where: str, reader: Account) -> None:
    code = granted(reader)
    pay(code)
    make_waiting(10)
    with writing() as session:
        session.execute(update(IssuedCopy).values(until=today_number() - 30))
    killed(EXPIRING, where)
    assert expire() + expire() == 1
    copy = copy_of(code)
    assert (copy.state, copy.size, copy_path(copy.code).exists()) == ("expired", 0, False)
    assert (acts("copy-expired"), acts("copy-deleted")) == (1, 1)


def test_killed_while_what_waits_too_long_ends_it_ends_once(reader: Account) -> None:
    code = send(reader, "VB1")
    step(code, "take")
    step(code, "ask", reason="giấy ủy quyền")
    with writing() as session:
        found(session, code).paused_on = today_number() - 100
    killed(LAPSING, "desk.watching:take_step")
    assert state(code) == "supplement"
    assert (watch_requests(), watch_requests(), state(code)) == (1, 0, "withdrawn")
    assert letters().count(("hoa@noi.vn", "withdrawn")) == 1
    assert count(RequestEvent, RequestEvent.after == "withdrawn") == 1


@pytest.mark.parametrize("where", ["desk.papers.keeping:judge", "desk.papers.keeping:flush_path"])
def test_killed_while_taking_a_paper_nothing_of_it_stays(where: str, reader: Account, tmp_path: Path) -> None:
    from desk.papers import keeping
    from tests.desk.hostile_papers import picture

    path = tmp_path / "a.jpg"
    path.write_bytes(picture())
    killed(HOLDING, where, reader.id, path)
    assert count(Evidence) == 0
    left = list((settings().home / FOLDER).iterdir())
    assert left
    for one in left:
        os.utime(one, (0, 0))
    assert sweep_evidence() == len(left)
    assert keeping.hold(reader.id, "f" * 26, [keeping.Sent("identity", "a.jpg", io.BytesIO(picture()))]) == []
    assert count(Evidence) == 1


def test_a_clock_that_is_set_back_leaves_nothing_stuck(reader: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def clock(moment: str) -> None:
        monkeypatch.setenv("VANKHO_NOW", moment)
        settings.cache_clear()

    def at(moment: str, act: Callable[..., object], *told: object) -> None:
        clock(moment)
        act(*told)

    clock("2026-11-20T10:00:00+07:00")
    code = send(reader, "VB1", kind="certified")
    at("2026-11-17T09:00:00+07:00", to_approval, code)
    answer(code, VB1=Answer(today_number() + 10, copying=True, ground="x"))
    at("2026-11-16T08:00:00+07:00", pay, code)
    with reading() as session:
        request = found(session, code)
        assert request.state == "making"
        assert request.due_on > today_number()
    assert (make_waiting(10), watch_requests(), expire()) == (1, 0, 0)
    with reading() as session:
        request = found(session, code)
        assert request.state == "resolved"
        assert request.ended_at is not None
        assert request.ended_at >= request.received_at
    assert copy_of(code).state == "made"
