"""A corrected line on OpenSearch: the index follows what an archivist accepts and takes back."""

from pathlib import Path
from secrets import token_hex

import pytest

from archive.line_corrections import accept, undo
from archive.settings import settings
from tests.archive.test_line_corrections import decide, deliver, found, say
from tests.search.opensearch import opensearch_engine
from tests.services import service_url
from vankho import wiring


@pytest.mark.usefixtures("home")
def test_the_right_word_is_found_and_the_wrong_one_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, right, prefix = "Căn cứ Luận Đất đai", "Căn cứ Luật Đất đai", f"test_{token_hex(6)}"
    with opensearch_engine(prefix):
        monkeypatch.setenv("VANKHO_ENGINE", "opensearch")
        monkeypatch.setenv("VANKHO_OPENSEARCH_URL", service_url("opensearch"))
        monkeypatch.setenv("VANKHO_INDEX_PREFIX", prefix)
        settings.cache_clear()
        wiring.search_engine.cache_clear()
        deliver(tmp_path / "goi", wrong, "Điều 1. Giao đất")

        def told() -> tuple[int, int]:
            return found(f'"{wrong}"'), found(f'"{right}"')

        assert told() == (1, 0)
        number = say(1, wrong, right)
        assert told() == (1, 0)  # proposed is not accepted
        decide(accept, number)
        assert told() == (0, 1)
        decide(undo, number)
        assert told() == (1, 0)
