"""What came of applications, as employers record it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select

from search.audit.inputs import Outcome, OutcomeStage
from search.records.audit_tables import OUTCOME
from search.records.database import Database
from search.records.errors import RecordMissingError
from search.records.identifiers import is_id
from search.records.tables import RECORD


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """An outcome with who recorded it, and when."""

    outcome: Outcome
    by: str
    at: datetime


class OutcomeStore:
    """Keeps outcomes. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def put(self, outcome: Outcome, by: str) -> RecordedOutcome:
        """Record an outcome; the same stage of the same pair again replaces the day.

        Args:
            outcome: what came of it.
            by: account that records it, or how it came to be let in.

        Raises:
            RecordMissingError: there is no such vacancy or candidate.
        """
        at = self._now()
        with self._database.writing() as connection:
            for record_id, kind in (
                (outcome.vacancy_id, "vacancy"),
                (outcome.candidate_id, "candidate"),
            ):
                query = select(RECORD.c.id).where(RECORD.c.id == record_id, RECORD.c.kind == kind)
                if not is_id(record_id) or connection.execute(query).first() is None:
                    raise RecordMissingError(record_id)
            connection.execute(
                delete(OUTCOME).where(
                    OUTCOME.c.vacancy_id == outcome.vacancy_id,
                    OUTCOME.c.candidate_id == outcome.candidate_id,
                    OUTCOME.c.stage == outcome.stage.value,
                )
            )
            connection.execute(
                insert(OUTCOME).values(
                    vacancy_id=outcome.vacancy_id,
                    candidate_id=outcome.candidate_id,
                    stage=outcome.stage.value,
                    day=outcome.on,
                    recorded_by=by,
                    recorded_at=at,
                )
            )
        return RecordedOutcome(outcome, by, at)

    def all(self) -> tuple[Outcome, ...]:
        """Return all outcomes, sorted."""
        return tuple(sorted(one.outcome for one in self._found()))

    def of_vacancies(self, owner: str | None = None) -> tuple[RecordedOutcome, ...]:
        """Return the outcomes of the vacancies of an owner, or of all, in order."""
        if owner is None:
            return self._found()
        owned = select(RECORD.c.id).where(RECORD.c.owner == owner, RECORD.c.kind == "vacancy")
        return self._found(OUTCOME.c.vacancy_id.in_(owned))

    def of_candidates(self, owner: str) -> tuple[RecordedOutcome, ...]:
        """Return the outcomes about the profiles of an owner, in order."""
        owned = select(RECORD.c.id).where(RECORD.c.owner == owner, RECORD.c.kind == "candidate")
        return self._found(OUTCOME.c.candidate_id.in_(owned))

    def mark(self) -> str:
        """Return what is another text after any outcome was recorded or has gone."""
        query = select(func.count(), func.max(OUTCOME.c.recorded_at)).select_from(OUTCOME)
        with self._database.reading() as connection:
            return repr(tuple(connection.execute(query).one()))

    def _found(self, *conditions: ColumnElement[bool]) -> tuple[RecordedOutcome, ...]:
        order = (OUTCOME.c.vacancy_id, OUTCOME.c.candidate_id, OUTCOME.c.day, OUTCOME.c.stage)
        with self._database.reading() as connection:
            rows = connection.execute(select(OUTCOME).where(*conditions).order_by(*order)).all()
        return tuple(map(_recorded, rows))


def _recorded(row: Row[Any]) -> RecordedOutcome:
    outcome = Outcome(row.vacancy_id, row.candidate_id, OutcomeStage(row.stage), row.day)
    return RecordedOutcome(outcome, row.recorded_by, row.recorded_at)
