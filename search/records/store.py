"""The system of record: every change writes the record and its outbox row in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    tuple_,
    update,
)

from search.records import outbox
from search.records.database import Database
from search.records.errors import (
    DuplicateKeyError,
    InvalidRecordError,
    RecordMissingError,
    UnreadableRecordError,
    VersionConflictError,
)
from search.records.identifiers import is_id, new_id
from search.records.index_names import check_index_name
from search.records.models import AnyRecord
from search.records.outbox import Consumer
from search.records.stored import Kind, StoredRecord
from search.records.tables import LONGEST_NAME, OUTBOX, RECORD

_Value = TypeVar("_Value")

Body = dict[str, Any]

#: Most ids or keys in one statement; SQLite takes 32,766 variables.
_CHUNK = 1000
_RECORDS: TypeAdapter[AnyRecord] = TypeAdapter(AnyRecord)

#: Days for which an index that is not heard of holds up the pruning of the outbox.
KEEP_DAYS = 7.0
#: Outbox rows removed in one transaction: some milliseconds.
PRUNE_BATCH = 1000


class Outcome(StrEnum):
    """What a put did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Put:
    """What a put did, and to which record."""

    outcome: Outcome
    id: str


@dataclass(frozen=True)
class Page:
    """Some records in order of id; `after` of the next page, or None at the end."""

    records: tuple[StoredRecord, ...]
    next: str | None


@dataclass(frozen=True)
class Change:
    """A record that changed, as it is now.

    Attributes:
        sequence: its last outbox number among the rows read.
        stored: the record, or None when it is gone.
        problem: why it cannot be read, or "".
    """

    record_id: str
    kind: str
    sequence: int
    stored: StoredRecord | None
    problem: str = ""


@dataclass(frozen=True)
class Changes:
    """What changed after a number, each record once; `upto` is the last outbox number covered."""

    rows: tuple[Change, ...]
    upto: int


@dataclass
class _Pending:
    """A record on its way into the tables: as found there, or new."""

    id: str
    owner: str
    version: int
    body: Body
    created_at: datetime
    is_new: bool = False
    is_touched: bool = False


