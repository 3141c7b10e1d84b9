"""That somebody searched for a role in a place, and how much was found; nothing that was written."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, func, insert, select

from search.audit.inputs import SearchEvent
from search.records.audit_tables import SEARCH_EVENT
from search.records.database import Database

#: Days for which events are kept: a year, and what a comparison with the year before needs besides.
KEEP_DAYS = 400


class SearchEventStore:
    """Keeps search events. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pruned_on = date.min

    def add(self, event: SearchEvent) -> None:
        """Keep an event; once a day those beyond `KEEP_DAYS` go."""
        with self._database.writing() as connection:
            if self._pruned_on != event.on:
                last = event.on - timedelta(days=KEEP_DAYS)
                connection.execute(delete(SEARCH_EVENT).where(SEARCH_EVENT.c.day < last))
                self._pruned_on = event.on
            connection.execute(
                insert(SEARCH_EVENT).values(
                    day=event.on,
                    target=event.target,
                    role=event.role,
                    region=event.region,
                    result_count=event.result_count,
                )
            )

    def between(self, start: date, end: date) -> tuple[SearchEvent, ...]:
        """Return the events from one day to another, both included, in the order they came."""
        query = select(SEARCH_EVENT).where(SEARCH_EVENT.c.day >= start, SEARCH_EVENT.c.day <= end)
        # Most events are like others: one object stands for all that are alike.
        known: dict[SearchEvent, SearchEvent] = {}
        found = []
        with self._database.reading() as connection:
            for row in connection.execute(query.order_by(SEARCH_EVENT.c.id)):
                event = SearchEvent(row.day, row.role, row.region, row.target, row.result_count)
                found.append(known.setdefault(event, event))
        return tuple(found)

    def mark(self) -> int:
        """Return the number of the last event; 0 before the first."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(SEARCH_EVENT.c.id))).scalar() or 0)
