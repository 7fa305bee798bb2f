"""Random actors, and a run that is written down, through the machine of requests (tests.desk.machine_of_requests)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select, update

from archive.access_rules import Closure
from archive.catalogue.people import Grant
from archive.catalogue.records import Record
from archive.catalogue.requests import RequestEvent
from archive.database import reading, writing
from archive.deciding import set_closure
from desk.decision import Answer
from desk.fees.owing import owed_back
from tests.desk.machine_of_requests import Desk, configuration, patch
from tests.desk.requests_of_tests import step
from tests.transfers import province, record, take


@pytest.fixture
def _desk(home: Path, tmp_path: Path) -> Iterator[None]:
    take(province(tmp_path / "goi").write())
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
        session.execute(update(Record).where(Record.code.in_(("VB1", "VB2"))).values(page_count=3))
    yield
    patch.undo()
    configuration.cache_clear()


@pytest.mark.usefixtures("_desk")
def test_random_actors_keep_the_rules() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )  # fmt: skip
    with reading() as session:
        reached = set(session.scalars(select(RequestEvent.after)))
        granted = session.scalars(select(Grant.id)).all()
    assert reached >= {"received", "processing", "approval", "resolved"}
    assert granted, "none of the runs came to a decision that grants something"


@pytest.mark.both_databases
@pytest.mark.usefixtures("_desk")
def test_a_run_that_is_written_down_keeps_them_too() -> None:
    """What random runs seldom reach: parts, days that end, a clock set back, late money, an answer that never came."""
    desk = Desk()

    def look(hours: int = 0) -> None:
        desk.clock(desk.moment + timedelta(hours=hours))
        desk.every_step_was_one_of_the_machine()
        desk.every_term_is_counted()
        desk.no_right_without_a_grant()
        desk.money_in_is_money_accounted_for()
        desk.money_is_owed_for_what_waits_for_it_only()

    def led(*acts: str, kind: str = "copy") -> str:
        desk.ask("VB1", kind, "citizen")
        code = desk.codes[-1]
        for act in acts:
            before = desk.state(code)
            step(code, act, "owner" if act == "answer" else "archivist", "có lý do")
            desk.moved(code, before)
            look(20)
        return code

    part, late, refused = (led("take", "ask", "answer", "propose") for _ in range(3))
    silent, _forgotten = led("take", "ask", kind="reading"), led("take", kind="reading")
    for role in ("owner", "reader", "clerk", "archivist", "administrator", "system"):
        desk.decided(part, role, desk.said(3, ""))
        assert desk.state(part) == "approval"
    desk.decided(part, "head", desk.said(9, "2-3", copying=False))
    desk.decided(late, "head", desk.said(3, "1"))
    desk.decided(refused, "head", Answer(0, ground="Điều 25"))
    look(9)
    desk.paid(part)
    look()
    assert desk.promises[0].since == desk.today
    look(-30)  # before it was given: nothing acts yet
    look(6 * 24)
    desk.paid(late)
    look(5 * 24)  # the days of the part are over
    look(-3 * 24)
    look(25 * 24)
    desk.the_job_of_the_day_runs()
    look()
    assert [desk.state(one) for one in (part, late, refused, silent)] == [
        "resolved", "withdrawn", "refused", "withdrawn",
    ]  # fmt: skip
    with reading() as session:
        assert [why for _bill, _amount, why in owed_back(session)] == ["ended"]
    for end in ("resolved", "refused"):
        made = led("take", "propose")
        desk.decided(made, "head", desk.said(9, ""))
        desk.paid(made)
        look()
        desk.results_are_looked_at(made=False)
        assert desk.state(made) == "making"
        look(25)
        if end == "resolved":
            desk.results_are_looked_at(made=True)
        else:
            desk.what_cannot_be_made_is_given_up("archivist")
            desk.what_cannot_be_made_is_given_up("head")
        look(25)
        assert desk.state(made) == end
    with reading() as session:
        assert [why for _bill, _amount, why in owed_back(session)] == ["ended", "ended"]
