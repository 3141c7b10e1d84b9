"""Put a backup in the place of what is there: verified first, wholly or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect

from search.records.backups import postgresql_dump
from search.records.backups.errors import BackupError, DamagedBackupError, InUseError
from search.records.backups.manifest import (
    FOLDERS,
    RECORDS,
    Manifest,
    copy_file,
    read_manifest,
    sync_folder,
    verify_files,
)
from search.records.backups.renumbering import leave_indexes_behind
from search.records.backups.sqlite_copy import count_rows, is_empty
from search.records.database import Database
from search.records.in_use import use_alone
from search.records.migrations import HEAD, known_revisions
from search.records.store import RecordStore

#: Removes again whoever was erased after the backup was made; returns how many records it removed.
Reapply = Callable[[RecordStore], int]

_SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Restored:
    """What a restore came to.

    Attributes:
        manifest: of the backup.
        aside: folder in which what was there before is kept; None where there was nothing.
        reapplied: records that were erased again.
        last_change: number of the last change; every index is older and is built anew.
    """

    manifest: Manifest
    aside: Path | None
    reapplied: int
    last_change: int


def verify_backup(folder: Path) -> Manifest:
    """Read a whole backup and return what it holds.

    Raises:
        DamagedBackupError: a file is missing or is not what was written; it is named.
        BackupError: a newer release made it.
    """
    manifest = read_manifest(folder)
    if manifest.revision not in known_revisions():
        raise BackupError(
            f"the backup {folder} was to be restored; its tables are in form {manifest.revision} "
            f"(Bole {manifest.bole}), and this release knows those up to {HEAD}. Restore it with "
            "the release that made it, or a newer one"
        )
    if RECORDS[manifest.kind] not in {file.name for file in manifest.files}:
        raise DamagedBackupError(RECORDS[manifest.kind], "is not in its list")
    verify_files(folder, manifest)
    return manifest


def restore_backup(
    folder: Path, database: Database, data_dir: Path, *, replace: bool, reapply: Reapply
) -> Restored:
    """Put the records and files of a backup in place, so that every index is built anew from them.

    Args:
        folder: the backup.
        database: where the records go; not opened by anybody. Closed on return.
        data_dir: where the files go.
        replace: put what is there aside; else there must be nothing.
        reapply: erases again what was erased since; called before anybody can read the records
            (on PostgreSQL: before this returns).

    Raises:
        BackupError: it cannot be restored; the message says why, and what is there is untouched.
        DatabaseUnavailableError: the server cannot be used.
    """
    manifest = verify_backup(folder)
    kind = "sqlite" if database.file is not None else "postgresql"
    if manifest.kind != kind:
        raise BackupError(
            f"the backup {folder} was to be restored into {kind}; it was made of {manifest.kind}. "
            "Set BOLE_DATABASE_URL to a database of that kind"
        )
    with use_alone(data_dir):
        place = _Place(data_dir, manifest.id)
        try:
            place.stage_files(folder, manifest)
            restore = _into_sqlite if kind == "sqlite" else _into_postgresql
            return restore(folder, manifest, database, place, replace, reapply)
        finally:
            database.close()
            place.tidy()


class _Place:
    """The data folder while it is changed over."""

    def __init__(self, data_dir: Path, backup_id: str) -> None:
        self.data_dir = data_dir
        self.staging = data_dir / f"restoring-{backup_id}"
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        self.aside = data_dir / f"replaced-{stamp}"

    def stage_files(self, folder: Path, manifest: Manifest) -> None:
        """Copy the files beside those in use, and compare them once more."""
        shutil.rmtree(self.staging, ignore_errors=True)  # of a restore that was cut short
        self.staging.mkdir(mode=0o700, parents=True)
        for file in manifest.files:
            if file.name == RECORDS["postgresql"]:
                continue
            if copy_file(folder / file.name, self.staging / file.name, file.name) != file:
                raise DamagedBackupError(file.name, "changed while it was read")

    def is_empty(self) -> bool:
        """Say whether there are no files that a restore would replace."""
        return not any(path.is_file() for name in FOLDERS for path in self._files(name))

    def change_over(self) -> None:
        """Remove the index, which is made again; put the old files aside and the new ones in place."""
        shutil.rmtree(self.data_dir / "index", ignore_errors=True)
        for name in FOLDERS:
            if (old := self.data_dir / name).exists():
                self._put_aside(old)
            if (new := self.staging / name).exists():
                new.replace(old)
        sync_folder(self.data_dir)

    def put_aside(self, path: Path) -> None:
        """Move something into the folder of what was there before."""
        self._put_aside(path)

    def tidy(self) -> None:
        """Remove what was staged and not put in place."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def kept(self) -> Path | None:
        """Return the folder of what was there before, where there was something."""
        return self.aside if self.aside.exists() else None

    def _put_aside(self, path: Path) -> None:
        self.aside.mkdir(mode=0o700, exist_ok=True)
        shutil.move(path, self.aside / path.name)

    def _files(self, name: str) -> list[Path]:
        return list((self.data_dir / name).rglob("*"))


