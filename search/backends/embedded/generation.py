"""A generation: rows of documents as they were at one commit, in files that never change.

Rows are ordered by `doc_id`, so that an id is found by binary search and the lower row wins a tie.
The big arrays are memory-mapped: processes that read the same index share their pages.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from search.backends.base import IndexCorruptError, Vector
from search.backends.embedded.columns import Keyword, SortedColumns
from search.backends.embedded.files import REMEDY, check_sealed, seal, sync
from search.backends.embedded.scoring import Quantised, Rows
from search.backends.embedded.tail import log_path

if TYPE_CHECKING:
    # FAISS takes a while to load, and only large indexes need it.
    import faiss

#: Files up to this size are hashed at each opening, larger ones by `verify` alone.
HASHED_AT_OPEN = 1 << 20
#: Rows copied at a time while a generation is written: bounds memory, not speed.
CHUNK = 1 << 16
LISTS = "lists.faiss"


@dataclass(frozen=True)
class Generation:
    """Rows of documents, ordered by id.

    Attributes:
        number: 0 is the empty one, which has no files.
        digest: stands for all its files, see `files.seal`.
        ids: bytes, fixed width, UTF-8, ascending.
        sequences: int64, the records' sequence numbers.
        ordinals: int64, what the token index calls each document.
        ordinal_order: int32, rows by ascending ordinal.
        vectors: the vectors; scale 0 where there is none.
        columns: the filterable attributes.
        lists: FAISS inverted lists over the rows that have a vector; None when there are few.
    """

    number: int
    digest: str
    ids: NDArray[np.bytes_]
    sequences: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    ordinal_order: NDArray[np.int32]
    vectors: Quantised
    columns: SortedColumns
    lists: faiss.IndexIVF | None = None

    @classmethod
    def empty(cls, dim: int) -> Generation:
        """Return the generation every index begins with."""
        numbers = np.empty(0, dtype=np.int64)
        return cls(
            0,
            "",
            np.empty(0, dtype="S1"),
            numbers,
            numbers,
            numbers.astype(np.int32),
            Quantised.empty(dim),
            SortedColumns.empty(),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def vector_count(self) -> int:
        """How many rows have a vector."""
        return int(np.count_nonzero(self.vectors.scales))

    def find(self, doc_ids: Sequence[str]) -> Rows:
        """Return the row of each id, -1 where there is none."""
        if len(self) == 0 or not doc_ids:
            return np.full(len(doc_ids), -1, dtype=np.int64)
        # `surrogatepass`: what is not Unicode is merely unknown.
        encoded = [doc_id.encode(errors="surrogatepass") for doc_id in doc_ids]
        # In the array's own width: otherwise numpy would copy all ids to the wider one. An id that
        # is cut off, or ends in the zero bytes that numpy drops, is found unequal below.
        keys = np.array(encoded, dtype=self.ids.dtype)
        places = np.minimum(np.searchsorted(self.ids, keys), len(self) - 1)
        found = self.ids[places]
        return np.array(
            [
                row if held == key else -1
                for row, held, key in zip(places.tolist(), found.tolist(), encoded, strict=True)
            ],
            dtype=np.int64,
        )

    def rows_of_ordinals(self, ordinals: NDArray[np.int64]) -> Rows:
        """Return the row of each ordinal, -1 where there is none."""
        if len(self) == 0:
            return np.full(len(ordinals), -1, dtype=np.int64)
        places = np.searchsorted(self.ordinals, ordinals, sorter=self.ordinal_order)
        rows = self.ordinal_order[np.minimum(places, len(self) - 1)].astype(np.int64)
        return np.where(self.ordinals[rows] == ordinals, rows, -1)

    def nearest_in_lists(self, mask: NDArray[np.bool_], query: Vector, k: int, nprobe: int) -> Rows:
        """Return up to k rows near the query from the inverted lists; only masked rows."""
        if self.lists is None:
            return np.empty(0, dtype=np.int64)
        from search.backends.embedded.lists import search_lists

        return search_lists(self.lists, mask, query, k, nprobe)


def folder_of(parent: Path, number: int) -> Path:
    """Return where a generation's files are."""
    return parent / f"generation-{number:08d}"


