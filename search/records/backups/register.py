"""Which backups were made of an installation: `backups.json` in its data folder.

Whoever erases a person must know which backups still hold that person, and see to them: the list
has every backup from before its first byte is written, and is kept apart from what is backed up,
so that a restore does not bring an old list back.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from search.records.backups.errors import BackupError
from search.records.backups.manifest import write_durably
from search.records.file_lock import try_to_lock

REGISTER = "backups.json"
_PATIENCE_S = 10.0


class BackupEntry(BaseModel):
    """A backup that was made, or begun.

    Attributes:
        id: as in its manifest.
        begun_at: it holds the records as they were after this,
        made_at: and before this; None while it is being made.
        folder: where it was written; it may have been moved since.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    begun_at: datetime
    made_at: datetime | None = None
    folder: Path

    @property
    def is_complete(self) -> bool:
        """Whether it was written to its end."""
        return self.made_at is not None


_ENTRIES = TypeAdapter(tuple[BackupEntry, ...])


def list_backups(data_dir: Path) -> tuple[BackupEntry, ...]:
    """Return the backups of an installation, oldest first.

    Raises:
        BackupError: the list cannot be read.
    """
    path = data_dir / REGISTER
    try:
        return _ENTRIES.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ()
    except ValidationError:
        raise BackupError(
            f"the list of backups was asked for; {path} is damaged. Put it right by hand from the "
            "manifest.json of each backup that is kept (id, begun_at, made_at, folder), or from "
            "a copy"
        ) from None


def backups_holding(
    data_dir: Path, created_at: datetime, erased_at: datetime
) -> tuple[BackupEntry, ...]:
    """Return the backups that may still hold what was erased.

    Args:
        data_dir: the data folder of the installation.
        created_at: when it was first stored.
        erased_at: when it was erased.
    """
    return tuple(
        entry
        for entry in list_backups(data_dir)
        if entry.begun_at <= erased_at and (entry.made_at is None or entry.made_at >= created_at)
    )


def note_backup(data_dir: Path, entry: BackupEntry) -> None:
    """Add a backup to the list, or say that it is complete."""
    with _alone(data_dir):
        others = [other for other in list_backups(data_dir) if other.id != entry.id]
        _write(data_dir, [*others, entry])


def forget_backup(data_dir: Path, backup_id: str) -> None:
    """Take a backup off the list, once its folder is gone."""
    with _alone(data_dir):
        _write(data_dir, [one for one in list_backups(data_dir) if one.id != backup_id])


def _write(data_dir: Path, entries: list[BackupEntry]) -> None:
    ordered = tuple(sorted(entries, key=lambda entry: entry.begun_at))
    write_durably(data_dir / REGISTER, _ENTRIES.dump_json(ordered, indent=2) + b"\n")


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Let one process at a time change the list."""
    data_dir.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + _PATIENCE_S
    path = data_dir / f"{REGISTER}.lock"
    while (handle := try_to_lock(path)) is None:
        if time.monotonic() > deadline:
            raise BackupError(f"the list of backups was to be changed; another process has {path}")
        time.sleep(0.01)
    with handle:
        yield
