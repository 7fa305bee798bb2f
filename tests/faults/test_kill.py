"""kill -9 of ingest, drainer and server at random moments: nothing lost, nothing twice.

Ten seeds a day (they rotate with the date) over 1,200 documents; ``make faults`` takes 24 over 2,000, some eighty
kills.  A failing seed is named by its test id and can be asked for with VANKHO_FAULT_FIRST.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.installation import DOCUMENTS, Installation, kill, kill_alone
from vankho.synth import write_transfer

COUNT = int(os.environ.get("VANKHO_FAULT_SEEDS", "10"))
FIRST = int(os.environ.get("VANKHO_FAULT_FIRST") or 100 * int(os.environ["VANKHO_FAULT_DAY"]))
SEEDS = range(FIRST, FIRST + COUNT)

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goi") / "goi"
    write_transfer(folder, fonds=2, files=40, documents=DOCUMENTS, pages=12, seed=7)
    return folder


@pytest.fixture(scope="module")
def undisturbed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int, float]:
    """What the catalogue and the storage hold after a taking that nobody disturbed, and how long it took."""
    place = Installation(tmp_path_factory.mktemp("yen") / "kho")
    start = time.monotonic()
    place.run("ingest", str(package))
    seconds = time.monotonic() - start
    assert place.run("check")["ok"]
    return place.counts(), place.kept(), seconds


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "kho")
    yield installation
    installation.close()


def assert_whole(place: Installation, undisturbed: tuple[dict[str, Any], int, float]) -> None:
    checked = place.run("check")
    assert checked["ok"], checked
    assert place.counts() == undisturbed[0]
    assert place.kept() == undisturbed[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_ingest_killed_and_started_again(
    seed: int, place: Installation, package: Path, undisturbed: tuple[dict[str, Any], int, float]
) -> None:
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 4)):
        process = place.start("ingest", str(package), "--json")
        time.sleep(rng.uniform(0.3, undisturbed[2] * 1.1))
        kill(process)
    place.run("ingest", str(package))
    assert_whole(place, undisturbed)


@pytest.mark.parametrize("seed", SEEDS[: max(3, COUNT // 3)])
def test_drainer_killed_during_ingest(
    seed: int, place: Installation, package: Path, undisturbed: tuple[dict[str, Any], int, float]
) -> None:
    rng = random.Random(seed)
    place.run("index", "status")  # makes the catalogue, so that both may start at once
    worker = place.start("worker")
    ingest = place.start("ingest", str(package), "--json")
    for _ in range(rng.randint(1, 3)):
        time.sleep(rng.uniform(0.2, undisturbed[2] / 2))
        kill(worker)
        worker = place.start("worker")
    ingest.communicate(timeout=240)
    assert ingest.returncode in (0, 1), place.log()
    kill(worker)
    assert_whole(place, undisturbed)


@pytest.mark.parametrize("seed", SEEDS[: max(3, COUNT // 3)])
def test_server_killed_during_ingest(
    seed: int, place: Installation, package: Path, undisturbed: tuple[dict[str, Any], int, float]
) -> None:
    rng = random.Random(seed)
    server = place.start("serve", "--port", str(place.port))
    place.ask("/healthz")
    ingest = place.start("ingest", str(package), "--json")
    time.sleep(rng.uniform(0.2, undisturbed[2]))
    kill_alone(server)  # its server processes and its drainer must end by themselves
    again = place.start("serve", "--port", str(place.port))
    ingest.communicate(timeout=240)
    assert ingest.returncode in (0, 1), place.log()
    documents = undisturbed[0]["levels"]["document"]
    found = place.ask("/api/v1/search?level=document&size=1")
    assert found["total"] == documents
    kill(server)
    kill(again)
    assert_whole(place, undisturbed)