class RecordStore:
    """Reads and writes records. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form (`open_database`).
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    @property
    def database(self) -> Database:
        """Where the records are."""
        return self._database

    def add(self, record: AnyRecord, owner: str) -> StoredRecord:
        """Add a record under a new id.

        Raises:
            DuplicateKeyError: the owner has one of this kind under the same key.
        """
        _check_owner(owner)
        with self._database.writing() as connection:
            self._refuse_taken_key(connection, record, owner, "")
            fresh = self._pending(record, owner)
            return self._write(connection, [fresh])[0]

    def replace(self, record_id: str, record: AnyRecord, expected_version: int) -> StoredRecord:
        """Replace a record that is still at the version the caller has seen.

        A record that says the same already stays as it is, version included.

        Raises:
            RecordMissingError: there is none with this id.
            VersionConflictError: it is at another version.
            InvalidRecordError: it is of another kind.
            DuplicateKeyError: its new key belongs to another record of the owner.
        """
        with self._database.writing() as connection:
            found = self._expected(connection, record_id, expected_version)
            if found.kind != record.kind:
                raise InvalidRecordError(
                    f"record {record_id!r} was to become a {record.kind}; it is a {found.kind} and "
                    "stays one. Delete it and add the other"
                )
            if found.key != record.key:
                self._refuse_taken_key(connection, record, found.owner, record_id)
            pending = _Pending(
                found.id, found.owner, found.version, _body(found.record), found.created_at
            )
            if not self._change(pending, record):
                return found
            return self._write(connection, [pending])[0]

    def put_by_key(self, record: AnyRecord, owner: str) -> Put:
        """Add or replace the owner's record under the record's own key.

        Putting the same again changes nothing and leaves no outbox row.

        Raises:
            InvalidRecordError: the record has no key.
        """
        if record.key is None:
            raise InvalidRecordError(
                f"a {record.kind} was to be put by key; it has none. Give it a key, or add it"
            )
        return self.put_many([record], owner)[0]

    def put_many(
        self,
        records: Sequence[AnyRecord],
        owner: str,
        *,
        also: Callable[[Connection, list[Put]], object] = lambda _connection, _puts: None,
    ) -> list[Put]:
        """Put records in one transaction: all of them are kept, or none.

        Those with a key are put by key, later ones over earlier ones; those without are added.

        Args:
            records: what to put.
            owner: whose they are.
            also: done in the same transaction, after them.

        Returns:
            What happened to each, in order.
        """
        _check_owner(owner)
        with self._database.writing() as connection:
            held = self._by_key(connection, records, owner)
            pending: dict[str, _Pending] = {}
            puts = []
            for record in records:
                found = held.get((record.kind, record.key)) if record.key is not None else None
                if found is None:
                    found = self._pending(record, owner)
                    outcome = Outcome.ADDED
                    if record.key is not None:
                        held[record.kind, record.key] = found
                else:
                    outcome = Outcome.CHANGED if self._change(found, record) else Outcome.UNCHANGED
                if found.is_touched:
                    pending[found.id] = found
                puts.append(Put(outcome, found.id))
            self._write(connection, list(pending.values()))
            also(connection, puts)
        return puts

    def delete(
        self,
        record_id: str,
        expected_version: int | None = None,
        *,
        also: Callable[[Connection], object] = lambda _: None,
    ) -> bool:
        """Remove a record; return whether it was there. Its alerts go with it.

        Args:
            record_id: which.
            expected_version: the version that the caller has seen; None removes any.
            also: done in the same transaction, before the record goes.

        Raises:
            VersionConflictError: it is at another version than the one expected.
        """
        if not is_id(record_id):
            return False
        with self._database.writing() as connection:
            row = connection.execute(
                select(RECORD.c.kind, RECORD.c.version).where(RECORD.c.id == record_id)
            ).first()
            if row is None:
                return False
            if expected_version is not None and row.version != expected_version:
                raise VersionConflictError(record_id, expected_version, row.version)
            also(connection)
            connection.execute(delete(RECORD).where(RECORD.c.id == record_id))
            self._announce(connection, [(record_id, row.kind)], "delete", self._now())
        return True

    def checkpoint(self) -> None:
        """Let what was removed leave the database's own log as well; see `Database.checkpoint`."""
        self._database.checkpoint()

    def get(self, record_id: str) -> StoredRecord:
        """Return a record.

        Raises:
            RecordMissingError: there is none with this id.
        """
        with self._database.reading() as connection:
            return self._get(connection, record_id)

    def get_many(self, record_ids: Iterable[str]) -> dict[str, StoredRecord]:
        """Return records by id; ids without a record are left out."""
        with self._database.reading() as connection:
            return {row.id: _stored(row) for row in _rows(connection, record_ids)}

    def find_many_by_key(
        self, owner: str, kind: Kind, keys: Iterable[str]
    ) -> dict[str, StoredRecord]:
        """Return those of the owner's records that have one of the keys, by key."""
        wanted = [key for key in dict.fromkeys(keys) if key.isprintable()]
        found: dict[str, StoredRecord] = {}
        with self._database.reading() as connection:
            for chunk in _chunks(wanted):
                query = select(RECORD).where(
                    RECORD.c.owner == owner, RECORD.c.kind == kind, RECORD.c.key.in_(chunk)
                )
                found |= {row.key: _stored(row) for row in connection.execute(query)}
        return found

    def find_by_key(self, owner: str, kind: Kind, key: str) -> StoredRecord | None:
        """Return the owner's record under a key, or None."""
        if not (owner + kind + key).isprintable():
            return None  # nor would PostgreSQL take every such text to compare with
        with self._database.reading() as connection:
            row = connection.execute(
                select(RECORD).where(
                    RECORD.c.owner == owner, RECORD.c.kind == kind, RECORD.c.key == key
                )
            ).first()
        return None if row is None else _stored(row)

    def page(
        self,
        kind: Kind | None = None,
        *,
        owner: str | None = None,
        status: str | None = None,
        after: str = "",
        limit: int = 100,
    ) -> Page:
        """Return records in order of id, oldest first, beginning after a cursor.

        Args:
            kind: only these; None for all.
            owner: only this owner's.
            status: only those in this state.
            after: `next` of the page before, or "" for the first.
            limit: most records on the page, from 1.

        Raises:
            InvalidRecordError: the cursor is none of ours, or the limit is below 1.
        """
        if after and not is_id(after):
            raise InvalidRecordError(
                f"a page after cursor {after[:40]!r} was asked for; that is none of ours. Send "
                "the cursor of the page before unchanged, or none for the first page"
            )
        if limit < 1:
            raise InvalidRecordError(f"a page of {limit} records was asked for; ask for 1 or more")
        query = select(RECORD).where(*_conditions(kind, owner, status), RECORD.c.id > after)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(RECORD.c.id).limit(limit + 1)).all()
        records = tuple(_stored(row) for row in rows[:limit])
        return Page(records, records[-1].id if len(rows) > limit else None)

    def count(
        self, kind: Kind | None = None, *, owner: str | None = None, status: str | None = None
    ) -> int:
        """Return how many records there are."""
        query = select(func.count()).select_from(RECORD).where(*_conditions(kind, owner, status))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def sequences(self) -> dict[str, tuple[Kind, int]]:
        """Return kind and last change of every record by its id (to check an index against)."""
        with self._database.reading() as connection:
            rows = connection.execute(select(RECORD.c.id, RECORD.c.kind, RECORD.c.sequence))
            return {row.id: (row.kind, row.sequence) for row in rows}

    def changes_after(self, sequence: int, limit: int = 500) -> Changes:
        """Return what changed after an outbox number, each record once, as it is now.

        A record may be newer than the rows that announced it; its later rows then bring the same
        again. A record that was deleted comes without content, whatever its rows said before.

        Args:
            sequence: the number up to which the caller is informed.
            limit: most outbox rows to look at.

        Raises:
            OutboxPrunedError: some of these changes have been removed from the outbox.
        """
        query = select(OUTBOX.c.sequence, OUTBOX.c.record_id, OUTBOX.c.kind)
        query = query.where(OUTBOX.c.sequence > sequence).order_by(OUTBOX.c.sequence).limit(limit)
        with self._database.reading() as connection:
            outbox.refuse_pruned(connection, sequence)
            announced = connection.execute(query).all()
            last = {row.record_id: row for row in announced}
            current = {row.id: row for row in _rows(connection, last)}
        changes = [
            _change(row.record_id, row.kind, row.sequence, current.get(row.record_id))
            for row in sorted(last.values(), key=lambda row: int(row.sequence))
        ]
        return Changes(tuple(changes), announced[-1].sequence if announced else sequence)

    def records_after(
        self, record_id: str, limit: int = 500, kind: Kind | None = None
    ) -> tuple[Change, ...]:
        """Return all records in order of id, beginning after one: what an index is rebuilt from.

        Unlike a page it does not stop at a record that cannot be read: that one says so.

        Args:
            record_id: the one before, or "".
            limit: most records.
            kind: only these; None for all.
        """
        query = select(RECORD).where(*_conditions(kind, None, None), RECORD.c.id > record_id)
        query = query.order_by(RECORD.c.id).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(_change(row.id, row.kind, row.sequence, row) for row in rows)

    def last_sequence(self) -> int:
        """Return the number of the last change, or 0 before the first."""
        with self._database.reading() as connection:
            return outbox.last_sequence(connection)

    def has_deletions(self) -> bool:
        """Say whether the outbox still knows of a record that was removed."""
        query = select(OUTBOX.c.sequence).where(OUTBOX.c.operation == "delete").limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def report_position(self, name: str, position: int) -> None:
        """Say how far an index is, so that the outbox keeps what it lacks, and no more.

        What is reported must be durable in the index, so that it never asks for less again. An
        index that is being built reports the number it will follow from before it reads the
        records.

        Args:
            name: the index.
            position: outbox number up to which it has every change.

        Raises:
            InvalidRecordError: no index has such a name, or the records do not go so far.
            OutboxPrunedError: it cannot catch up from there.
        """
        check_index_name(name)
        with self._database.bookkeeping() as connection:
            outbox.report(connection, Consumer(name, position, self._now()))

    def consumers(self) -> tuple[Consumer, ...]:
        """Return the indexes that follow the outbox, by name."""
        with self._database.reading() as connection:
            return outbox.consumers(connection)

    def pruned_upto(self) -> int:
        """Return the outbox number up to which changes may have been removed, or 0.

        An index below it cannot catch up and is to be built anew.
        """
        with self._database.reading() as connection:
            return outbox.pruned_upto(connection)

    def prune_outbox(
        self, *, keep_days: float = KEEP_DAYS, least_age_days: float = 0.0, batch: int = PRUNE_BATCH
    ) -> int:
        """Remove the outbox rows that every index has passed; the newest row stays.

        Indexes that have not reported for `keep_days` are forgotten first. Where none is left
        nothing is removed. May run in several processes at once, and beside writers: on PostgreSQL
        nobody waits for anybody, on SQLite each batch takes its turn.

        Args:
            keep_days: for how long a silent index is waited for.
            least_age_days: younger rows stay, for an index that is restored from a copy.
            batch: rows in one transaction.

        Returns:
            How many rows were removed.

        Raises:
            InvalidRecordError: one of the arguments is not above 0.
        """
        if not keep_days > 0 or batch < 1:
            raise InvalidRecordError(
                f"the outbox was to be pruned with keep_days {keep_days} and batch {batch}; "
                "both are above 0"
            )
        with self._database.bookkeeping() as connection:
            outbox.forget_unseen(connection, self._now() - timedelta(days=keep_days))
            mark = outbox.move_mark(connection, self._now() - timedelta(days=least_age_days))
        total = 0
        while True:
            with self._database.bookkeeping() as connection:
                removed = outbox.remove(connection, mark, batch)
            total += removed
            if removed < batch:
                return total

    def _get(self, connection: Connection, record_id: str) -> StoredRecord:
        if not is_id(record_id):
            raise RecordMissingError(record_id)
        row = connection.execute(select(RECORD).where(RECORD.c.id == record_id)).first()
        if row is None:
            raise RecordMissingError(record_id)
        return _stored(row)

    def _expected(self, connection: Connection, record_id: str, version: int) -> StoredRecord:
        found = self._get(connection, record_id)
        if found.version != version:
            raise VersionConflictError(record_id, version, found.version)
        return found

    def _refuse_taken_key(
        self, connection: Connection, record: AnyRecord, owner: str, own_id: str
    ) -> None:
        if record.key is None:
            return
        taken = connection.execute(
            select(RECORD.c.id).where(
                RECORD.c.owner == owner, RECORD.c.kind == record.kind, RECORD.c.key == record.key
            )
        ).scalar()
        if taken is not None and taken != own_id:
            raise DuplicateKeyError(record.kind, record.key, str(taken))

    def _by_key(
        self, connection: Connection, records: Sequence[AnyRecord], owner: str
    ) -> dict[tuple[str, str], _Pending]:
        wanted = list(dict.fromkeys((r.kind, r.key) for r in records if r.key is not None))
        found = {}
        for chunk in _chunks(wanted):
            query = select(RECORD).where(
                RECORD.c.owner == owner, tuple_(RECORD.c.kind, RECORD.c.key).in_(chunk)
            )
            for row in connection.execute(query):
                found[row.kind, row.key] = _Pending(
                    row.id, row.owner, row.version, row.body, row.created_at
                )
        return found

    def _pending(self, record: AnyRecord, owner: str) -> _Pending:
        return _Pending(
            new_id(), owner, 1, _body(record), self._now(), is_new=True, is_touched=True
        )

    def _change(self, pending: _Pending, record: AnyRecord) -> bool:
        """Let a record say something new; return whether it is new."""
        body = _body(record)
        if body == pending.body or body == _read_again(pending.body):
            return False
        pending.body = body
        if not pending.is_touched:
            pending.version += 1
        pending.is_touched = True
        return True

    def _write(self, connection: Connection, pending: Sequence[_Pending]) -> list[StoredRecord]:
        if not pending:
            return []
        now = self._now()
        named = [(entry.id, str(entry.body["kind"])) for entry in pending]
        sequences = self._announce(connection, named, "upsert", now)
        values = [
            {
                "id": entry.id,
                "kind": entry.body["kind"],
                "owner": entry.owner,
                "key": entry.body["key"],
                "version": entry.version,
                "body": entry.body,
                "status": entry.body["status"],
                "sequence": sequence,
                "created_at": entry.created_at,
                "updated_at": entry.created_at if entry.is_new else now,
            }
            for entry, sequence in zip(pending, sequences, strict=True)
        ]
        added = [row for row, entry in zip(values, pending, strict=True) if entry.is_new]
        changed = [row for row, entry in zip(values, pending, strict=True) if not entry.is_new]
        if added:
            connection.execute(insert(RECORD), added)
        if changed:
            fields = ("key", "version", "body", "status", "sequence", "updated_at")
            statement = update(RECORD).where(RECORD.c.id == bindparam("which"))
            connection.execute(
                statement.values(
                    {name: bindparam(f"new_{name}", type_=RECORD.c[name].type) for name in fields}
                ),
                [
                    {"which": row["id"], **{f"new_{name}": row[name] for name in fields}}
                    for row in changed
                ],
            )
        return [
            StoredRecord(
                id=row["id"],
                owner=row["owner"],
                version=row["version"],
                record=_RECORDS.validate_python(row["body"]),
                sequence=row["sequence"],
                created_at=row["created_at"],
                updated_at=row["updated_at"],
            )
            for row in values
        ]

    def _announce(
        self,
        connection: Connection,
        named: Sequence[tuple[str, str]],
        operation: Literal["upsert", "delete"],
        now: datetime,
    ) -> list[int]:
        """Write outbox rows; return their numbers in the order of `named`."""
        statement = insert(OUTBOX).returning(OUTBOX.c.sequence, sort_by_parameter_order=True)
        rows = [
            {"record_id": record_id, "kind": kind, "operation": operation, "at": now}
            for record_id, kind in named
        ]
        return [int(number) for number in connection.execute(statement, rows).scalars()]


