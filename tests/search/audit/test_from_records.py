"""Stored records become facts by which the audit counts whom a match would not exclude."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ingest.documents import build_document
from ingest.samples import generate_candidates, generate_vacancies
from search.audit.from_records import (
    RoleLink,
    declared_link,
    seeker_fact,
    unknown_words,
    vacancy_fact,
)
from search.audit.inputs import ConditionAspect
from search.audit.plan import Post
from search.audit.qualification import qualify
from search.audit.unknown_words import WordFinder
from search.matching.judging import judge
from search.matching.requirements import requirements_of
from search.matching.sides import supply_of
from search.ranking.results import State
from search.records.models import Candidate, StatedSkill, Vacancy, WantedSkill, Wishes
from search.records.stored import StoredRecord

# Half past four in the afternoon in London is already the next day in Hangzhou.
STORED = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)


def stored(record, name="r1"):
    return StoredRecord(name, "o", 1, record, 1, STORED, STORED)


def facts_of(vacancies, candidates):
    offered = [vacancy_fact(one, declared_link(one)) for one in vacancies]
    finder = WordFinder.of(unknown_words(offered))
    return offered, [seeker_fact(one, build_document(one), finder) for one in candidates]


def test_samples_count_as_a_match_would_judge_them() -> None:
    vacancies = [stored(one, f"v{n}") for n, one in enumerate(generate_vacancies(40, 3))]
    candidates = [stored(one, f"c{n}") for n, one in enumerate(generate_candidates(120, 5))]
    offered, seekers = facts_of(vacancies, candidates)
    found = qualify(seekers, [Post(one, one.role) for one in offered])
    supplies = {
        one.id: supply_of(build_document(one)) for one in candidates if one.status == "active"
    }
    total = 0
    for vacancy in vacancies:
        hard = [one for one in requirements_of(vacancy.record) if one.is_hard]
        states = {
            name: {judge(one, supply).state for one in hard} for name, supply in supplies.items()
        }
        met = {name for name, held in states.items() if held <= {State.FOUND}}
        may = {name for name, held in states.items() if State.MISSING not in held}
        assert set(found.qualified(vacancy.id)) == met
        assert set(found.possible(vacancy.id)) == may - met
        total += len(met)
    assert total > 100


def test_a_vacancy_says_what_it_leaves_out() -> None:
    fact = vacancy_fact(stored(Vacancy(title="Engineer", text="call us")), RoleLink(9, 0.7))
    assert fact.flags == ("no_text", "no_requirements", "no_pay", "no_place", "no_headcount")
    assert not fact.is_clear
    assert (fact.role, fact.role_confidence, fact.posts) == (9, 0.7, 1)
    assert fact.posted == date(2026, 6, 1)


def test_years_and_levels_carry_their_number() -> None:
    record = Vacancy(title="Engineer", years_at_least=3, education_at_least="master")
    required = {one.aspect: one for one in vacancy_fact(stored(record), RoleLink(None, 0)).required}
    assert required[ConditionAspect.YEARS].least == 3
    assert required[ConditionAspect.EDUCATION].least == 4


def test_it_ends_with_its_validity_or_when_it_was_closed() -> None:
    link = RoleLink(None, 0)
    valid = Vacancy(title="a", valid_through=date(2026, 7, 1))
    assert vacancy_fact(stored(valid), link).closed == date(2026, 7, 2)
    assert vacancy_fact(stored(valid), link).is_open_on(date(2026, 7, 1))
    closed = valid.model_copy(update={"status": "closed"})
    assert vacancy_fact(stored(closed), link).closed == date(2026, 6, 1)


def test_a_skill_that_the_taxonomy_does_not_know_is_looked_for_by_its_words() -> None:
    skill = WantedSkill(name="浮标标定法", strength="required")
    vacancy = stored(Vacancy(title="工程师", skills=(skill,)), "v")
    knows = stored(Candidate(headline="工程师", skills=(StatedSkill(name="浮标标定法"),)), "a")
    lacks = stored(Candidate(headline="工程师"), "b")
    english = stored(Candidate(headline="plumber"), "c")
    offered, seekers = facts_of([vacancy], [knows, lacks, english])
    found = qualify(seekers, [Post(one, one.role) for one in offered])
    assert found.qualified("v") == ("a",)
    assert found.possible("v") == ("c",)


def test_declared_roles_are_the_wished_ones() -> None:
    record = Candidate(headline="a", wishes=Wishes(roles=(30, 9)), region="330106")
    fact = seeker_fact(stored(record), build_document(stored(record)), WordFinder())
    assert fact.roles == (9, 30)
    assert fact.last_confirmed == date(2026, 6, 1)


def test_only_a_declared_role_is_sure() -> None:
    assert declared_link(stored(Vacancy(title="a", role=9))) == RoleLink(9, 1.0)
    assert declared_link(stored(Vacancy(title="a"))) == RoleLink(None, 0.0)


def test_a_record_of_the_other_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="give a vacancy"):
        vacancy_fact(stored(Candidate(headline="a")), RoleLink(None, 0))
    vacancy = stored(Vacancy(title="a"))
    with pytest.raises(TypeError, match="give a candidate"):
        seeker_fact(vacancy, build_document(vacancy), WordFinder())
