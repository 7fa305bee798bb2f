"""Where the services keep what they need, and as whom they run."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from services.trouble import ServiceError
from services.versions import PORTS, TRANSPORT_PORT

ACCOUNT = "vankho-services"


@dataclass(frozen=True)
class Account:
    """The user that the services run as: a system user of its own where we are root, else ourselves."""

    name: str
    uid: int
    gid: int

    @property
    def other(self) -> bool:
        """Whether it is not us."""
        return self.uid != os.geteuid()


def find_account() -> Account:
    """The account to run as; made where we are root and it is not there (OpenSearch and PostgreSQL refuse root)."""
    if os.geteuid():
        me = pwd.getpwuid(os.geteuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid)
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        words = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        done = subprocess.run(
            ["useradd", *words, "--shell", "/usr/sbin/nologin", ACCOUNT], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ServiceError(f"Không tạo được tài khoản {ACCOUNT} (useradd failed): {done.stderr.strip()}") from None
        found = pwd.getpwnam(ACCOUNT)
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


@dataclass(frozen=True)
class Place:
    """One installation of the four services: its folders and ports; another offset is another installation."""

    home: Path
    offset: int

    @cached_property
    def account(self) -> Account:
        """As whom the services run."""
        return find_account()

    @property
    def software(self) -> Path:
        """What was fetched, shared by every offset; only we write there."""
        return self.home / "software"

    @property
    def own(self) -> Path:
        """The folder of this offset."""
        return self.home / f"offset-{self.offset}"

    @property
    def pids(self) -> Path:
        """Which processes are ours; the service's user cannot write there, so it cannot name another one."""
        return self.own / "pids"

    @property
    def logs(self) -> Path:
        """One log a service, written by us from its standard output."""
        return self.own / "logs"

    def port(self, name: str) -> int:
        """Where a service listens, on the loopback."""
        return PORTS[name] + self.offset

    @property
    def transport_port(self) -> int:
        """OpenSearch's second port, for nodes among themselves."""
        return TRANSPORT_PORT + self.offset

    def folder(self, name: str, part: str) -> Path:
        """A folder that the service's user alone reads and writes: ``data``, ``config`` or ``tmp``."""
        path = self.own / part / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account.other:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def prepare(self) -> None:
        """Makes the folders.  ServiceError if another user could put things there."""
        for path in (self.home, self.software, self.own, self.pids, self.logs, self.own / "data"):
            path.mkdir(mode=0o755, parents=True, exist_ok=True)
        for part in ("config", "tmp"):
            (self.own / part).mkdir(mode=0o755, exist_ok=True)
        found = self.home.lstat()
        if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise ServiceError(
                f"{self.home}: thư mục phải là của chính người chạy và không ai khác ghi được (must be ours alone); "
                "đặt VANKHO_SERVICES_HOME sang thư mục khác."
            )

    def free(self) -> int:
        """Bytes that are free there."""
        return shutil.disk_usage(self.home).free


def find_place() -> Place:
    """The place that the environment names: ``VANKHO_SERVICES_HOME``, ``VANKHO_SERVICES_PORT_OFFSET``.

    By default ``/var/lib/vankho-services`` for root (a clone may lie where another user cannot reach it), else
    ``vankho-services`` in the user's cache folder.
    """
    told = os.environ.get("VANKHO_SERVICES_HOME")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    default = Path("/var/lib") if os.geteuid() == 0 else cache
    written = os.environ.get("VANKHO_SERVICES_PORT_OFFSET") or "0"
    if not written.isascii() or not written.isdigit() or int(written) > 40000:
        raise ServiceError(f"VANKHO_SERVICES_PORT_OFFSET={written}: cần một số từ 0 đến 40000 (a number is needed)")
    home = Path(told) if told else default / "vankho-services"
    return Place(home.resolve(), int(written))  # as /proc names it
