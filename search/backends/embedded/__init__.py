"""The default backend, which needs no server: tantivy and our own vector files in a folder."""

from search.backends.embedded.backend import EmbeddedBackend
from search.backends.embedded.indexes import EmbeddedIndexes
from search.backends.embedded.vectors import VectorSettings

__all__ = ["EmbeddedBackend", "EmbeddedIndexes", "VectorSettings"]
