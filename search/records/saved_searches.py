"""Saved searches and their alerts: questions that are asked again of every record that changes.

A search raises one alert for a record at most, when it first matches after the search was saved, and
none when the record changes again. Records that were there before are what searching shows; they
raise an alert when they change.

What a search is still to be asked of are the records whose last change has a higher outbox number
than `evaluated_upto`. The records have that number themselves: no pruning of the outbox can lose any,
and it need not wait for anybody.

Raising alerts moves `evaluated_upto` in the same transaction, and only from where whoever evaluated
has begun. So of two who evaluate at once one has no effect, and one that is killed has either done
both or neither.

An alert holds neither name nor text of a record. It goes with the record (`tables.ALERT`), and while
the record is paused or closed it is neither shown nor counted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from search.records import outbox
from search.records.database import Database
from search.records.errors import (
    DuplicateNameError,
    InvalidRecordError,
    RepeatedRequestError,
    SavedSearchMissingError,
    TooManySearchesError,
    VersionConflictError,
)
from search.records.identifiers import is_id, new_id
from search.records.states import FINDABLE
from search.records.tables import ALERT, LONGEST_TITLE, RECORD, SAVED_SEARCH

#: Most saved searches of one owner: each is asked of every record that changes.
SEARCHES_AT_MOST = 200

Criteria = dict[str, Any]


@dataclass(frozen=True)
class SavedSearch:
    """A search that is asked again.

    Attributes:
        id: unique, sorts by time of creation.
        owner: whose it is.
        name: unique for the owner.
        version: 1 when saved, one more with each change; what an ETag is made of.
        criteria: what is asked, as JSON; the records know nothing of its meaning.
        evaluated_upto: outbox number up to which it was asked of what changed.
    """

    id: str
    owner: str
    name: str
    version: int
    criteria: Criteria
    evaluated_upto: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class SavedSearchPage:
    """Some saved searches in order of id; `after` of the next page, or None at the end."""

    searches: tuple[SavedSearch, ...]
    next: str | None


@dataclass(frozen=True)
class Alert:
    """A record that a saved search found.

    Attributes:
        number: outbox number of the change that raised it; no other alert of the search has it.
        score: 0-100, when it was raised.
        seen_at: when it was marked as seen, or None.
    """

    record_id: str
    number: int
    score: float
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class AlertPage:
    """Some alerts, newest first; `before` of the next page, or None at the end."""

    alerts: tuple[Alert, ...]
    next: int | None


@dataclass(frozen=True)
class AlertCounts:
    """How many alerts a search has: those not seen, and all."""

    new: int = 0
    total: int = 0


@dataclass(frozen=True)
class Changed:
    """A record and the outbox number of its last change."""

    record_id: str
    number: int


@dataclass(frozen=True)
class Found:
    """A changed record that matches, with its score (0-100)."""

    changed: Changed
    score: float


class SavedSearchStore:
    """Keeps saved searches and their alerts. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form (`open_database`).
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def add(
        self, owner: str, name: str, criteria: Criteria, request: str | None = None
    ) -> SavedSearch:
        """Save a search, to be asked of what changes from now on.

        Args:
            owner: whose it is to be.
            name: one line.
            criteria: what is asked, as JSON.
            request: what stands for the request, so that it can be sent again.

        Raises:
            RepeatedRequestError: the request was sent before.
            DuplicateNameError: the owner has one of this name.
            TooManySearchesError: the owner has `SEARCHES_AT_MOST`.
            InvalidRecordError: the name cannot be used.
        """
        _check_name(name)
        with self._database.writing() as connection:
            if request is not None:
                _refuse_repeated(connection, owner, request)
            _refuse_taken(connection, owner, name)
            count = select(func.count()).select_from(SAVED_SEARCH)
            owned = connection.execute(count.where(SAVED_SEARCH.c.owner == owner)).scalar_one()
            if owned >= SEARCHES_AT_MOST:
                raise TooManySearchesError(SEARCHES_AT_MOST)
            now = self._now()
            search = SavedSearch(
                id=new_id(),
                owner=owner,
                name=name,
                version=1,
                criteria=criteria,
                evaluated_upto=outbox.last_sequence(connection),
                created_at=now,
                updated_at=now,
            )
            connection.execute(insert(SAVED_SEARCH).values(**vars(search), request=request))
        return search

    def replace(
        self, search_id: str, owner: str, name: str, criteria: Criteria, expected_version: int
    ) -> SavedSearch:
        """Replace a search that is still at the version the caller has seen.

        Other criteria are another question: its alerts are removed, and it is asked of what changes
        from now on. One that says the same already stays as it is, version included.

        Raises:
            SavedSearchMissingError: the owner has none with this id.
            VersionConflictError: it is at another version.
            DuplicateNameError: another one of the owner has this name.
            InvalidRecordError: the name cannot be used.
        """
        _check_name(name)
        with self._database.writing() as connection:
            found = _get(connection, search_id, owner)
            if found.version != expected_version:
                raise VersionConflictError(search_id, expected_version, found.version)
            if (found.name, found.criteria) == (name, criteria):
                return found
            if found.name != name:
                _refuse_taken(connection, owner, name)
            changes: dict[str, Any] = {
                "name": name,
                "version": found.version + 1,
                "updated_at": self._now(),
            }
            if found.criteria != criteria:
                changes |= {
                    "criteria": criteria,
                    "evaluated_upto": outbox.last_sequence(connection),
                }
                connection.execute(delete(ALERT).where(ALERT.c.search_id == search_id))
            connection.execute(
                update(SAVED_SEARCH).where(SAVED_SEARCH.c.id == search_id).values(changes)
            )
            return _get(connection, search_id, owner)

    def delete(self, search_id: str, owner: str, expected_version: int) -> None:
        """Remove a search with its alerts.

        Raises:
            SavedSearchMissingError: the owner has none with this id.
            VersionConflictError: it is at another version.
        """
        with self._database.writing() as connection:
            found = _get(connection, search_id, owner)
            if found.version != expected_version:
                raise VersionConflictError(search_id, expected_version, found.version)
            connection.execute(delete(SAVED_SEARCH).where(SAVED_SEARCH.c.id == search_id))

    def delete_all(self, owner: str) -> int:
        """Remove every search of an owner with its alerts; return how many that were."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(SAVED_SEARCH).where(SAVED_SEARCH.c.owner == owner))
        return gone.rowcount

    def get(self, search_id: str, owner: str) -> SavedSearch:
        """Return a search.

        Raises:
            SavedSearchMissingError: the owner has none with this id.
        """
        with self._database.reading() as connection:
            return _get(connection, search_id, owner)

    def page(self, owner: str, *, after: str = "", limit: int = 100) -> SavedSearchPage:
        """Return searches of an owner in order of id, oldest first, beginning after one.

        Args:
            owner: whose.
            after: `next` of the page before, or "" for the first.
            limit: most searches on the page, from 1.

        Raises:
            InvalidRecordError: the cursor is none of ours.
        """
        if after and not is_id(after):
            raise InvalidRecordError(
                f"a page after cursor {after[:40]!r} was asked for; that is none of ours. Send "
                "the cursor of the page before unchanged, or none for the first page"
            )
        query = select(SAVED_SEARCH).where(SAVED_SEARCH.c.owner == owner, SAVED_SEARCH.c.id > after)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(SAVED_SEARCH.c.id).limit(limit + 1)).all()
        searches = tuple(_search(row) for row in rows[:limit])
        return SavedSearchPage(searches, searches[-1].id if len(rows) > limit else None)

    def counts(self, search_ids: Collection[str]) -> dict[str, AlertCounts]:
        """Return how many alerts each search has, those of records that are not shown left out."""
        query = (
            select(
                ALERT.c.search_id,
                func.count().filter(ALERT.c.seen_at.is_(None)).label("new"),
                func.count().label("total"),
            )
            .where(ALERT.c.search_id.in_(search_ids), _is_shown())
            .group_by(ALERT.c.search_id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        found = {row.search_id: AlertCounts(row.new, row.total) for row in rows}
        return {search_id: found.get(search_id, AlertCounts()) for search_id in search_ids}

    def alerts(self, search_id: str, *, before: int | None = None, limit: int = 100) -> AlertPage:
        """Return alerts of a search, newest first.

        Args:
            search_id: which.
            before: `next` of the page before, or None for the first.
            limit: most alerts on the page, from 1.
        """
        query = select(ALERT).where(ALERT.c.search_id == search_id, _is_shown())
        if before is not None:
            query = query.where(ALERT.c.sequence < before)
        with self._database.reading() as connection:
            rows = connection.execute(
                query.order_by(ALERT.c.sequence.desc()).limit(limit + 1)
            ).all()
        alerts = tuple(
            Alert(row.record_id, row.sequence, row.score, row.created_at, row.seen_at)
            for row in rows[:limit]
        )
        return AlertPage(alerts, alerts[-1].number if len(rows) > limit else None)

    def mark_seen(self, search_id: str, upto: int) -> int:
        """Mark the alerts up to a number as seen, and return how many were not before.

        Alerts that are not shown at present were not seen, and stay so.
        """
        statement = update(ALERT).where(
            ALERT.c.search_id == search_id,
            ALERT.c.sequence <= upto,
            ALERT.c.seen_at.is_(None),
            _is_shown(),
        )
        with self._database.writing() as connection:
            return connection.execute(statement.values(seen_at=self._now())).rowcount

    # Evaluation

    def every(self) -> tuple[SavedSearch, ...]:
        """Return the searches of all owners in order of id."""
        with self._database.reading() as connection:
            rows = connection.execute(select(SAVED_SEARCH).order_by(SAVED_SEARCH.c.id))
            return tuple(map(_search, rows))

    def current(self, search: SavedSearch) -> SavedSearch | None:
        """Return a search as it is now; None when it was deleted."""
        query = select(SAVED_SEARCH).where(SAVED_SEARCH.c.id == search.id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _search(row)

    def changed(self, kind: str, after: int, upto: int, limit: int) -> tuple[Changed, ...]:
        """Return the records of a kind that changed last after one outbox number and up to another.

        In the order of these numbers. A record that changed again since comes when `upto` has
        reached that.
        """
        query = (
            select(RECORD.c.id, RECORD.c.sequence)
            .where(RECORD.c.sequence > after, RECORD.c.sequence <= upto, RECORD.c.kind == kind)
            .order_by(RECORD.c.sequence)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(Changed(row.id, row.sequence) for row in connection.execute(query))

    def raise_alerts(self, search: SavedSearch, upto: int, found: Sequence[Found]) -> int | None:
        """Keep what was found for a search, and that it was asked of all that changed up to a number.

        Records that are gone by now, or have an alert of this search, raise none.

        Args:
            search: as it was when it was asked.
            upto: up to which number, above its `evaluated_upto`.
            found: what matches among what changed in between.

        Returns:
            How many alerts were raised; None when the search was changed, deleted or evaluated by
            another meanwhile: then nothing was kept.
        """
        scores = {one.changed.record_id: one for one in found}
        moved = (
            update(SAVED_SEARCH)
            .where(
                SAVED_SEARCH.c.id == search.id,
                SAVED_SEARCH.c.version == search.version,
                SAVED_SEARCH.c.evaluated_upto == search.evaluated_upto,
            )
            .values(evaluated_upto=upto)
        )
        # Nobody else writes meanwhile: what is there now is there when this is kept.
        there = select(RECORD.c.id).where(
            RECORD.c.id.in_(scores),
            RECORD.c.id.not_in(select(ALERT.c.record_id).where(ALERT.c.search_id == search.id)),
        )
        with self._database.writing() as connection:
            if connection.execute(moved).rowcount == 0:
                return None
            now = self._now()
            raised = [
                {
                    "search_id": search.id,
                    "record_id": record_id,
                    "sequence": scores[record_id].changed.number,
                    "score": scores[record_id].score,
                    "created_at": now,
                }
                for record_id in connection.execute(there).scalars()
            ]
            if raised:
                connection.execute(insert(ALERT), raised)
        return len(raised)


def _get(connection: Connection, search_id: str, owner: str) -> SavedSearch:
    row = None
    if is_id(search_id):
        query = select(SAVED_SEARCH).where(
            SAVED_SEARCH.c.id == search_id, SAVED_SEARCH.c.owner == owner
        )
        row = connection.execute(query).first()
    if row is None:
        raise SavedSearchMissingError(search_id)
    return _search(row)


def _search(row: Row[Any]) -> SavedSearch:
    return SavedSearch(
        row.id,
        row.owner,
        row.name,
        row.version,
        row.criteria,
        row.evaluated_upto,
        row.created_at,
        row.updated_at,
    )


def _is_shown() -> ColumnElement[bool]:
    """Return the condition that the record of an alert is in the state in which it can be found."""
    findable = or_(
        *(
            and_(RECORD.c.kind == kind, RECORD.c.status == status)
            for kind, status in FINDABLE.items()
        )
    )
    # For each alert by itself: as a list of all such records it would be made for every question.
    record = select(RECORD.c.id).where(RECORD.c.id == ALERT.c.record_id, findable)
    return record.correlate(ALERT).exists()


def _refuse_repeated(connection: Connection, owner: str, request: str) -> None:
    earlier = connection.execute(
        select(SAVED_SEARCH.c.id).where(
            SAVED_SEARCH.c.owner == owner, SAVED_SEARCH.c.request == request
        )
    ).scalar()
    if earlier is not None:
        raise RepeatedRequestError(str(earlier))


def _refuse_taken(connection: Connection, owner: str, name: str) -> None:
    taken = connection.execute(
        select(SAVED_SEARCH.c.id).where(SAVED_SEARCH.c.owner == owner, SAVED_SEARCH.c.name == name)
    ).scalar()
    if taken is not None:
        raise DuplicateNameError(name, str(taken))


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_TITLE or not name.isprintable() or name != name.strip():
        raise InvalidRecordError(
            f"a search was to be saved as {name[:80]!r}; a name is 1 to {LONGEST_TITLE} printable "
            "characters without blanks around them"
        )
