"""Declarations and postings are asked the same questions."""

from __future__ import annotations

from datetime import date

from ingest.declarations.demand import demand_of
from ingest.declarations.models import Declaration
from search.audit import catalogue_demand
from search.audit.proposals import propose_additions, propose_withdrawals
from search.records.models import Vacancy, WantedSkill


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
    assert (found.source, found.posts, found.text) == ("declaration", 4, "Java\nC++")
    assert not propose_withdrawals([3], [found], date(2027, 12, 31))
    assert [one.role for one in propose_withdrawals([2, 3], [found], date(2029, 2, 28))] == [2, 3]


def test_postings_and_declarations_count_together() -> None:
    vacancy = Vacancy(title="Tailor", employer="F", skills=(WantedSkill(name="sewing"),))
    posted = catalogue_demand.demand_of("v1", vacancy, None)
    assert (posted.posts, posted.text, posted.last) == (1, "sewing", None)
    declared = Declaration(employer="G", title="Tailor", headcount=4, from_month="2027-01")
    (found,) = propose_additions([posted, demand_of("d1", declared)], employers_at_least=2)
    assert (found.posts, found.employers, found.examples) == (5, 2, ("d1", "v1"))
