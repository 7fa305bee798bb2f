"""A fresh installation for every test that asks for one; on each database where it is marked ``both_databases``."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher

from archive import accounts
from archive.database import forget_engines
from archive.outbox import listen
from archive.settings import Settings, settings
from tests.databases import KINDS, DatabaseKind, migrated_file, server
from tests.templates import compile_once
from vankho import wiring

# No clocks in tests; CI repeats the same examples, everybody else explores.
hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")

# Still argon2id, at a cost that hundreds of signings in can bear; test_signing holds what real ones cost.
REAL_HASHER = accounts._hasher
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
compile_once()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test marked ``both_databases`` on each, one marked ``on_postgres`` there only."""
    if "database_kind" in metafunc.fixturenames:
        if metafunc.definition.get_closest_marker("on_postgres"):
            metafunc.parametrize("database_kind", ["postgresql"], indirect=True, scope="session")
        elif metafunc.definition.get_closest_marker("both_databases"):
            metafunc.parametrize("database_kind", KINDS, indirect=True, scope="session")


def pytest_collection_finish() -> None:
    """Sets aside what was loaded, and looks through the rest seldom: that was a quarter of the time of a run."""
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 100)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Names what fails when it fails: a run that is cut short would end without its list."""
    if report.failed and not os.environ.get("PYTEST_XDIST_WORKER"):
        said = (str(report.longrepr).strip().splitlines() or [""])[-1]
        print(f"\n{report.nodeid} ({report.when}): {said[:200]}", flush=True)


def pytest_sessionfinish() -> None:
    """Removes the databases of this run."""
    if server.cache_info().currsize:
        server().close()


def forget_installation() -> None:
    """Closes and forgets what this process holds of an installation: settings, database, engine, storage."""
    if wiring.search_engine.cache_info().currsize:
        wiring.search_engine().release()
    wiring.search_engine.cache_clear()
    wiring.storage.cache_clear()
    wiring.quarantine_storage.cache_clear()
    listen(None)
    if settings.cache_info().currsize:
        forget_engines()
    settings.cache_clear()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> DatabaseKind:
    """Which database the catalogue of this test lies in."""
    kind: DatabaseKind = getattr(request, "param", "sqlite")
    if kind == "postgresql":
        server()
    return kind


@contextmanager
def _installed(home: Path, database: str, patch: pytest.MonkeyPatch) -> Iterator[Path]:
    forget_installation()
    for name in Settings.model_fields:
        patch.delenv(f"VANKHO_{name.upper()}", raising=False)
    patch.setenv("VANKHO_HOME", str(home))
    if database:
        patch.setenv("VANKHO_DATABASE_URL", database)
    yield home
    forget_installation()


@pytest.fixture
def bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_kind: DatabaseKind) -> Iterator[Path]:
    """VANKHO_HOME in a folder of its own, with nothing in it, and a database with nothing in it."""
    address = server().create() if database_kind == "postgresql" else ""
    with _installed(tmp_path / "home", address, monkeypatch) as home:
        yield home
    if address:
        server().remove(address)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_kind: DatabaseKind) -> Iterator[Path]:
    """The same with an empty catalogue."""
    with _installed(
        tmp_path / "home", server().migrated() if database_kind == "postgresql" else "", monkeypatch
    ) as home:
        if database_kind == "sqlite":
            migrated_file(home)
        yield home
