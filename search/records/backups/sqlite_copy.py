"""A consistent copy of a SQLite database while others write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from search.records.backups.errors import BackupError

_MEND = "Restore the last good backup (bole restore), or let someone look at the file"


def copy_sqlite(source: Path, target: Path) -> None:
    """Write the state at one moment, without what was erased before it; writers go on meanwhile.

    `VACUUM INTO` reads in one transaction. (The backup API begins anew at every write of another
    process, and may never end.) The source is opened for reading only, so that closing it checkpoints
    nothing: see `sqlite.py` for the bug that a checkpoint beside a writer can meet.

    Args:
        source: the database.
        target: must not exist; made readable to its owner only.

    Raises:
        BackupError: the source is missing or damaged.
    """
    if not source.is_file():
        raise BackupError(f"a backup was asked for; there are no records at {source} yet")
    target.touch(mode=0o600, exist_ok=False)
    try:
        with closing(_opened(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with closing(_opened(target)) as copy:
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname == "SQLITE_FULL":
            raise BackupError(
                f"a backup was to be written to {target.parent}; there is no room. Free some, or "
                "name another folder"
            ) from error
        raise BackupError(f"the records in {source} cannot be copied: {error}. {_MEND}") from error
    if found != "ok":
        raise BackupError(f"the records in {source} are damaged: {found}. {_MEND}")


def count_rows(file: Path) -> dict[str, int]:
    """Return how many rows each table of a database file has."""
    with closing(_opened(file)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: connection.execute(
                'SELECT count(*) FROM "{}"'.format(name.replace('"', '""'))
            ).fetchone()[0]
            for (name,) in sorted(tables)
        }


def is_empty(file: Path) -> bool:
    """Say whether there is no database, or one without tables."""
    if not file.exists() or file.stat().st_size == 0:
        return True
    try:
        return not count_rows(file)
    except sqlite3.DatabaseError:
        return False  # damaged, so something was there


def _opened(file: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(file.resolve()))}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=30.0, isolation_level=None)
