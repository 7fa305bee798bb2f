"""Children that read foreign bytes: what they are told of the machine (where programs lie, and nothing of the house),
how one talks with them (messages of 8 bytes of length and so many bytes), and how long they may work."""

import os
import resource
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

PLAIN = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "TESSDATA_PREFIX",
    "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip

PROXIES = tuple(
    name for one in ("http_proxy", "https_proxy", "all_proxy", "no_proxy") for name in (one, one.upper())
)  # for a child that asks outside


def bare_environment(*further: str, **fixed: str) -> dict[str, str]:
    """The environment for such a child: ``PLAIN`` and the ``further`` variables as they are here, and ``fixed`` ones.

    No setting (database, mail, secrets) is among them: a reader that a file takes over finds none.
    """
    return {name: os.environ[name] for name in (*PLAIN, *further) if name in os.environ} | fixed


CHUNK = 1 << 20
LONGEST = 512 << 20  # bytes of one message: what a child announces beyond that is nonsense


class GoneError(Exception):
    """A child died."""


class LateError(GoneError):
    """A child said nothing in time, and may still be there."""


def put(pipe: IO[bytes], data: bytes) -> None:
    """Sends a message, whole; the pipe has no buffer.  BrokenPipeError where nobody reads any more."""
    view = memoryview(len(data).to_bytes(8, "big") + data)
    while view:
        view = view[pipe.write(view[:CHUNK]) or 0 :]


def take(where: int, patience: Callable[[], float]) -> bytes:
    """The next message of a child from its pipe; GoneError or LateError where it does not come or is too long.
    ``patience`` says how many seconds its next bytes may take."""
    if (count := int.from_bytes(_exactly(where, 8, patience), "big")) > LONGEST:
        raise GoneError
    return _exactly(where, count, patience)


def _exactly(where: int, count: int, patience: Callable[[], float]) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        if not select.select([where], [], [], max(0.0, patience()))[0]:
            raise LateError
        part = os.read(where, min(count - len(parts), CHUNK))
        if not part:
            raise GoneError
        parts += part
    return bytes(parts)


def hear(stream: IO[bytes]) -> bytes:
    """The child's side: the next message, b"" where there comes none any more."""
    head = stream.read(8)
    return stream.read(int.from_bytes(head, "big")) if len(head) == 8 else b""


def bound(seconds: int) -> None:
    """From now on this process has so many whole seconds of the processor, then it ends (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


@contextmanager
def spending(seconds: int) -> Iterator[None]:
    """Ends this process (SIGXCPU) where the block takes more than so many whole seconds of the processor; 0: never."""
    before = resource.getrlimit(resource.RLIMIT_CPU)
    if seconds:
        bound(seconds)
    try:
        yield
    finally:
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, before)
