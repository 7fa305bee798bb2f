"""Celery on a real Redis that is killed, emptied and fed with rubbish; workers killed: nothing lost, nothing twice."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from archive.catalogue.records import Record
from archive.database import reading
from archive.outbox import end_of_log, positions
from indexer.drainer import INDICES, draining
from indexer.intake.taking import take_package
from tests.faults.installation import DOCUMENTS, Installation, kill, kill_alone, relatives
from tests.redis_server import RedisServer, redis_or_skip
from vankho.synth import write_transfer

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goi") / "goi"
    write_transfer(folder, fonds=2, files=40, documents=DOCUMENTS, pages=0, seed=7, text_only=True)
    return folder


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    redis_or_skip()
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def place(home: Path, redis: RedisServer) -> Iterator[Installation]:
    installation = Installation(home, redis_url=redis.url, database_url=os.environ.get("VANKHO_DATABASE_URL", ""))
    yield installation
    installation.close()


@pytest.fixture
def client(redis: RedisServer) -> Iterator[Any]:
    from redis import Redis

    with Redis.from_url(redis.url) as opened:
        yield opened


def wait_for(what: Callable[[], bool], place: Installation) -> None:
    until = time.monotonic() + 120
    while not what():
        assert time.monotonic() < until, place.log()
        time.sleep(0.1)


def followed() -> bool:
    """Whether both indices are at the end of the outbox."""
    with reading() as session:
        end = end_of_log(session)
        return end > 0 and min([positions(session).get(index, 0) for index in INDICES]) == end


def busy() -> bool:
    with draining() as mine:
        return not mine


def assert_whole(place: Installation, package: Path) -> None:
    checked = place.run("check")
    assert checked["ok"], checked
    with reading() as session:
        documents = session.scalar(select(func.count()).select_from(Record).where(Record.level == "document"))
    rows = (package / "van-ban.csv").read_text("utf-8-sig").count("\n") - 1
    assert documents
    assert 0.9 * rows < documents <= rows
    assert place.run("ingest", str(package))["accepted"] == 0


def alive(pids: set[int]) -> set[int]:
    found = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.add(pid)
    return found


@pytest.mark.both_databases
def test_an_emptied_redis_is_no_loss(place: Installation, package: Path, client: Any) -> None:
    place.start("scheduler")
    take_package(package)
    wait_for(lambda: bool(client.llen("vankho:drain")), place)
    client.flushall()
    place.start("worker")
    wait_for(followed, place)  # by the scheduler's next look
    assert_whole(place, package)


@pytest.mark.parametrize("lots", [1, 3])
def test_redis_killed_during_an_ingest(place: Installation, redis: RedisServer, package: Path, lots: int) -> None:
    place.start("worker")
    place.start("scheduler")
    ingest = place.start("ingest", str(package), "--json")
    for _ in range(lots):
        time.sleep(0.7)
        redis.kill()
        time.sleep(0.3)
        redis.start()
    ingest.communicate(timeout=240)
    assert ingest.returncode in (0, 1), place.log()
    wait_for(followed, place)
    assert_whole(place, package)


@pytest.mark.both_databases
@pytest.mark.parametrize("whom", ["child", "all"])
def test_a_worker_killed_in_the_middle_is_replaced(place: Installation, package: Path, whom: str) -> None:
    take_package(package)
    first = place.start("worker")
    place.start("scheduler")
    wait_for(busy, place)
    place.lose_worker(first, whom)
    assert not followed(), "killed too late: nothing was left to do"
    wait_for(followed, place)
    assert_whole(place, package)


def test_foreign_and_doubled_messages_do_no_harm(place: Installation, package: Path, redis: RedisServer) -> None:
    from kombu import Connection

    evil = place.home.parent / "evil"
    take_package(package)
    with Connection(redis.url, transport_options={"global_keyprefix": "vankho:"}) as connection:
        producer = connection.Producer()
        task = {"task": "vankho.drain", "id": "1", "argsrepr": "()", "kwargsrepr": "{}", "lang": "py"}
        harm = b"cposix\nsystem\n(S'touch %s'\ntR." % str(evil).encode()
        for kind in ("application/x-python-serialize", "application/x-yaml"):
            producer.publish(harm, content_type=kind, content_encoding="binary", routing_key="drain", headers=task)
        for name in ("os.system", "celery.chord_unlock"):
            producer.publish(([], {}, {}), serializer="json", routing_key="drain", headers={**task, "task": name})
        for arguments in ([1], [], [], []):
            producer.publish((arguments, {}, {}), serializer="json", routing_key="drain", headers=task)
    worker = place.start("worker")
    wait_for(followed, place)
    assert not evil.exists()
    assert worker.poll() is None
    assert_whole(place, package)


def test_serve_is_all_it_takes_and_ends_with_all_it_started(place: Installation, package: Path) -> None:
    server = place.start("serve", "--port", str(place.port))
    place.ask("/healthz")
    take_package(package)
    wait_for(followed, place)
    wait_for(lambda: all(place.start(*words).wait(60) == 0 for words in health()), place)
    started = relatives(server.pid)
    commands = " ".join((Path("/proc") / str(pid) / "cmdline").read_text() for pid in started)
    assert "\0worker\0" in commands
    assert "\0scheduler\0" in commands
    kill_alone(server)
    wait_for(lambda: not alive(started), place)
    assert [place.start(*words).wait(60) for words in [*health()]] == [0, 0], "a sign counts for a minute"


def health() -> list[tuple[str, ...]]:
    return [("health", "worker"), ("health", "scheduler")]


def test_a_portal_alone_starts_no_worker_and_workers_end_warm(place: Installation, package: Path) -> None:
    server = place.start("serve", "--no-worker", "--port", str(place.port))
    place.ask("/healthz")
    commands = " ".join((Path("/proc") / str(pid) / "cmdline").read_text() for pid in relatives(server.pid))
    assert "\0worker\0" not in commands
    assert place.start("health", "worker").wait(60) == 2
    kill(server)
    worker, scheduler = place.start("worker", "--json"), place.start("scheduler", "--json")
    take_package(package)
    wait_for(followed, place)
    second = place.start("scheduler", "--json")
    assert b"scheduler" in second.communicate(timeout=60)[0]
    assert second.returncode == 2
    for process in (worker, scheduler):
        process.terminate()
    out, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0, place.log()
    assert b'"written": ' in out
    assert b'"written": 0' not in out
    assert scheduler.wait(60) == 0
    assert place.start("health", "worker").wait(60) == 2, "who ends as told leaves no sign"
