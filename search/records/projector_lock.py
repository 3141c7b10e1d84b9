"""Who keeps an index equal to the records: one projector an index, across processes and machines.

On PostgreSQL it is the lock of a session (`session_lock`). SQLite serves one machine: there it is a
locked file beside the database.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import BinaryIO, Protocol

from search.records.file_lock import is_at, try_to_lock


class ProjectorLock(Protocol):
    """The right to write to one index. Safe to share between threads, not between processes.

    Whoever gets it, at first or again, begins from what the index has: another may have written.
    """

    def acquire(self) -> bool:
        """Take the lock unless another has it, and return whether it is held; never waits for it.

        Raises:
            DatabaseUnavailableError: the database server cannot be asked.
        """

    def is_held(self) -> bool:
        """Ask whether the lock is still held; False once it was lost."""

    def release(self) -> None:
        """Let others have it. Nothing happens where it is not held."""


class FileProjectorLock:
    """The lock as a file; held until released, or until the process ends.

    Args:
        path: the file; made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._handle: BinaryIO | None = None

    def acquire(self) -> bool:
        """Take the lock unless another has it, and return whether it is held."""
        with self._guard:
            if not self._holds():
                self._close()
                self._handle = try_to_lock(self._path)
            return self._holds()

    def is_held(self) -> bool:
        """Ask whether the lock is still held; somebody may have removed the file."""
        with self._guard:
            return self._holds()

    def release(self) -> None:
        """Let others have it."""
        with self._guard:
            self._close()

    def _holds(self) -> bool:
        return self._handle is not None and is_at(self._handle, self._path)

    def _close(self) -> None:
        if self._handle is not None:
            self._handle.close()
        self._handle = None
