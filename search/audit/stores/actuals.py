"""Actual figures of indicators, as they were entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import delete, func, insert, select

from search.audit.targets.progress import Actual, Source
from search.records.audit_tables import INDICATOR_ACTUAL, LONGEST_NOTE
from search.records.database import Database


class ActualStore:
    """Keeps actual figures. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def put(self, actuals: Iterable[Actual]) -> int:
        """Keep figures, all or none; one of the same indicator, day and source is replaced.

        Returns:
            How many were kept.
        """
        at, count = self._now(), 0
        with self._database.writing() as connection:
            for one in actuals:
                connection.execute(
                    delete(INDICATOR_ACTUAL).where(
                        INDICATOR_ACTUAL.c.indicator == one.indicator,
                        INDICATOR_ACTUAL.c.day == one.on,
                        INDICATOR_ACTUAL.c.source == one.source,
                    )
                )
                connection.execute(
                    insert(INDICATOR_ACTUAL).values(
                        indicator=one.indicator,
                        day=one.on,
                        source=one.source,
                        value=str(one.value),
                        unit=one.unit,
                        entered_by=one.by,
                        note=one.note[:LONGEST_NOTE],
                        entered_at=at,
                    )
                )
                count += 1
        return count

    def mark(self) -> str:
        """Return what is another text after any figure was entered."""
        table = INDICATOR_ACTUAL.c
        query = select(func.count(), func.max(table.entered_at)).select_from(INDICATOR_ACTUAL)
        with self._database.reading() as connection:
            return repr(tuple(connection.execute(query).one()))

    def all(self) -> tuple[Actual, ...]:
        """Return all figures, by indicator and day."""
        table = INDICATOR_ACTUAL.c
        query = select(INDICATOR_ACTUAL).order_by(table.indicator, table.day, table.source)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Actual(
                indicator=row.indicator,
                value=Decimal(row.value),
                unit=row.unit,
                on=row.day,
                source=cast("Source", row.source),
                by=row.entered_by,
                note=row.note,
            )
            for row in rows
        )
