"""What was erased is in no file of the index any more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.backends.base import Document, Manifest
from search.backends.embedded import EmbeddedBackend
from search.backends.filters import EVERYTHING

DIM = 8
MANIFEST = Manifest(schema=1, tokeniser="test", model="test", dim=DIM, taxonomies="test")


def document(name: str, sequence: int, word: str) -> Document:
    vector = np.full(DIM, DIM**-0.5, dtype=np.float32)
    return Document(name, sequence, {"title": word}, {"skill": (word,)}, vector)


def files_holding(folder: Path, marker: str) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if marker.encode() in path.read_bytes()]


@pytest.mark.parametrize("others", [0, 1, 3000])
def test_no_file_holds_what_was_deleted(tmp_path: Path, others: int) -> None:
    backend = EmbeddedBackend.open(tmp_path, MANIFEST, writable=True)
    backend.upsert(document(f"x:{n}", 1, f"other{n}") for n in range(others))
    backend.upsert([document("x:zzmarkerid", 1, "zzmarkerword")])
    backend.commit(1)
    backend.upsert([document("x:zzmarkerid", 2, "zzmarkerlater")])
    backend.commit(2)
    backend.delete({"x:zzmarkerid": 3})
    backend.commit(3)
    backend.refresh()
    assert files_holding(tmp_path, "zzmarker")
    assert backend.purge()
    assert files_holding(tmp_path, "zzmarker") == []
    assert backend.count(EVERYTHING) == others
    assert backend.verify() == []
    backend.close()
    again = EmbeddedBackend.open(tmp_path, MANIFEST, writable=False)
    assert (again.count(EVERYTHING), again.watermark()) == (others, 3)
    again.close()


def test_a_reader_follows_a_purge(tmp_path: Path) -> None:
    writer = EmbeddedBackend.open(tmp_path, MANIFEST, writable=True)
    writer.upsert([document("x:1", 1, "one"), document("x:2", 1, "two")])
    writer.commit(1)
    reader = EmbeddedBackend.open(tmp_path, MANIFEST, writable=False)
    writer.delete({"x:1": 2})
    writer.commit(2)
    writer.purge()
    assert reader.doc_ids() == {"x:1", "x:2"}
    reader.refresh()
    assert reader.doc_ids() == {"x:2"}
    reader.close()
    writer.close()
