"""How far each index has followed the outbox, and the removal of what all of them have passed.

The mark `pruned` is moved, and committed, before the rows below it are removed. So whoever reads
rows and finds the mark at or below where it began has missed none.

Nothing here waits for anybody on PostgreSQL: a row that another transaction holds is left to it.
SQLite, with its one writer, leaves FOR UPDATE out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from search.records.errors import InvalidRecordError, OutboxPrunedError
from search.records.tables import CONSUMER, OUTBOX, PRUNED


@dataclass(frozen=True)
class Consumer:
    """An index that follows the outbox.

    Attributes:
        name: the index.
        position: outbox number up to which it has, durably, every change.
        seen_at: when it last said so.
    """

    name: str
    position: int
    seen_at: datetime


def last_sequence(connection: Connection) -> int:
    """Return the number of the last change, or 0 before the first."""
    last = connection.execute(select(func.max(OUTBOX.c.sequence))).scalar()
    return int(last or pruned_upto(connection))


def pruned_upto(connection: Connection) -> int:
    """Return the outbox number up to which rows may have been removed, or 0."""
    return int(connection.execute(select(PRUNED.c.upto)).scalar() or 0)


def refuse_pruned(connection: Connection, position: int) -> None:
    """Make sure that the outbox still has every change after a number.

    Raises:
        OutboxPrunedError: it has not.
    """
    mark = pruned_upto(connection)
    if position < mark:
        raise OutboxPrunedError(position, mark)


def report(connection: Connection, consumer: Consumer) -> None:
    """Store how far an index is.

    Raises:
        InvalidRecordError: there is no such change yet, so it follows other records.
        OutboxPrunedError: it cannot catch up from there.
    """
    last = last_sequence(connection)
    if not 0 <= consumer.position <= last:
        raise InvalidRecordError(
            f"index {consumer.name!r} was reported to be at change {consumer.position}; the "
            f"records end at {last}. It was built from other records, or these were restored from "
            "an older copy: build it anew"
        )
    refuse_pruned(connection, consumer.position)
    values = {"position": consumer.position, "seen_at": consumer.seen_at}
    is_postgresql = connection.dialect.name == "postgresql"
    # Alike in both, but no statement of SQLAlchemy's own.
    statement: postgresql.Insert | sqlite.Insert
    statement = postgresql.insert(CONSUMER) if is_postgresql else sqlite.insert(CONSUMER)
    connection.execute(
        statement.values(name=consumer.name, **values).on_conflict_do_update(
            index_elements=[CONSUMER.c.name], set_=values
        )
    )


def consumers(connection: Connection) -> tuple[Consumer, ...]:
    """Return the indexes that follow the outbox, by name."""
    rows = connection.execute(select(CONSUMER).order_by(CONSUMER.c.name))
    return tuple(Consumer(row.name, row.position, row.seen_at) for row in rows)


def forget_unseen(connection: Connection, since: datetime) -> None:
    """Drop the indexes that have not been heard of since; should one return, it may be too late."""
    unseen = (
        select(CONSUMER.c.name).where(CONSUMER.c.seen_at < since).with_for_update(skip_locked=True)
    ).cte("unseen")
    connection.execute(delete(CONSUMER).where(CONSUMER.c.name.in_(select(unseen.c.name))))


def move_mark(connection: Connection, before: datetime) -> int:
    """Move the mark to the last row that every index has passed, and return where it is.

    Rows written since `before` stay, for an index that is restored from a copy.

    The newest row stays below no mark: it says where the records end. An index that is behind the
    mark cannot catch up any more and holds up nothing.
    """
    free = connection.execute(select(PRUNED.c.upto).with_for_update(skip_locked=True)).scalar()
    mark = pruned_upto(connection)
    if free is None:
        return mark  # another pruner is moving it
    newest = select(func.max(OUTBOX.c.sequence)).scalar_subquery()
    slowest = select(func.min(CONSUMER.c.position)).where(CONSUMER.c.position >= mark)
    passed = connection.execute(
        select(func.max(OUTBOX.c.sequence)).where(
            OUTBOX.c.sequence <= slowest.scalar_subquery(),
            OUTBOX.c.sequence < newest,
            OUTBOX.c.at <= before,
        )
    ).scalar()
    if passed is None or passed <= mark:
        return mark
    connection.execute(update(PRUNED).values(upto=passed))
    return int(passed)


def remove(connection: Connection, upto: int, limit: int) -> int:
    """Remove the oldest rows up to a number that the mark has reached; return how many.

    Args:
        connection: in a transaction of its own, so that rows are held for a moment only.
        upto: the number.
        limit: most rows to remove.
    """
    # As a common table expression it is run once; as a subquery PostgreSQL may run it once a row,
    # and then each run finds other rows.
    passed = (
        select(OUTBOX.c.sequence)
        .where(OUTBOX.c.sequence <= upto)
        .order_by(OUTBOX.c.sequence)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).cte("passed")
    statement = delete(OUTBOX).where(OUTBOX.c.sequence.in_(select(passed.c.sequence)))
    # SQLite's driver counts no rows of a statement that begins with WITH.
    return len(connection.execute(statement.returning(OUTBOX.c.sequence)).all())
