"""What came of applications: employers record it of their vacancies, people see what is kept about them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from api.audit.allowed import signature
from api.problems import Problem, invalid
from search.accounts.principal import Role, Scope, Standing
from search.audit.inputs import Outcome, OutcomeStage
from search.audit.stores.outcomes import RecordedOutcome
from search.records.errors import RecordMissingError

if TYPE_CHECKING:
    from api.access import Access


def record(
    access: Access, vacancy_id: str, candidate_id: str, stage: OutcomeStage, on: date | None
) -> RecordedOutcome:
    """Record an outcome of a vacancy of the caller's; the same stage again replaces the day.

    Args:
        access: who records.
        vacancy_id: of a vacancy of the caller's.
        candidate_id: of a profile that the caller may see.
        stage: how far it came.
        on: the day; today where None.

    Raises:
        Problem: 401, 403, 404; 422 for a day to come.
    """
    access.require_own(access.get(vacancy_id, "vacancy"))
    access.get(candidate_id, "candidate")
    day = on or access.today()
    if not date(2000, 1, 1) <= day <= access.today():
        raise invalid("body", "on", "audit_day", earliest=date(2000, 1, 1), latest=access.today())
    try:
        return access.bole.audit_stores.outcomes.put(
            Outcome(vacancy_id, candidate_id, stage, day), signature(access)
        )
    except RecordMissingError:
        raise Problem("not-found") from None


def outcomes(access: Access) -> tuple[RecordedOutcome, ...]:
    """Return the outcomes of the caller's vacancies, or those about a job seeker's own profiles.

    Raises:
        Problem: 401 or 403 for who can have none.
    """
    access.require(Scope.READ)
    store, who = access.bole.audit_stores.outcomes, access.who
    if who.standing is Standing.OPERATOR:
        return store.of_vacancies()
    if not who.owner:
        raise access.refusal()
    if who.role is Role.CANDIDATE:
        return store.of_candidates(who.owner)
    return store.of_vacancies(who.owner)
