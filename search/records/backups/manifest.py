"""What a backup holds: a list of its files with their hashes, and what they were made of.

FOLDER/manifest.json        this list
FOLDER/manifest.sha256      the hash of the list, so that a change of the list is seen too
FOLDER/records.db           the records: a SQLite database, or
FOLDER/records.dump         a PostgreSQL archive (pg_dump --format=custom)
FOLDER/uploads/…            files that were sent in
FOLDER/taxonomies/…         measures and catalogues that offices loaded
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from search.records.backups.errors import BackupError, DamagedBackupError

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
#: Folders of the data folder that are part of a backup.
FOLDERS = ("uploads", "taxonomies")

Kind = Literal["sqlite", "postgresql"]
#: Name of the copy of the records in a backup.
RECORDS: dict[Kind, str] = {"sqlite": "records.db", "postgresql": "records.dump"}

_PIECE = 1 << 20


class BackedUpFile(BaseModel):
    """A file of a backup.

    Attributes:
        name: its path within the backup, with slashes.
        sha256: hash of its content, in hexadecimal.
        size: in bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)

    @model_validator(mode="after")
    def _stays_inside(self) -> Self:
        path = PurePosixPath(self.name)
        if path.is_absolute() or ".." in path.parts or "\\" in self.name or "\0" in self.name:
            raise ValueError("the name leads out of the backup")
        if self.name not in RECORDS.values() and path.parts[0] not in FOLDERS:
            raise ValueError("a backup has no such file")
        return self


class Manifest(BaseModel):
    """What a backup holds.

    Attributes:
        form: of the folder.
        id: of this backup; rises with time.
        made_at: when the records were as they are in it.
        bole, database: version of the program, and of what the records were in.
        kind: `sqlite` or `postgresql`.
        revision: form of the tables (Alembic).
        last_sequence: number of the last change that is in it.
        counts: rows by table.
        files: what else there must be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Literal[1]
    id: str
    made_at: datetime
    bole: str
    database: str
    kind: Kind
    revision: str
    last_sequence: int
    counts: dict[str, int]
    files: tuple[BackedUpFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the list and its hash; the hash last, so that a backup that was cut short has none."""
    content = manifest.model_dump_json(indent=2).encode()
    write_durably(folder / MANIFEST, content)
    write_durably(folder / SEAL, _seal(content))
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup should hold; its files are not looked at.

    Raises:
        DamagedBackupError: the list is missing, cut short or changed.
        BackupError: it is of a form that this release does not know.
    """
    content, seal = _content(folder / MANIFEST), _content(folder / SEAL)
    if seal != _seal(content):
        raise DamagedBackupError(f"{MANIFEST} or {SEAL}", "was changed after it was written")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise BackupError(
            f"the backup {folder} was to be read; its {MANIFEST} is of a form that this release "
            f"does not know ({place}: {problem['msg']}). Use the release that made it, or a newer one"
        ) from None


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Read every file of a backup and compare it with what was written.

    Raises:
        DamagedBackupError: one is missing or differs; it is named.
    """
    for file in manifest.files:
        path = folder / file.name
        if path.is_symlink() or not path.is_file():
            raise DamagedBackupError(file.name, "is missing")
        if describe(path, file.name) != file:
            raise DamagedBackupError(file.name, "is not what was written (its hash differs)")


def describe(path: Path, name: str) -> BackedUpFile:
    """Return how a file is listed."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return BackedUpFile(name=name, sha256=digest.hexdigest(), size=size)


def copy_file(source: Path, target: Path, name: str) -> BackedUpFile:
    """Copy a file durably, and return how what was written is listed."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("xb") as written:
        target.chmod(0o600)
        while piece := read.read(_PIECE):
            written.write(piece)
            digest.update(piece)
            size += len(piece)
        written.flush()
        os.fsync(written.fileno())
    return BackedUpFile(name=name, sha256=digest.hexdigest(), size=size)


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in place of the one before, whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        fresh.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make what was put into a folder durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal(content: bytes) -> bytes:
    return f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n".encode()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DamagedBackupError(
            path.name, "is missing: this is no backup, or one that was cut short"
        ) from None
