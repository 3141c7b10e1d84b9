"""What can go wrong with records; every message says what was asked, what was found, what to do.

- `RecordError`: all of them
- `RecordMissingError`: there is no such record (any more)
- `VersionConflictError`: somebody else changed it meanwhile
- `DuplicateKeyError`: the owner already has a record under this key
- `InvalidRecordError`: kind, key, owner or cursor that the store cannot take
- `UnreadableRecordError`: a stored body that this release cannot read
- `DatabaseBusyError`: another writer did not finish in time
- `DatabaseUnavailableError`: the database server is down, cannot be reached or does not answer
- `StorageFullError`: the disk (or its quota) is full
- `DatabaseUrlError`: a database address that cannot be used
- `OutboxPrunedError`: changes that an index lacks are no longer in the outbox
- `ImportJobMissingError`: there is no such import (any more)
- `SavedSearchMissingError`: there is no such saved search (any more)
- `DuplicateNameError`: the owner already has a saved search of this name
- `RepeatedRequestError`: the request that is to save a search has saved one already
- `TooManySearchesError`: the owner has as many saved searches as there can be
"""

from __future__ import annotations

from typing import Self


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


class ImportJobMissingError(RecordError):
    """There is no import with this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"import {job_id[:80]!r} was asked for; there is none with this id. List the imports"
        )


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

    @classmethod
    def waited(cls, timeout_s: float, holder: str) -> Self:
        """Return the error for a turn that did not come.

        Args:
            timeout_s: how long it was waited for, in seconds.
            holder: who has it.
        """
        return cls(
            f"a change was to be stored; {holder} has been writing for over {timeout_s:g} s. "
            "Nothing was kept. Try again, or see what that writer is doing"
        )


class DatabaseUnavailableError(RecordError):
    """The database server is down, starting, shutting down, out of reach, or does not answer.

    Attributes:
        may_be_kept: whether the change may have been kept all the same: the connection was lost
            after COMMIT was sent and before its answer came. Otherwise nothing of it was kept.
    """

    def __init__(self, message: str, *, may_be_kept: bool = False) -> None:
        super().__init__(message)
        self.may_be_kept = may_be_kept


class StorageFullError(RecordError):
    """There was no room to write; nothing of the change was kept."""


class DatabaseUrlError(RecordError, ValueError):
    """A database address that cannot be used."""


class OutboxPrunedError(RecordError):
    """An index is further behind than the outbox goes back, so it cannot catch up."""

    def __init__(self, position: int, pruned_upto: int) -> None:
        super().__init__(
            f"the changes after {position} were asked for; those up to {pruned_upto} have been "
            "removed, since every index that was then in use had them. Build the index anew from "
            "the records: bole index build"
        )
        self.position = position
        self.pruned_upto = pruned_upto


class SavedSearchMissingError(RecordError):
    """The owner has no saved search with this id."""

    def __init__(self, search_id: str) -> None:
        super().__init__(
            f"saved search {search_id[:80]!r} was asked for; there is none with this id. It may "
            "have been deleted: list the saved searches to see those that are there"
        )
        self.search_id = search_id


class DuplicateNameError(RecordError):
    """The owner already has another saved search of this name."""

    def __init__(self, name: str, search_id: str) -> None:
        super().__init__(
            f"a search was to be saved as {name!r}; there is one of this name already "
            f"({search_id}). Change that one, or choose another name"
        )
        self.search_id = search_id


class RepeatedRequestError(RecordError):
    """The same request came before; what it saved is there."""

    def __init__(self, search_id: str) -> None:
        super().__init__(
            f"a search was to be saved; the same request has saved {search_id} before. Use that "
            "one, or send a new key with a new request"
        )
        self.search_id = search_id


class TooManySearchesError(RecordError):
    """The owner has as many saved searches as there can be."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"a search was to be saved; there are {most} already, which is the most. Delete one "
            "that is no longer needed, or change one"
        )
        self.most = most
