"""Where the records live: connections to SQLite or PostgreSQL, and all that differs between them.

There is one writer at a time. In a process that is one connection behind a lock; between processes
on one SQLite file it is a lock file, because SQLite from 3.7.0 to 3.51.2 can corrupt a database
when one connection writes while another checkpoints (the WAL-reset bug, fixed in 3.51.3); on
PostgreSQL it is an advisory lock. It also makes outbox numbers become visible in the order in which
they were given out, so that whoever has read up to a number has missed nothing below it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from search.records.errors import DatabaseBusyError, DatabaseUrlError, StorageFullError
from search.records.migrations import migrate_within

try:
    import fcntl
except ImportError:  # Windows: SQLite's own lock remains
    fcntl = None  # type: ignore[assignment]

#: How long a writer waits for its turn before it gives up.
TURN_TIMEOUT_S = 30.0
#: First SQLite release without the WAL-reset bug.
SAFE_SQLITE = (3, 51, 3)

_POLL_S = 0.002
# Any constant will do, so long as no other program locks the same one in this database.
_ADVISORY_LOCK = 0x626F6C65
_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"})
_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_TIMEOUT", "SQLITE_LOCKED"})
_DISK_FULL_STATE = "53100"

_to_json = partial(json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Database:
    """Connections to one database. Safe to share between threads; make one a process.

    Args:
        url: `sqlite:///folder/bole.db` or `postgresql+psycopg://user:password@host/name`.
        turn_timeout_s: how long a writer waits for its turn.

    Raises:
        DatabaseUrlError: the address cannot be read, or names a database that cannot be used.
    """

    def __init__(self, url: str, *, turn_timeout_s: float = TURN_TIMEOUT_S) -> None:
        address = _parsed(url)
        self._turn_timeout_s = turn_timeout_s
        self._lock = threading.Lock()
        self._file: Path | None = None
        if address.get_backend_name() == "sqlite":
            self._file = Path(str(address.database))
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self.writer = _sqlite_engine(address, turn_timeout_s, is_writer=True)
            self.reader = _sqlite_engine(address, turn_timeout_s, is_writer=False)
        else:
            self.writer = self.reader = create_engine(
                address, json_serializer=_to_json, pool_pre_ping=True
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and cannot write."""
        with _explained(), self.reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the one connection that may write, in a transaction kept if the block ends well.

        Raises:
            DatabaseBusyError: the turn did not come in time; nothing was written.
            StorageFullError: there was no room; nothing was written.
        """
        with _explained(), self._turn(), self.writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK}
                )
            yield connection

    def checkpoint(self) -> None:
        """Empty SQLite's write-ahead log into the database, so that erased text leaves it too."""
        if self._file is None:
            return
        with _explained(), self._turn(), self.writer.connect() as connection:
            raw = connection.connection.driver_connection
            if isinstance(raw, sqlite3.Connection):
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def known_risks(self) -> list[str]:
        """Return what a doctor should tell about this database; empty when there is nothing."""
        if self._file is None or sqlite3.sqlite_version_info >= SAFE_SQLITE:
            return []
        return [
            f"Python is linked to SQLite {sqlite3.sqlite_version}, which has the WAL-reset bug: a "
            "write during another connection's checkpoint can corrupt the file. Bole keeps to one "
            f"writer by {self._lock_path.name}; do not write to {self._file.name} with other "
            "tools while it runs, or use a Python linked to SQLite 3.51.3 or later"
        ]

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()

    @property
    def _lock_path(self) -> Path:
        path = self._file or Path()
        return path.with_name(path.name + ".lock")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        deadline = time.monotonic() + self._turn_timeout_s
        if not self._lock.acquire(timeout=self._turn_timeout_s):
            raise DatabaseBusyError(_waited(self._turn_timeout_s, "this process"))
        try:
            if self._file is None or fcntl is None:
                yield
                return
            with self._lock_path.open("ab") as handle:
                self._await_file(handle, deadline)
                yield  # closing the file gives the lock back
        finally:
            self._lock.release()

    def _await_file(self, handle: BinaryIO, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DatabaseBusyError(
                        _waited(self._turn_timeout_s, f"another process (lock {self._lock_path})")
                    ) from None
                time.sleep(_POLL_S)
            else:
                return


def open_database(url: str) -> Database:
    """Connect and bring the tables to the present form.

    Raises:
        DatabaseUrlError: the address cannot be used.
        DatabaseBusyError: another process is writing for too long.
    """
    database = Database(url)
    with database.writing() as connection:
        migrate_within(connection)
    return database


def _parsed(url: str) -> URL:
    wanted = "sqlite:///folder/bole.db or postgresql+psycopg://user:password@host/name"
    try:
        address = make_url(url)
        name = address.get_backend_name()
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        # The address is not repeated: it may hold a password.
        raise DatabaseUrlError(f"the database URL cannot be read; write {wanted}") from error
    if name not in {"sqlite", "postgresql"}:
        raise DatabaseUrlError(f"a {name} database was asked for; write {wanted}")
    if name == "sqlite" and address.database in {None, "", ":memory:"}:
        raise DatabaseUrlError(
            "a SQLite database in memory was asked for; records need a file, for example "
            "sqlite:///var/bole.db (for a test: a file in a temporary folder)"
        )
    return address


def _sqlite_engine(address: URL, timeout_s: float, *, is_writer: bool) -> Engine:
    pragmas = [
        f"PRAGMA busy_timeout={round(timeout_s * 1000)}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA synchronous=FULL",
    ]
    if is_writer:
        # secure_delete: erased text is overwritten, not merely unlinked.
        pragmas += ["PRAGMA journal_mode=WAL", "PRAGMA secure_delete=ON"]
        engine = create_engine(address, json_serializer=_to_json, pool_size=1, max_overflow=0)
    else:
        pragmas += ["PRAGMA query_only=ON"]
        engine = create_engine(address, json_serializer=_to_json)

    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes too late (after the first SELECT) and not at all before DDL.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma).fetchall()

    def begin(connection: Connection) -> None:
        # IMMEDIATE: a writer that first reads must not find at its first write that it is too late.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the driver's errors about locks and space into ours."""
    try:
        yield
    except DBAPIError as error:
        name = getattr(error.orig, "sqlite_errorname", "")
        if name in _FULL or getattr(error.orig, "sqlstate", "") == _DISK_FULL_STATE:
            raise StorageFullError(
                f"a change was to be stored; there was no room ({name or error.orig}). Nothing of "
                "it was kept. Free some space on the disk of the database and send it again"
            ) from error
        if name in _BUSY:
            raise DatabaseBusyError(
                f"the database was asked for; another program holds it ({name}). End that "
                "program, or try again"
            ) from error
        raise


def _waited(timeout_s: float, holder: str) -> str:
    return (
        f"a change was to be stored; {holder} has been writing for over {timeout_s:g} s. "
        "Nothing was kept. Try again, or see what that writer is doing"
    )
