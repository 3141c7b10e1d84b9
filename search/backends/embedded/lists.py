"""Inverted lists (FAISS) for large indexes; imported only where an index has them."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from search.backends.base import Vector

#: Rows copied at a time while lists are filled: bounds memory, not speed.
CHUNK = 1 << 16


def build_lists(
    halves: NDArray[np.float16], scales: NDArray[np.float32], trained: faiss.IndexIVF | None
) -> faiss.IndexIVF:
    """Sort the rows that have a vector into about sqrt(n) lists.

    Args:
        halves: float16, (n_rows, dim), rows L2-normalised.
        scales: float32, (n_rows,), 0 for a row without a vector.
        trained: lists of an earlier generation, whose centroids are used again where the number fits.
    """
    rows = np.flatnonzero(scales)
    dim = halves.shape[1]
    list_count = 1 << round(np.log2(np.sqrt(len(rows))))
    if trained is not None and trained.nlist == list_count:
        lists = trained
        lists.reset()  # of its rows; what it learned stays
    else:
        lists = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dim),
            dim,
            list_count,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        lists.cp.spherical = True
        chosen = np.random.default_rng(0).choice(rows, min(len(rows), 64 * list_count), False)
        lists.train(halves[np.sort(chosen)].astype(np.float32))
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        lists.add_with_ids(halves[part].astype(np.float32), part)
    return lists


def read_lists(path: Path, *, mapped: bool) -> faiss.IndexIVF:
    """Open lists; mapped ones share memory between processes and cannot be changed.

    Raises:
        RuntimeError: the file is damaged.
    """
    flags = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY if mapped else 0
    return cast(faiss.IndexIVF, faiss.read_index(str(path), flags))


def write_lists(lists: faiss.IndexIVF, path: Path) -> None:
    """Write lists to a file."""
    faiss.write_index(lists, str(path))


def search_lists(
    lists: faiss.IndexIVF, mask: NDArray[np.bool_], query: Vector, k: int, nprobe: int
) -> NDArray[np.int64]:
    """Return up to k rows near the query; only masked rows."""
    bits = np.packbits(mask, bitorder="little")
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = nprobe
    # The stubs give C++'s arguments; the wrapper takes the array (and keeps no reference).
    parameters.sel = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
    _, rows = lists.search(query[None, :], k, params=parameters)
    found: NDArray[np.int64] = rows[0][rows[0] >= 0]
    return found
