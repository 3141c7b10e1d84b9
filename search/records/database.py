"""Where the records live: connections to SQLite or PostgreSQL that behave alike.

There is one writer at a time. In a process that is one connection behind a lock; between processes
on one SQLite file it is a lock file (`sqlite.py` says why), on PostgreSQL an advisory lock of the
transaction. It also makes outbox numbers become visible in the order in which they were given out,
so that whoever has read up to a number has missed nothing below it.

A reader has one state before it throughout, and holds up nobody.

Nothing waits for ever. A writer gives up when its turn does not come in time
(`DatabaseBusyError`). A PostgreSQL server that is down, or out of reach, is reported within the
2 seconds that a connection may take; one that is frozen within 3, and in the middle of a statement
after the statement's time (`DatabaseUnavailableError`; `postgresql.py` has the times). A connection
that died while it lay idle is replaced unnoticed, for reading and for writing, since nothing had
been asked on it. Nothing else is tried again here: whoever wrote decides. When the connection is
lost in COMMIT, whether the change was kept is not known, and the error says so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from search.records import sqlite
from search.records.driver_errors import explained
from search.records.errors import DatabaseBusyError, DatabaseUrlError
from search.records.index_names import check_index_name
from search.records.migrations import HEAD, migrate_within, revision_of
from search.records.projector_lock import FileProjectorLock, ProjectorLock

#: How long a writer waits for its turn before it gives up.
TURN_TIMEOUT_S = 30.0

_WANTED = "sqlite:///folder/bole.db or postgresql+psycopg://user:password@host/name"


class Database:
    """Connections to one database. Safe to share between threads; make one a process.

    Args:
        url: `sqlite:///folder/bole.db` or `postgresql+psycopg://user:password@host/name`.
        turn_timeout_s: how long a writer waits for its turn.

    Raises:
        DatabaseUrlError: the address cannot be read, or names a database that cannot be used.
    """

    def __init__(self, url: str, *, turn_timeout_s: float = TURN_TIMEOUT_S) -> None:
        self._address = _parsed(url)
        self._turn_timeout_s = turn_timeout_s
        self._lock = threading.Lock()
        self._file: Path | None = None
        self.writer: Engine
        self.reader: Engine
        if self._address.get_backend_name() == "sqlite":
            self._file = Path(str(self._address.database))
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self.writer = sqlite.writer_engine(self._address, turn_timeout_s)
            self.reader = sqlite.reader_engine(self._address, turn_timeout_s)
        else:
            # The driver takes a tenth of a second to load; who has SQLite need not wait for it.
            from search.records import postgresql

            postgresql.check_arguments(self._address)
            self.writer = postgresql.writer_engine(self._address, turn_timeout_s)
            self.reader = postgresql.reader_engine(self._address, turn_timeout_s)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and cannot write.

        Raises:
            DatabaseBusyError: all connections are in use, or the statement took too long.
            DatabaseUnavailableError: the server cannot be used.
        """
        with explained(), self.reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the one connection that may write, in a transaction kept if the block ends well.

        Raises:
            DatabaseBusyError: the turn did not come in time; nothing was written.
            StorageFullError: there was no room; nothing was written.
            DatabaseUnavailableError: the server cannot be used; nothing was written, unless its
                `may_be_kept` says that this is not known.
        """
        with (
            explained(is_write=True),
            self._turn() as deadline,
            _kept_at_the_end(self.writer) as connection,
        ):
            if self._file is None:
                from search.records import postgresql

                left_s = deadline - time.monotonic()
                postgresql.take_turn(connection, left_s, self._turn_timeout_s)
            yield connection

    @contextmanager
    def bookkeeping(self) -> Iterator[Connection]:
        """Give a connection for what is no record and needs no turn, in a transaction of its own.

        On PostgreSQL it neither waits for the writer nor holds it up. SQLite has one writer for
        everything, so there this is `writing()`.

        Raises:
            DatabaseBusyError: SQLite's turn, or a connection, did not come in time.
            StorageFullError: there was no room; nothing was written.
            DatabaseUnavailableError: as in `writing()`.
        """
        if self._file is not None:
            with self.writing() as connection:
                yield connection
            return
        with explained(is_write=True), _kept_at_the_end(self.writer) as connection:
            yield connection

    def projector_lock(self, name: str) -> ProjectorLock:
        """Return the lock of an index, not yet taken: one process at a time can hold it.

        Args:
            name: the index, as `RecordStore.report_position` knows it.

        Raises:
            InvalidRecordError: no index can have this name.
        """
        check_index_name(name)
        if self._file is not None:
            return FileProjectorLock(self._file.with_name(f"{self._file.name}.{name}.projector"))
        from search.records.session_lock import SessionProjectorLock

        return SessionProjectorLock(self._address, name)

    def migrate(self) -> None:
        """Bring the tables to the present form.

        Raises:
            DatabaseUrlError: the database cannot hold the records, or its user may not make tables.
            DatabaseBusyError: another process is writing for too long.
            DatabaseUnavailableError: the server cannot be used.
        """
        with self.writing() as connection:
            if self._file is None:
                from search.records import postgresql

                postgresql.check_encoding(connection)
                if revision_of(connection) != HEAD:
                    postgresql.lift_limits(connection)
            migrate_within(connection)

    def checkpoint(self) -> None:
        """Empty SQLite's write-ahead log into the database, so that erased text leaves it too.

        PostgreSQL does this by itself in its own time (checkpoints and autovacuum).
        """
        if self._file is None:
            return
        with explained(), self._turn(), self.writer.connect() as connection:
            sqlite.checkpoint(connection)

    @property
    def address(self) -> URL:
        """Where it is; may hold a password, so it is not to be shown."""
        return self._address

    @property
    def file(self) -> Path | None:
        """The file of SQLite; None on PostgreSQL."""
        return self._file

    def known_risks(self) -> list[str]:
        """Return what a doctor should tell about this database; empty when there is nothing."""
        return [] if self._file is None else sqlite.known_risks(self._file, self._lock_path)

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()

    @property
    def _lock_path(self) -> Path:
        path = self._file or Path()
        return path.with_name(path.name + ".lock")

    @contextmanager
    def _turn(self) -> Iterator[float]:
        """Wait until nobody else writes; give the time of the monotonic clock until when to wait."""
        deadline = time.monotonic() + self._turn_timeout_s
        if not self._lock.acquire(timeout=self._turn_timeout_s):
            raise DatabaseBusyError.waited(self._turn_timeout_s, "this process")
        try:
            if self._file is None:
                yield deadline
            else:
                with sqlite.turn(self._lock_path, deadline, self._turn_timeout_s):
                    yield deadline
        finally:
            self._lock.release()


def open_database(url: str) -> Database:
    """Connect and bring the tables to the present form.

    Raises:
        DatabaseUrlError: the address cannot be used.
        DatabaseBusyError: another process is writing for too long.
        DatabaseUnavailableError: the server cannot be used.
    """
    database = Database(url)
    try:
        database.migrate()
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _kept_at_the_end(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:  # rolls back what was not committed
        connection.begin()
        yield connection
        with explained(is_commit=True):
            connection.commit()


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
        name = address.get_backend_name()
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # Neither the address nor what was said of it is repeated: it may hold a password.
        raise DatabaseUrlError(f"the database URL cannot be read; write {_WANTED}") from None
    if name not in {"sqlite", "postgresql"}:
        raise DatabaseUrlError(f"a {name} database was asked for; write {_WANTED}")
    if name == "sqlite" and address.database in {None, "", ":memory:"}:
        raise DatabaseUrlError(
            "a SQLite database in memory was asked for; records need a file, for example "
            "sqlite:///var/bole.db (for a test: a file in a temporary folder)"
        )
    if name == "postgresql" and address.drivername != "postgresql+psycopg":
        raise DatabaseUrlError(
            f"the driver {address.get_driver_name()} was asked for; records are written through "
            "psycopg: begin the URL with postgresql+psycopg://"
        )
    return address
