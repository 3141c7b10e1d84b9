"""A file of vectors by key: SQLite, open in several threads and processes at a time.

A row carries a checksum over its key and its numbers, so that a damaged one is none at all. The file
is written in transactions that a `kill -9` cannot halve; a power cut may cost the last of them.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

#: Version of the tables; a file of another version counts as damaged.
FORMAT = 1
#: How long one process waits for another's transaction.
BUSY_S = 10.0
#: Lengths of difference at which a model's probe is another model's: rounding stays far below.
_OTHER_MODEL = 0.05
# Of 4 kB, SQLite's default, a row of 384 numbers fills three quarters at best.
_PAGE = 16_384
_KEYS_A_QUERY = 500
_DAY_S = 86_400
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS probe (row BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS vector (id INTEGER PRIMARY KEY, row BLOB NOT NULL)",
    # Apart from the vectors: noting that a million of them were used must not write them anew.
    "CREATE TABLE IF NOT EXISTS known (key BLOB PRIMARY KEY, id INTEGER NOT NULL, "
    "used INTEGER NOT NULL) WITHOUT ROWID",
)
_DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class VectorFile:
    """One open file. Not for several threads at once: whoever owns it takes turns.

    Args:
        path: of the file; made, with its folder, where there is none.
        probe: float32, (dim,): what the model makes of one fixed text. A file whose own probe differs
            was filled by another model of the same name, which counts as damage.
        most: vectors kept; those used longest ago go first.
        clock: seconds since the epoch; a vector's last use is known to the day.

    Raises:
        sqlite3.Error: it is damaged (`is_damage`), locked, read-only or on a full disk; every method may
            raise this.
        OSError: its folder cannot be made.
    """

    def __init__(
        self, path: Path, probe: Vector, most: int, clock: Callable[[], float] = time.time
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._dim = len(probe)
        self._most = most
        self._clock = clock
        self._database = _connected(path)
        try:
            self._begin(probe)
            # Exact at first; what other processes add meanwhile is seen when this one prunes.
            self._count = self._counted()
        except BaseException:
            self._database.close()
            raise

    def get(self, keys: Iterable[bytes]) -> dict[bytes, Vector]:
        """Return the vectors of those keys that are known: float32, (dim,) each."""
        today = self._today()
        found: dict[bytes, Vector] = {}
        stale: list[bytes] = []
        damaged: list[bytes] = []
        for part in _parts(list(keys)):
            rows = self._database.execute(
                "SELECT key, row, used FROM known JOIN vector USING (id) "
                f"WHERE key IN ({_marks(part)})",
                part,
            )
            for key, content, used in rows:
                vector = _unsealed(key, content, self._dim)
                if vector is None:
                    damaged.append(key)
                    continue
                found[key] = vector
                if used < today:
                    stale.append(key)
        if damaged:
            self.drop(damaged)
        if stale:
            self._note_use(stale, today)
        return found

    def put(self, vectors: Mapping[bytes, Vector]) -> None:
        """Keep vectors, all or none; a key that is known keeps the one it has."""
        today = self._today()
        added = 0
        with _transaction(self._database):
            for key, vector in vectors.items():
                if self._database.execute("SELECT 1 FROM known WHERE key = ?", (key,)).fetchone():
                    continue
                cursor = self._database.execute(
                    "INSERT INTO vector (row) VALUES (?)", (_sealed(key, vector),)
                )
                self._database.execute(
                    "INSERT INTO known VALUES (?, ?, ?)", (key, cursor.lastrowid, today)
                )
                added += 1
        self._count += added
        if self._count > self._most:
            # Some more than must go, so that not every transaction has to look for the oldest.
            self.prune(self._most - self._most // 20)

    def drop(self, keys: Iterable[bytes]) -> int:
        """Remove vectors, overwriting them; return how many there were."""
        dropped = _dropped(self._database, keys)
        self._count -= dropped
        return dropped

    def prune(self, most: int) -> int:
        """Remove those used longest ago until there are `most`; return how many were removed.

        Of those used on one day the last that came go first: whoever reads more than fits, in the same
        order each time, then finds the first part every time instead of never anything.
        """
        self._count = self._counted()
        excess = max(self._count - most, 0)
        oldest = self._database.execute(
            "SELECT key FROM known ORDER BY used, id DESC LIMIT ?", (excess,)
        )
        return self.drop([key for (key,) in oldest])

    def __len__(self) -> int:
        """Return how many vectors it keeps."""
        return self._counted()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _begin(self, probe: Vector) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise _DamageError(f"its tables are of version {version}, not {FORMAT}")
        with _transaction(self._database):
            for statement in _SCHEMA:
                self._database.execute(statement)
            row = self._database.execute("SELECT row FROM probe").fetchone()
            if row is None:
                self._database.execute("INSERT INTO probe VALUES (?)", (_sealed(b"", probe),))
                self._database.execute(f"PRAGMA user_version = {FORMAT}")
                return
        kept = _unsealed(b"", row[0], self._dim)
        if kept is None or float(np.linalg.norm(kept - probe)) > _OTHER_MODEL:
            raise _DamageError("another model of the same name filled it")

    def _note_use(self, keys: Sequence[bytes], today: int) -> None:
        try:
            with _transaction(self._database):
                self._database.executemany(
                    "UPDATE known SET used = ? WHERE key = ?", [(today, key) for key in keys]
                )
        except sqlite3.OperationalError:
            # Another process is writing for long: what was found counts more than when it was used.
            return

    def _counted(self) -> int:
        (count,) = self._database.execute("SELECT count(*) FROM known").fetchone()
        return int(count)

    def _today(self) -> int:
        return int(self._clock() // _DAY_S)


class _DamageError(sqlite3.DatabaseError):
    """The file is sound for SQLite and not for us."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def erase(path: Path, keys: Iterable[bytes]) -> int:
    """Remove vectors from a file, whichever model filled it; return how many there were.

    Nothing of them is left in the file, nor beside it unless another process is reading just then.

    Raises:
        sqlite3.Error: the file could not be changed.
    """
    with closing(_connected(path)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'known'").fetchone():
            return 0
        dropped = _dropped(database, keys)
        # The log of changes still has the pages as they were.
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return dropped


def remove(path: Path) -> None:
    """Remove a file and what SQLite keeps beside it.

    Raises:
        OSError: one of them cannot be removed.
    """
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_damage(error: Exception) -> bool:
    """Return whether an error means that the content is of no more use, rather than out of reach."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGE


def _connected(path: Path) -> sqlite3.Connection:
    deadline = time.monotonic() + BUSY_S
    while True:
        # Without a thread check: the owner takes turns. Without implicit transactions: they are ours.
        database = sqlite3.connect(
            path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            database.execute(f"PRAGMA page_size = {_PAGE}")
            database.execute("PRAGMA journal_mode = WAL").fetchone()
            database.execute("PRAGMA synchronous = NORMAL")
            # What is deleted is overwritten: a vector says something about its text.
            database.execute("PRAGMA secure_delete = ON").fetchone()
            return database
        except sqlite3.Error as error:
            database.close()
            # While another process makes the file there is no waiting for it inside SQLite.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        # A failure as grave as a full disk has ended it already.
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _dropped(database: sqlite3.Connection, keys: Iterable[bytes]) -> int:
    dropped = 0
    with _transaction(database):
        for part in _parts(list(keys)):
            database.execute(
                f"DELETE FROM vector WHERE id IN (SELECT id FROM known WHERE key IN ({_marks(part)}))",
                part,
            )
            dropped += database.execute(
                f"DELETE FROM known WHERE key IN ({_marks(part)})", part
            ).rowcount
    return dropped


def _sealed(key: bytes, vector: Vector) -> bytes:
    content = vector.astype("<f4").tobytes()
    return content + zlib.crc32(key + content).to_bytes(4, "little")


def _unsealed(key: bytes, sealed: bytes, dim: int) -> Vector | None:
    content, checksum = sealed[:-4], sealed[-4:]
    is_whole = zlib.crc32(key + content).to_bytes(4, "little") == checksum
    if len(content) != 4 * dim or not is_whole:
        return None
    return np.frombuffer(content, "<f4").astype(np.float32)


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), _KEYS_A_QUERY):
        yield keys[start : start + _KEYS_A_QUERY]


def _marks(keys: Sequence[bytes]) -> str:
    return ",".join("?" * len(keys))
