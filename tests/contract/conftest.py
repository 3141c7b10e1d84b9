"""The backends that the contract suite runs on. A new one is one more factory here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from search.backends.base import Manifest, SearchBackend
from search.backends.embedded import EmbeddedBackend, VectorSettings

DIM = 16
MANIFEST = Manifest(schema=1, tokeniser="test", model="test", dim=DIM, taxonomies="test")


class BackendFactory(Protocol):
    """Makes indexes that the suite may write to, and removes them afterwards."""

    def open(self, name: str = "first", *, writable: bool = True) -> SearchBackend:
        """Open the index of that name, empty when the name is new; closed after the test."""

    def opening_code(self, name: str = "first") -> str:
        """Return Python code that sets `backend` to that index for reading, in any process."""


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


#: `embedded` keeps a test's few documents in the tail; `embedded-folding` makes every commit a
#: generation of files (and some batches too), and searches inverted lists as soon as it can.
EMBEDDED = {
    "embedded": VectorSettings(),
    "embedded-folding": VectorSettings(
        fold_rows=0, fold_share=0, staged_rows=5, list_rows=1_500, exact_up_to=1_200, nprobe=1 << 10
    ),
}


@pytest.fixture(params=sorted(EMBEDDED))
def backend_factory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BackendFactory]:
    """Yield a factory of each backend in turn."""
    factory = EmbeddedFactory(tmp_path, EMBEDDED[request.param])
    yield factory
    factory.close()
