"""The sweep finds and repairs every difference between catalogue and index, and leaves alone what is on its way."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.access import Access, Rule, Viewer
from archive.catalogue.outbox import DeadLetter, IndexSweep
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.outbox import announce
from indexer import sweep as sweeping
from indexer.documents import build_documents
from indexer.drainer import INDICES, draining
from indexer.sweep import last_sweep, sweep, sweep_part
from search.criteria import Criteria
from search.document import RecordDocument, RecordPages
from search.engines.protocol import EngineError
from search.gateway import Gateway
from tests.conftest import forget_installation
from tests.search.documents import pages as some_pages
from tests.search.documents import record as some_record
from tests.transfers import drain_all, province, record, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

EVERYBODY = Access(*(Rule(0, frozenset({"role:head"})),) * 3)


@pytest.fixture
def taken(home: Path, tmp_path: Path) -> Path:
    take(province(tmp_path / "goi").document("VB9", "HS1", body="trang một\fhai mậtmã\fba").write())
    return home


def run(*, repair: bool = True) -> tuple[int, int, int, int]:
    with draining() as mine:
        assert mine
        found = sweep(search_engine(), repair=repair)
    return found.checked, found.missing, found.outdated, found.foreign


def documents(code: str) -> tuple[RecordDocument, RecordPages]:
    with reading() as session:
        (batch,) = build_documents(session, [(record(code).id, 0)])
        (one,) = batch
    assert one.record
    return one.record, RecordPages(one.public_id, 0, one.pages)


def put(index: str, *written: RecordDocument | RecordPages) -> None:
    """Writes into the serving index behind everybody's back, as of the version that is there."""
    engine = search_engine()
    name = engine.current(index)
    at = engine.position(name)
    parts = [
        replace(one, version=at, pages=tuple(replace(p, version=at) for p in one.pages))
        if isinstance(one, RecordPages) else replace(one, version=at)
        for one in written
    ]  # fmt: skip
    assert engine.write(name, parts) == []
    engine.commit(name, at)
    engine.release()


def drop(index: str, code: str) -> None:
    engine = search_engine()
    name = engine.current(index)
    engine.delete(name, {record(code).public_id: engine.position(name)})
    engine.commit(name, engine.position(name))
    engine.release()


def test_indices_as_they_should_be_are_left_alone(taken: Path) -> None:
    positions = {index: search_engine().position(search_engine().current(index)) for index in INDICES}
    with reading() as session:
        total = len(session.scalars(select(Record.id)).all())
    assert run() == (total, 0, 0, 0)
    assert positions == {index: search_engine().position(search_engine().current(index)) for index in INDICES}


def test_what_is_missing_stale_or_too_open_is_put_right(taken: Path) -> None:
    with writing() as session:
        session.execute(update(Record).where(Record.code == "VB3").values(withdrawn=True))
    closed, paged, gone = documents("VB4")[0], documents("VB9")[1], record("VB3").public_id
    drop("records", "VB1")
    drop("pages", "VB2")
    put("records", replace(closed, access=EVERYBODY))
    put("pages", replace(paged, pages=paged.pages[:1]))
    different = {record(code).public_id for code in ("VB1", "VB2", "VB3", "VB9")}
    checked, missing, outdated, foreign = run(repair=False)
    assert (missing, foreign) == (2, 1)
    assert outdated == 1 + (closed.access != EVERYBODY)
    with reading() as session:
        told = last_sweep(session)
    assert told is not None
    assert told.ended_at is not None
    assert different <= set(told.examples)
    assert run()[1:] == (missing, outdated, foreign)  # nothing was repaired before
    assert run() == (checked, 0, 0, 0)
    assert gone not in search_engine().states(search_engine().current("records"), [gone])
    assert Gateway(search_engine()).search(Viewer.anonymous(), Criteria(q="mậtmã")).total == 1


def test_records_that_nobody_knows_are_removed_in_lots(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "LISTED", 3)
    strangers = [f"x{n}" for n in range(8)]
    put("records", *(some_record(one, "lạ") for one in strangers))
    put("pages", some_pages("x3", "lạ", "lạ"), some_pages("y", "lạ"))
    assert run()[3] == 9
    assert run()[3] == 0
    engine = search_engine()
    for index in INDICES:
        assert engine.states(engine.current(index), [*strangers, "y"]) == {}
    assert engine.states(engine.current("records"), [record("VB1").public_id])


def test_what_is_on_its_way_is_no_difference(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "drain", lambda _: 0)
    with writing() as session:
        session.execute(update(Record).where(Record.code.in_(["VB1", "HS1", "VB2"])).values(title="Tên mới"))
        announce(session, [record("VB1").id])
        announce(session, [record("HS1").id], members=True)
    assert run()[1:] == (0, 0, 0)
    monkeypatch.undo()
    drain_all()
    assert run()[1:] == (0, 0, 0)


def test_a_dead_letter_is_no_difference(taken: Path) -> None:
    with writing() as session:
        session.execute(update(Record).where(Record.code == "VB1").values(date_from=10, date_to=9))
        announce(session, [record("VB1").id])
    drain_all()
    with reading() as session:
        assert session.scalars(select(DeadLetter.record_id)).one() == record("VB1").id
    assert run()[1:] == (0, 0, 0)


def test_one_that_was_cut_goes_on_where_it_was(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PART", 2)
    drop("records", "VB1")
    with draining():
        assert not sweep_part(search_engine())
    forget_installation()
    with reading() as session:
        begun = last_sweep(session)
        total = len(session.scalars(select(Record.id)).all())
    assert begun is not None
    assert (begun.checked, begun.ended_at) == (2, None)
    assert run() == (total, 1, 0, 0)
    with reading() as session:
        assert [one.id for one in session.scalars(select(IndexSweep))] == [begun.id]


def test_an_index_ahead_of_the_catalogue_wants_a_rebuild(taken: Path) -> None:
    engine, name = search_engine(), search_engine().current("records")
    assert engine.write(name, [replace(documents("VB1")[0], version=10_000)]) == []
    engine.commit(name, engine.position(name))
    engine.release()
    with draining(), pytest.raises(EngineError, match="vankho index rebuild"):
        sweep(engine)


def test_a_lost_index_is_said_and_not_filled(taken: Path) -> None:
    forget_installation()
    shutil.rmtree(taken / "index")
    with draining(), pytest.raises(EngineError, match="vankho index rebuild"):
        sweep(search_engine())
