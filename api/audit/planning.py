"""What an office plans with: demand forecasts, proposals for the catalogue, targets beside actual figures.

All that a report has of it is made of the figures of an audit, and so of a snapshot alone.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from api.audit.allowed import require_officer
from search.audit.forecast.forecasting import DemandForecast, TooLittleData, forecast_series
from search.audit.targets.progress import Progress, compare
from taxonomies.targets import load_indicators

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.audit.figures import AuditFigures
    from search.audit.proposals.proposing import Proposals

Forecast = DemandForecast | TooLittleData
#: What stands for all roles together.
EVERY_ROLE = 0


def figures_of_day(access: Access, asked: AuditQuestion) -> AuditFigures:
    """Return the figures of a day over the records as they are.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    return access.bole.audits.audit(asked.as_of, asked.period).figures


def forecast(access: Access, figures: AuditFigures, role: int = EVERY_ROLE) -> Forecast:
    """Return the forecast of a role, or of all roles together.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    openings = figures.openings
    series = openings.total if role == EVERY_ROLE else openings.series(role)
    last = openings.months[-1] if openings.months else figures.as_of.replace(day=1)
    return access.bole.audits.remembered(
        ("forecast", role, last, series), lambda: forecast_series(role, series, last)
    )


def proposals(access: Access, asked: AuditQuestion) -> Proposals:
    """Return what postings and declarations speak for.

    Raises:
        Problem: 401 or 403.
    """
    return figures_of_day(access, asked).proposals


def progress(access: Access, as_of: date) -> tuple[Progress, ...]:
    """Return the targets of the plans beside what is entered; no audit is made for it.

    Raises:
        Problem: 401 or 403.
    """
    require_officer(access)
    return compare(load_indicators(), access.bole.audit_stores.actuals.all(), as_of)


def progress_of(figures: AuditFigures) -> tuple[Progress, ...]:
    """Return the targets of the plans beside what was entered when the figures were made."""
    return compare(load_indicators(), figures.actuals, figures.as_of)