@dataclass(frozen=True)
class Source:
    """Rows to take into a generation: from the one before it, or added since.

    Attributes:
        ids, sequences, ordinals, vectors: as in `Generation`, unsorted.
        alive: bool, which rows to take.
    """

    ids: NDArray[np.bytes_]
    sequences: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    vectors: Quantised
    alive: NDArray[np.bool_]


@dataclass(frozen=True)
class RowPlan:
    """Which old row becomes which new one.

    Attributes:
        ids: the new rows' ids, ascending.
        new_rows: per source, int64, the new row of each old one, -1 where it is dropped.
    """

    ids: NDArray[np.bytes_]
    new_rows: list[Rows]


def plan_rows(sources: Sequence[Source]) -> RowPlan:
    """Order the living rows of several sources by id."""
    ids = np.concatenate([source.ids[source.alive] for source in sources])
    order = np.argsort(ids, kind="stable")
    ranks = np.empty(len(ids), dtype=np.int64)
    ranks[order] = np.arange(len(ids))
    new_rows = []
    start = 0
    for source in sources:
        rows = np.full(len(source.ids), -1, dtype=np.int64)
        end = start + int(np.count_nonzero(source.alive))
        rows[source.alive] = ranks[start:end]
        new_rows.append(rows)
        start = end
    return RowPlan(ids[order], new_rows)


def write_generation(
    parent: Path,
    number: int,
    sources: Sequence[Source],
    plan: RowPlan,
    columns: SortedColumns,
    *,
    list_rows: int | None,
    trained: Generation,
) -> Generation:
    """Write a generation beside the others; nothing refers to it until a commit names it.

    Args:
        parent: folder of the generations.
        number: of the new one.
        sources: where its rows come from.
        plan: their order.
        columns: their attributes.
        list_rows: inverted lists are made when more rows than this have a vector; None makes none.
        trained: the generation before, whose training is used again while it fits.

    Returns:
        The generation, read back from its files.
    """
    final = folder_of(parent, number)
    building = parent / f"{final.name}.new"
    for leftover in (building, final):  # of a crash, or of a commit that failed
        shutil.rmtree(leftover, ignore_errors=True)
    building.mkdir(parents=True)
    dim = sources[0].vectors.codes.shape[1]
    count = len(plan.ids)

    ordinals = np.empty(count, dtype=np.int64)
    sequences = np.empty(count, dtype=np.int64)
    scales = np.empty(count, dtype=np.float32)
    for source, rows in zip(sources, plan.new_rows, strict=True):
        kept = rows[source.alive]
        ordinals[kept] = source.ordinals[source.alive]
        sequences[kept] = source.sequences[source.alive]
        scales[kept] = source.vectors.scales[source.alive]
    np.save(building / "ids.npy", plan.ids)
    np.save(building / "sequences.npy", sequences)
    np.save(building / "ordinals.npy", ordinals)
    np.save(building / "ordinal_order.npy", np.argsort(ordinals).astype(np.int32))
    np.save(building / "scales.npy", scales)
    for name, dtype in (("codes", np.int8), ("halves", np.float16)):
        parts = [getattr(source.vectors, name) for source in sources]
        _write_rows(building / f"{name}.npy", np.dtype(dtype), (count, dim), parts, plan)
    _write_columns(building, columns)
    if list_rows is not None and np.count_nonzero(scales) > list_rows:
        halves = np.load(building / "halves.npy", mmap_mode="r")
        # A mapped index cannot be cloned, so the one before is read again, as a whole.
        from search.backends.embedded.lists import build_lists, read_lists, write_lists

        before = None
        if trained.lists is not None:
            before = read_lists(folder_of(parent, trained.number) / LISTS, mapped=False)
        write_lists(build_lists(halves, scales, before), building / LISTS)

    digest = seal(building)
    building.rename(final)
    sync(parent)
    return read_generation(parent, number, digest)


