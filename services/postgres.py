"""PostgreSQL from Debian, with a cluster of our own: durable as in earnest, since the fault tests kill it."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from services.processes import PATIENCE, as_user, wait_deserted
from services.service import Service
from services.software import find_program
from services.trouble import ServiceError
from services.versions import VERSIONS

ROLE = DATABASE = "vankho"
BINARIES = f"/usr/lib/postgresql/{VERSIONS['postgres']}/bin"
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": f"{BINARIES}:/usr/bin:/bin"}


class Postgres(Service):
    """Loopback only; the role ``vankho`` needs no password and may create databases, nobody else gets in by TCP."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions instead of waiting for them

    @property
    def address(self) -> str:
        """What goes into VANKHO_DATABASE_URL."""
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{DATABASE}"

    def program(self, name: str) -> str:
        """A program of the pinned main version."""
        package = f"postgresql-{VERSIONS[self.name]}"
        found = find_program(name, package, (BINARIES,))
        if found.parent != Path(BINARIES):
            raise ServiceError(f"Thiếu {package} ({package} is not installed): apt-get install {package}")
        return str(found)

    def prepare(self) -> tuple[list[str], dict[str, str]]:
        """Makes the cluster at the first call, with role and database, whole or not at all."""
        data = self.place.folder(self.name, "data") / VERSIONS[self.name]
        if not data.exists():
            self.create(data)
        # Its number may by now be a zombie's, or after a restart another program's, and PostgreSQL would not start;
        # but while an orphaned backend is at work in the folder, the note must stay.
        if wait_deserted(data, PATIENCE):
            (data / "postmaster.pid").unlink(missing_ok=True)
        hba = self.write_config("pg_hba.conf", _HBA)
        told = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "hba_file": str(hba),
            "max_connections": "100",
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %q%u@%d ",
        }
        words = [self.program("postgres"), "-D", str(data)]
        return words + [word for name, value in told.items() for word in ("-c", f"{name}={value}")], _ENVIRONMENT

    def create(self, data: Path) -> None:
        """initdb beside the place, then role and database in single-user mode, then the name it shall have."""
        beside = data.with_suffix(".new")
        shutil.rmtree(beside, ignore_errors=True)
        initdb = [self.program("initdb"), "-D", str(beside), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        self.run([*initdb, "--data-checksums", "--auth=reject"])
        statements = f"CREATE ROLE {ROLE} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        self.run([self.program("postgres"), "--single", "-D", str(beside), "postgres"], statements)
        beside.rename(data)

    def run(self, words: list[str], told: str = "") -> None:
        """Runs a program of PostgreSQL as the account.  ServiceError with what it said if it fails."""
        done = subprocess.run(
            words,
            input=told,
            capture_output=True,
            text=True,
            cwd=self.place.folder(self.name, "tmp"),
            env=_ENVIRONMENT,
            timeout=120,
            check=False,
            **as_user(self.place.account),  # type: ignore[call-overload]
        )
        said = done.stdout + done.stderr
        if done.returncode or "ERROR:" in said or "FATAL:" in said:  # single-user mode fails with exit code 0
            raise ServiceError(f"{Path(words[0]).name}: không chạy được (failed):\n{said.strip()[-1500:]}")

    def ask(self) -> str:
        """``server_version`` through psql, as the role that the program uses."""
        psql = [self.program("psql"), "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE, "-d", DATABASE]
        try:
            done = subprocess.run(
                [*psql, "-c", "SELECT current_setting('server_version') WHERE (SELECT 1) = 1"],
                capture_output=True,
                text=True,
                env={**_ENVIRONMENT, "PGCONNECT_TIMEOUT": "3", "HOME": os.environ.get("HOME", "/")},
                timeout=5,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise OSError("psql: hết giờ (timed out)") from error
        if done.returncode:
            raise OSError(done.stderr.strip())
        return done.stdout.split()[0]  # without Debian's own number in brackets


_HBA = f"""\
# Loopback only (the server listens nowhere else); one role, which is no superuser.
host all {ROLE} 127.0.0.1/32 trust
"""
