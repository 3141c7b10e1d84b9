"""The vector scan: two ways to the same numbers, and lists that agree with the scan."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import numpy as np
import pytest

from search.backends.base import Document, LexicalQuery, Manifest
from search.backends.embedded import EmbeddedBackend, VectorSettings, scoring
from search.backends.filters import EVERYTHING, Not, Range, Term

DIM = 64
MANIFEST = Manifest(1, "test", "test", DIM, "test")


def test_numkong_is_installed() -> None:
    assert scoring.dots is scoring.numkong_dots


@pytest.mark.parametrize("count", [0, 1, 5, 4096, 9001])
@pytest.mark.parametrize("dim", [8, 63, 256, 1024])
def test_numpy_and_numkong_agree_to_the_last_bit(count: int, dim: int) -> None:
    random = np.random.default_rng(count)
    codes = random.integers(-127, 128, (count, dim), dtype=np.int8)
    query = random.integers(-127, 128, dim, dtype=np.int8)
    expected = codes.astype(np.int64) @ query.astype(np.int64)
    assert np.array_equal(scoring.numkong_dots(codes, query), expected)
    assert np.array_equal(scoring.numpy_dots(codes, query), expected)


def test_numkong_reads_mapped_files(tmp_path: Path) -> None:
    codes = np.random.default_rng(0).integers(-127, 128, (100, DIM), dtype=np.int8)
    np.save(tmp_path / "codes.npy", codes)
    mapped = np.load(tmp_path / "codes.npy", mmap_mode="r")
    assert np.array_equal(scoring.dots(mapped, codes[0]), scoring.numpy_dots(codes, codes[0]))


def test_quantising_keeps_cosines() -> None:
    random = np.random.default_rng(1)
    rows = random.standard_normal((500, 256)).astype(np.float32)
    rows[7] = 0
    matrix = scoring.quantise(rows)
    assert matrix.scales[7] == 0
    assert (np.delete(matrix.scales, 7) > 0).all()
    back = matrix.codes * matrix.scales[:, None]
    assert np.abs(back - scoring.unit(rows)).max() < 0.002
    again = scoring.quantise_halves(matrix.halves)
    assert np.array_equal(again.codes, matrix.codes)


def vectors(count: int) -> np.ndarray:
    random = np.random.default_rng(3)
    centres = random.standard_normal((40, DIM))
    return (
        centres[random.integers(0, 40, count)] + 0.6 * random.standard_normal((count, DIM))
    ).astype(np.float32)


def fill(index: EmbeddedBackend, rows: np.ndarray) -> None:
    index.upsert(
        Document(f"d:{n:05d}", 1, {"text": "common"}, {"years": (n,), "kind": (f"k{n % 2}",)}, row)
        for n, row in enumerate(rows)
    )
    index.commit(1)
    index.refresh()


def test_the_fallback_gives_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = vectors(3000)
    with contextlib.closing(
        EmbeddedBackend.open(tmp_path / "index", MANIFEST, writable=True)
    ) as index:
        fill(index, rows)
        for condition in (EVERYTHING, Term("kind", ("k1",)), Range("years", None, 900)):
            fast = index.nearest(rows[5], condition, 50)
            with monkeypatch.context() as patch:
                patch.setattr(scoring, "dots", scoring.numpy_dots)
                assert index.nearest(rows[5], condition, 50) == fast


def test_inverted_lists_agree_with_the_scan(tmp_path: Path) -> None:
    rows = vectors(6000)
    scan = VectorSettings(fold_rows=500)
    lists = VectorSettings(fold_rows=500, list_rows=5000, exact_up_to=1000, nprobe=32)
    found = {}
    for name, settings in (("scan", scan), ("lists", lists)):
        with contextlib.closing(
            EmbeddedBackend.open(tmp_path / name, MANIFEST, writable=True, settings=settings)
        ) as index:
            fill(index, rows)
            # A second generation uses the first one's training; deleted rows must not come back.
            index.delete({f"d:{n:05d}": 1 << 60 for n in range(0, 6000, 10)})
            index.upsert([Document("e:1", 1, {}, {"years": (1,)}, rows[0])])
            index.commit(2)
            index.refresh()
            found[name] = [
                {hit.doc_id for hit in index.nearest(rows[n], condition, 100)}
                for n in range(0, 200, 7)
                for condition in (EVERYTHING, Term("kind", ("k1",)), Not(Range("years", 0, 3000)))
            ]
            assert (tmp_path / name / "vectors/generation-00000002/lists.faiss").exists() == (
                name == "lists"
            )
            assert index.verify() == []
    pairs = list(zip(found["scan"], found["lists"], strict=True))
    assert np.mean([len(a & b) / len(a) for a, b in pairs]) > 0.99


def test_threads_read_while_one_writes(tmp_path: Path) -> None:
    """Each answer is of one commit: step n replaces all 60 documents by some of kind `k<n % 2>`."""
    settings = VectorSettings(fold_rows=150, fold_share=0)
    index = EmbeddedBackend.open(tmp_path / "index", MANIFEST, writable=True, settings=settings)
    rows = vectors(60)
    query = LexicalQuery({"text": {"common": 1.0}})
    problems: list[object] = []
    is_done = threading.Event()

    def write(step: int) -> None:
        index.upsert(
            Document(f"d:{n}", step, {"text": "common"}, {"kind": (f"k{step % 2}",)}, rows[n])
            for n in range(60)
        )
        index.commit(step)
        index.refresh()

    def read() -> None:
        while not is_done.is_set():
            try:
                kinds = index.facets(EVERYTHING, ["kind"], 5)["kind"]
                sizes = {index.count(EVERYTHING)}
                sizes.add(len(index.lexical(query, EVERYTHING, 99)))
                sizes.add(len(index.nearest(rows[0], EVERYTHING, 99)))
                sizes.add(len(index.get([f"d:{n}" for n in range(60)])))
                if sizes != {60} or list(kinds.values()) != [60]:
                    problems.append((sizes, kinds))
            except Exception as error:  # handed to the main thread
                problems.append(error)

    write(1)
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for step in range(2, 30):
        write(step)
    is_done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert index.verify() == []
    index.close()
