"""The backends that the contract suite runs on. A new one is one more factory here."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from search.backends.base import Manifest, SearchBackend
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.embedded import EmbeddedBackend, VectorSettings

DIM = 16
MANIFEST = Manifest(schema=1, tokeniser="test", model="test", dim=DIM, taxonomies="test")


class BackendFactory(Protocol):
    """Makes indexes that the suite may write to, and removes them afterwards."""

    def open(self, name: str = "first", *, writable: bool = True) -> SearchBackend:
        """Open the index of that name, empty when the name is new; closed after the test."""

    def opening_code(self, name: str = "first") -> str:
        """Return Python code that sets `backend` to that index for reading, in any process."""

    def close(self) -> None:
        """Close and remove what a test left."""


class EmbeddedFactory:
    """Embedded indexes in a temporary folder."""

    def __init__(self, folder: Path, settings: VectorSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._opened: list[EmbeddedBackend] = []

    def open(self, name: str = "first", *, writable: bool = True) -> SearchBackend:
        """Open the index of that name, empty when the name is new."""
        backend = EmbeddedBackend.open(
            self._folder / name, MANIFEST, writable=writable, settings=self._settings
        )
        self._opened.append(backend)
        return backend

    def opening_code(self, name: str = "first") -> str:
        """Return Python code that sets `backend` to that index for reading."""
        return (
            "from pathlib import Path\n"
            "from search.backends.base import Manifest\n"
            "from search.backends.embedded import EmbeddedBackend\n"
            f"backend = EmbeddedBackend.open(Path({str(self._folder / name)!r}), "
            f"{MANIFEST!r}, writable=False)\n"
        )

    def close(self) -> None:
        """Close whatever a test left open."""
        for backend in self._opened:
            backend.close()


class ElasticFactory:
    """Indices on a real server, all names beginning with one of this test's own."""

    def __init__(self, url: str, shards: int, vectors: str) -> None:
        self._url = url
        self._shards = shards
        self._vectors = vectors
        self._prefix = f"t{uuid.uuid4().hex[:12]}"
        self._gateway = Gateway(Connection(url), read_timeout_s=20)
        self._names: set[str] = set()

    def open(self, name: str = "first", *, writable: bool = True) -> SearchBackend:
        """Open the index of that name, empty when the name is new."""
        indexes = self._indexes(name)
        current = indexes.current()
        if current is None:
            current = indexes.create(0)
            indexes.promote(current)
            self._names.add(current)
        return indexes.open(current, writable=writable)

    def opening_code(self, name: str = "first") -> str:
        """Return Python code that sets `backend` to that index for reading."""
        return (
            "from search.backends.base import Manifest\n"
            "from search.backends.elastic.connection import Connection\n"
            "from search.backends.elastic.gateway import Gateway\n"
            "from search.backends.elastic.lifecycle import ElasticIndexes\n"
            f"indexes = ElasticIndexes(Gateway(Connection({self._url!r})), {MANIFEST!r}, "
            f"prefix={self._prefix + name!r})\n"
            "backend = indexes.open(indexes.current(), writable=False)\n"
        )

    def close(self) -> None:
        """Remove the indices."""
        for name in self._names:
            self._gateway.write("remove", lambda es, name=name: es.indices.delete(index=name))
        self._gateway.close()

    def _indexes(self, name: str) -> ElasticIndexes:
        return ElasticIndexes(
            self._gateway,
            MANIFEST,
            prefix=self._prefix + name,
            shards=self._shards,
            vectors=self._vectors,
        )


#: `embedded` keeps a test's few documents in the tail; `embedded-folding` makes every commit a
#: generation of files (and some batches too), and searches inverted lists as soon as it can.
EMBEDDED = {
    "embedded": VectorSettings(),
    "embedded-folding": VectorSettings(
        fold_rows=0, fold_share=0, staged_rows=5, list_rows=1_500, exact_up_to=1_200, nprobe=1 << 10
    ),
}
#: Shards and the type of the vector index.
ELASTIC = {"elasticsearch": (1, "int8_flat"), "elasticsearch-graph-2-shards": (2, "int8_hnsw")}


@pytest.fixture(params=[*EMBEDDED, *ELASTIC])
def backend_factory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BackendFactory]:
    """Yield a factory of each backend in turn."""
    factory: BackendFactory
    if request.param in EMBEDDED:
        factory = EmbeddedFactory(tmp_path, EMBEDDED[request.param])
    else:
        url = request.getfixturevalue("elasticsearch").url
        factory = ElasticFactory(url, *ELASTIC[request.param])
    yield factory
    factory.close()
