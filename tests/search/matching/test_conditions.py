"""A filter of the index and the judgement of the same requirement exclude the same people."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from search.backends.base import Document
from search.backends.filters import matches
from search.matching.conditions import requirement_filter, within_reach
from search.matching.judging import fails, judge
from search.matching.requirements import Requirement
from search.models import Aspect, Strength
from taxonomies.levels import load_education
from tests.search.matching.generated import LANGUAGES, REGIONS, SKILLS, some_candidate

LEVELS = tuple(level.id for level in load_education())
VALUES = {
    Aspect.SKILL: SKILLS,
    Aspect.PLACE: REGIONS,
    Aspect.LANGUAGE: LANGUAGES,
    Aspect.TITLE: ("1", "9", "30"),
    Aspect.EDUCATION: LEVELS,
    Aspect.YEARS: tuple(str(n) for n in range(12)),
}


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    aspect = draw(st.sampled_from(sorted(VALUES, key=str)))
    one = aspect in {Aspect.YEARS, Aspect.EDUCATION}
    most = 1 if one else 2
    values = draw(st.lists(st.sampled_from(VALUES[aspect]), min_size=1, max_size=most, unique=True))
    strengths = [Strength.REQUIRED] if one else [Strength.REQUIRED, Strength.BANNED]
    return Requirement(aspect, tuple(values), draw(st.sampled_from(strengths)))


@given(requirement=requirements(), seed=st.integers(0, 10_000))
@settings(max_examples=1000)
def test_they_say_the_same(requirement: Requirement, seed: int) -> None:
    document, supply = some_candidate(random.Random(seed))
    condition = requirement_filter(requirement)
    assert condition is not None
    assert matches(condition, document) is not fails(judge(requirement, supply))


def test_a_soft_requirement_filters_nobody() -> None:
    for strength in (Strength.FAVOURED, Strength.OPTIONAL):
        assert requirement_filter(Requirement(Aspect.SKILL, ("java",), strength)) is None


@given(seed=st.integers(0, 10_000), must=st.lists(st.sampled_from(SKILLS), max_size=2))
def test_a_vacancy_within_reach_asks_for_no_skill_that_is_missing(
    seed: int, must: list[str]
) -> None:
    _, supply = some_candidate(random.Random(seed))
    asked = [Requirement(Aspect.SKILL, (skill,), Strength.REQUIRED) for skill in must]
    vacancy = Document("vacancy:x", 1, {}, {"must_skill": tuple(must)})
    is_able = not any(fails(judge(requirement, supply)) for requirement in asked)
    assert matches(within_reach(supply), vacancy) is is_able
