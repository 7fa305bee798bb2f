"""The drainer and the rebuild: members once, both indices together, nothing lost whenever a process ends."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.access_rules import Closure
from archive.catalogue.outbox import DeadLetter, OutboxRow, Veto
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.deciding import set_closure, withdraw_record
from archive.identifiers import new_identifier
from archive.locks import held
from archive.outbox import Message, announce, claim, confirm, last_seq, positions, read_messages, veto
from indexer import drainer
from indexer.documents import build_documents
from indexer.drainer import INDICES, LOCK, draining, expand
from indexer.rebuild import rebuild
from indexer.rollback import roll_back
from search.criteria import Criteria
from search.engines.protocol import EngineError
from search.gateway import Gateway
from tests.conftest import forget_installation
from tests.transfers import counts, drain_all, dump, province, record, take, versions
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases


class KilledError(BaseException):
    """Ends a run where no handler of errors would."""


@pytest.fixture
def taken(home: Path, tmp_path: Path) -> Path:
    """A small province, taken and drained."""
    take(province(tmp_path / "goi").write())
    return home


def tell(*codes: str, members: bool = False) -> int:
    with writing() as session:
        ids = [session.scalars(select(Record.id).where(Record.code == code)).one() for code in codes]
        announce(session, ids, members=members)
    return claim()


def change(code: str, **columns: Any) -> int:
    """Changes columns behind the register's back, and announces it."""
    with writing() as session:
        session.execute(update(Record).where(Record.code == code).values(**columns))
    return tell(code)


def at() -> dict[str, int]:
    with reading() as session:
        return positions(session)


def named() -> dict[str, str]:
    return {index: search_engine().current(index) for index in INDICES}


def test_members_are_expanded_once_with_the_highest_seq(taken: Path) -> None:
    ids = {code: record(code).id for code in ("HS1", "HS2", "VB1", "VB2", "VB3", "VB4", "VB5", "1998", "H48.01")}
    messages = [
        Message(11, ids["VB1"], False),
        Message(12, ids["HS1"], True),
        Message(13, ids["VB2"], False),
        Message(14, ids["HS2"], False),
    ]
    with reading() as session:
        found = expand(session, messages)
        assert len(found) == len(dict(found)) == 5
        assert dict(found) == {ids["VB1"]: 12, ids["HS1"]: 12, ids["VB2"]: 13, ids["VB3"]: 12, ids["HS2"]: 14}
        whole = dict(expand(session, [Message(12, ids["HS1"], True), Message(20, ids["H48.01"], True)]))
        assert whole == dict.fromkeys(ids.values(), 20)
        assert dict(expand(session, [Message(20, ids["H48.01"], True), Message(21, ids["HS1"], True)])) == {
            ids[code]: 21 if code in {"HS1", "VB1", "VB2", "VB3"} else 20 for code in ids
        }


@contextmanager
def few_parameters(session: Session) -> Iterator[None]:
    """Lets SQLite take few parameters for the block; PostgreSQL's own limit is 65,535."""
    connection: Any = session.connection().connection.dbapi_connection
    if not isinstance(connection, sqlite3.Connection):
        yield
        return
    limit = connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)
    try:
        yield
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, limit)


def test_more_members_than_a_database_takes_parameters(taken: Path) -> None:
    file = record("HS1")
    rows = [
        {
            "public_id": new_identifier(),
            "level": "document",
            "natural_key": str(n),
            "parent_id": file.id,
            "code": str(n),
        }
        for n in range(700)
    ]
    with writing() as session:
        session.execute(insert(Record), [row | {"lineage": row["public_id"]} for row in rows])
    with reading() as session, few_parameters(session):
        found = expand(session, [Message(9, file.fonds_id or 0, True)])
    assert len(found) == 709


def test_a_message_about_a_file_raises_its_members_too(taken: Path) -> None:
    before = versions()
    seq = tell("HS1", members=True)
    assert drain_all() == 4
    after = versions()
    assert {after["records"][one] for one in ("file HS1", "document VB1", "document VB3")} == {seq}
    assert {after["pages"][one] for one in ("document VB1", "document VB3")} == {seq}
    assert after["records"]["document VB4"] == before["records"]["document VB4"]


