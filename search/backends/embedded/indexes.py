"""The embedded indexes of one manifest, as `search.backends.indexes.Indexes` wants them."""

from __future__ import annotations

import hashlib
import platform
import shutil
from pathlib import Path

from search.backends.base import IndexLockedError, IndexMissingError, Manifest
from search.backends.embedded.backend import DEFAULT_SETTINGS, EmbeddedBackend
from search.backends.embedded.index_folder import IndexFolder
from search.backends.embedded.vectors import VectorSettings
from search.backends.indexes import manifest_hash


class EmbeddedIndexes:
    """Indexes in a folder.

    The pointer to the one in use is one for all manifests: after a change of model it leads to an
    index that `open` refuses, until another is built.

    Args:
        root: for example `var/index`; made when the first index is.
        manifest: what they are built with.
        settings: limits of the vector part.
    """

    def __init__(
        self, root: Path, manifest: Manifest, settings: VectorSettings = DEFAULT_SETTINGS
    ) -> None:
        self._folder = IndexFolder(root)
        self._manifest = manifest
        self._settings = settings

    @property
    def manifest(self) -> Manifest:
        """What an index opened here must have been built with."""
        return self._manifest

    @property
    def place(self) -> str:
        """Where they are, for messages."""
        return str(self._folder.root)

    @property
    def follower(self) -> str:
        """The name of whoever keeps these equal to the records: this folder of this machine."""
        here = f"{platform.node()}:{self._folder.root.resolve()}:{manifest_hash(self._manifest)}"
        return f"folder-{hashlib.sha256(here.encode()).hexdigest()[:16]}"

    def consumer(self, name: str) -> str:
        """Return the name under which the outbox knows one of these."""
        return f"{self.follower}-{name}"

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines may want to write: a folder locks itself."""
        return False

    def current(self) -> str | None:
        """Return the name of the index in use, or None before the first."""
        return _name(self._folder.current())

    def previous(self) -> str | None:
        """Return the name of the index that was in use before, or None."""
        return _name(self._folder.previous())

    def create(self, documents: int) -> str:
        """Make an empty index and return its name; none is in use yet."""
        del documents  # it changes its ways by itself
        return self._folder.create(self._manifest).name

    def open(self, name: str, *, writable: bool) -> EmbeddedBackend:
        """Open an index. See `Indexes.open`."""
        return EmbeddedBackend.open(
            self.path(name), self._manifest, writable=writable, settings=self._settings
        )

    def promote(self, name: str) -> None:
        """Put an index to use and remember the one that was, by one rename."""
        self._folder.promote(self.path(name))

    def rollback(self) -> str:
        """Put the index that was in use before back to use, and return its name."""
        return self._folder.rollback().name

    def remove(self, name: str) -> None:
        """Remove an index that is not in use; one that is not there is gone already."""
        if name == self.current():
            raise IndexLockedError(f"{name} was to be removed; it is in use. Put another to use")
        shutil.rmtree(self.path(name), ignore_errors=True)

    def names(self) -> list[str]:
        """Return the names of all indexes here."""
        return sorted(path.name for path in self._folder.root.glob("*/"))

    def path(self, name: str) -> Path:
        """Return the folder of an index.

        Raises:
            IndexMissingError: the name leads out of the folder.
        """
        if not name or Path(name).name != name or name in {".", ".."}:
            raise IndexMissingError(
                f"the index {name!r} was asked for; it is no index folder in {self.place}. "
                "See which there are: bole index list"
            )
        return self._folder.root / name

    def close(self) -> None:
        """Release nothing: a folder needs no connection."""


def _name(path: Path | None) -> str | None:
    return None if path is None else path.name
