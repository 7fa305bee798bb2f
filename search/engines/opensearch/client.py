"""Speaking to OpenSearch: two clients with two budgets, its failures in our words, a rest after several of them."""

import base64
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    ConnectionTimeout,
    OpenSearchException,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnectionError

from archive.extras import UnusableSettingError
from search.engines.protocol import EngineError, NoIndexError

READ_SECONDS = 5.0  # a reader waits no longer; the engine stops working on the question then, too
WRITE_SECONDS = 60.0
CONNECTIONS = 10
FAILURES = 3  # so many in a row, and questions are refused at once
REST_SECONDS = 5.0  # for so long; then one may try


@dataclass(frozen=True, slots=True)
class Address:
    """Where OpenSearch is and who we are to it; ``ca`` is a file of certificate authorities (None: the system's)."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None


def connect(address: Address, seconds: float) -> OpenSearch:
    """A client that verifies certificates and host names and gives up after ``seconds``; it repeats nothing.

    UnusableSettingError if the file of authorities cannot be used.
    """
    secure: dict[str, Any] = {}
    if address.url.startswith("https://"):
        secure = {"use_ssl": True, "ssl_context": _trusting(address.ca)}
    if address.user:  # in UTF-8 (RFC 7617); the client's own way knows Latin-1 only
        told = base64.b64encode(f"{address.user}:{address.password}".encode()).decode()
        secure["headers"] = {"authorization": f"Basic {told}"}
    return OpenSearch(
        hosts=[address.url],
        timeout=seconds,
        max_retries=0,
        retry_on_timeout=False,
        pool_maxsize=CONNECTIONS,
        http_compress=False,
        **secure,
    )


def _trusting(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:  # ssl.SSLError is one
        raise UnusableSettingError(
            f"VANKHO_OPENSEARCH_CA: không đọc được chứng thư từ tệp (no certificates in) {ca}"
        ) from error


@contextmanager
def explained() -> Iterator[None]:
    """What goes wrong inside becomes an EngineError (NoIndexError) with a Vietnamese text and no secrets."""
    try:
        yield
    except OpenSearchException as error:
        raise explain(error) from error


def explain(error: OpenSearchException) -> EngineError:
    """The error in our words."""
    if isinstance(error, SSLError):
        if "CERTIFICATE_VERIFY_FAILED" not in str(error.error):
            return EngineError("không nối TLS được với OpenSearch (no TLS); kiểm tra VANKHO_OPENSEARCH_URL")
        return EngineError("chứng thư của OpenSearch không tin được; kiểm tra VANKHO_OPENSEARCH_CA (certificate)")
    if isinstance(error, ConnectionTimeout):
        return EngineError("OpenSearch trả lời quá lâu (timed out)")
    if isinstance(error, NoConnectionError):
        return EngineError("không nối được với OpenSearch (no connection); kiểm tra VANKHO_OPENSEARCH_URL")
    if isinstance(error, AuthenticationException):
        return EngineError("OpenSearch không nhận tên hoặc mật khẩu (refused our password)")
    if isinstance(error, TransportError):
        kind = str(error.error)
        if error.status_code == 404 and "index_not_found" in kind:
            return NoIndexError("OpenSearch không có chỉ mục này (no such index)")
        if "cluster_block" in kind:
            return EngineError("OpenSearch đang chỉ cho đọc, thường vì đĩa gần đầy (read-only)")
        if error.status_code == 403:
            return EngineError("tài khoản của ta ở OpenSearch thiếu quyền (not permitted)")
        if error.status_code == 429:
            return EngineError("OpenSearch đang quá tải (too busy)")
        return EngineError(f"OpenSearch báo lỗi {error.status_code} ({kind[:200]})")
    return EngineError(f"OpenSearch trả lời không hiểu được ({type(error).__name__})")


class Breaker:
    """Refuses questions at once while the engine does not answer, so that its silence does not hold every thread.

    After FAILURES in a row it rests for REST_SECONDS; then one question may try, and the others wait for its outcome.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Raises EngineError at once while resting; counts what goes wrong inside."""
        with self._lock:
            if self._failed >= FAILURES:
                if time.monotonic() < self._until:
                    raise EngineError("OpenSearch vừa không trả lời, đang chờ nó hồi lại (resting)")
                self._until = time.monotonic() + REST_SECONDS
        try:
            yield
        except (OpenSearchException, EngineError) as error:
            # what asks by names of indices has put its failure into our words already
            if isinstance(error, NoConnectionError) or isinstance(error.__cause__, NoConnectionError):
                with self._lock:
                    self._failed += 1
                    self._until = time.monotonic() + REST_SECONDS
            raise
        self._failed = 0
