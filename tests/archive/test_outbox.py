"""The outbox: in whatever order they write, claim and drain, no change is lost, no veto lifted too early."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.orm import Session

from archive.catalogue.outbox import OutboxCursor, OutboxRow, Veto
from archive.catalogue.records import Record
from archive.database import engine, reading, writing
from archive.outbox import announce, claim, confirm, end_of_log, last_seq, read_messages, veto

pytestmark = pytest.mark.both_databases
only_postgres = pytest.mark.on_postgres

RECORDS = 4


@dataclass
class Index:
    """What a drainer has made of the log: for each record the version it wrote, and what it read then."""

    at: int = 0
    held: dict[int, tuple[int, int]] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)

    def drain(self, limit: int = 100) -> int:
        """Takes the next messages, reading the truth in the same view; returns how many."""
        with reading() as session:
            messages = read_messages(session, self.at, limit)
            truth = dict(session.execute(select(Record.id, Record.ordinal)).all())
        for message in messages:
            assert message.seq > self.at, "a number that comes after was given before"
            self.at = message.seq
            self.seen.append(message.seq)
            self.held[message.record_id] = (message.seq, truth[message.record_id] or 0)
        return len(messages)

    def confirm(self) -> None:
        """Says how far it is, and checks that whatever is no longer vetoed is known here."""
        with writing() as session:
            confirm(session, {"records": self.at, "pages": self.at})

    def check(self, tightened: dict[int, int]) -> None:
        """``tightened``: for each record, what its last committed tightening wrote."""
        with reading() as session:
            kept = set(session.scalars(select(Veto.record)))
        for record_id, value in tightened.items():
            known = self.held.get(record_id, (0, 0))[1]
            assert f"r{record_id}" in kept or known >= value, f"veto of {record_id} lifted at {known}, needs {value}"


@pytest.fixture
def records(home: Path) -> list[int]:
    with writing() as session:
        rows = [
            Record(id=n, public_id=f"r{n}", level="fonds", natural_key=f"r{n}", lineage=f"r{n}", code="c", ordinal=0)
            for n in range(1, RECORDS + 1)
        ]
        session.add_all(rows)
    return [row.id for row in rows]


def forget() -> int:
    """An empty log; the numbers go on.  Returns where."""
    with writing() as session:
        for table in (OutboxRow, Veto, OutboxCursor):
            session.execute(delete(table))
        session.execute(update(Record).values(ordinal=0))
    with reading() as session:
        return last_seq(session)


class Writer:
    """A transaction that changes one record after the other, some of them with a veto."""

    def __init__(self) -> None:
        self.session = Session(engine().execution_options(writing=True))
        self.tightened: dict[int, int] = {}

    def write(self, record_id: int, value: int, *, tighter: bool) -> None:
        self.session.execute(update(Record).where(Record.id == record_id).values(ordinal=value))
        announce(self.session, [record_id])
        if tighter:
            veto(self.session, f"r{record_id}")
            self.tightened[record_id] = value

    def end(self, commit: bool) -> dict[int, int]:
        if commit:
            self.session.commit()
        else:
            self.session.rollback()
        self.session.close()
        return self.tightened if commit else {}


@contextmanager
def writer() -> Iterator[Writer]:
    made = Writer()
    try:
        yield made
    finally:
        made.end(commit=False)


@only_postgres
def test_what_took_its_row_first_and_commits_last_is_not_lost(records: list[int]) -> None:
    index = Index()
    with writer() as slow, writer() as quick:
        slow.write(1, 10, tighter=True)
        quick.write(2, 20, tighter=True)
        quick.end(commit=True)
        assert claim() == 1
        assert index.drain() == 1
        index.confirm()
        assert index.held == {2: (1, 20)}
        slow.end(commit=True)
    with reading() as session:
        assert (last_seq(session), end_of_log(session)) == (1, 2), "it counts as behind before anybody claims"
        assert session.scalars(select(Veto.record)).all() == ["r1"]
    index.confirm()
    index.check({1: 10})
    assert claim() == 2
    assert index.drain() == 1
    assert index.held[1] == (2, 10)
    index.confirm()
    with reading() as session:
        assert session.scalars(select(Veto.record)).all() == []


@only_postgres
@pytest.mark.parametrize("statement", ["LOCK TABLE", "UPDATE outbox ", "UPDATE veto"])
def test_a_tightening_that_commits_during_a_claim_keeps_its_veto(records: list[int], statement: str) -> None:
    index, done = Index(), []

    def intrude(_c: Any, _cursor: Any, told: str, *_: Any) -> None:
        if told.startswith(statement) and not done:
            done.append(told)
            with writer() as late:
                late.write(1, 10, tighter=True)
                late.end(commit=True)

    with writer() as first:
        first.write(2, 20, tighter=True)
        first.end(commit=True)
    event.listen(engine(), "before_cursor_execute", intrude)
    try:
        claim()
    finally:
        event.remove(engine(), "before_cursor_execute", intrude)
    assert done
    index.drain()
    index.confirm()
    index.check({1: 10, 2: 20})
    claim()
    index.drain()
    index.confirm()
    index.check({1: 10, 2: 20})
    assert {record: value for record, (_, value) in index.held.items()} == {1: 10, 2: 20}
    with reading() as session:
        assert session.scalars(select(Veto.record)).all() == []


@only_postgres
def test_a_claim_that_cannot_be_serialised_is_made_again(records: list[int]) -> None:
    """Somebody changes an unnumbered row while the claim waits for it: its view is out of date."""
    reached, go_on = Event(), Event()
    with writer() as first:
        first.write(1, 10, tighter=False)
        first.end(commit=True)

    def wait(_c: Any, _cursor: Any, told: str, *_: Any) -> None:
        if told.startswith("UPDATE outbox ") and not reached.is_set():
            reached.set()
            assert go_on.wait(30)

    event.listen(engine(), "before_cursor_execute", wait)
    try:
        with ThreadPoolExecutor(1) as pool:
            claimed = pool.submit(claim)
            assert reached.wait(30)
            with writing() as session:
                session.execute(text("UPDATE outbox SET members = true"))
            go_on.set()
            assert claimed.result(30) == 1
    finally:
        go_on.set()
        event.remove(engine(), "before_cursor_execute", wait)


STEPS = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 2), st.integers(1, RECORDS), st.booleans()),
    st.tuples(st.just("end"), st.integers(0, 2), st.sampled_from([True, True, True, False])),
    st.just(("claim",)),
    st.tuples(st.just("drain"), st.integers(1, 3)),
    st.just(("confirm",)),
    st.just(("killed",)),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=40))
def test_any_order_of_writers_claims_and_drains_loses_nothing(records: list[int], steps: list[tuple[Any, ...]]) -> None:
    index, value, tightened = Index(at=forget()), 0, dict[int, int]()
    open_writers: dict[int, Writer] = {}
    several = engine().dialect.name == "postgresql"  # SQLite has one writer at a time
    holder: dict[int, int] = {}  # whose uncommitted change of a record is: another writer would wait for it

    def end(number: int, commit: bool) -> None:
        if number in open_writers:
            for record_id, written in open_writers.pop(number).end(commit).items():
                tightened[record_id] = max(written, tightened.get(record_id, 0))
            for record_id in [one for one, who in holder.items() if who == number]:
                del holder[record_id]

    with ExitStack() as stack:
        stack.callback(lambda: [one.end(commit=False) for one in open_writers.values()])
        for name, *told in steps:
            if name == "write":
                number, record_id, tighter = told
                if holder.get(record_id, number) == number and (several or set(open_writers) <= {number}):
                    value += 1
                    holder[record_id] = number
                    open_writers.setdefault(number, Writer()).write(record_id, value, tighter=tighter)
            elif name == "end":
                end(*told)
            elif name == "drain":
                index.drain(told[0])
            elif several or not open_writers:
                if name == "claim":
                    claim()
                elif name == "confirm":
                    index.confirm()
                else:  # a drainer that ended: the next one begins where the index durably is, and repeats
                    with reading() as session:
                        index.at = session.scalar(select(OutboxCursor.position).limit(1)) or index.at
            index.check(tightened)
        for number in list(open_writers):
            end(number, True)
        claim()
        while index.drain(3):
            index.check(tightened)
        index.confirm()
        index.check(tightened)
    with reading() as session:
        truth = dict(session.execute(select(Record.id, Record.ordinal)).all())
        assert session.scalars(select(Veto.record)).all() == []
        assert session.scalars(select(OutboxRow.id)).all() == []
    assert {one: index.held.get(one, (0, 0))[1] for one in truth} == truth


@only_postgres
def test_writers_claimers_and_a_drainer_at_once(records: list[int]) -> None:
    index, rounds, stop = Index(), 60, Event()

    def write(seed: int) -> int:
        chosen = random.Random(seed)
        for n in range(rounds):
            with writing() as session:
                for record_id in sorted(chosen.sample(range(1, RECORDS + 1), 2)):
                    session.execute(update(Record).where(Record.id == record_id).values(ordinal=Record.ordinal + 1))
                    announce(session, [record_id])
                    veto(session, f"r{record_id}")
                if n % 7 == 0:
                    claim()
        return rounds

    def drain() -> None:
        while not stop.is_set():
            claim()
            with reading() as session:  # one view: what is not vetoed in it must have reached the index by then
                kept = set(session.scalars(select(Veto.record)))
                truth = dict(session.execute(select(Record.id, Record.ordinal)).all())
            for record_id in records:
                if f"r{record_id}" not in kept:
                    assert index.held.get(record_id, (0, 0))[1] >= (truth[record_id] or 0)
            index.drain(7)
            index.confirm()

    with ThreadPoolExecutor(5) as pool:
        drained = pool.submit(drain)
        writers = [pool.submit(write, seed) for seed in range(3)]
        try:
            assert [one.result(120) for one in writers] == [rounds] * 3
        finally:
            stop.set()
        drained.result(60)
    end = claim()
    while index.drain():
        pass
    index.confirm()
    assert index.seen == list(range(1, end + 1)), "every number once, in order"
    assert end == 3 * rounds * 2
    with reading() as session:
        truth = dict(session.execute(select(Record.id, Record.ordinal)).all())
        assert session.scalars(select(Veto.record)).all() == []
    assert {record_id: known for record_id, (_, known) in index.held.items()} == truth
