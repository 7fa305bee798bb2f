"""Who decides is data: by class of record and of requester, by date, and every class has somebody who may."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import gazetteer
from archive.catalogue.people import Account
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from desk import chains
from desk.decision import Answer
from desk.delegation import delegate
from desk.kinds import REQUESTERS
from desk.request_letters import about_day
from desk.states import STEPS
from desk.steps import StepError
from desk.watching import watch_requests
from tests.desk.requests_of_tests import account, answer, found, letters, open_desk, send, step, to_approval, viewer
from vankho.accounts import add_account

FIRST = date(2014, 11, 15).toordinal()
DAY = date(2027, 3, 1).toordinal()


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the table, read in place of the house's own."""
    made = tmp_path / "config"
    shutil.copytree(gazetteer.CONFIG, made)
    monkeypatch.setattr(gazetteer, "CONFIG", made)
    chains._chains.cache_clear()
    yield made / "desk" / "chains.tsv"
    chains._chains.cache_clear()


def add(table: Path, *rows: str) -> None:
    lines = "\n".join("\t".join("" if one == "-" else one.replace("_", " ") for one in row.split()) for row in rows)
    table.write_text(table.read_text("utf-8").rstrip("\n") + f"\n{lines}\n", "utf-8")
    chains._chains.cache_clear()


def test_every_class_has_somebody_who_decides_from_the_first_row_on() -> None:
    assert chains.gaps(FIRST) == []
    assert not any("head" in one.by or "archivist" in one.by for (_, act), one in STEPS.items() if act == "decide")


def test_a_class_that_nobody_decides_is_told(table: Path) -> None:
    rows = table.read_text("utf-8").replace(
        "person\tany\t20\tdecides\thead\t2014-11-15\t\t", "person\tany\t20\tdecides\thead\t2014-11-15\t2027-02-28\t"
    )
    table.write_text(rows, "utf-8")
    chains._chains.cache_clear()
    assert chains.gaps(today_number()) == [f"2027-03-01 person {one}" for one in REQUESTERS]
    assert chains.decider(["person"], "citizen", DAY - 1) is not None
    assert chains.decider(["person"], "citizen", DAY) is None


@pytest.mark.parametrize(
    "row",
    ["open any 30 decides out:Sở", "open any 30 decides clerk", "open any 30 signs head", "kín any 30 decides head"],
)
def test_who_cannot_decide_here_is_no_end_of_a_chain(table: Path, row: str) -> None:
    add(table, f"{row} 2027-03-01 - Luật U")
    with pytest.raises(ValueError, match=r"chains\.tsv"):
        chains.gaps(DAY)


@pytest.mark.both_databases
def test_who_decides_is_as_the_table_says(home: Path, tmp_path: Path, table: Path) -> None:
    open_desk(tmp_path / "goi")
    add(table, "open any 11 decides archivist_head 2026-01-01 - QĐ_9 U")
    for code, role, may in (("VB2", "archivist", True), ("VB2", "head", True), ("VB1", "archivist", False)):
        asked = send(account("hoa"), code)
        to_approval(asked)
        told = {code: Answer(0, ground="Điều 25")}
        if may:
            assert answer(asked, role, **told).state == "refused"
            continue
        with pytest.raises(StepError):
            answer(asked, role, **told)
        with pytest.raises(StepError):
            step(asked, "return", role, "thiếu giấy")
    mixed = send(account("hoa"), "VB1", "VB2", requester="official")
    with reading() as session:
        assert chains.deciders(session, found(session, mixed)) == {"head"}, "the highest in order"
    nothing = send(account("hoa"), kind="information", wanted="Năm 1998?")
    with reading() as session:
        assert chains.deciders(session, found(session, nothing)) == {"head"}


@pytest.mark.both_databases
def test_who_stands_for_a_head_is_told_of_what_waits_for_the_decision(home: Path, tmp_path: Path) -> None:
    open_desk(tmp_path / "goi")
    with writing() as session:
        add_account(session, "binh", "mat-khau-thu-2026", "archivist", totp=False)
        session.flush()
        session.scalars(select(Account).where(Account.name == "binh")).one().email = "binh@noi.vn"
    to_approval(send(account("hoa"), "VB2"))
    with reading() as session:
        assert about_day(session, Letter(), account("binh")) is None
    with writing() as session:
        delegate(session, viewer("truong"), "binh", (today_number(), today_number()), "QĐ 5")
    watch_requests()
    assert "binh@noi.vn" in {to for to, _ in letters("day")}
    with reading() as session:
        told = about_day(session, Letter(), account("binh"))
    assert told is not None
    assert "chờ phê duyệt" in told[1]
    assert "phải hoàn" not in told[1]
