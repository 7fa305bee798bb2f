"""The engines under test: a further engine adds its name here and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import Engine
from tests.search.opensearch import opensearch_engine


@pytest.fixture(params=["embedded", "opensearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "embedded":
        made = EmbeddedEngine(tmp_path / "index")
        yield made
        made.release()
    else:
        with opensearch_engine(f"test_{token_hex(6)}") as other:
            yield other
