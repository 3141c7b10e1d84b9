"""How SQLite is connected to, and how its writers take turns.

SQLite from 3.7.0 to 3.51.2 can corrupt a database when one connection writes while another
checkpoints (the WAL-reset bug, fixed in 3.51.3). So a lock file lets one process write at a time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from search.records.errors import DatabaseBusyError
from search.records.file_lock import try_to_lock
from search.records.json_text import from_json, to_json

#: First release without the WAL-reset bug.
SAFE_SQLITE = (3, 51, 3)

_POLL_S = 0.002


def writer_engine(address: URL, turn_timeout_s: float) -> Engine:
    """Return the one connection that writes."""
    # secure_delete: erased text is overwritten, not merely unlinked.
    pragmas = ["PRAGMA journal_mode=WAL", "PRAGMA secure_delete=ON"]
    engine = create_engine(
        address,
        json_serializer=to_json,
        json_deserializer=from_json,
        hide_parameters=True,
        pool_size=1,
        max_overflow=0,
    )
    # IMMEDIATE: a writer that first reads must not find at its first write that it is too late.
    return _prepared(engine, turn_timeout_s, pragmas, "BEGIN IMMEDIATE")


def reader_engine(address: URL, turn_timeout_s: float) -> Engine:
    """Return connections whose transactions see one state throughout and cannot write."""
    engine = create_engine(
        address, json_serializer=to_json, json_deserializer=from_json, hide_parameters=True
    )
    return _prepared(engine, turn_timeout_s, ["PRAGMA query_only=ON"], "BEGIN")


@contextmanager
def turn(path: Path, deadline: float, timeout_s: float) -> Iterator[None]:
    """Wait until no other process writes, and keep the others waiting until the block ends.

    Args:
        path: the lock file.
        deadline: until when to wait, in seconds of the monotonic clock.
        timeout_s: how long it was to be waited in all, for the message.

    Raises:
        DatabaseBusyError: the turn did not come.
    """
    while (handle := try_to_lock(path)) is None:
        if time.monotonic() > deadline:
            raise DatabaseBusyError.waited(timeout_s, f"another process (lock {path})")
        time.sleep(_POLL_S)
    with handle:
        yield


def checkpoint(connection: Connection) -> None:
    """Empty the write-ahead log into the database."""
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def known_risks(file: Path, lock: Path) -> list[str]:
    """Return what is to be told about the SQLite that Python is linked to."""
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return []
    return [
        f"Python is linked to SQLite {sqlite3.sqlite_version}, which has the WAL-reset bug: a "
        "write during another connection's checkpoint can corrupt the file. Bole keeps to one "
        f"writer by {lock.name}; do not write to {file.name} with other "
        "tools while it runs, or use a Python linked to SQLite 3.51.3 or later"
    ]


def _prepared(engine: Engine, timeout_s: float, pragmas: list[str], begin_with: str) -> Engine:
    statements = [
        f"PRAGMA busy_timeout={round(timeout_s * 1000)}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA synchronous=FULL",
        *pragmas,
    ]

    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes too late (after the first SELECT) and not at all before DDL.
        connection.isolation_level = None
        for statement in statements:
            connection.execute(statement).fetchall()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin_with)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine
