"""The scores of a pair: trees whose leaves sum to them, unknown between met and missing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.matching.judging import Judge, Judgement, judge
from search.matching.requirements import Requirement
from search.matching.scores import (
    PARTS,
    Measures,
    Node,
    Plan,
    applied_weights,
    both,
    both_points,
    judge_wishes,
    meets_wishes,
    suggested_weights,
)
from search.matching.sides import Demand, Supply, Wanted
from search.models import Aspect, Strength
from search.ranking.results import State
from tests.search.matching.generated import some_candidate
from tests.search.matching.test_conditions import requirements


def demand(**changes: object) -> Demand:
    fields: dict[str, object] = {
        "requirements": (),
        "roles": frozenset(),
        "title": Wanted.of({}),
        "tokens": Wanted.of({}),
        "regions": frozenset(),
        "pay": None,
        "employment": "",
    }
    return Demand(**(fields | changes))  # type: ignore[arg-type]


def supply(**changes: object) -> Supply:
    none: frozenset[str] = frozenset()
    fields: dict[str, object] = {
        "skills": none, "roles": none, "title": "", "text": "", "years": None, "education": None,
        "languages": none, "regions": none, "residence": none, "wished_roles": none,
        "wished_regions": none, "wished_pay": None, "wished_employment": none,
    }  # fmt: skip
    return Supply(**(fields | changes))  # type: ignore[arg-type]


@given(
    asked=st.lists(requirements(), max_size=8),
    seed=st.integers(0, 10_000),
    measured=st.tuples(*[st.floats(0, 1)] * 3),
    preferred=st.dictionaries(st.sampled_from(PARTS), st.floats(0, 100), max_size=4),
)
@settings(max_examples=300)
def test_leaves_sum_to_the_score_and_lie_within_what_they_can_add(
    asked: list[Requirement],
    seed: int,
    measured: tuple[float, float, float],
    preferred: dict[str, float],
) -> None:
    _, held = some_candidate(random.Random(seed))
    judged = [judge(requirement, held) for requirement in asked]
    assert Judge(asked).all(held) == judged
    present = {"role", "meaning", "wording"} | {
        {"skill": "skills", "language": "languages", "title": "role"}.get(
            requirement.aspect.value, requirement.aspect.value
        )
        for requirement in asked
    }
    weights = applied_weights(preferred, present)
    assert sum(weights.values()) == pytest.approx(100)
    plan = Plan(asked, weights)
    vacancy = plan.tree(judged, Measures(*measured))
    assert plan.points(judged, Measures(*measured)) == pytest.approx(vacancy.points, abs=1e-9)
    wished = judge_wishes(demand(), held)
    wishes = meets_wishes(wished)
    assert both_points(vacancy.points, wished) == pytest.approx(both(vacancy, wishes).points)
    for tree in (vacancy, both(vacancy, wishes)):
        leaves = list(tree.leaves())
        assert sum(leaf.points for leaf in leaves) == pytest.approx(tree.points, abs=1e-9)
        assert sum(leaf.out_of for leaf in leaves) == pytest.approx(100, abs=1e-9)
        assert all(-1e-9 <= leaf.points <= leaf.out_of + 1e-9 for leaf in leaves)


@given(
    asked=st.lists(requirements(), max_size=6),
    seeds=st.lists(st.integers(0, 10_000), min_size=2, max_size=12),
)
@settings(max_examples=200)
def test_one_candidate_is_judged_alike_after_any_others(
    asked: list[Requirement], seeds: list[int]
) -> None:
    together = Judge(asked)
    for seed in seeds:
        _, held = some_candidate(random.Random(seed))
        assert together.all(held) == [judge(requirement, held) for requirement in asked]


@pytest.mark.parametrize("strength", [Strength.FAVOURED, Strength.OPTIONAL])
@pytest.mark.parametrize(
    ("requirement", "met", "missing"),
    [
        (Requirement(Aspect.YEARS, ("5",), Strength.FAVOURED), {"years": 5.0}, {"years": 4.9}),
        (
            Requirement(Aspect.EDUCATION, ("bachelor",), Strength.FAVOURED),
            {"education": 9.0},
            {"education": 1.0},
        ),
        (
            Requirement(Aspect.PLACE, ("330100",), Strength.FAVOURED),
            {"regions": frozenset({"330100", "330000"})},
            {"regions": frozenset({"310000"})},
        ),
        (
            Requirement(Aspect.LANGUAGE, ("english",), Strength.FAVOURED),
            {"languages": frozenset({"english"})},
            {"languages": frozenset({"japanese"})},
        ),
    ],
)
def test_unknown_ranks_below_met_and_above_missing(
    strength: Strength, requirement: Requirement, met: dict[str, object], missing: dict[str, object]
) -> None:
    asked = Requirement(requirement.aspect, requirement.values, strength)

    def points(held: Supply) -> float:
        part = {"language": "languages"}.get(asked.aspect.value, asked.aspect.value)
        weights = applied_weights({}, {part, "role", "meaning", "wording"})
        return Plan([asked], weights).points([judge(asked, held)], Measures(0.5, 0.5, 0.5))

    assert points(supply(**met)) > points(supply()) > points(supply(**missing))


def test_a_person_of_the_province_may_be_in_the_city() -> None:
    asked = Requirement(Aspect.PLACE, ("330100",), Strength.REQUIRED)
    assert judge(asked, supply(regions=frozenset({"330000"}))).state is State.UNKNOWN
    elsewhere = supply(regions=frozenset({"330000", "330400"}))
    assert judge(asked, elsewhere).state is State.MISSING


def test_a_narrower_skill_meets_a_broader_one_and_not_the_other_way_round() -> None:
    java = Requirement(Aspect.SKILL, ("java",), Strength.REQUIRED)
    boot = Requirement(Aspect.SKILL, ("spring-boot",), Strength.REQUIRED)
    found = judge(java, supply(skills=frozenset({"spring-boot"})))
    assert (found.state, found.by) == (State.FOUND, "spring-boot")
    short: Judgement = judge(boot, supply(skills=frozenset({"java"})))
    assert short.state is State.MISSING
    assert 0 < short.value < 1
    script = judge(java, supply(skills=frozenset({"javascript"})))
    assert (script.state, script.value) == (State.MISSING, 0.0)


def test_wishes_are_judged_where_they_are_stated() -> None:
    offered = demand(regions=frozenset({"330100", "330000"}), pay=20_000.0, employment="full-time")
    assert meets_wishes(judge_wishes(offered, supply())) is None
    wished = supply(
        wished_regions=frozenset({"330100", "330000"}),
        wished_pay=25_000.0,
        wished_employment=frozenset({"full-time"}),
        wished_roles=frozenset({"1"}),
    )
    found = meets_wishes(judge_wishes(offered, wished))
    assert found is not None
    states = {node.name: node.state for node in found.children}
    assert states == {
        "role": State.UNKNOWN, "place": State.FOUND, "pay": State.MISSING, "employment": State.FOUND,
    }  # fmt: skip


def test_weights_that_are_preferred_take_the_place_of_those_suggested() -> None:
    weights = applied_weights({"skills": 0.0, "years": 50.0}, ("skills", "years", "role"))
    assert weights["skills"] == 0
    assert weights["years"] / weights["role"] == pytest.approx(50 / suggested_weights()["role"])
    assert sum(suggested_weights().values()) == pytest.approx(100)


def test_without_wishes_both_is_the_first_score() -> None:
    tree = Node("meets_vacancy", 61.0, 100.0)
    assert both(tree, None).points == 61.0
