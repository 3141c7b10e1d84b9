"""Editions of offices' catalogues that were published; none is ever changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from search.audit.edition_files import catalogue_csv, dropped_csv, read_edition
from search.audit.editions import Edition, EditionError
from search.records.audit_tables import CATALOGUE_EDITION
from search.records.database import Database


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """An edition with who published it, and when."""

    edition: Edition
    at: datetime
    by: str


class EditionStore:
    """Keeps published editions. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def publish(self, edition: Edition, by: str) -> PublishedEdition:
        """Keep an edition.

        Raises:
            EditionError: it is not the one after the last, or cannot be written.
        """
        document = {
            "after": edition.after.isoformat() if edition.after else None,
            "catalogue": catalogue_csv(edition).decode("utf-8"),
            "dropped": dropped_csv(edition).decode("utf-8"),
        }
        at = self._now()
        with self._database.writing() as connection:
            query = select(CATALOGUE_EDITION.c.start).where(CATALOGUE_EDITION.c.id == edition.id)
            starts = connection.execute(query).scalars().all()
            if edition.after != max(starts, default=None):
                raise EditionError(
                    f"an edition after that of {edition.after} was to be published; the last one of "
                    f"{edition.id!r} begins on {max(starts, default=None)}: make the next one of it"
                )
            connection.execute(
                insert(CATALOGUE_EDITION).values(
                    id=edition.id,
                    start=edition.start,
                    document=document,
                    published_at=at,
                    published_by=by,
                )
            )
        return PublishedEdition(edition, at, by)

    def all(self, catalogue_id: str | None = None) -> tuple[PublishedEdition, ...]:
        """Return the editions of a catalogue, or of all, latest start first."""
        query = select(CATALOGUE_EDITION).order_by(CATALOGUE_EDITION.c.start.desc())
        if catalogue_id is not None:
            query = query.where(CATALOGUE_EDITION.c.id == catalogue_id)
        with self._database.reading() as connection:
            return tuple(map(_published, connection.execute(query).all()))

    def last(self, catalogue_id: str) -> PublishedEdition | None:
        """Return the latest edition of a catalogue; None before the first."""
        return next(iter(self.all(catalogue_id)), None)


def _published(row: Row[Any]) -> PublishedEdition:
    document = row.document
    after = date.fromisoformat(document["after"]) if document["after"] else None
    edition = read_edition(
        row.id, row.start, after, document["catalogue"].encode(), document["dropped"].encode()
    )
    return PublishedEdition(edition, row.published_at, row.published_by)
