"""A fresh installation for every test that asks for one."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from archive.database import engine, forget_engines
from archive.outbox import listen
from archive.schema import migrate
from archive.settings import Settings, settings
from vankho import wiring

# No clocks in tests; CI repeats the same examples, everybody else explores.
hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")


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


@pytest.fixture
def bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """VANKHO_HOME in a folder of its own, with nothing in it."""
    forget_installation()
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VANKHO_{name.upper()}", raising=False)
    monkeypatch.setenv("VANKHO_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    forget_installation()


@pytest.fixture
def home(bare_home: Path) -> Path:
    """The same with an empty catalogue."""
    migrate(engine())
    return bare_home
