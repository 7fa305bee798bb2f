"""The engine in this process: tantivy, in folders below the home."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
