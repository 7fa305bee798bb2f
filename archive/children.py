"""What a child that reads foreign bytes is told of the machine: where programs lie, and nothing of the house."""

import os

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
