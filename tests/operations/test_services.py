"""``make services``: the running ones, and a place of its own with Redis and PostgreSQL, started, killed, stopped."""

import http.client
import json
import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from services import fleet, processes
from services.__main__ import main
from services.places import Place, find_place
from services.service import Service
from services.trouble import ServiceError
from services.versions import VERSIONS
from tests.services import ADDRESSES, OFFSET, service_url

SMALL = ("postgres", "redis")


def one(place: Place, name: str) -> Service:
    """One service of the place."""
    return fleet.choose(place, [name])[0]


def test_the_addresses_of_tests_are_those_of_the_start_script(tmp_path: Path) -> None:
    assert {service.name: service.address for service in fleet.choose(Place(tmp_path, OFFSET))} == ADDRESSES


def test_all_four_answer_with_the_pinned_versions() -> None:
    for name in ADDRESSES:
        service_url(name)
    states = fleet.status(find_place())
    assert {state.name for state in states if state.answers and state.fits} == set(VERSIONS)


def test_starting_what_runs_starts_nothing() -> None:
    for name in ADDRESSES:
        service_url(name)
    here = find_place()
    before = {state.name: state.pid for state in fleet.status(here)}
    if not all(before.values()):
        told = "some of the running services were not started by `make services`"
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(told)
        pytest.skip(told)
    assert {state.name: state.pid for state in fleet.start(here)} == before


def test_tika_offers_what_we_use_and_no_more() -> None:
    parts = urlsplit(service_url("tika"))

    def ask(path: str, **headers: str) -> tuple[int, str]:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        line.request("PUT", path, "Quảng Ngãi, ngày 3 tháng 2".encode(), {"Content-Type": "text/plain", **headers})
        answer = line.getresponse()
        body = answer.read().decode()
        line.close()
        return answer.status, body

    if not find_place_is_ours("tika"):
        pytest.skip("the running Tika was not started by `make services`")
    assert "Quảng Ngãi" in ask("/tika", Accept="text/plain")[1]
    assert "Quảng Ngãi" in json.loads(ask("/rmeta/text")[1])[0]["X-TIKA:content"]
    closed = ("/unpack/all", "/status", "/async", "/pipes", "/detect/stream")
    assert [ask(path)[0] for path in closed] == [404] * len(closed)
    # no address and no file of the machine is fetched for anyone
    status, said = ask("/tika", fetcherName="fs", fetchKey="/etc/passwd", Accept="text/plain")
    assert "root:" not in said
    assert status != 200 or "Quảng Ngãi" in said


def find_place_is_ours(name: str) -> bool:
    """Whether the service at the usual place was started by ``make services``."""
    return one(find_place(), name).process() is not None


def test_start_status_again_stop(small: Place, capsys: pytest.CaptureFixture[str]) -> None:
    started = fleet.start(small, SMALL)
    assert [state.trouble for state in started] == ["", ""]
    assert all(state.answers and state.fits and state.ours for state in started)
    pids = {state.name: state.pid for state in started}
    assert {state.name: state.pid for state in fleet.start(small, SMALL)} == pids
    assert {state.name: state.pid for state in fleet.status(small, SMALL)} == pids
    os.environ["VANKHO_SERVICES_HOME"], os.environ["VANKHO_SERVICES_PORT_OFFSET"] = str(small.home), str(small.offset)
    try:
        assert main(["status", *SMALL, "--json"]) == 0
        assert main(["status", *SMALL]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert {row["name"]: row["pid"] for row in json.loads(lines[0])["services"]} == pids
        assert [line.split()[:2] for line in lines[2:]] == [[s.name, s.version] for s in started]
        assert main(["stop", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"done": list(SMALL)}
        assert main(["status", *SMALL]) == 1
        assert main(["stop"]) == 0
    finally:
        del os.environ["VANKHO_SERVICES_HOME"], os.environ["VANKHO_SERVICES_PORT_OFFSET"]
    assert not any(processes.find_process(pid) for pid in pids.values())


def test_what_was_committed_survives_a_kill(small: Place) -> None:
    assert [state.trouble for state in fleet.start(small, SMALL)] == ["", ""]
    postgres, queue = one(small, "postgres"), one(small, "redis")
    with psycopg.connect(postgres.address) as line:
        line.execute("CREATE TABLE kept (n int)")
        line.execute("INSERT INTO kept SELECT generate_series(1, 2000)")
        line.commit()
        line.execute("INSERT INTO kept VALUES (0)")  # never committed
        before = postgres.process()
        assert postgres.kill()
        assert queue.kill()
        assert not queue.kill()
        line.close()
    after = fleet.start(small, SMALL)
    assert [state.trouble for state in after] == ["", ""]
    assert before
    assert after[0].pid != before.pid
    with psycopg.connect(postgres.address) as line:
        assert line.execute("SELECT count(*), min(n) FROM kept").fetchone() == (2000, 1)


def test_the_role_of_tests_makes_databases_and_is_no_superuser(small: Place) -> None:
    fleet.start(small, ["postgres"])
    with psycopg.connect(one(small, "postgres").address, autocommit=True) as line:
        line.execute("CREATE DATABASE another")
        assert line.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        assert line.execute("SHOW fsync").fetchone() == ("on",)
        assert line.execute("SHOW data_checksums").fetchone() == ("on",)
        said = line.execute("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database").fetchall()
        assert set(said) == {("C.UTF-8", "UTF8")}
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(one(small, "postgres").address.replace("vankho@", "postgres@"))


def test_a_halted_service_does_not_answer_until_it_goes_on(small: Place) -> None:
    fleet.start(small, ["redis"])
    queue = one(small, "redis")
    client = redis.Redis.from_url(queue.address, socket_timeout=0.5, retry=None)
    assert client.set("a", "1")
    assert queue.signal_all(signal.SIGSTOP)
    with pytest.raises(redis.TimeoutError):
        client.get("a")
    assert not queue.state().answers
    assert queue.signal_all(signal.SIGCONT)
    assert queue.state().answers
    assert client.get("a") == b"1"
    client.close()


def test_a_halted_service_is_stopped_too(small: Place) -> None:
    fleet.start(small, ["redis"])
    queue = one(small, "redis")
    queue.signal_all(signal.SIGSTOP)
    assert queue.stop()
    assert not queue.stop()


def test_a_service_that_ends_by_itself_shows_the_end_of_its_log(small: Place) -> None:
    small.prepare()
    data = small.folder("redis", "data") / "appendonlydir"
    data.mkdir()
    (data / "appendonly.aof.manifest").write_text("damaged\n", "ascii")
    for path in (data, data / "appendonly.aof.manifest"):
        os.chown(path, small.account.uid, small.account.gid)
    (state,) = fleet.start(small, ["redis"])
    assert not state.answers
    assert "đã tự dừng" in state.trouble
    assert "manifest" in state.trouble


def test_a_port_in_use_is_refused_before_anything_starts(small: Place) -> None:
    with socket.create_server(("127.0.0.1", small.port("redis"))):
        (state,) = fleet.start(small, ["redis"])
    assert f"cổng {small.port('redis')} đang có chương trình khác dùng" in state.trouble
    assert not one(small, "redis").log.exists()


def test_unknown_names_are_said(place: Place) -> None:
    with pytest.raises(ServiceError, match="Không có dịch vụ mysql"):
        fleet.start(place, ["mysql"])
