"""Tika killed during a delivery: every document is taken, the texts it did not give come with the next taking."""

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services import fleet
from services.service import Service
from tests.faults.installation import Installation
from tests.faults.places import free_place
from tests.indexer.extraction.office_files import rtf
from tests.services import service_url
from tests.transfers import Transfer

pytestmark = pytest.mark.faults

DOCUMENTS, OFFICE_EACH = 2_000, 20


@pytest.fixture(scope="module")
def tika() -> Iterator[Service]:
    service_url("tika")  # where it does not run, its software may not be there
    place = free_place(("tika",))
    (service,) = fleet.choose(place, ("tika",))
    try:
        yield service
    finally:
        fleet.stop(place)
        shutil.rmtree(place.own, ignore_errors=True)


def start(tika: Service) -> None:
    states = fleet.start(tika.place, ("tika",))
    assert all(state.answers for state in states), states


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the documents are files that only Tika reads."""
    made = Transfer(tmp_path_factory.mktemp("goi") / "goi").fonds().file("HS1")
    for n in range(DOCUMENTS):
        code = f"VB{n:04d}"
        made.document(code, "HS1", None if n % OFFICE_EACH == 0 else "")
        if n % OFFICE_EACH == 0:
            made.data[f"{code}.doc"] = rtf(f"Tờ trình số {n} về đê điều")
    return made.write()


def whole(place: Installation) -> dict[str, Any]:
    """What the catalogue holds, but for the lines of reports: they tell of each taking."""
    return {name: value for name, value in place.counts().items() if name != "report"}


@pytest.fixture(scope="module")
def undisturbed(package: Path, tika: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    start(tika)
    place = Installation(tmp_path_factory.mktemp("yen") / "kho", tika_url=tika.address)
    assert place.run("ingest", str(package))["warned"] == 0
    return whole(place)


def pages(place: Installation) -> int:
    """How many pages with text the catalogue holds; none before it is made."""
    if not (place.home / "catalogue.sqlite3").exists():
        return 0
    with place.catalogue() as base:
        if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'page'").fetchone():
            return 0
        return int(base.execute("SELECT count(*) FROM page").fetchone()[0])


@pytest.mark.parametrize("back", [True, False], ids=["restarted", "gone"])
def test_tika_killed_during_a_delivery(
    back: bool, tika: Service, package: Path, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    start(tika)
    place = Installation(tmp_path / "kho", tika_url=tika.address)
    ingest = place.start("ingest", str(package), "--json")
    wanted = random.Random(back).randrange(1, DOCUMENTS // 2)
    until = time.monotonic() + 120
    while pages(place) < wanted:
        assert ingest.poll() is None, place.log()
        assert time.monotonic() < until, place.log()
        time.sleep(0.02)
    tika.kill()
    if back:
        start(tika)
    ingest.communicate(timeout=240)
    assert ingest.returncode in (0, 1), place.log()
    before = whole(place)
    assert before["levels"] == undisturbed["levels"], "no document is lost for want of its text"
    if not back:
        assert before["pages"][0][0] < undisturbed["pages"][0][0], "killed too late: nothing was left to read"
        assert place.run("check")["ok"]
        start(tika)
    place.run("ingest", str(package))
    assert whole(place) == undisturbed
    assert place.run("ingest", str(package))["unchanged"] == DOCUMENTS + 2
    place.close()