def test_both_indices_come_to_the_same_position(taken: Path) -> None:
    seq = tell("VB1", "HS1", "VB2")
    drain_all()
    engine = search_engine()
    assert {engine.position(name) for name in named().values()} == {seq} == set(at().values())
    assert dump("outbox") == {"outbox": []}
    with reading() as session:
        assert last_seq(session) == seq, "pruning forgets no number"
    assert tell("VB1") == seq + 1


def test_pruning_and_vetoes_wait_for_the_slower_index(taken: Path) -> None:
    end = max(at().values())
    with writing() as session:
        announce(session, [record("VB1").id])
        veto(session, record("VB1").public_id)
    assert claim() == end + 1
    with writing() as session:
        announce(session, [record("VB2").id, record("VB3").id])
        veto(session, record("VB2").public_id)
    assert claim() == end + 3
    with writing() as session:
        confirm(session, {"records": end + 3, "pages": end + 1})
        assert [message.seq for message in read_messages(session, 0, 9)] == [end + 2, end + 3]
        assert list(session.scalars(select(Veto.record))) == [record("VB2").public_id]
    with writing() as session:
        confirm(session, {"records": end + 3, "pages": end + 3})
        assert (list(session.scalars(select(OutboxRow))), list(session.scalars(select(Veto)))) == ([], [])


def test_a_veto_is_kept_where_a_newer_one_came_meanwhile(taken: Path) -> None:
    end = max(at().values())
    for _ in range(2):
        with writing() as session:
            announce(session, [record("VB1").id])
            veto(session, record("VB1").public_id)
        claim()
    with writing() as session:
        announce(session, [record("VB1").id])
        veto(session, record("VB1").public_id)
    with writing() as session:
        confirm(session, {"records": end + 1, "pages": end + 1})
        kept = [end + 2, None]
        assert list(session.scalars(select(Veto.seq).order_by(Veto.id))) == kept
        assert list(session.scalars(select(OutboxRow.seq).order_by(OutboxRow.id))) == kept


def test_what_the_engine_refuses_is_a_dead_letter_and_heals(taken: Path) -> None:
    whole = versions()
    seq = change("VB1", date_from=10, date_to=9)
    tell("VB2")
    drain_all()
    letters = dump("dead_letter")["dead_letter"]
    assert [(one["index"], one["record_id"], one["seq"]) for one in letters] == [("records", record("VB1").id, seq)]
    assert "khoảng ngày sai" in letters[0]["reason"]
    found = versions()
    assert found["records"]["document VB2"] > seq, "the others go on"
    assert "document VB1" not in found["records"], "what was there is out of date, perhaps open"
    assert "document VB1" not in found["pages"]
    assert set(at().values()) == {seq + 1}
    change("VB1", date_from=9, date_to=9)
    drain_all()
    assert dump("dead_letter") == {"dead_letter": []}
    assert {index: set(many) for index, many in versions().items()} == {i: set(many) for i, many in whole.items()}


