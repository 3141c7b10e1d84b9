"""Rows to drop are those that nobody has asked for, for long enough to tell."""

from __future__ import annotations

from datetime import date

from search.audit.catalogue_demand import Demand
from search.audit.proposals.withdrawals import propose_withdrawals
from tests.search.audit.proposals.demand import demand


def linked(role: int, on: date | None, **more) -> Demand:
    return demand(f"{role}-{on}", "x", role=role, on=on, **more)


def test_rows_nobody_asked_for_are_proposed_to_go() -> None:
    found = propose_withdrawals(
        [1, 2, 3, 4, 5],
        [
            linked(1, date(2025, 11, 1)),
            linked(2, date(2025, 10, 31)),
            linked(2, date(2025, 3, 31)),
            linked(4, None),
            linked(5, date(2025, 1, 1), until=date(2026, 1, 31)),
        ],
        date(2026, 10, 31),
        months=12,
        since=date(2025, 1, 1),
    )
    assert [(one.role, one.months, one.last) for one in found] == [
        (2, 12, date(2025, 10, 31)),
        (3, 22, None),
    ]


def test_demand_declared_for_months_to_come_keeps_a_row() -> None:
    ahead = linked(1, date(2027, 3, 1))
    assert not propose_withdrawals([1], [ahead], date(2026, 10, 31), since=date(2020, 1, 1))


def test_what_was_not_observed_long_enough_is_not_proposed() -> None:
    facts = [linked(1, date(2026, 3, 1))]
    assert propose_withdrawals([1, 2], facts, date(2026, 10, 31)) == ()
    assert propose_withdrawals([1, 2], [], date(2026, 10, 31)) == ()
    assert len(propose_withdrawals([1, 2], facts, date(2026, 10, 31), months=8)) == 1
