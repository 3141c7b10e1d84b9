"""Rows to drop: those that nobody has asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.audit.catalogue_demand import Demand
from search.audit.months import last_whole_month, month_of, months_between, shifted


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A row that nobody has asked for.

    Attributes:
        role: the row.
        months: whole months without demand, up to the day of the proposal.
        last: day of the latest demand before; None where there never was any.
    """

    role: int
    months: int
    last: date | None


def propose_withdrawals(
    roles: Iterable[int],
    demand: Iterable[Demand],
    as_of: date,
    *,
    months: int = 12,
    since: date | None = None,
) -> tuple[Withdrawal, ...]:
    """Propose to drop rows without demand in the last whole months; none where these were not observed.

    Args:
        roles: rows of the catalogue.
        demand: postings and declarations; undated ones keep their row, since they may be recent, and so
            do those for months to come.
        as_of: day of the proposal.
        months: whole months without demand.
        since: when counting began; by default the earliest dated record of any role.
    """
    items = list(demand)
    days = [item.on for item in items if item.on is not None]
    observed = since or min(days, default=None)
    last_month = last_whole_month(as_of)
    first_month = shifted(last_month, 1 - months)
    if observed is None or observed > first_month:
        return ()
    latest: dict[int, date] = {}
    kept: set[int] = set()
    for item in items:
        if item.role is None:
            continue
        if item.last is None or item.last >= first_month:
            kept.add(item.role)
        else:
            latest[item.role] = max(item.last, latest.get(item.role, date.min))
    return tuple(
        Withdrawal(
            role=role,
            months=months_between(month_of(latest.get(role, observed)), last_month)
            + (role not in latest),
            last=latest.get(role),
        )
        for role in roles
        if role not in kept
    )
