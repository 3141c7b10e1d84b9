"""What can go wrong when records are backed up or restored."""

from __future__ import annotations

from search.records.errors import RecordError


class BackupError(RecordError, ValueError):
    """A backup that cannot be made or used as asked; the message says what to do."""


class DamagedBackupError(BackupError):
    """A file of a backup is missing, or is not what was written."""

    def __init__(self, name: str, found: str) -> None:
        super().__init__(
            f"the backup was to be read; its file {name} {found}. Nothing was restored. Use another "
            "copy of this backup, or an earlier one"
        )
        self.name = name


class InUseError(BackupError):
    """A server or a command has the records open, or a restore is going on."""
