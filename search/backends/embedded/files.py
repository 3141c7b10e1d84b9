"""Writing files so that a crash leaves the old or the new, and telling damaged files."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from search.backends.base import IndexCorruptError

#: What every message about damage ends with: the index is a projection, the records are the truth.
REMEDY = "the index can be rebuilt from the records: bole index build"
#: Name of the file that lists the others of its folder.
LISTING = "files.json"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file by another in one step."""
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync(path.parent)


def seal(folder: Path) -> str:
    """List size and SHA-256 of every file of a folder in `files.json`, and make all durable.

    Returns:
        The SHA-256 of the listing, which thereby stands for the whole folder.
    """
    listing = {}
    for path in sorted(folder.iterdir()):
        sync(path)
        listing[path.name] = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
    write_atomically(folder / LISTING, json.dumps(listing, indent=1).encode())
    return sha256_of(folder / LISTING)


def check_sealed(folder: Path, digest: str, *, hash_up_to: int | None) -> None:
    """Compare a folder with its listing.

    Args:
        folder: a folder that `seal` closed.
        digest: what `seal` returned.
        hash_up_to: only files of at most so many bytes are hashed, of the others the size is
            compared: opening must not read a gigabyte. None hashes all.

    Raises:
        FileNotFoundError: the folder or its listing is not there.
        IndexCorruptError: a file is missing, or is not as it was written.
    """
    if sha256_of(folder / LISTING) != digest:
        raise IndexCorruptError(f"{folder / LISTING} is not as it was written; {REMEDY}")
    listing: dict[str, dict[str, Any]] = json.loads((folder / LISTING).read_bytes())
    for name, expected in listing.items():
        path = folder / name
        size = path.stat().st_size if path.exists() else -1
        if size != expected["bytes"]:
            found = "is missing" if size < 0 else f"has {size} bytes"
            raise IndexCorruptError(f"{path} {found}, expected {expected['bytes']} bytes; {REMEDY}")
        if (hash_up_to is None or size <= hash_up_to) and sha256_of(path) != expected["sha256"]:
            raise IndexCorruptError(f"{path} is not as it was written (SHA-256 differs); {REMEDY}")