def _into_sqlite(
    folder: Path,
    manifest: Manifest,
    database: Database,
    place: _Place,
    replace: bool,
    reapply: Reapply,
) -> Restored:
    del folder
    file = database.file
    assert file is not None
    if not replace and not (is_empty(file) and place.is_empty()):
        raise _not_empty(str(file))
    staged = place.staging / RECORDS["sqlite"]
    if count_rows(staged) != manifest.counts:
        raise DamagedBackupError(staged.name, "does not have the rows that its list names")
    fresh = Database(f"sqlite:///{staged}")
    try:
        reapplied, last_change = _prepared(fresh, reapply)
        fresh.checkpoint()
    finally:
        fresh.close()
    database.close()
    place.change_over()
    for suffix in _SUFFIXES:
        if (old := file.with_name(file.name + suffix)).exists():
            place.put_aside(old)
    shutil.move(staged, file)
    sync_folder(file.parent)
    return Restored(manifest, place.kept(), reapplied, last_change)


def _into_postgresql(
    folder: Path,
    manifest: Manifest,
    database: Database,
    place: _Place,
    replace: bool,
    reapply: Reapply,
) -> Restored:
    from search.records import postgresql

    # The writer's turn is kept throughout: a server that is started now waits, and then gives up.
    with database.writing() as connection:
        postgresql.lift_limits(connection)
        postgresql_dump.stay_idle(connection)
        if sessions := postgresql_dump.other_sessions(connection):
            raise InUseError(
                "the records were to be restored; servers or commands have the database open "
                f"({sessions} sessions). Stop bole serve, bole project and what else is running, "
                "then call bole restore again"
            )
        is_new = not inspect(connection).get_table_names()
        if not replace and not (is_new and place.is_empty()):
            raise _not_empty(f"database {database.address.database!r}")
        if not is_new:
            place.aside.mkdir(mode=0o700, exist_ok=True)
            postgresql_dump.dump(database.address, place.aside / RECORDS["postgresql"])
        postgresql_dump.restore_dump(
            database.address, folder / RECORDS["postgresql"], replace=not is_new
        )
        # Whatever comes after: an index of the records before must not be used for these.
        place.change_over()
    reapplied, last_change = _prepared(database, reapply)
    return Restored(manifest, place.kept(), reapplied, last_change)


def _prepared(database: Database, reapply: Reapply) -> tuple[int, int]:
    """Bring restored records to the present form, leave all indexes behind, and erase again."""
    database.migrate()
    with database.writing() as connection:
        leave_indexes_behind(connection)
    store = RecordStore(database)
    reapplied = reapply(store)
    return reapplied, store.last_sequence()


def _not_empty(what: str) -> BackupError:
    return BackupError(
        f"a backup was to be restored; there are records or files already ({what}). Nothing was "
        "changed. To put those aside and the backup in their place: bole restore FOLDER --replace"
    )
