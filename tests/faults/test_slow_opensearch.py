"""An OpenSearch that answers after seconds, or too late: deliveries are indexed once, readers wait or are told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines.opensearch.client import READ_SECONDS, WRITE_SECONDS
from tests.faults.installation import Installation, kill
from tests.faults.slow_line import SlowLine
from tests.faults.test_services import (
    CALM,
    Pair,
    assert_whole,
    ended,
    followed,
    get,
    installed,
    package,
    pair,
    undisturbed,
    wait_for,
)  # fmt: skip

__all__ = ["package", "pair", "undisturbed"]

pytestmark = pytest.mark.faults

SEARCHES = ("/tim-kiem?q=quyết định", "/api/v1/search?q=quyết định")


@pytest.fixture
def line(pair: Pair) -> Iterator[SlowLine]:
    pair.start()
    made = SlowLine(pair.opensearch.address)
    yield made
    made.close()


@pytest.fixture
def place(pair: Pair, line: SlowLine, tmp_path: Path) -> Iterator[Installation]:
    yield from installed(pair, tmp_path / "kho", line.address)


def test_a_delivery_whose_every_answer_takes_a_second(
    line: SlowLine, place: Installation, package: Path, undisturbed: Any
) -> None:
    line.seconds = 1.0
    place.run("ingest", str(package))
    assert followed(place)
    assert line.held > 10
    line.seconds = 0
    assert_whole(place, package, undisturbed)


def test_what_was_written_and_not_confirmed_in_time_is_written_once(
    line: SlowLine, place: Installation, package: Path, undisturbed: Any
) -> None:
    """The engine has the documents, nobody hears of it: they are sent again and stand there once."""
    line.only, line.seconds = b"/_bulk", WRITE_SECONDS + 5
    line.most = 1  # the others wait for it no longer than they must
    ingest = place.start("ingest", str(package), "--json")
    assert "trả lời quá lâu" in ended(ingest, place)
    assert line.held
    assert not followed(place)
    worker = place.start("worker")
    line.seconds = 0
    wait_for(lambda: followed(place), place)
    assert worker.poll() is None
    kill(worker)
    assert_whole(place, package, undisturbed)


def test_readers_of_a_slow_index_wait_or_are_told(line: SlowLine, place: Installation, package: Path) -> None:
    place.run("ingest", str(package))
    place.start("serve", "--port", str(place.port))
    place.ask("/healthz")
    wait_for(lambda: all(get(place, path)[0] == 200 for path in SEARCHES), place)
    before = json.loads(get(place, SEARCHES[1])[2])["total"]
    assert before > 0
    line.only, line.seconds = b"/_search", READ_SECONDS / 4
    status, _, text, _ = get(place, SEARCHES[1])
    assert (status, json.loads(text)["total"]) == (200, before)
    assert line.held
    line.seconds = READ_SECONDS + 3
    for path in SEARCHES:
        status, _, text, _ = get(place, path)
        assert status == 503
        assert CALM in text
    assert get(place, "/phong")[0] == 200
    line.seconds = 0
    wait_for(lambda: all(get(place, path)[0] == 200 for path in SEARCHES * 8), place)
    assert json.loads(get(place, SEARCHES[1])[2])["total"] == before
    assert "Traceback" not in place.log()
