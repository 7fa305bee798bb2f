"""What only an engine in this process must survive: reopening, other processes, kill -9, a foreign schema."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tantivy

from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.fields import tantivy_schema
from search.engines.protocol import EngineError, NoIndexError, WriterBusyError, WrongSchemaError
from search.plan import All, Plan, Terms
from tests.search.documents import record

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = Plan("records", All(), size=0)

WRITE_FOR_EVER = """
import sys
from pathlib import Path
from search.engines.embedded import EmbeddedEngine
from tests.search.documents import record

engine, position = EmbeddedEngine(Path(sys.argv[1])), 0
name = engine.current("records")
position = engine.position(name)
while True:
    first = position * 50
    engine.write(name, [record(f"r{n:06d}", f"chữ số {n} " * 20, n + 1) for n in range(first, first + 50)])
    position += 1
    engine.commit(name, position)
    print(position, flush=True)
"""


def filled(root: Path, count: int = 3, position: int = 5) -> tuple[EmbeddedEngine, str]:
    engine = EmbeddedEngine(root)
    name = engine.create("records")
    engine.write(name, [record(f"r{n}", "chữ") for n in range(count)])
    engine.commit(name, position)
    engine.promote("records", name)
    engine.release()
    return engine, name


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    _, name = filled(tmp_path)
    again = EmbeddedEngine(tmp_path)
    assert again.current("records") == name
    assert again.position(name) == 5
    assert again.query(Plan("records", Terms("text_marked", (("chư4", 1.0),)))).total == 3
    again.write(name, [record("r0", "mới", 2), record("r9", "mới")])
    again.commit(name, 6)
    assert again.query(EVERYTHING).total == 4
    again.release()


def test_what_was_not_committed_is_lost_with_its_process(tmp_path: Path) -> None:
    engine, name = filled(tmp_path)
    engine.write(name, [record("new")])
    engine.release()
    assert EmbeddedEngine(tmp_path).query(EVERYTHING).total == 3


def test_a_reader_opened_before_sees_what_another_commits_after(tmp_path: Path) -> None:
    writer, name = filled(tmp_path)
    reader = EmbeddedEngine(tmp_path)
    assert reader.query(EVERYTHING).total == 3
    writer.write(name, [record("new")])
    writer.commit(name, 6)
    assert reader.query(EVERYTHING).total == 4
    other = writer.create("records")
    writer.promote("records", other)
    assert reader.query(EVERYTHING).total == 0
    writer.release()


def test_two_writers_are_one_too_many(tmp_path: Path) -> None:
    first, name = filled(tmp_path)
    first.write(name, [record("a")])
    second = EmbeddedEngine(tmp_path)
    with pytest.raises(WriterBusyError):
        second.write(name, [record("b")])
    first.release()
    second.write(name, [record("b")])
    second.commit(name, 6)
    second.release()
    assert first.query(EVERYTHING).total == 4


def test_an_index_of_another_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    _, name = filled(tmp_path)
    (tmp_path / name / "schema.json").write_text(json.dumps({"schema_version": 0}), "utf-8")
    engine = EmbeddedEngine(tmp_path)
    with pytest.raises(WrongSchemaError, match="rebuild"):
        engine.query(EVERYTHING)
    with pytest.raises(WrongSchemaError):
        engine.write(name, [record("a")])
    assert not engine.health().ok


def test_an_index_with_other_fields_is_refused_even_if_its_mark_says_otherwise(tmp_path: Path) -> None:
    engine, name = filled(tmp_path)
    (tmp_path / "records-2").mkdir()
    tantivy.Index(tantivy_schema("pages"), path=str(tmp_path / "records-2"))
    (tmp_path / "records-2" / "schema.json").write_bytes((tmp_path / name / "schema.json").read_bytes())
    with pytest.raises(WrongSchemaError, match="rebuild"):
        engine.query(EVERYTHING, "records-2")
    with pytest.raises(WrongSchemaError):
        engine.write("records-2", [record("a")])


def test_a_half_made_index_is_never_promoted_and_can_be_dropped(tmp_path: Path) -> None:
    engine, name = filled(tmp_path)
    (tmp_path / "records-2").mkdir()
    with pytest.raises(NoIndexError):
        engine.promote("records", "records-2")
    assert engine.current("records") == name
    engine.drop("records-2")
    assert engine.create("records") == "records-2"


def test_a_name_never_leaves_the_folder(tmp_path: Path) -> None:
    engine, _ = filled(tmp_path / "index")
    for name in ("../index", "records-1/..", "/etc", "", "records-0", "records-01"):
        with pytest.raises(EngineError):
            engine.drop(name)
        with pytest.raises(EngineError):
            engine.count(name)


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_loses_nothing_that_was_committed(tmp_path: Path, seed: int) -> None:
    filled(tmp_path, 0, 0)
    chance = random.Random(seed)
    for _ in range(2):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            said = [int(process.stdout.readline()) for _ in range(chance.randrange(2, 9))]
            time.sleep(chance.random() / 20)
            process.send_signal(signal.SIGKILL)
            said += [int(line) for line in process.stdout.read().splitlines()]
        engine = EmbeddedEngine(tmp_path)
        name = engine.current("records")
        assert engine.position(name) >= said[-1]
        assert engine.query(EVERYTHING).total >= engine.position(name) * 50
        names = [f"r{n:06d}" for n in range(engine.position(name) * 50)]
        assert len(engine.versions(name, names)) == len(names)
    engine.write(name, [record(one, "sau", 9_999_999) for one in names])
    engine.commit(name, 1_000)
    engine.release()
    assert engine.query(Plan("records", Terms("text_folded", (("sau", 1.0),)), size=0)).total == len(names)


def test_many_threads_ask_while_one_writes(tmp_path: Path) -> None:
    engine, name = filled(tmp_path, 0, 0)

    def ask(_: int) -> bool:
        totals = [engine.query(Plan("records", Terms("text_folded", (("chu", 1.0),)), size=3)) for _ in range(30)]
        return all(answer.total % 50 == 0 and len(answer.hits) <= 3 for answer in totals)

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, n) for n in range(8)]
        for batch in range(10):
            engine.write(name, [record(f"r{batch}-{n}", "chữ") for n in range(50)])
            engine.commit(name, batch)
        assert all(one.result() for one in asking)
    engine.release()
    assert engine.query(EVERYTHING).total == 500
