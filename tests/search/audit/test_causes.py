"""Planted causes are found, and none is reported where there is none."""

from __future__ import annotations

import pytest

from search.audit.causes import CauseKind
from search.audit.inputs import (
    AuditInputs,
    ConditionAspect,
    RequiredCondition,
    SeekerFact,
    VacancyFact,
)
from search.audit.running import run_audit
from search.audit.thresholds import Thresholds
from tests.search.audit.planted import AS_OF, PERIOD, control_market, planted_market

SEEDS = range(6)


def test_planted_causes_are_found_where_they_were_planted() -> None:
    found = planted = 0
    for seed in SEEDS:
        inputs, plants = planted_market(seed)
        figures = run_audit(inputs, AS_OF, PERIOD)
        for plant in plants:
            row = figures.row(plant.role, plant.city)
            causes = {cause.kind: cause for cause in row.causes}
            planted += 1
            if plant.kind in causes:
                named = [one.condition for one in causes[plant.kind].blocking]
                found += not plant.blocking or named[:1] == [plant.blocking]
    assert planted == 40 * len(SEEDS)
    assert found >= 0.95 * planted


def test_the_planted_cause_is_the_only_one_in_most_places() -> None:
    alone = total = 0
    for seed in SEEDS:
        inputs, plants = planted_market(seed)
        figures = run_audit(inputs, AS_OF, PERIOD)
        for plant in plants:
            kinds = [cause.kind for cause in figures.row(plant.role, plant.city).causes]
            alone += kinds == [plant.kind]
            total += 1
    assert alone >= 0.95 * total


@pytest.mark.parametrize("seed", SEEDS)
def test_no_cause_is_reported_in_the_control(seed: int) -> None:
    figures = run_audit(control_market(seed), AS_OF, PERIOD)
    assert [row for row in figures.rows if row.demand.posts]
    assert [(row.role, row.region, row.causes) for row in figures.rows if row.causes] == []


JAVA = RequiredCondition(ConditionAspect.SKILL, ("java",))
HERE = "330100"


def one_post(vacancy: VacancyFact, *seekers: SeekerFact) -> list[str]:
    figures = run_audit(AuditInputs((vacancy,), seekers), AS_OF, PERIOD)
    return [cause.kind.value for cause in figures.row(9).causes]


def people(many: int, **facts: object) -> list[SeekerFact]:
    return [SeekerFact(f"s{n}-{sorted(facts)}", "p", **facts) for n in range(many)]


def test_people_of_unknown_place_are_not_said_to_be_elsewhere() -> None:
    vacancy = VacancyFact("v", "e", role=9, region=HERE, required=(JAVA,))
    able = {"skills": frozenset({"java"})}
    assert one_post(vacancy, *people(8, region="330200", **able)) == ["elsewhere"]
    assert one_post(vacancy, *people(8, **able)) == []
    assert one_post(vacancy, *people(8, region="330200", wished_regions=(HERE,), **able)) == []


def test_a_place_that_binds_is_elsewhere_and_never_a_blocking_requirement() -> None:
    bound = RequiredCondition(ConditionAspect.PLACE, (HERE,))
    vacancy = VacancyFact("v", "e", role=9, region=HERE, required=(JAVA, bound))
    able = people(8, region="330200", skills=frozenset({"java"}))
    assert one_post(vacancy, *able) == ["elsewhere"]


def test_a_wish_that_is_not_said_is_not_above_the_offer() -> None:
    vacancy = VacancyFact("v", "e", role=9, region=HERE, pay_from=9000)
    assert one_post(vacancy, *people(8, region=HERE)) == []
    assert one_post(vacancy, *people(8, region=HERE, pay_wish=9000)) == []
    assert one_post(vacancy, *people(8, region=HERE, pay_wish=9001)) == ["pay"]


def test_what_cannot_be_explained_is_undetermined() -> None:
    vacancy = VacancyFact("v", "e", role=9, region=HERE, required=(JAVA,))
    assert one_post(vacancy, *people(2, region=HERE, skills=frozenset({"java"}))) == [
        CauseKind.UNDETERMINED.value
    ]


def test_where_nobody_qualifies_it_says_how_many_meet_each_condition() -> None:
    years = RequiredCondition(ConditionAspect.YEARS, ("3",), 3.0)
    rust = RequiredCondition(ConditionAspect.SKILL, ("rust",))
    vacancy = VacancyFact("v", "e", role=9, required=(JAVA, rust, years))
    inputs = AuditInputs((vacancy,), tuple(people(7, skills=frozenset({"java"}))))
    (cause,) = run_audit(inputs, AS_OF, PERIOD).row(9).causes
    held = {one.condition: one.people for one in cause.examples[0].holders}
    assert held == {"skill:rust": 0, "years:3": 0, "skill:java": 7}


def test_a_cause_of_few_of_the_posts_is_not_one_of_the_line() -> None:
    easy = VacancyFact("v1", "e", role=9, headcount=90)
    hard = VacancyFact("v2", "e", role=9, headcount=10, required=(JAVA,))
    inputs = AuditInputs((easy, hard), tuple(people(9)))
    assert run_audit(inputs, AS_OF, PERIOD).row(9).causes == ()
    low = Thresholds(version="test", cause_share=0.1)
    kinds = [cause.kind for cause in run_audit(inputs, AS_OF, PERIOD, low).row(9).causes]
    assert kinds == [CauseKind.ONE_BLOCKING_REQUIREMENT]
