"""Counting by sets says what judging one by one says, and a refresh what a full count says."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.bits import count, pack, unpack
from search.audit.counting import Counts
from search.audit.inputs import ConditionAspect, RequiredCondition, SeekerFact, VacancyFact
from search.audit.masks import mask, met, not_failed
from search.audit.places import city_of, places_of
from search.audit.plan import Post
from search.audit.population import population_of
from search.audit.qualification import Qualification, qualify, refresh
from search.matching.judging import judge
from search.matching.requirements import Requirement
from search.matching.sides import Supply
from search.models import Aspect, Strength
from search.ranking.results import State
from taxonomies.levels import load_education
from tests.search.audit.generated import some_condition, some_inputs, some_seeker, some_vacancy

FIELDS = tuple(Counts.__dataclass_fields__)


def supply(seeker: SeekerFact) -> Supply:
    words = "".join(value.removeprefix("words:") for value in sorted(seeker.skills) if ":" in value)
    return Supply(
        skills=frozenset(value for value in seeker.skills if ":" not in value),
        roles=frozenset(map(str, (*seeker.roles, *seeker.held_roles))),
        title="",
        text=f" {words} {'汉' if seeker.writes_han else 'latin'} ",
        years=seeker.years,
        education=None if seeker.education_rank is None else float(seeker.education_rank),
        languages=seeker.languages,
        regions=places_of((seeker.region, *seeker.wished_regions)),
        residence=places_of((seeker.region,)),
        wished_roles=frozenset(map(str, seeker.roles)),
        wished_regions=places_of(seeker.wished_regions),
        wished_pay=None,
        wished_employment=frozenset(),
    )


def requirement(condition: RequiredCondition) -> Requirement:
    words = next((v.removeprefix("words:") for v in condition.values if v.startswith("words:")), "")
    return Requirement(
        Aspect(condition.aspect.value),
        () if words else condition.values,
        Strength.BANNED if condition.banned else Strength.REQUIRED,
        words=words,
    )


def state(condition: RequiredCondition, seeker: SeekerFact) -> State:
    return judge(requirement(condition), supply(seeker)).state


@given(seed=st.integers(0, 100_000))
@settings(max_examples=400)
def test_a_condition_says_of_each_seeker_what_matching_says(seed: int) -> None:
    chance = random.Random(seed)
    condition = some_condition(chance)
    seekers = [some_seeker(chance, f"s{n}") for n in range(12)]
    # Who writes no Chinese has no words in it, and the other way round; else the script is not theirs.
    seekers = [
        replace(one, writes_han=any("浮" in value for value in one.skills) or one.writes_han)
        for one in seekers
    ]
    population = population_of(seekers)
    has = unpack(met(population, condition), len(seekers))
    may = unpack(not_failed(population, condition), len(seekers))
    for slot, seeker in enumerate(seekers):
        judged = state(condition, seeker)
        assert bool(has[slot]) is (judged is State.FOUND), (condition, seeker)
        assert bool(may[slot]) is (judged is not State.MISSING), (condition, seeker)


def test_the_generator_uses_education_ranks_that_there_are() -> None:
    ranks = {level.id: level.rank for level in load_education()}
    assert (ranks["associate"], ranks["bachelor"], ranks["master"]) == (2, 3, 4)


def one_by_one(
    vacancy: VacancyFact, role: int | None, seekers: list[SeekerFact]
) -> dict[str, object]:
    active = [one for one in seekers if one.active]

    def states(seeker: SeekerFact, conditions: tuple[RequiredCondition, ...]) -> set[State]:
        return {state(condition, seeker) for condition in conditions}

    required = vacancy.required
    qualified = [one for one in active if states(one, required) <= {State.FOUND}]
    open_ = [one for one in active if State.MISSING not in states(one, required)]
    named = [one for one in active if role in (*one.roles, *one.held_roles)]
    place = tuple(c for c in required if c.aspect is ConditionAspect.PLACE and not c.banned)
    anywhere = [
        one
        for one in active
        if states(one, tuple(c for c in required if c not in place)) <= {State.FOUND}
    ]
    city = city_of(vacancy.region)
    code = vacancy.region if city == "outside" else city
    site = place or (
        () if code in {None, "unknown"} else (RequiredCondition(ConditionAspect.PLACE, (code,)),)
    )
    here = [one for one in anywhere if states(one, site) <= {State.FOUND}]
    reach = [one for one in anywhere if State.MISSING not in states(one, site)]
    offer = vacancy.pay_most
    return {
        "qualified": len(qualified),
        "possible": len(open_) - len(qualified),
        "matched": len(named),
        "matched_qualified": len([one for one in qualified if one in named]),
        "anywhere": len(anywhere),
        "here": len(here),
        "here_unknown": len(reach) - len(here),
        "above": sum(offer is not None and (one.pay_wish or 0) > offer for one in reach),
        "dropped": [
            sum(
                states(one, tuple(c for c in required if c != dropped)) <= {State.FOUND}
                for one in active
            )
            for dropped in required
        ],
    }


@given(seed=st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_judging_one_by_one(seed: int) -> None:
    inputs = some_inputs(seed, seekers=30, vacancies=8)
    seekers = [
        replace(one, writes_han=any("浮" in value for value in one.skills) or one.writes_han)
        for one in inputs.seekers
    ]
    found = qualify(seekers, [Post(vacancy, vacancy.role) for vacancy in inputs.vacancies])
    for row, post in enumerate(found.posts):
        expected = one_by_one(post.vacancy, post.role, seekers)
        counted = {name: getattr(found.counts, name)[row] for name in FIELDS}
        counted["dropped"] = counted["dropped"][: len(post.vacancy.required)].tolist()
        assert counted == expected
        name = post.vacancy.id
        assert len(found.qualified(name)) == expected["qualified"]
        assert len(found.possible(name)) == expected["possible"]
        assert len(found.matched(name)) == expected["matched"]
        for condition, without in zip(post.vacancy.required, expected["dropped"], strict=True):
            assert len(found.qualified_without(name, condition)) == without


def assert_same(first: Qualification, second: Qualification) -> None:
    assert first.posts == second.posts
    for name in FIELDS[:-1]:
        assert getattr(first.counts, name).tolist() == getattr(second.counts, name).tolist(), name
    for row, post in enumerate(first.posts):
        wide = len(post.vacancy.required)
        one, other = (found.counts.dropped[row, :wide].tolist() for found in (first, second))
        assert one == other
    roles = [
        {role: found.population.names(words) for role, words in found.by_role.items()}
        for found in (first, second)
    ]
    assert roles[0] == roles[1]
    assert first.facts == second.facts


@given(seed=st.integers(0, 100_000))
@settings(max_examples=80, deadline=None)
def test_a_refresh_equals_counting_anew(seed: int) -> None:
    chance = random.Random(seed)
    inputs = some_inputs(seed, seekers=chance.randint(0, 80), vacancies=chance.randint(0, 10))
    people = {one.id: one for one in inputs.seekers}
    posts = {one.id: Post(one, one.role) for one in inputs.vacancies}
    found = qualify(people.values(), posts.values())
    for turn in range(3):
        some = chance.sample(sorted(people), min(len(people), 5))
        gone, edited = some[:2], some[2:]
        changed = [some_seeker(chance, name) for name in (*edited, f"n{turn}", f"m{turn}")]
        for name in gone:
            del people[name]
        people |= {one.id: one for one in changed}
        touched = chance.sample(sorted(posts), min(len(posts), 3))
        for name in touched[:1]:
            del posts[name]
        for name in (*touched[1:2], f"w{turn}"):
            vacancy = some_vacancy(chance, name)
            posts[name] = Post(vacancy, vacancy.role)
        for name in touched[2:]:
            posts[name] = replace(posts[name], vacancy=replace(posts[name].vacancy, pay_to=1))
        given_posts = posts.values() if chance.random() < 0.8 else None
        if given_posts is None:
            posts = {post.vacancy.id: post for post in found.posts}
        found = refresh(found, changed=changed, gone=gone, posts=given_posts)
        assert_same(found, qualify(people.values(), posts.values()))


@given(st.lists(st.booleans(), max_size=200))
def test_bits_come_back_as_they_went_in(flags: list[bool]) -> None:
    array = np.array(flags, np.bool_)
    assert unpack(pack(array), len(flags)).tolist() == flags
    assert int(count(pack(array))) == sum(flags)


def test_a_level_without_a_number_says_what_to_do() -> None:
    condition = RequiredCondition(ConditionAspect.YEARS, ("3",))
    with pytest.raises(ValueError, match="give `least`"):
        mask(population_of([]), ("met", (condition,)))
