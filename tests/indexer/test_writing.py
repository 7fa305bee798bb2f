"""Batches under way: other records pass each other, a record never passes itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from archive.database import reading
from indexer.documents import Indexed, build_documents
from indexer.drainer import INDICES, draining
from indexer.intake.taking import take_package
from indexer.writing import BatchWriter
from search.document import Refusal
from search.engines.protocol import Engine, Writable
from tests.transfers import province, record, versions
from vankho.wiring import search_engine


class Listening:
    """The real engine, which tells when it writes what; ``hold`` is called between."""

    batches_at_once = 2

    def __init__(self, engine: Engine, hold: Callable[[], object]) -> None:
        self._engine, self._hold = engine, hold
        self.told: list[tuple[str, str, tuple[int, ...]]] = []

    def write(self, name: str, batch: Sequence[Writable]) -> list[Refusal]:
        self.told.append(("begins", name, tuple(one.version for one in batch)))
        self._hold()
        refused = self._engine.write(name, batch)
        self.told.append(("ends", name, tuple(one.version for one in batch)))
        return refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def built(code: str, seq: int) -> list[Indexed]:
    with reading() as session:
        return [one for batch in build_documents(session, [(record(code).id, seq)]) for one in batch]


def fresh() -> tuple[Engine, dict[str, str]]:
    engine = search_engine()
    names = {index: engine.create(index) for index in INDICES}
    for index, name in names.items():
        engine.promote(index, name)
    return engine, names


def test_a_record_is_settled_before_it_is_written_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_package(province(tmp_path / "goi").write())
    engine, names = fresh()
    awaited = Event()  # no write ends before somebody waits for it
    listening, settle = Listening(engine, awaited.wait), BatchWriter._settle

    def settling(writer: BatchWriter, one: Any) -> None:
        awaited.set()
        settle(writer, one)

    monkeypatch.setattr(BatchWriter, "_settle", settling)
    with draining(), BatchWriter(listening, names) as writer:
        writer.put(built("VB1", 91))
        writer.put(built("VB1", 92))
        told = list(listening.told)
        awaited.set()
        writer.commit(92)
    engine.release()
    assert {("ends", name, (91,)) for name in names.values()} <= set(told)
    assert versions()["records"]["document VB1"] == 92


def test_other_records_pass_each_other_and_each_refusal_finds_its_record(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    engine, names = fresh()
    both = Barrier(4, timeout=60)  # two batches into two indices; broken, and so failing, where one waits for another
    listening = Listening(engine, both.wait)
    bad = [replace(one, record=replace(one.record, date_from=10, date_to=9)) for one in built("VB1", 91) if one.record]
    with draining(), BatchWriter(listening, names) as writer:
        writer.put(bad)
        writer.put(built("VB2", 92))
        writer.commit(92)
    engine.release()
    assert "document VB1" not in versions()["records"]
    assert versions()["records"]["document VB2"] == 92
