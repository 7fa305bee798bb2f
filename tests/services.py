"""The real services of the full profile: where ``make services`` starts them, and what a test does without them.

A test asks for one by :func:`service_url`: it is skipped where that service does not answer, and fails instead where
``VANKHO_REQUIRE_SERVICES=1``.  ``VANKHO_TEST_<NAME>_URL`` names another address,
``VANKHO_SERVICES_PORT_OFFSET`` moves all of them.
"""

import os
import socket
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

import pytest

Service = Literal["opensearch", "postgres", "redis", "tika"]

#: Added to each port, as ``make services`` does.
OFFSET = int(os.environ.get("VANKHO_SERVICES_PORT_OFFSET") or "0")

#: Loopback addresses of ``make services``; a test holds them to its start script.
ADDRESSES: dict[Service, str] = {
    "opensearch": f"http://127.0.0.1:{19200 + OFFSET}",
    "postgres": f"postgresql://vankho@127.0.0.1:{15432 + OFFSET}/vankho",
    "redis": f"redis://127.0.0.1:{16379 + OFFSET}/0",
    "tika": f"http://127.0.0.1:{19998 + OFFSET}",
}


def address(name: Service) -> str:
    """Where the service is to be found."""
    return os.environ.get(f"VANKHO_TEST_{name.upper()}_URL", ADDRESSES[name])


@lru_cache(maxsize=8)
def listens(name: Service) -> bool:
    """Whether anybody listens at that address; asked once a run."""
    parts = urlsplit(address(name))
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=2):
            return True
    except OSError:
        return False


def service_url(name: Service) -> str:
    """The address of a running service; skips the test without it, or fails it where services are required."""
    if not listens(name):
        told = f"no {name} at {address(name)}: run `make services`"
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return address(name)
