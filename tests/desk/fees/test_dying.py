"""Paying while a process dies or two pay at once: all of it or nothing, and nothing twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from archive.catalogue.fees import Bill, Payment, Receipt, UnmatchedMoney
from archive.database import reading, repeated, writing
from archive.identifiers import new_identifier
from archive.settings import ROOT
from desk.fees.counter import pay_at_desk
from desk.fees.settling import FeeError, balance
from desk.fees.taking import Money, take_money
from tests.desk.fees.conftest import Billing

pytestmark = pytest.mark.both_databases

#: Takes the money, and is killed where the argument says: before the commit, or after it and before the answer.
DYING = """
import os, signal, sys
import archive.catalogue.tables
from archive.database import writing
from desk import decision
from desk.fees.taking import Money, take_money
when, outside, amount, told = sys.argv[1:]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if when == "before":
    decision.paid = die
with writing() as session:
    take_money(session, Money("gateway", outside, int(amount), told), "cổng")
die()
"""


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def state(bill: Bill) -> tuple[str, int]:
    with reading() as session:
        found = session.get_one(Bill, bill.id)
        return found.state, balance(session, found)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_the_middle_it_is_paid_whole_or_not_and_told_again_once(
    when: str, bill: Billing, told: list[int]
) -> None:
    made = bill()
    killed = subprocess.run(
        [sys.executable, "-c", DYING, when, "G1", str(made.total), made.code], cwd=ROOT, env=os.environ, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    whole = when == "after"
    assert state(made) == (("paid", made.total) if whole else ("due", 0))
    assert (count(Payment), count(Receipt)) == (whole, whole)
    with writing() as session:
        again = take_money(session, Money("gateway", "G1", made.total, made.code), "cổng")
        assert again.result == ("known" if whole else "paid")
    assert (state(made), count(Payment), count(Receipt), count(UnmatchedMoney)) == (("paid", made.total), 1, 1, 0)
    with reading() as session:
        assert session.scalars(select(Receipt.number)).all() == [1]
    assert told == ([] if whole else [made.request_id])


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What came of acts that begin together: results, or what was raised."""
    gate, found = threading.Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            found.append(act())
        except (FeeError, StaleDataError) as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_the_same_notice_at_once_counts_once(bill: Billing, told: list[int]) -> None:
    made = bill()

    def notice() -> str:
        def take() -> str:
            with writing() as session:
                return take_money(session, Money("gateway", "G1", made.total, made.code), "cổng").result

        return repeated(take)

    found = at_once(*[notice] * 6)
    assert sorted(map(str, found)) == ["known"] * 5 + ["paid"]
    stray = at_once(*[lambda: _take("G2", 7, "không rõ")] * 4)
    assert sorted(map(str, stray)) == ["known"] * 3 + ["listed"]
    assert (state(made), told, count(Receipt)) == (("paid", made.total), [made.request_id], 1)


def _take(outside: str, amount: int, text: str) -> str:
    with writing() as session:
        return take_money(session, Money("gateway", outside, amount, text), "cổng").result


def test_desk_and_notice_at_once_one_pays_the_other_is_told(bill: Billing, told: list[int]) -> None:
    made = bill()

    def desk() -> str:
        with writing() as session:
            pay_at_desk(session, made.id, made.total, new_identifier(), "head", "lan")
        return "desk"

    found = at_once(desk, desk, lambda: _take("G1", made.total, made.code), lambda: _take("G2", made.total, made.code))
    assert sum(one in ("desk", "paid") for one in found) == 1, found
    assert (state(made), told, count(Receipt)) == (("paid", made.total), [made.request_id], 1)
    with reading() as session:
        came = session.scalar(select(func.sum(UnmatchedMoney.amount))) or 0
        assert came in (made.total, 2 * made.total)


def test_receipts_at_once_run_without_a_gap(bill: Billing) -> None:
    made = [bill() for _ in range(6)]

    def payer(one: Bill) -> Callable[[], str]:
        return lambda: _take(f"G{one.id}", one.total, one.code)

    assert at_once(*map(payer, made)) == ["paid"] * 6
    with reading() as session:
        assert sorted(session.scalars(select(Receipt.number))) == [1, 2, 3, 4, 5, 6]
