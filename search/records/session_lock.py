"""The projector's lock on PostgreSQL: an advisory lock of a connection of its own.

It lives as long as the session, so whoever has lost the connection has lost the lock, at the latest
when the server notices: at once when the process ends, after some ten seconds when its machine or
the network is gone.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import suppress

import psycopg
from sqlalchemy import URL

from search.records.driver_errors import unavailable
from search.records.patient_connection import PatientConnection
from search.records.postgresql import connect_alone


class SessionProjectorLock:
    """The lock as a session's; see `ProjectorLock`.

    Args:
        address: the database.
        name: the index.
    """

    def __init__(self, address: URL, name: str) -> None:
        self._address = address
        self._number = _number_of(name)
        self._guard = threading.Lock()
        self._connection: PatientConnection | None = None
        self._has_it = False

    def acquire(self) -> bool:
        """Take the lock unless another has it, and return whether it is held.

        Raises:
            DatabaseUnavailableError: the server cannot be asked.
        """
        with self._guard:
            if self._answers() and self._has_it:
                return True
            try:
                # Kept while another has the lock: whoever waits for it asks again and again.
                if self._connection is None:
                    self._connection = connect_alone(self._address)
                query = "SELECT pg_try_advisory_lock(%s)"
                self._has_it = self._connection.execute(query, (self._number,)).fetchone() == (
                    True,
                )
            except psycopg.Error as error:
                self._close()
                raise unavailable(error) from error
            return self._has_it

    def is_held(self) -> bool:
        """Ask the server over the connection that has the lock; takes 2 s at most."""
        with self._guard:
            return self._has_it and self._answers()

    def release(self) -> None:
        """Let others have it, and close the connection."""
        with self._guard:
            if self._connection is not None and self._has_it:
                # Closing alone frees it a moment later only. A lost connection has lost it.
                with suppress(psycopg.Error):
                    self._connection.execute("SELECT pg_advisory_unlock(%s)", (self._number,))
            self._close()

    def _answers(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            self._close()
            return False
        return True

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._has_it = None, False


def _number_of(name: str) -> int:
    """Return the lock's number; 64 bits, so that two names do not meet, nor meet the writer's."""
    digest = hashlib.sha256(b"bole projector " + name.encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
