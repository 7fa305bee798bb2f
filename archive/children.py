"""What a child that reads foreign bytes is told of the machine: where programs lie, and nothing of the house."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def spending(seconds: int) -> Iterator[None]:
    """Ends this process (SIGXCPU) where the block takes more than so many whole seconds of the processor; 0: never."""
    before, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if seconds:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))
    try:
        yield
    finally:
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (before, hard))
