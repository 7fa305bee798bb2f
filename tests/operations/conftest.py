"""A place of its own for services that a test starts, kills and stops."""

import os
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import fleet
from services.places import Place
from services.postgres import BINARIES
from services.versions import PORTS

SMALL = ("postgres", "redis")


def free_offset() -> int:
    """An offset at which nobody listens on the ports of the small services."""
    for _ in range(100):
        offset = random.randrange(1000, 12000)
        with socket.socket() as first, socket.socket() as second:
            taken = [
                line.connect_ex(("127.0.0.1", PORTS[name] + offset)) == 0
                for line, name in zip((first, second), SMALL, strict=True)
            ]
        if not any(taken):
            return offset
    pytest.fail("no free ports")


@pytest.fixture
def place() -> Iterator[Place]:
    """A place of its own that the service's user reaches, empty; what still runs there is stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="vankho-services-", dir="/var/tmp"))
    home.chmod(0o755)
    found = Place(home.resolve(), free_offset())
    yield found
    fleet.stop(found)
    shutil.rmtree(home)


@pytest.fixture
def small(place: Place) -> Place:
    """The same where Redis and PostgreSQL are installed."""
    missing = [str(path) for path in (Path(BINARIES) / "postgres", Path("/usr/bin/redis-server")) if not path.exists()]
    if missing:
        told = f"not installed: {', '.join(missing)}"
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return place
