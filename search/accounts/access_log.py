"""What was read of personal data, by whom and when: only ever added to.

Each entry carries the SHA-256 of itself and of the digest before it, so that an entry that was changed,
removed or moved shows. What is cut off at the end shows to whoever kept an earlier `head`. Entries hold
ids and codes, nothing a person said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from search.accounts.principal import Principal
from search.records.account_tables import ACCESS_LOG
from search.records.database import Database

#: Entries read at a time.
_BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """One reading.

    Attributes:
        sequence: number, rising.
        action: what was done: `read`, `contact`, `export`, `drill-down`, `erase`…
        record_id: of whom.
        detail: which fields, or of what.
    """

    sequence: int
    at: datetime
    account_id: str
    organisation_id: str
    action: str
    record_id: str
    detail: str
    digest: str


class AccessLog:
    """Adds to the log and reads it. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def note(
        self, who: Principal, action: str, record_ids: Iterable[str], detail: str = ""
    ) -> None:
        """Add an entry for each record, before it is shown."""
        with self._database.writing() as connection:
            note_within(connection, who, action, record_ids, detail, self._now())

    def of_record(self, record_id: str) -> tuple[Entry, ...]:
        """Return who read of a person, oldest first."""
        query = select(ACCESS_LOG).where(ACCESS_LOG.c.record_id == record_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(ACCESS_LOG.c.sequence)).all()
        return tuple(map(_entry, rows))

    def people_of(self, account_id: str, action: str, since: datetime) -> dict[str, datetime]:
        """Return of whom an account read something since a moment, and when it first did.

        Args:
            account_id: who read.
            action: what, for example `contact`.
            since: aware; earlier readings do not count.
        """
        table = ACCESS_LOG.c
        query = (
            select(table.record_id, func.min(table.at).label("first"))
            .where(table.account_id == account_id, table.at >= since, table.action == action)
            .group_by(table.record_id)
        )
        with self._database.reading() as connection:
            return {row.record_id: row.first for row in connection.execute(query)}

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield all entries after a number, oldest first."""
        while True:
            query = select(ACCESS_LOG).where(ACCESS_LOG.c.sequence > after)
            with self._database.reading() as connection:
                rows = connection.execute(query.order_by(ACCESS_LOG.c.sequence).limit(_BATCH)).all()
            if not rows:
                return
            yield from map(_entry, rows)
            after = rows[-1].sequence

    def head(self) -> tuple[int, str]:
        """Return number and digest of the last entry: keep it elsewhere to show a shortened log."""
        with self._database.reading() as connection:
            return _head(connection)

    def problems(self, expected: tuple[int, str] | None = None) -> list[str]:
        """Return what is wrong with the log; empty when it is whole.

        Args:
            expected: a head noted earlier, which the log must still hold.
        """
        found, digest = [], ""
        held = expected is None or expected[0] == 0
        for entry in self.entries():
            digest = _digest(digest, entry)
            if digest != entry.digest:
                found.append(
                    f"entry {entry.sequence} is not what was written, or one before it is gone"
                )
                digest = entry.digest
            if expected is not None and entry.sequence == expected[0]:
                held = entry.digest == expected[1]
        if not held and expected is not None:
            found.append(f"entry {expected[0]}, noted earlier as {expected[1]}, is gone or another")
        return found


def note_within(
    connection: Connection,
    who: Principal,
    action: str,
    record_ids: Iterable[str],
    detail: str,
    now: datetime,
) -> None:
    """Add entries in the transaction of a connection that may write."""
    sequence, digest = _head(connection)
    rows = []
    for number, record_id in enumerate(record_ids, start=sequence + 1):
        entry = Entry(
            number,
            now,
            who.account_id or who.standing.value,
            who.organisation_id,
            action,
            record_id,
            detail[:64],
            "",
        )
        digest = _digest(digest, entry)
        rows.append({**vars(entry), "digest": digest})
    if rows:
        connection.execute(insert(ACCESS_LOG), rows)


def _head(connection: Connection) -> tuple[int, str]:
    query = select(ACCESS_LOG.c.sequence, ACCESS_LOG.c.digest)
    row = connection.execute(query.order_by(ACCESS_LOG.c.sequence.desc()).limit(1)).first()
    return (0, "") if row is None else (int(row.sequence), str(row.digest))


def _digest(before: str, entry: Entry) -> str:
    said = [
        before,
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(),
        entry.account_id,
        entry.organisation_id,
        entry.action,
        entry.record_id,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        int(row.sequence),
        row.at,
        row.account_id,
        row.organisation_id,
        row.action,
        row.record_id,
        row.detail,
        row.digest,
    )
