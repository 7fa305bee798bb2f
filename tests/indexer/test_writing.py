"""Batches under way: other records pass each other, a record never passes itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

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
    """The real engine, which tells when it writes what; ``meeting`` holds two writers of an index until both came."""

    batches_at_once = 2

    def __init__(self, engine: Engine, meeting: dict[str, Barrier] | None = None) -> None:
        self._engine, self._meeting = engine, meeting or {}
        self.told: list[tuple[str, str, list[int]]] = []

    def write(self, name: str, batch: Sequence[Writable]) -> list[Refusal]:
        self.told.append(("begins", name, [one.version for one in batch]))
        if name in self._meeting:
            self._meeting[name].wait(60)
        refused = self._engine.write(name, batch)
        self.told.append(("ends", name, [one.version for one in batch]))
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


def test_a_record_is_settled_before_it_is_written_again(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    engine, names = fresh()
    listening = Listening(engine)
    with draining(), BatchWriter(listening, names) as writer:
        for seq in range(91, 99):  # the same version last: the later one stands, whatever its number
            writer.put(built("VB1", min(seq, 95)))
            if seq > 91:
                before = min(seq - 1, 95)
                assert [one for one in listening.told if one == ("ends", names["records"], [before])], seq
        writer.commit(98)
    engine.release()
    told = [(what, seqs) for what, name, seqs in listening.told if name == names["records"]]
    assert [what for what, _ in told] == ["begins", "ends"] * 8
    assert versions()["records"]["document VB1"] == 95


def test_other_records_pass_each_other_and_each_refusal_finds_its_record(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    engine, names = fresh()
    two = {names["records"]: Barrier(2)}  # broken, and so failing, where one batch waits for the other
    listening = Listening(engine, two)
    bad = [replace(one, record=replace(one.record, date_from=10, date_to=9)) for one in built("VB1", 91) if one.record]
    with draining(), BatchWriter(listening, names) as writer:
        writer.put(bad)
        writer.put(built("VB2", 92))
        writer.commit(92)
    engine.release()
    assert "document VB1" not in versions()["records"]
    assert versions()["records"]["document VB2"] == 92
