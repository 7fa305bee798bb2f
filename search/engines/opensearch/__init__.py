"""The engine beside this process: OpenSearch >= 3.3, through opensearch-py."""

from search.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
