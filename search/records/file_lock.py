"""A lock between the processes of one machine: a file that the system knows who has locked.

The system gives the lock back when the file is closed, and so when its process ends, however it
ends. The file stays: removing it would let two processes lock one of the same name each.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: the locks of SQLite and of the index remain
    fcntl = None  # type: ignore[assignment]


def try_to_lock(path: Path, *, is_shared: bool = False) -> BinaryIO | None:
    """Lock a file, made where there is none, or return None while somebody else has it.

    Args:
        path: the file.
        is_shared: share it with others who share it; else it is for one alone.

    Returns:
        What holds the lock until it is closed.
    """
    handle = path.open("ab")
    if fcntl is None or _try(handle, is_shared):
        return handle
    handle.close()
    return None


def is_at(handle: BinaryIO, path: Path) -> bool:
    """Say whether a locked file is still the one that others of this path would lock."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _try(handle: BinaryIO, is_shared: bool) -> bool:
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
