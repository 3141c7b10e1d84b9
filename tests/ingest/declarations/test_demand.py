"""Declarations and postings are asked the same questions."""

from __future__ import annotations

from datetime import date

from ingest.declarations.demand import demand_of
from ingest.declarations.models import Declaration
from search.audit.proposals.additions import propose_additions
from search.audit.proposals.withdrawals import propose_withdrawals
from tests.search.audit.proposals.demand import demand


def test_a_declaration_holds_to_the_end_of_its_last_month() -> None:
    declared = Declaration(
        employer="E",
        role=3,
        headcount=4,
        skills=("Java", "C++"),
        reason="none to be found",
        from_month="2025-01",
        until_month="2028-02",
    )
    found = demand_of("d1", declared)
    assert (found.on, found.last) == (date(2025, 1, 1), date(2028, 2, 29))
    assert (found.source, found.posts, found.terms) == ("declaration", 4, ("c++", "java"))
    assert not propose_withdrawals([3], [found], date(2027, 12, 31))
    assert [one.role for one in propose_withdrawals([2, 3], [found], date(2029, 2, 28))] == [2, 3]


def test_postings_and_declarations_count_together() -> None:
    posted = demand("v1", "Tailor", 1, "F")
    declared = Declaration(employer="G", title="Tailor", headcount=4, from_month="2027-01")
    (found,) = propose_additions([posted, demand_of("d1", declared)], employers_at_least=2)
    assert (found.posts, found.employers, found.examples) == (5, 2, ("d1", "v1"))
