"""Indices of shortage that others published, as they were entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from search.audit.published.index import PublishedIndex
from search.records.audit_tables import PUBLISHED_INDEX
from search.records.database import Database

_TABLE = PUBLISHED_INDEX.c


class PublishedStore:
    """Keeps published values. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def put(self, values: Iterable[PublishedIndex], by: str) -> int:
        """Keep values, all or none; one of the same index, edition and title is replaced.

        Args:
            values: as printed.
            by: account that enters them, or how it came to be let in.

        Returns:
            How many were kept.
        """
        at, count = self._now(), 0
        with self._database.writing() as connection:
            for one in values:
                connection.execute(
                    delete(PUBLISHED_INDEX).where(
                        _edition(one.name, one.publisher, one.edition), _TABLE.title == one.title
                    )
                )
                connection.execute(
                    insert(PUBLISHED_INDEX).values(**asdict(one), entered_by=by, entered_at=at)
                )
                count += 1
        return count

    def all(self) -> tuple[PublishedIndex, ...]:
        """Return all values, by index, edition and title."""
        order = (_TABLE.name, _TABLE.publisher, _TABLE.edition, _TABLE.title)
        names = PublishedIndex.__slots__
        query = select(*(_TABLE[name] for name in names)).order_by(*order)
        with self._database.reading() as connection:
            return tuple(PublishedIndex(*row) for row in connection.execute(query))

    def remove(self, name: str, publisher: str, edition: str) -> int:
        """Remove an edition of an index; return how many values it had."""
        with self._database.writing() as connection:
            query = delete(PUBLISHED_INDEX).where(_edition(name, publisher, edition))
            return connection.execute(query).rowcount

    def mark(self) -> str:
        """Return what is another text after any value was entered or removed."""
        query = select(func.count(), func.max(_TABLE.entered_at)).select_from(PUBLISHED_INDEX)
        with self._database.reading() as connection:
            return repr(tuple(connection.execute(query).one()))


def _edition(name: str, publisher: str, edition: str) -> ColumnElement[bool]:
    return and_(_TABLE.name == name, _TABLE.publisher == publisher, _TABLE.edition == edition)
