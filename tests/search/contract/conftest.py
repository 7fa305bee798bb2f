"""The engines under test: a further engine adds its name here and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import Engine


@pytest.fixture(params=["embedded"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = EmbeddedEngine(tmp_path / "index")
    yield made
    made.release()
