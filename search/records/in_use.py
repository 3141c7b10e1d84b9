"""Who has the records of a data folder open: many at a time, or a restore alone.

A restore puts another database in the place of the one that is there. Whoever had that one open
would go on with it, and what it wrote would be lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from search.records.backups.errors import InUseError
from search.records.file_lock import try_to_lock

LOCK = "in-use.lock"


def use(data_dir: Path) -> BinaryIO:
    """Say that the records are open, until what is returned is closed.

    Raises:
        InUseError: they are being restored.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    held = try_to_lock(data_dir / LOCK, is_shared=True)
    if held is None:
        raise InUseError(
            f"the records of {data_dir} were to be opened; they are being restored just now. Wait "
            "until bole restore has ended"
        )
    return held


def use_alone(data_dir: Path) -> BinaryIO:
    """Keep everybody else from the records, until what is returned is closed.

    Raises:
        InUseError: a server or a command has them open.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    held = try_to_lock(data_dir / LOCK)
    if held is None:
        raise InUseError(
            f"the records of {data_dir} were to be restored; a server or a command has them open. "
            "Stop bole serve, bole project and what else is running, then call bole restore again"
        )
    return held
