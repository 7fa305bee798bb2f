"""The worker sweeps every night, makes up for one it missed, and leaves a new installation until its first night."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.catalogue.outbox import IndexSweep
from archive.clock import VIET_NAM
from archive.database import reading, writing
from indexer.sweep import last_sweep
from tests.transfers import province, record, take
from vankho import worker
from vankho.wiring import search_engine
from vankho.worker import Attempts, night_began

NIGHT = datetime(2026, 11, 27, 1, tzinfo=VIET_NAM)


@pytest.fixture
def taken(home: Path, tmp_path: Path) -> Path:
    take(province(tmp_path / "goi").write())
    return home


def look(attempts: Attempts, at: datetime, patch: pytest.MonkeyPatch) -> IndexSweep | None:
    patch.setattr(worker, "now", lambda: at.astimezone(UTC))
    attempts.drain(lambda: False)
    with reading() as session:
        return last_sweep(session)


def ended(began: datetime) -> None:
    with writing() as session:
        session.add(IndexSweep(began_at=began, ended_at=began, checked=0, missing=0, outdated=0, foreign=0))


def started(at: datetime, patch: pytest.MonkeyPatch) -> Attempts:
    patch.setattr(worker, "now", lambda: at.astimezone(UTC))
    return Attempts()


def test_the_night_begins_at_its_hour_in_viet_nam(monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes, day in ((-1, 26), (0, 27), (60 * 23, 27)):
        moment = NIGHT + timedelta(minutes=minutes)
        monkeypatch.setattr(worker, "now", lambda moment=moment: moment.astimezone(UTC))
        assert night_began() == NIGHT.replace(day=day)


def test_a_new_installation_waits_for_its_first_night(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = started(NIGHT + timedelta(hours=9), monkeypatch)
    assert look(attempts, NIGHT + timedelta(hours=9), monkeypatch) is None
    assert look(attempts, NIGHT + timedelta(hours=23), monkeypatch) is None
    for _ in range(3):  # its parts
        found = look(attempts, NIGHT + timedelta(days=1, minutes=1), monkeypatch)
    assert found is not None
    assert found.ended_at is not None


def test_a_missed_night_is_made_up_for_and_what_differs_is_repaired(
    taken: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended(NIGHT - timedelta(days=3))
    engine = search_engine()
    name, own = engine.current("records"), record("VB1").public_id
    engine.delete(name, {own: engine.position(name)})
    engine.commit(name, engine.position(name))
    engine.release()
    attempts = started(NIGHT + timedelta(hours=9), monkeypatch)
    for _ in range(4):
        found = look(attempts, NIGHT + timedelta(hours=9), monkeypatch)
    assert found is not None
    assert (found.missing, found.ended_at is not None) == (1, True)
    assert own in engine.states(name, [own])
    assert "1 missing" in caplog.text
    with reading() as session:
        before = last_sweep(session)
    again = look(attempts, NIGHT + timedelta(hours=20), monkeypatch)
    assert before is not None
    assert again is not None
    assert again.id == before.id  # once a night


def test_one_of_this_night_is_enough(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(NIGHT + timedelta(minutes=5))
    attempts = started(NIGHT + timedelta(hours=2), monkeypatch)
    found = look(attempts, NIGHT + timedelta(hours=2), monkeypatch)
    assert found is not None
    assert found.checked == 0
