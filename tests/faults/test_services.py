"""OpenSearch and PostgreSQL killed, read-only or halted during a delivery: nothing lost, nothing twice, readers told.

They are a second pair at ports of its own, so that whoever uses those of ``make services`` is not disturbed.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text

from services import fleet
from services.places import Place
from services.service import Service
from tests.databases import administering, drop_database
from tests.faults.installation import Installation, kill
from tests.faults.places import free_place
from tests.services import service_url
from vankho.synth import write_transfer

pytestmark = pytest.mark.faults

NAMES = ("opensearch", "postgres")
COUNT = min(5, int(os.environ.get("VANKHO_FAULT_SEEDS", "1")))
SEED = int(os.environ.get("VANKHO_FAULT_FIRST", "20"))
PATIENCE = 20.0  # seconds a reader may wait for the news that searching rests
NUMBERS = count(1)
CALM = "Chỉ mục tìm kiếm đang tạm dừng; vẫn xem được tài liệu theo phông và hồ sơ. Hãy tìm lại sau ít phút."


class Pair:
    """The second OpenSearch and PostgreSQL."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.opensearch, self.postgres = fleet.choose(place, NAMES)

    def start(self) -> None:
        """Starts what does not run."""
        states = fleet.start(self.place, NAMES)
        assert all(state.answers for state in states), states

    def ask(self, path: str, method: str = "GET", **body: Any) -> Any:
        """What OpenSearch answers, as JSON."""
        asked = urllib.request.Request(
            f"{self.opensearch.address}{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def indices(self, prefix: str) -> list[str]:
        """Names of the indices with the prefix."""
        return [one["index"] for one in self.ask(f"/_cat/indices/{prefix}-*?format=json")]

    def create_database(self, name: str) -> str:
        """The address of a new database with nothing in it, as durable as the server."""
        with administering(self.postgres.address).connect() as server:
            server.execute(text(f"CREATE DATABASE {name}"))
        return f"{self.postgres.address.rpartition('/')[0]}/{name}"

    def drop_database(self, name: str) -> None:
        """Removes it, whoever is connected to it."""
        with administering(self.postgres.address).connect() as server:
            drop_database(server, name)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    for name in NAMES:
        service_url(name)  # where they do not run, their software may not be there
    place = free_place(NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VANKHO_SERVICES_OPENSEARCH_HEAP", "1g")
        found = Pair(place)
        try:
            found.start()
            yield found
        finally:
            fleet.stop(place)
            shutil.rmtree(place.own)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goi") / "goi"
    write_transfer(folder, fonds=2, files=60, documents=2000, pages=0, seed=7, text_only=True)
    return folder


@pytest.fixture(scope="module")
def undisturbed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int, dict[str, Any]]:
    """Catalogue, storage and ``vankho check`` after a taking that nobody disturbed, on SQLite and the own index."""
    place = Installation(tmp_path_factory.mktemp("yen") / "kho")
    place.run("ingest", str(package))
    checked = place.run("check")
    assert checked["ok"]
    return place.counts(), place.kept(), checked


@pytest.fixture
def place(pair: Pair, tmp_path: Path) -> Iterator[Installation]:
    pair.start()
    yield from installed(pair, tmp_path / "kho")


def installed(pair: Pair, home: Path, opensearch: str = "") -> Iterator[Installation]:
    """An installation with a database and indices of its own, removed afterwards; ``opensearch``: another way to it."""
    name = f"loi{next(NUMBERS)}"
    installation = Installation(
        home,
        engine="opensearch",
        opensearch_url=opensearch or pair.opensearch.address,
        index_prefix=name,
        database_url=pair.create_database(name),
    )
    yield installation
    installation.close()
    pair.start()
    for index in pair.indices(name):
        pair.ask(f"/{index}", "DELETE")
    pair.drop_database(name)


def prefix(place: Installation) -> str:
    return place.settings["VANKHO_INDEX_PREFIX"]


def wait_for(what: Callable[[], Any], place: Installation, seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, place.log()
        time.sleep(0.02)


def ended(process: subprocess.Popen[bytes], place: Installation) -> str:
    """The one sentence with which a command gives up."""
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 2, (process.returncode, out, place.log())
    assert "Traceback" not in place.log()
    return str(json.loads(out)["error"])


def rows(place: Installation) -> int:
    """How many records the catalogue holds; none before it is made."""
    with place.catalogue() as base:
        if not base.execute("SELECT to_regclass('record')").fetchone()[0]:
            return 0
        return int(base.execute("SELECT count(*) FROM record").fetchone()[0])


def followed(place: Installation) -> bool:
    """Whether both indices confirmed the whole outbox."""
    with place.catalogue() as base:
        open_rows = base.execute("SELECT count(*) FROM outbox WHERE seq IS NULL").fetchone()[0]
        end = base.execute("SELECT seq FROM outbox_claim").fetchone()[0]
        positions = base.execute("SELECT position FROM outbox_cursor").fetchall()
    return not open_rows and end > 0 and positions == [(end,), (end,)]


def assert_whole(place: Installation, package: Path, undisturbed: tuple[dict[str, Any], int, dict[str, Any]]) -> None:
    counts, kept, checked = undisturbed
    seals = {
        "audit_sealed",
        "audit_unsealed",
        "audit_head",
    }  # what a worker sealed; what it is to seal differs by moments
    told = place.run("check")
    assert told["ok"]
    assert {one: told[one] for one in told.keys() - seals} == {one: checked[one] for one in checked.keys() - seals} | {
        "behind": 0
    }
    assert place.counts() == counts
    assert place.kept() == kept
    assert place.run("ingest", str(package))["accepted"] == 0
    assert place.counts() == counts


def test_opensearch_killed_during_the_indexing(
    pair: Pair, place: Installation, package: Path, undisturbed: Any
) -> None:
    ingest = place.start("ingest", str(package), "--json")
    wait_for(lambda: len(pair.indices(prefix(place))) == 2, place)
    time.sleep(random.Random(SEED).uniform(0, 0.6))
    assert ingest.poll() is None, "killed too late: nothing was left to do"
    pair.opensearch.kill()
    assert "OpenSearch" in ended(ingest, place)
    worker = place.start("worker")
    wait_for(lambda: "OpenSearch" in place.log(), place)
    pair.start()
    wait_for(lambda: followed(place), place)
    assert worker.poll() is None
    kill(worker)
    assert_whole(place, package, undisturbed)


@pytest.mark.parametrize("seed", range(SEED, SEED + COUNT))
def test_postgres_killed_during_the_taking(
    seed: int, pair: Pair, place: Installation, package: Path, undisturbed: Any
) -> None:
    whole = sum(undisturbed[0]["levels"].values())
    so_far = random.Random(seed).uniform(0, 0.8) * whole
    ingest = place.start("ingest", str(package), "--json")
    wait_for(lambda: rows(place) > so_far, place)
    assert ingest.poll() is None, "killed too late: nothing was left to do"
    pair.postgres.kill()
    assert "cơ sở dữ liệu" in ended(ingest, place)
    pair.start()
    assert rows(place) < whole
    place.run("ingest", str(package))
    assert_whole(place, package, undisturbed)


def test_opensearch_read_only_during_the_indexing(
    pair: Pair, place: Installation, package: Path, undisturbed: Any
) -> None:
    def block(value: bool | None) -> None:
        pair.ask(f"/{prefix(place)}-*/_settings", "PUT", **{"index.blocks.read_only_allow_delete": value})

    ingest = place.start("ingest", str(package), "--json")
    wait_for(lambda: len(pair.indices(prefix(place))) == 2, place)
    block(True)
    assert "chỉ cho đọc" in ended(ingest, place)
    worker = place.start("worker")
    wait_for(lambda: "chỉ cho đọc" in place.log(), place)
    assert not followed(place)
    assert "quá tải" not in place.log(), "no pause helps a full disk"
    block(None)
    wait_for(lambda: followed(place), place)
    assert worker.poll() is None
    kill(worker)
    assert_whole(place, package, undisturbed)


@pytest.fixture(scope="module")
def portal(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a small package, and its portal."""
    pair.start()
    package = tmp_path_factory.mktemp("nho") / "goi"
    write_transfer(package, fonds=1, files=8, documents=200, pages=0, seed=8, text_only=True)
    for place in installed(pair, tmp_path_factory.mktemp("cong") / "kho"):
        place.run("ingest", str(package))
        place.start("serve", "--port", str(place.port))
        place.ask("/healthz")
        yield place


def get(place: Installation, path: str) -> tuple[int, str, str, float]:
    """Status, type and text of an answer, and after how many seconds it came."""
    began = time.monotonic()
    try:
        answer = urllib.request.urlopen(f"http://127.0.0.1:{place.port}{quote(path, safe='/?=&')}", timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read().decode()
        return answer.status, answer.headers.get_content_type(), text, time.monotonic() - began


def halt(service: Service) -> None:
    service.signal_all(signal.SIGSTOP)


def go_on(pair: Pair) -> None:
    pair.opensearch.signal_all(signal.SIGCONT)
    pair.start()


@pytest.mark.parametrize("trouble", [halt, Service.kill], ids=["halted", "killed"])
def test_without_opensearch_readers_browse_and_are_told(
    trouble: Callable[[Service], None], pair: Pair, portal: Installation
) -> None:
    fonds, document = (
        portal.ask(f"/api/v1/search?level={level}&size=1")["hits"][0]["id"] for level in ("fonds", "document")
    )
    paths = ["/", "/phong", f"/phong/{fonds}", f"/van-ban/{document}"]
    searched = ("/tim-kiem?q=quyết định", "/api/v1/search?q=quyết định")
    assert [get(portal, path)[0] for path in (*paths, *searched)] == [200] * 6
    before = json.loads(get(portal, searched[1])[2])["total"]
    assert before > 0
    trouble(pair.opensearch)
    try:
        for path in paths:
            status, _, _, seconds = get(portal, path)
            assert (status, seconds < PATIENCE) == (200, True), (path, status, seconds)
        for path, kind in zip(searched, ("text/html", "application/problem+json"), strict=True):
            status, found, text, seconds = get(portal, path)
            assert (status, found) == (503, kind)
            assert CALM in text
            assert seconds < PATIENCE
        assert get(portal, "/readyz")[0] == 503
        assert get(portal, "/healthz")[0] == 200
    finally:
        go_on(pair)
    # each server process rests for itself, so one answer says nothing of the other
    wait_for(lambda: all(get(portal, path)[0] == 200 for path in searched * 8), portal)
    assert json.loads(get(portal, searched[1])[2])["total"] == before
    assert get(portal, searched[0])[0] == 200
    assert "Traceback" not in portal.log()