@pytest.mark.parametrize("commits", [0, 1, 2])
def test_a_drainer_that_ends_before_it_has_confirmed_repeats(
    taken: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    engine, before = search_engine(), at()
    with writing() as session:
        veto(session, record("HS1").public_id)
    seq = tell("HS1", members=True)
    done = 0
    whole: Callable[[str, int], None] = engine.commit

    def commit(name: str, position: int) -> None:
        nonlocal done
        if done == commits:
            raise KilledError
        whole(name, position)
        done += 1

    def fail(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(engine, "commit", commit)
        patch.setattr(drainer, "confirm", fail)
        with pytest.raises(KilledError):
            drain_all()
    assert at() == before, "the cursors never lead"
    assert counts()["outbox"] == counts()["veto"] == 1
    drain_all()
    assert set(at().values()) == {seq}
    assert counts()["outbox"] == counts()["veto"] == 0
    assert engine.count(named()["records"]) == 9
    assert engine.count(named()["pages"]) == 5
    assert versions()["pages"]["document VB1"] == seq


def test_one_drainer_at_a_time(taken: Path) -> None:
    with held(LOCK) as mine, draining() as second:
        assert (mine, second) == (True, False)
    with draining() as again:
        assert again


def test_an_index_that_was_lost_is_told_and_rebuilt(taken: Path) -> None:
    forget_installation()
    shutil.rmtree(taken / "index")
    tell("VB1")
    with pytest.raises(EngineError, match="vankho index rebuild"):
        drain_all()
    assert search_engine().current("records") == "", "an empty one would answer with nothing, in silence"
    assert counts()["outbox"] == 1
    rebuild(search_engine())
    assert len(versions()["records"]) == 9
    assert counts()["outbox"] == 0


def test_a_rebuild_counts_promotes_and_keeps_the_former(taken: Path) -> None:
    old, engine = named(), search_engine()
    seq = tell("VB1")
    steps: list[tuple[int, int]] = []
    told = rebuild(engine, lambda done, all_of: steps.append((done, all_of)))
    new = named()
    assert told == {"records": 9, "pages": 5, "records_index": new["records"], "pages_index": new["pages"]}
    assert steps[-1] == (9, 9)
    assert not set(new.values()) & set(old.values())
    assert {index: engine.previous(index) for index in INDICES} == old
    assert {engine.count(name) for name in old.values()} == {9, 5}
    assert {engine.position(name) for name in new.values()} == set(at().values()) == {seq}
    assert set(versions()["records"].values()) == {seq}
    later = tell("VB2")
    drain_all()
    assert versions()["records"]["document VB2"] == later


@pytest.mark.parametrize("promoted", [0, 1])
def test_a_rebuild_that_ends_half_way_leaves_the_old_index(
    taken: Path, monkeypatch: pytest.MonkeyPatch, promoted: int
) -> None:
    old, engine, done = named(), search_engine(), 0
    whole = engine.promote

    def promote(index: str, name: str) -> None:
        nonlocal done
        if done == promoted:
            raise KilledError
        whole(index, name)
        done += 1

    with monkeypatch.context() as patch:
        patch.setattr(engine, "promote", promote)
        with pytest.raises(KilledError):
            rebuild(engine)
    engine.release()
    half_made = {engine.names(index)[-1] for index in INDICES} - set(named().values())
    assert len(half_made) == 2 - promoted
    assert sum(named()[index] != old[index] for index in INDICES) == promoted
    assert (len(versions()["records"]), len(versions()["pages"])) == (9, 5)
    tell("VB1")
    drain_all()
    rebuild(engine)
    assert not half_made & {name for index in INDICES for name in engine.names(index) if name not in named().values()}
    assert (len(versions()["records"]), len(versions()["pages"])) == (9, 5)


def test_going_back_brings_the_former_index_up_first(taken: Path) -> None:
    engine, before = search_engine(), named()
    with draining(), pytest.raises(EngineError, match="không có chỉ mục trước"):
        roll_back(engine)
    rebuild(engine)
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
        withdraw_record(session, record("VB2").public_id, actor="an", ground="QĐ 2")
    with draining():
        told = roll_back(engine)
    assert (told["written"], named()) == (2, before)
    assert set(versions()["records"]) == {"fonds H48.01", "inventory 1998", "file HS1", "file HS2", *(
        f"document VB{n}" for n in (1, 3, 4, 5)
    )}  # fmt: skip
    results = Gateway(engine).search(Viewer.anonymous(), Criteria(q="nội dung", size=50))
    assert {hit.code for hit in results.hits} == {"VB3"}
    with reading() as session:
        assert set(positions(session).values()) == {last_seq(session)}
        assert session.scalars(select(Veto)).all() == []
    with draining():
        assert roll_back(engine)["written"] == 0  # and forward again


def test_a_rebuild_that_counts_otherwise_keeps_the_old_index(taken: Path) -> None:
    old = named()
    with writing() as session:
        session.execute(update(Record).where(Record.code == "VB1").values(date_from=10, date_to=9))
    with pytest.raises(EngineError, match="vẫn dùng chỉ mục cũ"):
        rebuild(search_engine())
    assert named() == old
    assert "document VB1" in versions()["records"]


def test_a_known_dead_letter_does_not_stop_a_rebuild(taken: Path) -> None:
    change("VB1", date_from=10, date_to=9)
    drain_all()
    told = rebuild(search_engine())
    assert (told["records"], told["pages"]) == (8, 4)
    with reading() as session:
        assert session.scalars(select(DeadLetter.record_id)).one() == record("VB1").id


def test_withdrawn_records_are_built_as_nothing(taken: Path) -> None:
    change("VB1", withdrawn=True)
    with reading() as session:
        built = [one for batch in build_documents(session, [(record("VB1").id, 99)]) for one in batch]
    assert [(one.record, one.pages) for one in built] == [(None, ())]
    drain_all()
    assert "document VB1" not in versions()["records"]
    assert "document VB1" not in versions()["pages"]
