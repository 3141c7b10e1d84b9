"""Records in a temporary database, an index in a temporary folder, and an encoder that needs no fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.building import open_current
from search.backends.embedded import EmbeddedBackend
from search.records.database import open_database
from search.records.store import RecordStore
from tests.embedded_indexes import indexes_in


class HashEncoder:
    """Turns each text into a vector of its own: equal texts are equal, others nearly orthogonal."""

    name = "hash-1"
    dim = 16

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for character in text:
                row[ord(character) * 2654435761 % 2**32 % self.dim] += 1
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return rows

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_queries(texts)


@pytest.fixture(scope="session")
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    yield RecordStore(database)
    database.close()


@pytest.fixture
def backend(tmp_path: Path, encoder: HashEncoder) -> Iterator[EmbeddedBackend]:
    opened = open_current(indexes_in(tmp_path / "index", encoder), writable=True)
    yield opened
    opened.close()
