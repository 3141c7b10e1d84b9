"""Make a backup while others write: the records as they were at one moment, and the offices' files."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table

from search.records.backups import postgresql_dump
from search.records.backups.errors import BackupError
from search.records.backups.manifest import (
    FOLDERS,
    RECORDS,
    BackedUpFile,
    Manifest,
    copy_file,
    describe,
    sync_folder,
    write_manifest,
)
from search.records.backups.register import BackupEntry, forget_backup, note_backup
from search.records.backups.sqlite_copy import copy_sqlite
from search.records.database import Database
from search.records.identifiers import new_id
from search.records.migrations import revision_of
from search.records.outbox import last_sequence


def make_backup(database: Database, data_dir: Path, folder: Path, bole_version: str) -> Manifest:
    """Write the records, and the files that offices loaded, into a folder of their own.

    Neither the index, which is made again from the records, nor any secret is in it. Folder and
    files can be read by their owner only. What cannot be completed is removed again.

    Args:
        database: the records.
        data_dir: the data folder.
        folder: where to; empty, or made.
        bole_version: of the program, for the manifest.

    Raises:
        BackupError: it cannot be made; the message says why.
        DatabaseUnavailableError: the server cannot be used.
    """
    _check_place(data_dir, folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    entry = BackupEntry(id=new_id(), begun_at=datetime.now(UTC), folder=folder.resolve())
    # First of all: whoever is erased while it is being made is in it.
    note_backup(data_dir, entry)
    try:
        manifest = _filled(database, data_dir, folder, entry.id, bole_version)
    except BaseException:
        for path in list(folder.iterdir()):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        forget_backup(data_dir, entry.id)
        raise
    note_backup(data_dir, entry.model_copy(update={"made_at": manifest.made_at}))
    return manifest


def _filled(
    database: Database, data_dir: Path, folder: Path, backup_id: str, bole_version: str
) -> Manifest:
    state = _copy_records(database, folder)
    made_at = datetime.now(UTC)
    records = folder / RECORDS[state.kind]
    # After the records: a file that they name may have been removed since, but none is missing.
    files = (describe(records, records.name), *_copy_files(data_dir, folder))
    manifest = state.model_copy(
        update={"id": backup_id, "made_at": made_at, "bole": bole_version, "files": files}
    )
    write_manifest(folder, manifest)
    return manifest


def _copy_records(database: Database, folder: Path) -> Manifest:
    if database.file is not None:
        target = folder / RECORDS["sqlite"]
        copy_sqlite(database.file, target)
        # Of the copy, so that it is true of just what was copied.
        copy = Database(f"sqlite:///{target}")
        try:
            with copy.reading() as connection:
                state = _state(connection, f"SQLite {sqlite3.sqlite_version}")
        finally:
            copy.close()
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        return state
    with database.reading() as connection:
        from search.records import postgresql

        postgresql.lift_limits(connection)
        snapshot = postgresql_dump.export_snapshot(connection)
        version = connection.dialect.server_version_info or ()
        state = _state(connection, "PostgreSQL " + ".".join(str(part) for part in version))
        postgresql_dump.dump(database.address, folder / RECORDS["postgresql"], snapshot)
        return state


def _state(connection: Connection, version: str) -> Manifest:
    """Return what the records are that a connection sees; what it says of files is still to come."""
    counts = {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in sorted(inspect(connection).get_table_names())
    }
    return Manifest.model_construct(
        form=1,
        id="",
        made_at=datetime.now(UTC),
        bole="",
        database=version,
        kind="sqlite" if connection.dialect.name == "sqlite" else "postgresql",
        revision=revision_of(connection),
        last_sequence=last_sequence(connection),
        counts=counts,
        files=(),
    )


def _copy_files(data_dir: Path, folder: Path) -> Iterator[BackedUpFile]:
    for name in FOLDERS:
        for path in sorted((data_dir / name).rglob("*")):
            # A link could lead to what is no business of a backup.
            if path.is_symlink() or not path.is_file():
                continue
            within = path.relative_to(data_dir)
            try:
                yield copy_file(path, folder / within, within.as_posix())
            except FileNotFoundError:
                continue  # removed since
            sync_folder((folder / within).parent)


def _check_place(data_dir: Path, folder: Path) -> None:
    place, home = folder.resolve(), data_dir.resolve()
    for name in (*FOLDERS, "index", "models"):
        if place == home / name or home / name in place.parents:
            raise BackupError(
                f"a backup was to be written to {folder}; that is inside {home / name}, which is "
                "part of the installation. Name a folder elsewhere, best on another disk"
            )
    if place == home:
        raise BackupError(
            f"a backup was to be written to {folder}; that is the data folder. Name another one"
        )
    if folder.exists() and not folder.is_dir():
        raise BackupError(f"a backup was to be written to {folder}; that is a file. Name a folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise BackupError(
            f"a backup was to be written to {folder}; there is something in it. Name a new folder, "
            "one for each backup"
        )
