"""A place for services of a test's own, beside that of ``make services``: whoever uses those is not disturbed."""

import random
import socket
from collections.abc import Sequence

import pytest

from services.places import Place, find_place
from services.versions import PORTS, TRANSPORT_PORT


def free_place(names: Sequence[str]) -> Place:
    """A place with the software that is there already, at ports where nobody listens."""
    for _ in range(100):
        offset = random.randrange(1000, 12000)
        ports = [*(PORTS[name] + offset for name in names), TRANSPORT_PORT + offset]
        if not any(listens(port) for port in ports):
            return Place(find_place().home, offset)
    pytest.fail("no free ports")


def listens(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
