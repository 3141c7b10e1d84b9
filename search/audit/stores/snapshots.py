"""Frozen audits, as they were frozen; nothing here changes one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from search.audit.figures import AuditFigures
from search.audit.period import Period
from search.audit.snapshot import freeze, thaw
from search.records.audit_tables import AUDIT_SNAPSHOT
from search.records.database import Database
from search.records.errors import RecordError
from search.records.identifiers import is_id, new_id


class SnapshotMissingError(RecordError):
    """There is no snapshot with this id."""

    def __init__(self, snapshot_id: str) -> None:
        super().__init__(
            f"snapshot {snapshot_id[:80]!r} was asked for; there is none with this id. List those "
            "there are"
        )


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot without its document.

    Attributes:
        id: unique, sorts by time.
        made_at, made_by: when, and by which account or how it came to be let in.
        as_of: day of the figures.
        period: of outcomes and searches.
        digest: the `hash` of the document: to be kept elsewhere, so that a change shows.
    """

    id: str
    made_at: datetime
    made_by: str
    as_of: date
    period: Period
    digest: str


class SnapshotStore:
    """Keeps snapshots. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def add(self, figures: AuditFigures, by: str) -> KeptSnapshot:
        """Freeze figures and keep them."""
        document = freeze(figures)
        kept = KeptSnapshot(
            id=new_id(),
            made_at=self._now(),
            made_by=by,
            as_of=figures.as_of,
            period=figures.period,
            digest=str(json.loads(document)["hashes"]["hash"]),
        )
        with self._database.writing() as connection:
            connection.execute(
                insert(AUDIT_SNAPSHOT).values(
                    id=kept.id,
                    made_at=kept.made_at,
                    made_by=by,
                    as_of=kept.as_of,
                    period_start=kept.period.start,
                    period_end=kept.period.end,
                    document=document,
                    digest=kept.digest,
                )
            )
        return kept

    def all(self) -> tuple[KeptSnapshot, ...]:
        """Return the snapshots, newest first."""
        query = select(*(c for c in AUDIT_SNAPSHOT.c if c.name != "document"))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(AUDIT_SNAPSHOT.c.id.desc())).all()
        return tuple(map(_kept, rows))

    def get(self, snapshot_id: str) -> tuple[KeptSnapshot, str]:
        """Return a snapshot and its document.

        Raises:
            SnapshotMissingError: there is none.
        """
        query = select(AUDIT_SNAPSHOT).where(AUDIT_SNAPSHOT.c.id == snapshot_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first() if is_id(snapshot_id) else None
        if row is None:
            raise SnapshotMissingError(snapshot_id)
        return _kept(row), row.document

    def figures(self, snapshot_id: str) -> AuditFigures:
        """Return the figures of a snapshot.

        Raises:
            SnapshotMissingError: there is none.
            UnreadableFiguresError: it was changed after it was frozen, or is of another version.
        """
        return thaw(self.get(snapshot_id)[1])

    def last_before(self, day: date) -> KeptSnapshot | None:
        """Return the latest snapshot of a day or before it; of one day the one made last."""
        query = (
            select(*(c for c in AUDIT_SNAPSHOT.c if c.name != "document"))
            .where(AUDIT_SNAPSHOT.c.as_of <= day)
            .order_by(AUDIT_SNAPSHOT.c.as_of.desc(), AUDIT_SNAPSHOT.c.id.desc())
        )
        with self._database.reading() as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None else _kept(row)


def _kept(row: Row[Any]) -> KeptSnapshot:
    period = Period(row.period_start, row.period_end)
    return KeptSnapshot(row.id, row.made_at, row.made_by, row.as_of, period, row.digest)
