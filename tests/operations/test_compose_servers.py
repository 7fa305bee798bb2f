"""What docker-compose.yml gives to PostgreSQL and Redis, tried on the programs of this machine: TLS, passwords, roles.

The paths inside the containers are replaced by those of a folder here; everything else is what is shipped.
"""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from services import processes
from services.places import Place
from services.postgres import BINARIES
from services.processes import as_user
from tests.operations.test_compose import ROOT, SERVICES, environment

COMPOSE = ROOT / "config" / "compose"
PASSWORD = "c0ffee" * 8
PATIENCE = 30.0


@pytest.fixture
def shipped(small: Place) -> Path:
    """A folder of the service's user with certificates and configuration, and the server's data."""
    small.prepare()
    folder = small.folder("compose", "data")
    subprocess.run(["sh", COMPOSE / "certificates.sh", folder / "all"], check=True, capture_output=True)
    (folder / "all").chmod(0o755)
    return folder


def give(place: Place, folder: Path, *servers: str) -> None:
    """Hands certificates and configuration of these servers to the service's user, paths replaced."""
    for server in servers:
        shutil.copytree(folder / "all" / server, folder / "certificates")
        shutil.copytree(COMPOSE / server, folder / "config")
    for path in (folder / "config").iterdir():
        text = path.read_text("utf-8")
        for inside in ("certificates", "config", "data"):
            text = text.replace(f"'/{inside}/", f"'{folder}/{inside}/").replace(f" /{inside}", f" {folder}/{inside}")
        path.write_text(text, "utf-8")
    for path in [folder, *(folder / "certificates").rglob("*"), *(folder / "config").rglob("*")]:
        os.chown(path, place.account.uid, place.account.gid)
    for path in (folder / "certificates", folder / "config"):
        os.chown(path, place.account.uid, place.account.gid)
        path.chmod(0o755)


def run(place: Place, folder: Path, *words: str, **names: str) -> str:
    """Runs a program as the service's user; what it said."""
    done = subprocess.run(
        list(words),
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": f"{BINARIES}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", **names},
        check=False,
        **as_user(place.account),  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def wait(ask: Callable[[], object], log: Path) -> None:
    """Asks until the server answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            ask()
            return
        except (psycopg.OperationalError, redis.ConnectionError, OSError, AssertionError):
            if time.monotonic() > until:
                pytest.fail(log.read_text("utf-8"))
            time.sleep(0.1)


def test_postgres_lets_in_the_program_by_tls_and_password_only(small: Place, shipped: Path) -> None:
    give(small, shipped, "postgres")
    data, log, port = shipped / "pg", shipped / "postgres.log", small.port("postgres")
    (shipped / "secret").write_text(PASSWORD[::-1], "ascii")
    os.chown(shipped / "secret", small.account.uid, small.account.gid)
    wanted = shlex.split(environment("postgres")["POSTGRES_INITDB_ARGS"])
    run(small, shipped, "initdb", "-D", str(data), "-U", "postgres", f"--pwfile={shipped}/secret", *wanted)
    here = [f"config_file={shipped}/config/postgresql.conf", f"port={port}"]
    here += [f"unix_socket_directories={shipped}", "listen_addresses=127.0.0.1"]
    server = processes.launch(
        ["postgres", "-D", str(data), *(word for told in here for word in ("-c", told))],
        account=small.account,
        folder=shipped,
        log=log,
        environment={"PATH": f"{BINARIES}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    secrets = {"PGPASSWORD": PASSWORD[::-1], "VANKHO_POSTGRES_PASSWORD": PASSWORD}
    administrator = ["psql", "-h", str(shipped), "-p", str(port), "-U", "postgres", "--no-psqlrc"]
    address = f"postgresql://vankho:{PASSWORD}@localhost:{port}/vankho?hostaddr=127.0.0.1&sslmode="
    trusting = f"verify-full&sslrootcert={shipped}/all/public/ca.pem"
    try:
        wait(lambda: run(small, shipped, *administrator, "-c", "SELECT 1", **secrets), log)
        run(small, shipped, *administrator, "--file", str(shipped / "config" / "10-vankho.sql"), **secrets)
        with psycopg.connect(address + trusting) as line:
            assert line.execute(
                "SELECT ssl, version, rolsuper, rolcreaterole, current_setting('fsync')"
                ", current_setting('data_checksums') FROM pg_stat_ssl JOIN pg_roles"
                " ON rolname = current_user WHERE pid = pg_backend_pid()"
            ).fetchone() == (True, "TLSv1.3", False, False, "on", "on")
            line.execute("CREATE TABLE own (n int)")
        refused = {
            "no pg_hba.conf entry": address + "disable",
            "password authentication failed": (address + trusting).replace(PASSWORD, "wrong"),
            "certificate": (address + trusting).replace("localhost", "elsewhere"),
            'database "postgres"': (address + trusting).replace("/vankho?", "/postgres?"),
            'user "postgres"': (address + trusting).replace(f"vankho:{PASSWORD}", f"postgres:{PASSWORD[::-1]}"),
        }
        for why, wrong in refused.items():
            with pytest.raises(psycopg.OperationalError) as caught:
                psycopg.connect(wrong)
            assert why in str(caught.value)
    finally:
        assert processes.end(server, signal.SIGINT)


def test_redis_wants_tls_and_the_password(small: Place, shipped: Path) -> None:
    give(small, shipped, "redis")
    (shipped / "data").mkdir()
    os.chown(shipped / "data", small.account.uid, small.account.gid)
    config, port, log = shipped / "config" / "redis.conf", small.port("redis"), shipped / "redis.log"
    config.write_text(
        config.read_text("utf-8").replace("tls-port 6379", f"tls-port {port}").replace("* -::*", "127.0.0.1")
    )
    server = processes.launch(
        ["sh", str(shipped / "config" / "start.sh"), str(config)],
        account=small.account,
        folder=shipped,
        log=log,
        environment={"VANKHO_REDIS_PASSWORD": PASSWORD},
    )
    address = f"rediss://:{PASSWORD}@localhost:{port}/0"
    trusting = {"ssl_ca_certs": str(shipped / "all" / "public" / "ca.pem"), "ssl_check_hostname": True}

    def ask(url: str, **how: object) -> None:
        with redis.Redis.from_url(url, **how) as client:  # type: ignore[arg-type]
            assert client.set("a", "1")

    try:
        wait(lambda: ask(address, **trusting), log)
        with pytest.raises(redis.AuthenticationError):
            ask(address.replace(f":{PASSWORD}@", ""), **trusting)
        with pytest.raises(redis.AuthenticationError):
            ask(address.replace(PASSWORD, "wrong"), **trusting)
        with pytest.raises(redis.ConnectionError):
            ask(address)  # the authority is not the system's
        with pytest.raises(redis.ConnectionError):
            ask(address.replace("rediss:", "redis:"))
        with redis.Redis.from_url(address, **trusting) as client, pytest.raises(redis.ResponseError):
            client.config_get("requirepass")
        command = Path(f"/proc/{server.pid}/cmdline").read_bytes()
        assert b"redis-server" in command
        assert PASSWORD.encode() not in command
        health = SERVICES["redis"]["healthcheck"]["test"][1].replace("$$", "$")
        asked = health.replace("/certificates", f"{shipped}/certificates").replace(
            "-h localhost", f"-h localhost -p {port}"
        )
        run(small, shipped, "sh", "-c", asked, VANKHO_REDIS_PASSWORD=PASSWORD)
    finally:
        assert processes.end(server, signal.SIGTERM)
    assert (shipped / "data" / "appendonlydir").is_dir()
