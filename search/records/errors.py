"""What can go wrong with records; every message says what was asked, what was found, what to do.

- `RecordError`: all of them
- `RecordMissingError`: there is no such record (any more)
- `VersionConflictError`: somebody else changed it meanwhile
- `DuplicateKeyError`: the owner already has a record under this key
- `InvalidRecordError`: kind, key, owner or cursor that the store cannot take
- `UnreadableRecordError`: a stored body that this release cannot read
- `DatabaseBusyError`: another writer did not finish in time
- `StorageFullError`: the disk (or its quota) is full
- `DatabaseUrlError`: a database address that cannot be used
"""

from __future__ import annotations


class RecordError(Exception):
    """Base of everything the records raise on purpose."""


class RecordMissingError(RecordError):
    """There is no record with this id."""

    def __init__(self, record_id: str) -> None:
        super().__init__(
            f"record {record_id[:80]!r} was asked for; there is none with this id. "
            "It may have been deleted: list the records to see those that are there"
        )
        self.record_id = record_id


class VersionConflictError(RecordError):
    """The record is at another version than the caller has seen."""

    def __init__(self, record_id: str, expected: int, found: int) -> None:
        super().__init__(
            f"record {record_id!r} was to be changed at version {expected}; it is at version "
            f"{found}. Read it again, carry the change over, and send the new version"
        )
        self.record_id = record_id
        self.expected = expected
        self.found = found


class DuplicateKeyError(RecordError):
    """The owner already has another record of this kind under this key."""

    def __init__(self, kind: str, key: str, record_id: str) -> None:
        super().__init__(
            f"a {kind} with key {key!r} was to be added; the owner has one under this key already "
            f"({record_id}). Replace that one, put by key, or choose another key"
        )
        self.key = key
        self.record_id = record_id


class InvalidRecordError(RecordError, ValueError):
    """A kind, key, owner or cursor that the store cannot take."""


class UnreadableRecordError(RecordError):
    """A stored body that the models of this release do not accept."""


class DatabaseBusyError(RecordError):
    """Another writer held the database for longer than the time-out."""


class StorageFullError(RecordError):
    """There was no room to write; nothing of the change was kept."""


class DatabaseUrlError(RecordError, ValueError):
    """A database address that cannot be used."""
