"""A declaration as demand, beside postings: for the counts of the audit and the proposals."""

from __future__ import annotations

import calendar
from datetime import date

from ingest.declarations.models import Declaration
from search.audit.catalogue_demand import Demand
from search.audit.terms import terms_of


def demand_of(id: str, declaration: Declaration) -> Demand:
    """Return what a declaration asks for.

    The reason is left out: it says why people are missing, not what they are to do.

    Args:
        id: of the declaration.
        declaration: what the employer declared.
    """
    until = declaration.until_month
    return Demand(
        id=id,
        source="declaration",
        title=declaration.title or "",
        posts=declaration.headcount,
        employer=declaration.employer,
        role=declaration.role,
        on=_month(declaration.from_month),
        until=None if until is None else _last_day(until),
        terms=terms_of("\n".join([declaration.title or "", *declaration.skills])),
    )


def _month(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _last_day(month: str) -> date:
    first = _month(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
