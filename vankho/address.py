"""The address of Redis, read strictly: what is not understood or not verified is refused."""

import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from archive.extras import UnusableSettingError

_FILES = {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}


class BrokerError(UnusableSettingError):
    """The address of Redis cannot be used; the text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where Redis is, without its query, and what TLS checks (None: no TLS)."""

    url: str
    tls: dict[str, Any] | None


def read_address(url: str) -> Address:
    """The address as Redis and Celery take it; with ``rediss://`` certificate and name are always verified.

    Celery itself would verify nothing where the address says nothing.  BrokerError for any other scheme, for a word
    in the query that is not known, and for a line that shall not be verified.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise BrokerError("VANKHO_REDIS_URL: phải có dạng redis://máy:cổng/số hoặc rediss://…")
    tls: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name == "ssl_cert_reqs" and value in {"required", "CERT_REQUIRED"}:
            continue
        if name == "ssl_cert_reqs":
            raise BrokerError("VANKHO_REDIS_URL: phải kiểm tra chứng thư (ssl_cert_reqs=required)")
        if name not in _FILES or parts.scheme != "rediss":
            raise BrokerError(f"VANKHO_REDIS_URL: không hiểu tham số “{name}”")
        tls[name] = value
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path or "/0", "", ""))
    if parts.scheme == "redis":
        return Address(bare, None)
    return Address(bare, {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True, **tls})