def read_generation(parent: Path, number: int, digest: str) -> Generation:
    """Open a generation that a commit names.

    Raises:
        FileNotFoundError: it is not there (any more: a reader then looks for a newer commit).
        IndexCorruptError: a file is missing or damaged.
    """
    folder = folder_of(parent, number)
    check_sealed(folder, digest, hash_up_to=HASHED_AT_OPEN)

    def load(name: str) -> NDArray[np.generic]:
        try:
            array: NDArray[np.generic] = np.load(folder / f"{name}.npy", mmap_mode="r")
        except (ValueError, EOFError) as error:
            raise IndexCorruptError(
                f"{folder / name}.npy cannot be read: {error}; {REMEDY}"
            ) from error
        return array

    keywords: list[Keyword] = [
        (name, value) for name, value in json.loads((folder / "keywords.json").read_bytes())
    ]
    columns = SortedColumns(
        len(load("ids")),
        keywords,
        load("keyword_offsets"),  # type: ignore[arg-type]
        load("keyword_rows"),  # type: ignore[arg-type]
        load("number_offsets"),  # type: ignore[arg-type]
        load("number_values"),  # type: ignore[arg-type]
        load("number_rows"),  # type: ignore[arg-type]
    )
    lists = None
    if (folder / LISTS).exists():
        from search.backends.embedded.lists import read_lists

        try:
            lists = read_lists(folder / LISTS, mapped=True)
        except RuntimeError as error:
            raise IndexCorruptError(f"{folder / LISTS}: {error}; {REMEDY}") from error
    return Generation(
        number,
        digest,
        load("ids"),  # type: ignore[arg-type]
        load("sequences"),  # type: ignore[arg-type]
        load("ordinals"),  # type: ignore[arg-type]
        load("ordinal_order"),  # type: ignore[arg-type]
        Quantised(
            load("codes"),  # type: ignore[arg-type]
            load("scales"),  # type: ignore[arg-type]
            load("halves"),  # type: ignore[arg-type]
        ),
        columns,
        lists,
    )


def remove_generations(parent: Path, keep: set[int]) -> None:
    """Delete the files and logs of all generations but some: of older and of unfinished ones."""
    kept = {folder_of(parent, number).name for number in keep}
    for path in parent.glob("generation-*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
    logs = {log_path(parent, number) for number in keep}
    for path in parent.glob("tail-*.log"):
        if path not in logs:
            path.unlink(missing_ok=True)


def _write_rows(
    path: Path,
    dtype: np.dtype[np.generic],
    shape: tuple[int, int],
    parts: Sequence[NDArray[np.generic]],
    plan: RowPlan,
) -> None:
    """Write the rows of several matrices in the plan's order, a chunk at a time."""
    if shape[0] == 0:
        np.save(path, np.empty(shape, dtype=dtype))
        return
    origin = np.empty(shape[0], dtype=np.int8)
    old_rows = np.empty(shape[0], dtype=np.int64)
    for place, rows in enumerate(plan.new_rows):
        kept = np.flatnonzero(rows >= 0)
        origin[rows[kept]] = place
        old_rows[rows[kept]] = kept
    out = open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    for start in range(0, shape[0], CHUNK):
        end = min(start + CHUNK, shape[0])
        chunk = np.empty((end - start, shape[1]), dtype=dtype)
        for place, part in enumerate(parts):
            here = origin[start:end] == place
            chunk[here] = part[old_rows[start:end][here]]
        out[start:end] = chunk
    out.flush()
    del out


def _write_columns(folder: Path, columns: SortedColumns) -> None:
    (folder / "keywords.json").write_text(
        json.dumps(columns.keywords, ensure_ascii=False), encoding="utf-8"
    )
    np.save(folder / "keyword_offsets.npy", columns.keyword_offsets)
    np.save(folder / "keyword_rows.npy", columns.keyword_rows)
    np.save(folder / "number_offsets.npy", columns.number_offsets)
    np.save(folder / "number_values.npy", columns.number_values)
    np.save(folder / "number_rows.npy", columns.number_rows)
