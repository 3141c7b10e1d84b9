"""Files on their way in: looked through first, then imported when their owner says so.

    checking → checked → importing → done
         ↘ refused          ↘ cancelled, failed

A job's progress is committed with the rows that it counts, so a job that is interrupted goes on after the
last of them, and none is imported twice. Whoever works on a job says so every now and then; when it has not
been heard of for `LEASE`, another takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from search.records.account_tables import IMPORT_JOB, LONGEST_TITLE
from search.records.database import Database
from search.records.errors import ImportJobMissingError
from search.records.identifiers import new_id
from search.records.stored import Kind

State = Literal["checking", "checked", "importing", "done", "refused", "cancelled", "failed"]
Faults = Sequence[Mapping[str, Any]]

#: States in which somebody works on a job.
WORKING = ("checking", "importing")
#: Time without a sign of life after which a job is anybody's.
LEASE = timedelta(seconds=30)
#: Days for which the file of a finished job is kept, for its corrected sheet.
KEEP = timedelta(days=1)

_SHOWN = [column for column in IMPORT_JOB.c if column.name != "content"]


@dataclass(frozen=True)
class ImportJob:
    """A file on its way in.

    Attributes:
        kind: what its rows are.
        file_name: as the sender calls it.
        mapping: header to field, where the sender said so.
        problem: why it was refused or failed, as a code with parameters; empty otherwise.
        total: rows that there are; 0 until that is known.
        done: number, as in the sheet, of the last row that was imported.
        counts: rows `ready`, `faulty`; when imported `added`, `changed`, `unchanged`.
        faults: the first of them.
    """

    id: str
    owner: str
    account_id: str
    kind: Kind
    state: State
    file_name: str
    mapping: Mapping[str, str]
    problem: Mapping[str, Any]
    total: int
    done: int
    counts: Mapping[str, int]
    faults: Faults
    created_at: datetime
    updated_at: datetime


class ImportJobStore:
    """Keeps import jobs. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def add(
        self,
        owner: str,
        account_id: str,
        kind: Kind,
        file_name: str,
        content: bytes,
        mapping: Mapping[str, str],
    ) -> ImportJob:
        """Keep a file to be looked through."""
        printable = "".join(letter for letter in file_name if letter.isprintable())
        now = self._now()
        values = {
            "id": new_id(),
            "owner": owner,
            "account_id": account_id,
            "kind": kind,
            "state": "checking",
            "file_name": printable[-LONGEST_TITLE:],
            "content": content,
            "mapping": dict(mapping),
            "problem": {},
            "total": 0,
            "done": 0,
            "counts": {},
            "faults": [],
            "created_at": now,
            # Nobody works on it yet, so anybody may begin.
            "updated_at": now - LEASE,
        }
        with self._database.writing() as connection:
            connection.execute(insert(IMPORT_JOB).values(values))
        return self.get(str(values["id"]), owner)

    def get(self, job_id: str, owner: str) -> ImportJob:
        """Return a job of an owner.

        Raises:
            ImportJobMissingError: there is none.
        """
        query = select(*_SHOWN).where(IMPORT_JOB.c.id == job_id, IMPORT_JOB.c.owner == owner)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise ImportJobMissingError(job_id)
        return _job(row)

    def of(self, owner: str, limit: int = 50) -> tuple[ImportJob, ...]:
        """Return the jobs of an owner, newest first."""
        query = select(*_SHOWN).where(IMPORT_JOB.c.owner == owner).order_by(IMPORT_JOB.c.id.desc())
        with self._database.reading() as connection:
            return tuple(map(_job, connection.execute(query.limit(limit)).all()))

    def content(self, job_id: str) -> bytes | None:
        """Return the file of a job; None when it is not kept any more."""
        query = select(IMPORT_JOB.c.content).where(IMPORT_JOB.c.id == job_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def take(self) -> ImportJob | None:
        """Return a job to work on, the oldest that nobody works on, and keep others from it."""
        now = self._now()
        query = (
            select(*_SHOWN)
            .where(IMPORT_JOB.c.state.in_(WORKING), IMPORT_JOB.c.updated_at <= now - LEASE)
            .order_by(IMPORT_JOB.c.id)
            .limit(1)
        )
        # Mostly there is none, and a look costs no turn.
        with self._database.reading() as connection:
            if connection.execute(query).first() is None:
                return None
        with self._database.writing() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            connection.execute(
                update(IMPORT_JOB).where(IMPORT_JOB.c.id == row.id).values(updated_at=now)
            )
        return _job(row)

    def alive(self, job: ImportJob, **values: object) -> bool:
        """Say that a job is still worked on, and how far it is; return whether it should go on."""
        with self._database.writing() as connection:
            return self.alive_within(connection, job, **values)

    def alive_within(self, connection: Connection, job: ImportJob, **values: object) -> bool:
        """Do what `alive` does in the transaction of a connection."""
        changed = connection.execute(
            update(IMPORT_JOB)
            .where(IMPORT_JOB.c.id == job.id, IMPORT_JOB.c.state == job.state)
            .values(**values, updated_at=self._now())
        )
        return changed.rowcount == 1

    def move(self, job: ImportJob, to: State, **values: object) -> bool:
        """Bring a job to another state; return whether it still was in the one that was seen."""
        now = self._now()
        # What somebody is to begin with can be taken at once.
        at = now - LEASE if to in WORKING else now
        with self._database.writing() as connection:
            changed = connection.execute(
                update(IMPORT_JOB)
                .where(IMPORT_JOB.c.id == job.id, IMPORT_JOB.c.state == job.state)
                .values(**values, state=to, updated_at=at)
            )
            return changed.rowcount == 1

    def drop_old(self) -> int:
        """Drop the files, and what was quoted of them, of jobs that ended long ago; return how many."""
        ended = IMPORT_JOB.c.state.not_in(WORKING)
        old = IMPORT_JOB.c.updated_at < self._now() - KEEP
        with self._database.writing() as connection:
            return _emptied(connection, ended, old)

    def forget(self, owner: str) -> int:
        """Drop the files of an owner's jobs that nobody works on; return how many.

        Somebody was erased, and may stand in one of them.
        """
        with self._database.writing() as connection:
            return _emptied(
                connection, IMPORT_JOB.c.owner == owner, IMPORT_JOB.c.state.not_in(WORKING)
            )

    def forget_account(self, account_id: str) -> None:
        """Drop every file that somebody sent."""
        with self._database.writing() as connection:
            _emptied(connection, IMPORT_JOB.c.account_id == account_id)


def _emptied(connection: Connection, *conditions: Any) -> int:
    holds = or_(IMPORT_JOB.c.content.is_not(None), func.length(IMPORT_JOB.c.file_name) > 0)
    gone = connection.execute(
        update(IMPORT_JOB).where(*conditions, holds).values(content=None, faults=[], file_name="")
    )
    return gone.rowcount


def _job(row: Row[Any]) -> ImportJob:
    return ImportJob(**{name: getattr(row, name) for name in ImportJob.__dataclass_fields__})
