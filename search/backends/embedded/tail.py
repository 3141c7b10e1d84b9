"""Rows added since the last generation: in memory, and in a log that a reader follows.

The log is a row of frames, one a commit: length and CRC-32, then what changed. It is appended to
and synced *before* the commit that counts (the token index's, which names the log's length), so a
frame beyond that length is of a commit that never was, and is cut off by the next writer.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.backends.base import IndexCorruptError
from search.backends.embedded.columns import Growing, GrowingColumns, TailColumns
from search.backends.embedded.files import REMEDY, sync
from search.backends.embedded.scoring import Quantised, Rows
from search.backends.filters import Attributes

_HEADER = struct.Struct("<II")


@dataclass(frozen=True)
class Entry:
    """A document as the vector part keeps it."""

    doc_id: str
    sequence: int
    ordinal: int
    attributes: Attributes


@dataclass(frozen=True)
class TailView:
    """The tail at one moment.

    Attributes:
        ids: of each row; the list may have grown since.
        ordinals: int64, ascending.
        sequences: int64.
        vectors: quantised.
        alive: bool, rows neither replaced nor deleted.
        columns: the attributes.
    """

    ids: Sequence[str]
    ordinals: NDArray[np.int64]
    sequences: NDArray[np.int64]
    vectors: Quantised
    alive: NDArray[np.bool_]
    columns: TailColumns

    def __len__(self) -> int:
        return len(self.ordinals)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The living row of each id."""
        return {self.ids[row]: row for row in np.flatnonzero(self.alive).tolist()}

    def find(self, doc_ids: Sequence[str]) -> Rows:
        """Return the living row of each id, -1 where there is none."""
        return np.array([self.row_of.get(doc_id, -1) for doc_id in doc_ids], dtype=np.int64)

    def rows_of_ordinals(self, ordinals: NDArray[np.int64]) -> Rows:
        """Return the row of each ordinal, -1 where there is none."""
        if len(self) == 0:
            return np.full(len(ordinals), -1, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.ordinals, ordinals), len(self) - 1)
        return np.where(self.ordinals[rows] == ordinals, rows, -1).astype(np.int64)


class Tail:
    """Rows in the order in which they came; a replaced row is marked dead."""

    def __init__(self, dim: int) -> None:
        self.row_of: dict[str, int] = {}
        self.entries: list[Entry] = []
        self._ids: list[str] = []
        self._ordinals = Growing(np.int64)
        self._sequences = Growing(np.int64)
        self._codes = Growing(np.int8, dim)
        self._scales = Growing(np.float32)
        self._halves = Growing(np.float16, dim)
        self._alive = Growing(np.bool_)
        self._columns = GrowingColumns()

    def __len__(self) -> int:
        return len(self.entries)

    def append(self, entries: Sequence[Entry], vectors: Quantised) -> None:
        """Add rows; rows of the same ids must have been killed before."""
        for row, entry in enumerate(entries, start=len(self.entries)):
            self.row_of[entry.doc_id] = row
        self.entries.extend(entries)
        self._ids.extend(entry.doc_id for entry in entries)
        self._ordinals.extend(np.array([entry.ordinal for entry in entries], dtype=np.int64))
        self._sequences.extend(np.array([entry.sequence for entry in entries], dtype=np.int64))
        self._codes.extend(vectors.codes)
        self._scales.extend(vectors.scales)
        self._halves.extend(vectors.halves)
        self._alive.extend(np.ones(len(entries), dtype=np.bool_))
        self._columns.append(entry.attributes for entry in entries)

    def kill(self, doc_id: str) -> bool:
        """Mark a document's row dead; say whether there was one."""
        row = self.row_of.pop(doc_id, None)
        if row is None:
            return False
        self._alive.view()[row] = False
        return True

    def living_since(self, row: int) -> tuple[list[Entry], NDArray[np.float16]]:
        """Return the entries and vectors of the living rows from a row on."""
        rows = row + np.flatnonzero(self._alive.view()[row:])
        return [self.entries[place] for place in rows.tolist()], self._halves.view()[rows]

    def freeze(self) -> TailView:
        """Return the rows as they are now; later changes do not show in it."""
        return TailView(
            self._ids,
            self._ordinals.view(),
            self._sequences.view(),
            Quantised(self._codes.view(), self._scales.view(), self._halves.view()),
            self._alive.view().copy(),
            self._columns.freeze(),
        )


@dataclass(frozen=True)
class Change:
    """What one commit did: first the deletions, then the additions.

    Attributes:
        deleted: ids that were removed.
        entries: documents added or replaced.
        halves: float16, (len(entries), dim), their vectors, zero where there is none.
    """

    deleted: Sequence[str]
    entries: Sequence[Entry]
    halves: NDArray[np.float16]


def log_path(parent: Path, generation: int) -> Path:
    """Return where the log of the changes since a generation is."""
    return parent / f"tail-{generation:08d}.log"


def append_change(path: Path, length: int, change: Change) -> int:
    """Write a change after the first `length` bytes of a log, durably; return the new length."""
    header = json.dumps(
        {
            "deleted": list(change.deleted),
            "entries": [
                [entry.doc_id, entry.sequence, entry.ordinal, dict(entry.attributes)]
                for entry in change.entries
            ],
        },
        ensure_ascii=False,
    ).encode()
    payload = struct.pack("<I", len(header)) + header + change.halves.tobytes()
    is_new = not path.exists()
    with path.open("r+b" if not is_new else "w+b") as file:
        file.truncate(length)  # what is beyond belongs to a commit that failed
        file.seek(length)
        file.write(_HEADER.pack(len(payload), zlib.crc32(payload)) + payload)
        file.flush()
        os.fsync(file.fileno())
        end = file.tell()
    if is_new:
        sync(path.parent)
    return end


def read_changes(path: Path, start: int, end: int, dim: int) -> Iterator[Change]:
    """Yield the changes between two lengths of a log.

    Raises:
        FileNotFoundError: there is no log though there should be.
        IndexCorruptError: the log is shorter than the commit says, or a frame is damaged.
    """
    if start == end:
        return
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(end - start)
    if len(data) < end - start:
        raise IndexCorruptError(
            f"{path} has {start + len(data)} bytes, the last commit wrote {end}; {REMEDY}"
        )
    position = 0
    while position < len(data):
        body = position + _HEADER.size
        length, checksum = _HEADER.unpack_from(data.ljust(body, b"\0"), position)
        payload = data[body : body + length]
        if len(payload) < length or zlib.crc32(payload) != checksum:
            raise IndexCorruptError(f"{path} is damaged at byte {start + position}; {REMEDY}")
        yield _parse_change(payload, dim)
        position = body + length


def _parse_change(payload: bytes, dim: int) -> Change:
    (header_length,) = struct.unpack_from("<I", payload)
    header = json.loads(payload[4 : 4 + header_length])
    entries = [
        Entry(doc_id, sequence, ordinal, {name: tuple(held) for name, held in attributes.items()})
        for doc_id, sequence, ordinal, attributes in header["entries"]
    ]
    halves = np.frombuffer(payload, dtype=np.float16, offset=4 + header_length)
    return Change(header["deleted"], entries, halves.reshape(len(entries), dim))
