"""What an office plans with: demand forecasts, proposals for the catalogue, targets beside actual figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.audit.allowed import require_officer
from ingest.declarations.demand import demand_of as declared_demand
from ingest.declarations.models import Declaration
from search.audit.catalogue_demand import Demand, demand_of
from search.audit.forecast.forecasting import DemandForecast, TooLittleData, forecast_series
from search.audit.forecast.openings import MonthlyOpenings, monthly_openings
from search.audit.prepared import role_of
from search.audit.proposals import (
    Addition,
    Rewording,
    Withdrawal,
    propose_additions,
    propose_rewordings,
    propose_withdrawals,
)
from search.audit.targets.progress import Progress, compare
from search.records.models import Vacancy
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.targets import load_indicators

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from api.audit.source import Audit

Forecast = DemandForecast | TooLittleData
#: What stands for all roles together.
EVERY_ROLE = 0
#: Shortest term that says something, in characters.
_SHORTEST_TERM = 2
_BATCH = 500


@dataclass(frozen=True)
class Proposals:
    """What the figures speak for.

    Attributes:
        additions: demand of no row.
        withdrawals: rows without demand.
        rewordings: rows that are no longer like their postings.
        postings, declarations: how many were read.
    """

    additions: tuple[Addition, ...]
    withdrawals: tuple[Withdrawal, ...]
    rewordings: tuple[Rewording, ...]
    postings: int
    declarations: int


def openings(audit: Audit) -> MonthlyOpenings:
    """Return the posts by month of posting and role."""
    thresholds = audit.prepared.thresholds
    facts = [
        replace(vacancy, role=role_of(vacancy, thresholds))
        for vacancy in audit.prepared.inputs.vacancies
    ]
    return monthly_openings(facts, audit.figures.as_of)


def forecast(access: Access, asked: AuditQuestion, role: int = EVERY_ROLE) -> Forecast:
    """Return the forecast of a role, or of all roles together.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    audit = access.bole.audits.audit(asked.as_of, asked.period)

    def made() -> Forecast:
        counted = openings(audit)
        series = counted.series(role)
        if role == EVERY_ROLE:
            months = zip(*counted.by_role.values(), strict=True) if counted.by_role else ()
            series = tuple(map(sum, months)) or (0,) * len(counted.months)
        last = counted.months[-1] if counted.months else asked.as_of.replace(day=1)
        return forecast_series(role, series, last)

    return access.bole.audits.remembered(f"forecast {role} {asked.as_of}", made)


def proposals(access: Access, asked: AuditQuestion) -> Proposals:
    """Return what postings and declarations speak for.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    audit = access.bole.audits.audit(asked.as_of, asked.period)

    def made() -> Proposals:
        demand = list(_demand(access, audit))
        roles = load_catalogue().roles
        counts = Counter(item.source for item in demand)
        return Proposals(
            propose_additions(demand),
            propose_withdrawals([role.number for role in roles], demand, asked.as_of),
            propose_rewordings(
                [(role.number, f"{role.title.zh}\n{role.duty.zh}") for role in roles],
                demand,
                terms=terms,
            ),
            counts["vacancy"],
            counts["declaration"],
        )

    told = len(access.bole.audit_stores.declarations.sent())
    return access.bole.audits.remembered(f"proposals {asked.as_of} {told}", made)


def progress(access: Access, asked: AuditQuestion) -> tuple[Progress, ...]:
    """Return the targets of the plans beside what was entered.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    return compare(load_indicators(), access.bole.audit_stores.actuals.all(), asked.as_of)


def terms(text: str) -> frozenset[str]:
    """Return the terms of a text: its tokens of two characters and more, numbers left out."""
    tokens = load_vocabulary().segmenter.tokens(text)
    return frozenset(
        token for token in tokens if len(token) >= _SHORTEST_TERM and not token.isdigit()
    )


def _demand(access: Access, audit: Audit) -> Iterator[Demand]:
    thresholds = audit.prepared.thresholds
    facts = {one.id: one for one in audit.prepared.inputs.vacancies}
    ids = list(facts)
    for start in range(0, len(ids), _BATCH):
        for stored in access.bole.store.get_many(ids[start : start + _BATCH]).values():
            assert isinstance(stored.record, Vacancy)
            fact = facts[stored.id]
            found = demand_of(stored.id, stored.record, role_of(fact, thresholds))
            # Who names no employer is one by the account.
            yield replace(found, employer=found.employer or fact.owner, on=fact.posted)
    for kept in access.bole.audit_stores.declarations.sent():
        if kept.state != "refused":
            yield declared_demand(kept.id, Declaration.model_validate(dict(kept.body)))