def _conditions(
    kind: str | None, owner: str | None, status: str | None
) -> list[ColumnElement[bool]]:
    wanted = ((RECORD.c.kind, kind), (RECORD.c.owner, owner), (RECORD.c.status, status))
    # What is stored there is printable; PostgreSQL takes no NUL even to compare with.
    return [
        column == value if value.isprintable() else false()
        for column, value in wanted
        if value is not None
    ]


def _rows(connection: Connection, record_ids: Iterable[str]) -> Iterator[Row[Any]]:
    for chunk in _chunks([record_id for record_id in record_ids if is_id(record_id)]):
        yield from connection.execute(select(RECORD).where(RECORD.c.id.in_(chunk)))


def _chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def _body(record: AnyRecord) -> Body:
    return record.model_dump(mode="json")


def _read_again(body: Body) -> Body | None:
    """Return a stored body as this release writes it: a field added since then is no change."""
    try:
        return _body(_RECORDS.validate_python(body))
    except ValidationError:
        return None


def _stored(row: Row[Any]) -> StoredRecord:
    try:
        record = _RECORDS.validate_python(row.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableRecordError(
            f"record {row.id!r} was asked for; its stored body does not fit this release "
            f"({place}: {first['msg']}). It was written by another release: run that one, or "
            "replace the record"
        ) from error
    return StoredRecord(
        id=row.id,
        owner=row.owner,
        version=row.version,
        record=record,
        sequence=row.sequence,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _change(record_id: str, kind: str, sequence: int, row: Row[Any] | None) -> Change:
    if row is None:
        return Change(record_id, kind, sequence, None)
    try:
        return Change(record_id, kind, sequence, _stored(row))
    except UnreadableRecordError as error:
        return Change(record_id, kind, sequence, None, problem=str(error))


def _check_owner(owner: str) -> None:
    if not 0 < len(owner) <= LONGEST_NAME or not owner.isprintable() or owner != owner.strip():
        raise InvalidRecordError(
            f"owner {owner[:80]!r} was given; an owner is 1 to {LONGEST_NAME} printable characters "
            "without blanks around them"
        )
