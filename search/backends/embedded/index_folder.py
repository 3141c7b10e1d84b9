"""The indexes on disk: one folder each beside the others, and a file that says which is in use.

    var/index/<hash of the manifest>/      an index; a second of the same manifest is <hash>-2
    var/index/CURRENT                      name of the one in use
    var/index/PREVIOUS                     name of the one before, kept so that one can go back

A new index is built beside the one in use and takes its place by one rename of `CURRENT`.
"""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path

from search.backends.base import IndexMissingError, Manifest
from search.backends.indexes import manifest_hash

CURRENT = "CURRENT"
PREVIOUS = "PREVIOUS"


class IndexFolder:
    """The folder that holds the indexes.

    Args:
        root: for example `var/index`; made when the first index is.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """Return the folder of the index in use, or None before the first."""
        return self._named(CURRENT)

    def previous(self) -> Path | None:
        """Return the folder of the index that was in use before, or None."""
        return self._named(PREVIOUS)

    def create(self, manifest: Manifest) -> Path:
        """Make an empty folder for an index of this manifest and return it; none is in use yet."""
        name = manifest_hash(manifest)
        self.root.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = self.root / (name if number == 1 else f"{name}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                continue
            return path
        raise AssertionError("counting does not end")

    def promote(self, path: Path) -> None:
        """Put an index to use and remember the one that was; survives a crash at any point.

        Raises:
            IndexMissingError: the folder is not one of these.
        """
        if path.parent.resolve() != self.root.resolve() or not path.is_dir():
            raise IndexMissingError(
                f"{path} was to be put to use; it is no index folder in {self.root}. "
                "Build one: bole index build"
            )
        before = self.current()
        if before is not None and before.name != path.name:
            self._write(PREVIOUS, before.name)
        self._write(CURRENT, path.name)

    def rollback(self) -> Path:
        """Put the index that was in use before back to use, and return its folder.

        Raises:
            IndexMissingError: there is none before.
        """
        path = self.previous()
        if path is None:
            raise IndexMissingError(
                f"the index before was asked for; {self.root} keeps none. "
                "Build one: bole index build"
            )
        self.promote(path)
        return path

    def prune(self) -> list[str]:
        """Remove what is neither in use nor the one before; return the names removed.

        Not while another process builds: what it builds would go too.
        """
        kept = {path.name for path in (self.current(), self.previous()) if path is not None}
        folders = [path for path in self.root.glob("*/") if path.name not in kept]
        for path in folders:
            shutil.rmtree(path)
        return sorted(path.name for path in folders)

    def _named(self, pointer: str) -> Path | None:
        try:
            name = (self.root / pointer).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        path = self.root / name
        # A name that leads out of the folder is none of ours.
        is_inside = path.resolve().parent == self.root.resolve()
        return path if is_inside and path.is_dir() else None

    def _write(self, pointer: str, name: str) -> None:
        fresh = self.root / f"{pointer}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.root / pointer)
        _sync_folder(self.root)


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
