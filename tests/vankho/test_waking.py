"""Wakes: one message however many commits, none without, and a commit that stands whatever Redis does."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import outbox
from archive.database import reading, writing
from archive.extras import MissingPackageError, need
from archive.outbox import announce
from tests.faults.installation import free_port
from tests.redis_server import RedisServer, redis_or_skip
from tests.transfers import counts, province, record, take
from vankho.address import BrokerError, read_address

ROOT = Path(__file__).resolve().parents[2]
FULL = ["celery", "kombu", "redis", "opensearchpy", "psycopg", "requests", "urllib3"]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    redis_or_skip()
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def woken(home: Path, redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A small province, and a client of the Redis that its commits wake workers through."""
    from archive.settings import settings
    from vankho.broker import open_redis
    from vankho.waking import waker
    from vankho.wiring import listen_for_changes

    take(province(tmp_path / "goi").write())
    monkeypatch.setenv("VANKHO_REDIS_URL", redis.url)
    settings.cache_clear()
    waker.cache_clear()
    listen_for_changes()
    client = open_redis(5)
    yield client
    outbox.listen(None)
    client.close()
    waker()._redis.close()
    waker()._app.close()
    waker.cache_clear()


def tell(code: str = "VB1") -> None:
    with writing() as session:
        announce(session, [record(code).id])


def test_many_commits_wake_once_and_say_nothing_of_what_changed(woken: Any) -> None:
    for code in ("VB1", "VB2", "VB3", "VB1", "HS1"):
        tell(code)
    waiting = woken.lrange("vankho:drain", 0, -1)
    assert len(waiting) == 1
    message = json.loads(waiting[0])
    assert message["content-type"] == "application/json"
    assert message["headers"]["task"] == "vankho.drain"
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("()", "{}")
    woken.delete("vankho:drain")
    tell()
    assert woken.llen("vankho:drain") == 1, "one that was taken does not count"


def test_a_commit_that_announces_nothing_and_a_rollback_wake_nobody(woken: Any) -> None:
    with writing() as session:
        announce(session, [])
    with reading() as session:
        announce(session, [record("VB1").id])
    assert woken.llen("vankho:drain") == 0


def test_an_emptied_redis_is_reached_again(woken: Any) -> None:
    tell()
    woken.flushall()
    tell()
    assert woken.llen("vankho:drain") == 1


@pytest.mark.parametrize("trouble", ["kill", "freeze"])
def test_a_commit_stands_whatever_redis_does(
    woken: Any, redis: RedisServer, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = counts()["outbox"]
    getattr(redis, trouble)()
    for _ in range(20):
        tell()
    assert counts()["outbox"] == before + 20
    told = [one for one in caplog.records if one.name == "vankho.waking"]
    assert len(told) == 1, "said once, tried once in a while"
    assert "Redis" in told[0].getMessage()


def test_wakes_come_again_after_redis_does(woken: Any, redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vankho.waking.REST", 0.0)
    redis.kill()
    tell()
    redis.start()
    tell()
    assert woken.llen("vankho:drain") == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1/0", "redis://"),
        ("redis+socket:///x", "redis://"),
        ("rediss://h:1/0?ssl_cert_reqs=none", "chứng thư"),
        ("rediss://h:1/0?ssl_cert_reqs=", "chứng thư"),
        ("rediss://h:1/0?ssl_check_hostname=false", "ssl_check_hostname"),
        ("redis://h:1/0?ssl_ca_certs=/a", "ssl_ca_certs"),
    ],
)
def test_an_address_that_cannot_be_trusted_is_refused(url: str, told: str) -> None:
    with pytest.raises(BrokerError, match=told):
        read_address(url)


def test_tls_always_verifies(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    from archive.settings import settings
    from vankho.broker import make_app

    monkeypatch.setenv("VANKHO_REDIS_URL", "rediss://:secret@h:6380/1?ssl_ca_certs=/ca.pem")
    settings.cache_clear()
    with make_app() as app, app.connection_for_write() as connection:
        assert connection.ssl["ssl_cert_reqs"] == ssl.CERT_REQUIRED
        assert connection.ssl["ssl_check_hostname"] is True
        assert connection.ssl["ssl_ca_certs"] == "/ca.pem"
        assert (connection.hostname, connection.virtual_host, connection.password) == ("h", "1", "secret")


def test_a_package_that_is_not_there_is_named_with_what_to_do() -> None:
    need("VANKHO_REDIS_URL", "json")
    with pytest.raises(MissingPackageError, match=r"VANKHO_X .*khong_co_goi.* make install-full"):
        need("VANKHO_X", "json", "khong_co_goi")


def test_the_embedded_profile_loads_nothing_of_the_full_one(bare_home: Path, tmp_path: Path) -> None:
    """Taking, draining and the whole portal, in a process of its own."""
    package = province(tmp_path / "goi").write()
    script = f"""
import sys
from pathlib import Path
import vankho.command, vankho.worker
from vankho.intake import take
from vankho.output import ProgressLine
from vankho.serving import make_application
take(Path({str(package)!r}), ProgressLine(quiet=True))
assert make_application().test_client().get("/").status_code == 200
print([one for one in {FULL!r} if one in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    paths = folder / "cert.pem", folder / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-days", "2", "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*words, "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


def test_a_line_that_cannot_be_verified_is_not_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kombu.exceptions import OperationalError

    from archive.settings import settings
    from vankho.broker import make_app
    from vankho.waking import Waker

    redis_or_skip()
    own, key = certificate(tmp_path)
    port = free_port()
    tls = ["--tls-port", str(port), "--tls-cert-file", str(own), "--tls-key-file", str(key)]
    server = RedisServer(tmp_path / "redis", *tls, "--tls-auth-clients", "no", "--requirepass", "secret")
    server.start()
    try:
        for host, ca, trusted in (
            ("127.0.0.1", f"?ssl_ca_certs={own}", True),
            ("127.0.0.1", "", False),
            ("localhost", f"?ssl_ca_certs={own}", False),
        ):
            monkeypatch.setenv("VANKHO_REDIS_URL", f"rediss://:secret@{host}:{port}/0{ca}")
            settings.cache_clear()
            waker = Waker()
            assert waker.wake() is trusted
            waker._redis.close()
            waker._app.close()
            with make_app() as app, app.connection_for_write() as line:
                if trusted:
                    line.ensure_connection(max_retries=1)
                else:
                    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
                        line.ensure_connection(max_retries=1, interval_start=0)
    finally:
        server.kill()
