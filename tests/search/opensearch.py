"""An OpenSearch engine for tests: indices under a prefix of their own, removed afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from search.engines.opensearch import OpenSearchEngine
from search.engines.opensearch.client import WRITE_SECONDS, Address, connect
from tests.services import service_url


@contextmanager
def opensearch_engine(prefix: str) -> Iterator[OpenSearchEngine]:
    """The engine; skips or fails the test where no OpenSearch answers."""
    address = Address(service_url("opensearch"))
    engine = OpenSearchEngine(address, prefix)
    try:
        yield engine
    finally:
        connect(address, WRITE_SECONDS).indices.delete(index=f"{prefix}-*", ignore_unavailable=True)
