"""What the drivers of SQLite and PostgreSQL report, said in our errors.

The driver's own words are quoted where they help; they name host, port, user and database, never
the password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from search.records.errors import (
    DatabaseBusyError,
    DatabaseUnavailableError,
    DatabaseUrlError,
    RecordError,
    StorageFullError,
)

#: SQLSTATE of a lock that did not come within `lock_timeout`.
LOCK_NOT_AVAILABLE = "55P03"

_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "53100"})
_BUSY = frozenset(
    {
        "SQLITE_BUSY",
        "SQLITE_BUSY_SNAPSHOT",
        "SQLITE_BUSY_TIMEOUT",
        "SQLITE_LOCKED",
        LOCK_NOT_AVAILABLE,
        "40001",  # serialization_failure: a read that a standby had to give up
        "40P01",  # deadlock_detected
        "53200",  # out_of_memory
        "57014",  # query_canceled: statement_timeout
    }
)
_GONE = frozenset(
    {
        "25P03",  # idle_in_transaction_session_timeout
        "25P04",  # transaction_timeout
        "53300",  # too_many_connections
        "57P01",  # admin_shutdown
        "57P02",  # crash_shutdown
        "57P03",  # cannot_connect_now: it is starting up or shutting down
        "57P04",  # database_dropped
        "57P05",  # idle_session_timeout
    }
)
_CONNECTION_EXCEPTIONS = "08"
_READ_ONLY = "25006"
_NOT_PERMITTED = "42501"
_LONGEST_QUOTE = 300


@contextmanager
def explained(*, is_write: bool = False, is_commit: bool = False) -> Iterator[None]:
    """Turn the driver's errors about locks, space and lost servers into ours.

    Args:
        is_write: the block is to change something; a server that only reads is no use to it.
        is_commit: the block is the COMMIT: a connection lost in it leaves the outcome open.

    Raises:
        DatabaseBusyError: a lock, a connection or a statement took too long.
        StorageFullError: there was no room.
        DatabaseUnavailableError: the server is gone or does not answer.
        DatabaseUrlError: the user of this address may not do what was to be done.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseBusyError(
            f"the database was asked for; all connections of this process are in use "
            f"({_words(error)}). Nothing was kept. Try again; if it comes back, run more processes"
        ) from error
    except DBAPIError as error:
        ours = _ours(error, is_write=is_write, is_commit=is_commit)
        if ours is None:
            raise
        raise ours from error


def unavailable(reason: object, *, is_commit: bool = False) -> DatabaseUnavailableError:
    """Return the error for a server that is gone.

    Args:
        reason: what the driver said.
        is_commit: whether COMMIT had been sent.
    """
    if is_commit:
        return DatabaseUnavailableError(
            f"a change was to be stored; the database server was lost before it answered COMMIT "
            f"({_words(reason)}). Whether the change was kept is not known. To find out, send it "
            "again with the same key: what was kept already stays as it is. Where it has no key, "
            "read the records first",
            may_be_kept=True,
        )
    return DatabaseUnavailableError(
        f"the database server was asked for; it cannot be used ({_words(reason)}). Nothing was "
        "kept. See that it runs, can be reached and lets this user in, then try again"
    )


def code_of(error: DBAPIError) -> str:
    """Return PostgreSQL's SQLSTATE or SQLite's name of an error, or "" where it has neither."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return str(code or "")


def _ours(error: DBAPIError, *, is_write: bool, is_commit: bool) -> RecordError | None:
    code = code_of(error)
    if _is_lost(error, code) or (is_write and code == _READ_ONLY):
        return unavailable(error.orig, is_commit=is_commit)
    if code in _FULL:
        return StorageFullError(
            f"a change was to be stored; there was no room ({_words(error.orig)}). Nothing of "
            "it was kept. Free some space on the disk of the database and send it again"
        )
    if code in _BUSY:
        return DatabaseBusyError(
            f"the database was asked for; another program holds it ({code}: "
            f"{_words(error.orig)}). Nothing was kept. End that program, or try again"
        )
    if code == _NOT_PERMITTED:
        return DatabaseUrlError(
            f"the database was to be used; its user may not ({_words(error.orig)}). Make that user "
            "the owner of the database, or GRANT it CREATE and USAGE on the schema"
        )
    return None


def _is_lost(error: DBAPIError, code: str) -> bool:
    if not hasattr(error.orig, "sqlstate"):
        return False  # SQLite is no server
    if error.connection_invalidated or code in _GONE or code[:2] == _CONNECTION_EXCEPTIONS:
        return True
    # What the client library itself reports, such as a refused connection, has no SQLSTATE.
    return not code and isinstance(error, OperationalError | InterfaceError)


def _words(reason: object) -> str:
    return " ".join(str(reason).split())[:_LONGEST_QUOTE]
