"""A rebuild beside the serving indices: deliveries go on, a killed one is gone on with, no wrong one gets through."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from archive.access import Access, Rule, Viewer
from archive.access_rules import Closure
from archive.catalogue.outbox import IndexRebuild, OutboxRow, Veto
from archive.database import engine as database
from archive.database import reading, writing
from archive.deciding import set_closure
from archive.locks import held
from indexer import rebuild as rebuilding
from indexer.documents import Indexed, build_documents
from indexer.drainer import INDICES, draining
from indexer.queue import rebuild_left
from indexer.rebuild import rebuild
from indexer.sweep import sweep
from search.criteria import Criteria
from search.engines.protocol import EngineError
from search.gateway import Gateway
from tests.conftest import forget_installation
from tests.transfers import Transfer, drain_all, province, record, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

ANYONE = Viewer.anonymous()
CLOSED = {"actor": "an", "ground": "QĐ 1"}


class KilledError(BaseException):
    """Ends a run where no handler of errors would."""


@pytest.fixture
def taken(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small province, taken and drained; rebuilds work in small parts."""
    monkeypatch.setattr(rebuilding, "PART", 2)
    monkeypatch.setattr(rebuilding, "DURABLE_PARTS", 1)
    take(province(tmp_path / "goi").write())
    return home


def ingest(home: Path, package: Path) -> dict[str, Any]:
    """Takes a package in a process of its own, as beside a rebuild; done means searchable."""
    environment = {
        **os.environ,
        "VANKHO_HOME": str(home),
        "VANKHO_DATABASE_URL": database().url.render_as_string(hide_password=False),
    }
    done = subprocess.run(
        [sys.executable, "-m", "vankho", "ingest", str(package), "--json"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def found(q: str, viewer: Viewer = ANYONE) -> int:
    return Gateway(search_engine()).search(viewer, Criteria(q=q)).total


def named() -> dict[str, str]:
    return {index: search_engine().current(index) for index in INDICES}


def state() -> IndexRebuild | None:
    with reading() as session:
        return session.get(IndexRebuild, 1)


def is_whole() -> bool:
    with draining() as mine:
        assert mine
        told = sweep(search_engine(), repair=False)
    return (told.missing, told.outdated, told.foreign) == (0, 0, 0)


def kill_at(count: int) -> Callable[[int, int], None]:
    def progress(done: int, _of: int) -> None:
        if done >= count:
            raise KilledError

    return progress


def test_deliveries_are_searchable_while_it_runs_and_in_the_new_index_afterwards(taken: Path, tmp_path: Path) -> None:
    old, told = named(), []

    def half_way(done: int, _of: int) -> None:
        if done < 4 or told:
            return
        assert found("giữachừng") == 0
        told.append(ingest(taken, late.write()))
        assert found("giữachừng") == 1
        with writing() as session:
            set_closure(session, record("VB1").public_id, Closure("02"), **CLOSED)
        assert named() == old

    late = Transfer(tmp_path / "muon").fonds().file("HS9").document("VB99", "HS9", body="giữachừng thì đến")
    rebuild(search_engine(), half_way)
    assert told
    assert named() != old
    assert found("giữachừng") == 1
    assert is_whole()
    assert state() is None
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0
        assert session.scalar(select(func.count()).select_from(Veto)) == 0


def test_one_that_was_killed_is_gone_on_with_and_misses_no_change(taken: Path) -> None:
    with pytest.raises(KilledError):
        rebuild(search_engine(), kill_at(6))
    forget_installation()
    half = state()
    assert half is not None
    assert 0 < half.last < record("VB5").id
    with writing() as session:  # one that it had written already
        set_closure(session, record("HS1").public_id, Closure("02"), **CLOSED)
    drain_all()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1, "kept for the one being made"
        assert session.scalar(select(func.count()).select_from(Veto)) == 0, "the serving one knows"
    steps: list[int] = []
    rebuild(search_engine(), lambda done, _of: steps.append(done))
    assert named() == {"records": half.records, "pages": half.pages}
    assert steps[0] > half.done
    assert is_whole()
    assert state() is None


def test_how_far_it_is_can_be_read_after_every_part(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "DURABLE_PARTS", 1000)
    seen: list[tuple[int, int]] = []

    def look(done: int, _of: int) -> None:
        if done > 6:
            raise KilledError
        if found := state():
            seen.append((done, found.done))

    with pytest.raises(KilledError):
        rebuild(search_engine(), look)
    assert seen[-1][1] >= 4, seen
    forget_installation()
    steps: list[int] = []
    rebuild(search_engine(), lambda done, _of: steps.append(done))
    assert steps[0] <= 2, "what was not durable is counted again"
    assert is_whole()


@pytest.mark.parametrize(
    ("done", "began_with", "seconds", "left"),
    [(500, 0, 100, 300), (1_500, 500, 100, 50), (500, 500, 100, None), (0, 0, 100, None), (2_000, 0, 100, 0),
     (2_400, 0, 100, 0), (1_000, 0, 0, 1)],
)  # fmt: skip
def test_the_time_left_is_told_by_the_pace_of_this_run(
    done: int, began_with: int, seconds: int, left: int | None
) -> None:
    moment = datetime(2026, 11, 5, 8, tzinfo=UTC)
    one = IndexRebuild(done=done, began_with=began_with, total=2_000, began_at=moment - timedelta(seconds=seconds))
    assert rebuild_left(one, moment) == left


def test_anew_begins_anew(taken: Path) -> None:
    with pytest.raises(KilledError):
        rebuild(search_engine(), kill_at(6))
    forget_installation()
    half = state()
    assert half is not None
    steps: list[int] = []
    rebuild(search_engine(), lambda done, _of: steps.append(done), anew=True)
    assert steps[0] <= 2
    assert is_whole()


def test_only_one_at_a_time(taken: Path) -> None:
    with held("rebuild"), pytest.raises(EngineError, match="đang chạy"):
        rebuild(search_engine())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"access": Access(*(Rule(0, frozenset({"role:head"})),) * 3)}, "khác danh mục"),
        ({"title": "Tên khác"}, "khác danh mục"),
    ],
)
def test_the_gate_keeps_the_old_index_where_a_sample_differs(
    taken: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], told: str
) -> None:
    old, own = named(), record("VB2").public_id
    with writing() as session:
        set_closure(session, own, Closure("02"), **CLOSED)
    drain_all()

    def wrong(session: Any, wanted: Any) -> Iterator[list[Indexed]]:
        for batch in build_documents(session, wanted):
            yield [replace(one, record=replace(one.record, **change)) if one.public_id == own and one.record else one
                   for one in batch]  # fmt: skip

    monkeypatch.setattr(rebuilding, "build_documents", wrong)
    with pytest.raises(EngineError, match=told):
        rebuild(search_engine())
    assert named() == old
    assert state() is None


def test_the_gate_asks_as_a_reader(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that is right by its marks and answers everybody is no index to serve."""
    with writing() as session:
        set_closure(session, record("VB2").public_id, Closure("02"), **CLOSED)
    drain_all()
    old, engine = named(), search_engine()
    whole = engine.query

    def careless(plan: Any, name: str = "") -> Any:
        access = [one for one in getattr(plan.query, "filter", ()) if type(one).__name__ == "Access"]
        return whole(replace(plan, query=plan.query.filter[0]) if name and access else plan, name)

    monkeypatch.setattr(engine, "query", careless)
    with pytest.raises(EngineError, match="quyền tiếp cận"):
        rebuild(engine)
    assert named() == old
