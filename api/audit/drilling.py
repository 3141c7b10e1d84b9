"""The records behind a figure, for those who may see them; that people were looked at is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.audit.allowed import require_officer
from search.audit.drill import Measure, drill
from search.records.models import Candidate

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.records.models import AnyRecord
    from search.records.stored import StoredRecord


@dataclass(frozen=True)
class Drilled:
    """Records behind a figure.

    Attributes:
        vacancies, candidates: how many there are in all.
        shown: some of them, vacancies first, with what the caller is shown of each.
        hidden: of the ones asked for, how many the caller may not see.
    """

    vacancies: int
    candidates: int
    shown: tuple[tuple[StoredRecord, AnyRecord], ...]
    hidden: int

    @property
    def total(self) -> int:
        """How many there are of both."""
        return self.vacancies + self.candidates


def drilled(
    access: Access, asked: AuditQuestion, measure: Measure, offset: int, limit: int
) -> Drilled:
    """Return records behind a figure.

    Args:
        access: who asks.
        asked: of which day, role and place; no role means demand without one.
        measure: which figure.
        offset: how many to skip.
        limit: most to show.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    audit = access.bole.audits.audit(asked.as_of, asked.period)
    found = drill(audit.data, asked.role, asked.region, measure)
    wanted: Sequence[str] = (*found.vacancies, *found.candidates)[offset : offset + limit]
    records = access.get_many(wanted)
    seen = access.shown_all(records)
    shown = tuple(
        (records[record_id], seen[record_id]) for record_id in wanted if record_id in records
    )
    people = [stored.id for stored, record in shown if isinstance(record, Candidate)]
    if people:
        place = asked.region or "all"
        role = "none" if asked.role is None else asked.role
        access.bole.access_log.note(
            access.who, "drill-down", people, f"{measure.value} {role} {place}"
        )
    return Drilled(len(found.vacancies), len(found.candidates), shown, len(wanted) - len(shown))
