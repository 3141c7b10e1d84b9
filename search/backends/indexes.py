"""The indexes of one manifest beside each other: the one in use, the one before, those being built."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Protocol

from search.backends.base import Manifest, SearchBackend

_HASH_LENGTH = 16


class Indexes(Protocol):
    """Where indexes are kept, and which of them is in use.

    A new index is built beside the one in use and takes its place in one step; the one before is
    kept, so that one can go back.

    """

    @property
    def manifest(self) -> Manifest:
        """What an index opened here must have been built with."""

    @property
    def place(self) -> str:
        """Where they are, for messages."""

    @property
    def follower(self) -> str:
        """The name of whoever keeps these equal to the records: of its lock. At most 64 characters."""

    def consumer(self, name: str) -> str:
        """Return the name under which the outbox knows one of these; at most 64 characters."""

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines may want to write: then a lock elsewhere is needed."""

    def current(self) -> str | None:
        """Return the name of the index in use, or None before the first."""

    def previous(self) -> str | None:
        """Return the name of the index that was in use before, or None."""

    def create(self, documents: int) -> str:
        """Make an empty index and return its name; none is in use yet.

        Args:
            documents: about how many it will hold, by which an engine may choose its ways.
        """

    def open(self, name: str, *, writable: bool) -> SearchBackend:
        """Open an index.

        Raises:
            IndexMissingError: there is none of this name.
            IndexMismatchError: it was built with another manifest.
            IndexCorruptError, IndexLockedError, IndexUnavailableError: see there.
        """

    def promote(self, name: str) -> None:
        """Put an index to use and remember the one that was, in one step.

        Raises:
            IndexMissingError: there is none of this name.
        """

    def rollback(self) -> str:
        """Put the index that was in use before back to use, and return its name.

        Raises:
            IndexMissingError: there is none before.
        """

    def names(self) -> list[str]:
        """Return the names of all indexes of this make, those being built included."""

    def remove(self, name: str) -> None:
        """Remove an index that is not in use; one that is not there is gone already."""

    def close(self) -> None:
        """Release what it holds."""


def manifest_hash(manifest: Manifest) -> str:
    """Return a name for a manifest: what is built alike has the same."""
    content = json.dumps(asdict(manifest), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:_HASH_LENGTH]
