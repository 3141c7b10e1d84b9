"""Proof that somebody was erased, without anything about them: ids, time, and what was removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from search.accounts.access_log import note_within
from search.accounts.principal import Principal
from search.records.account_tables import CONTACT_DETAIL, CONTACT_REQUEST, ERASURE
from search.records.database import Database
from search.records.identifiers import new_id
from search.records.tables import ALERT


@dataclass(frozen=True)
class Erasure:
    """One erasure.

    Attributes:
        by: account that asked for it, or how they were let in.
        removed: how many rows of each table went with the record.
    """

    id: str
    record_id: str
    at: datetime
    by: str
    removed: Mapping[str, int]


class ErasureStore:
    """Keeps the proofs. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def prove(self, connection: Connection, who: Principal, record_id: str) -> Erasure:
        """Count what goes with a record and write the proof, in the transaction that removes it."""
        tables = {
            "contact_details": CONTACT_DETAIL.c.record_id,
            "contact_requests": CONTACT_REQUEST.c.candidate_id,
            "alerts": ALERT.c.record_id,
        }
        removed = {"records": 1} | {
            name: int(
                connection.execute(select(func.count()).where(column == record_id)).scalar_one()
            )
            for name, column in tables.items()
        }
        now = self._now()
        made = Erasure(new_id(), record_id, now, who.account_id or who.standing.value, removed)
        connection.execute(insert(ERASURE).values(vars(made)))
        note_within(connection, who, "erase", [record_id], made.id, now)
        return made

    def all(self) -> tuple[Erasure, ...]:
        """Return all proofs, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ERASURE).order_by(ERASURE.c.id)).all()
        return tuple(map(_erasure, rows))

    def find(self, record_id: str) -> Erasure | None:
        """Return the proof that a record was erased."""
        with self._database.reading() as connection:
            query = select(ERASURE).where(ERASURE.c.record_id == record_id)
            row = connection.execute(query).first()
        return None if row is None else _erasure(row)


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(row.id, row.record_id, row.at, row.by, dict(row.removed))
