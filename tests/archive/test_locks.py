"""Locks between processes: the same promise as a file's lock and as a PostgreSQL session's."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from archive import locks
from archive.database import engine
from archive.locks import LockLostError, ensure_held, held
from indexer.drainer import LOCK, drain, draining
from indexer.intake import taking
from indexer.intake.taking import take_package
from tests.transfers import counts, drain_all, province, take, versions
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

HOLD = "from archive.locks import held\nwith held('one') as mine:\n    print(mine, flush=True)\n    input()\n"


@contextmanager
def holder() -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds the lock ``one``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def lose_connections(*, locks_only: bool = True) -> None:
    """Ends the connections that hold a lock, or all, as a network or an operator may."""
    asked = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE :name "
        "AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    other = create_engine(engine().url, poolclass=NullPool)
    with other.connect() as connection:
        assert connection.scalars(text(asked), {"name": "vankho lock" if locks_only else "vankho%"}).all()


def test_one_holder_at_a_time_by_name(home: Path) -> None:
    with held("one") as first, held("one") as second, held("two") as other:
        assert (first, second, other) == (True, False, True)
        ensure_held("one")
    ensure_held("one")  # nothing held, nothing to lose
    with held("one") as again:
        assert again


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_lock_ends_with_its_process_however_it_ends(home: Path, ending: signal.Signals) -> None:
    with holder() as process:
        with held("one") as mine:
            assert not mine
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(_wait_for_it)
            assert not waiting.done()
            process.send_signal(ending)
            assert waiting.result(60)


def _wait_for_it() -> bool:
    with held("one", wait=True) as mine:
        return mine


@pytest.mark.on_postgres
def test_a_lock_that_was_lost_is_noticed(home: Path) -> None:
    with held("one"):
        lose_connections()
        with held("one") as another:
            assert another, "the server gave it back"
        with pytest.raises(LockLostError, match="mất kết nối giữ khóa “one”"):
            ensure_held("one")


@pytest.mark.on_postgres
def test_a_drainer_without_its_lock_commits_nothing(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    drain_all()
    before = versions()
    transfer = province(tmp_path / "goi").change("VB1", Subject="Về việc khác")
    take_package(transfer.write())
    with draining():
        lose_connections()
        with pytest.raises(LockLostError):
            drain(search_engine())
    assert versions() == before
    assert counts()["outbox"] == 1
    assert drain_all() == 1
    assert counts()["outbox"] == 0


@pytest.mark.on_postgres
@pytest.mark.parametrize("locks_only", [True, False])
def test_a_taker_without_its_connections_commits_nothing_more(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locks_only: bool
) -> None:
    whole, parts = taking.ensure_held, []

    def lose(name: str) -> None:
        parts.append(name)
        if len(parts) == 2:
            lose_connections(locks_only=locks_only)
        if locks_only or len(parts) != 2:
            whole(name)

    path = province(tmp_path / "goi").write()
    with monkeypatch.context() as patch:
        patch.setattr(taking, "ensure_held", lose)
        with pytest.raises(LockLostError if locks_only else OperationalError):
            take_package(path)
    assert counts()["record"] == 1, "the fonds; the files' part rolled back"
    taken = take(path)
    assert (taken.counts["accepted"], taken.counts["unchanged"]) == (8, 0), "the fonds came with this delivery, too"


@pytest.mark.on_postgres
def test_installations_in_one_database_have_their_own_locks(home: Path) -> None:
    assert locks._key("public", "drainer") != locks._key("other", "drainer")
    assert locks._key("public", "drainer") != locks._key("public", "intake")
    with draining() as mine, engine().connect() as connection:
        assert mine
        asked = text("SELECT classid::bigint << 32 | objid::bigint FROM pg_locks WHERE locktype = 'advisory'")
        found: Any = connection.scalars(asked).all()
        assert locks._key("public", LOCK) in found
