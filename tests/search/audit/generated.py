"""Generated facts: small markets in which anything may be unknown."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from search.audit.catalogue_demand import Demand
from search.audit.inputs import (
    AuditInputs,
    CatalogueRole,
    ConditionAspect,
    Outcome,
    OutcomeStage,
    RequiredCondition,
    SearchEvent,
    SeekerFact,
    VacancyFact,
)
from search.audit.period import Period
from search.audit.targets.progress import Actual
from taxonomies.skills import ancestors

AS_OF = date(2026, 6, 30)
PERIOD = Period(date(2026, 4, 1), AS_OF)
SKILLS = (
    "java",
    "spring",
    "spring-boot",
    "python",
    "mysql",
    "kafka",
    "words: 浮标 标定 ",
    "words: foo ",
)
REGIONS = ("330000", "330100", "330106", "330400", "310000")
LANGUAGES = ("english", "japanese")
ROLES = (1, 9, 30)
CATALOGUE = tuple(CatalogueRole(number, f"role {number}", "field-a") for number in (1, 9, 30, 31))


TERMS = ("java", "spring", "cloth", "sewing", "kernel", "wafer")
DUTIES = ((1, ("java", "spring")), (9, ("kernel", "wafer")))
ACTUALS = (
    Actual("people", Decimal("12.50"), "万人", AS_OF, "entered", ""),
    Actual("people", Decimal("13"), "万人", AS_OF + timedelta(days=1), "entered", ""),
)


def some_declared(chance: random.Random) -> tuple[Demand, ...]:
    return tuple(
        Demand(
            id=f"d{number}",
            source="declaration",
            title=chance.choice(["Weaver", "Tailor", ""]),
            posts=chance.randint(1, 9),
            employer=chance.choice("abcd"),
            role=chance.choice([*ROLES, None]),
            on=AS_OF - timedelta(days=chance.randint(0, 600)),
            until=chance.choice([None, AS_OF - timedelta(days=9), AS_OF]),
            terms=some_terms(chance),
        )
        for number in range(chance.randint(0, 12))
    )


def some_terms(chance: random.Random) -> tuple[str, ...]:
    return tuple(sorted(chance.sample(TERMS, chance.randint(0, 4))))


def some_seeker(chance: random.Random, name: str) -> SeekerFact:
    def some(values):
        return tuple(sorted(chance.sample(values, chance.randint(0, min(3, len(values))))))

    skills = some(SKILLS)
    return SeekerFact(
        id=name,
        owner="a",
        roles=some(ROLES),
        held_roles=some(ROLES),
        region=chance.choice([*REGIONS, None]),
        wished_regions=some(REGIONS) if chance.random() < 0.5 else (),
        pay_wish=chance.choice([None, 9000, 15000, 30000]),
        education_rank=chance.choice([None, 1, 3, 5]),
        years=chance.choice([None, 0.0, 2.0, 6.0]),
        skills=frozenset((*skills, *(above for skill in skills for above in ancestors(skill)))),
        languages=frozenset(some(LANGUAGES)),
        writes_han=chance.random() < 0.6,
        active=chance.random() < 0.9,
        last_confirmed=chance.choice([None, AS_OF, AS_OF - timedelta(days=200)]),
    )


def some_condition(chance: random.Random) -> RequiredCondition:
    aspect = chance.choice(list(ConditionAspect))
    banned = chance.random() < 0.15
    match aspect:
        case ConditionAspect.YEARS:
            years = chance.choice([1.0, 3.0, 5.0])
            return RequiredCondition(aspect, (f"{years:g}",), years)
        case ConditionAspect.EDUCATION:
            level, rank = chance.choice([("associate", 2), ("bachelor", 3), ("master", 4)])
            return RequiredCondition(aspect, (level,), float(rank))
        case ConditionAspect.SKILL:
            value = chance.choice(SKILLS)
            more = () if value.startswith("words:") else tuple(chance.sample(SKILLS[:6], 1))
            values = tuple(dict.fromkeys((value, *more))) if chance.random() < 0.3 else (value,)
        case ConditionAspect.LANGUAGE:
            values = (chance.choice(LANGUAGES),)
        case ConditionAspect.PLACE:
            values = tuple(chance.sample(REGIONS, chance.randint(1, 2)))
        case ConditionAspect.TITLE:
            values = (str(chance.choice(ROLES)),)
    return RequiredCondition(aspect, values, banned=banned)


def some_vacancy(chance: random.Random, name: str) -> VacancyFact:
    conditions = dict.fromkeys(some_condition(chance) for _ in range(chance.randint(0, 4)))
    return VacancyFact(
        id=name,
        owner=chance.choice("abc"),
        role=chance.choice([*ROLES, None]),
        role_confidence=chance.choice([1.0, 0.9, 0.1]),
        region=chance.choice([*REGIONS, None]),
        headcount=chance.choice([None, 1, 4]),
        posted=chance.choice([None, AS_OF - timedelta(days=chance.randint(0, 300))]),
        closed=chance.choice([None, None, AS_OF - timedelta(days=3), AS_OF + timedelta(days=3)]),
        is_open=chance.random() < 0.8,
        pay_to=chance.choice([None, 10000, 20000]),
        required=tuple(conditions),
        flags=tuple(chance.choice([(), ("no_text",), ("no_pay",)])),
        title=chance.choice(["a", "b"]),
        employer=chance.choice([None, "x", "y"]),
        terms=some_terms(chance),
    )


def some_inputs(seed: int, seekers: int = 40, vacancies: int = 15) -> AuditInputs:
    chance = random.Random(seed)
    posts = tuple(some_vacancy(chance, f"v{n:03}") for n in range(vacancies))
    people = tuple(some_seeker(chance, f"s{n:03}") for n in range(seekers))
    outcomes = {
        Outcome(
            chance.choice(posts).id,
            chance.choice(people).id,
            chance.choice(list(OutcomeStage)),
            AS_OF - timedelta(days=chance.randint(0, 120)),
        )
        for _ in range(10 if posts and people else 0)
    }
    searches = tuple(
        SearchEvent(
            AS_OF - timedelta(days=chance.randint(0, 120)),
            chance.choice([*ROLES, None]),
            chance.choice([*REGIONS, None]),
            chance.choice(["candidates", "vacancies"]),
            chance.choice([0, 7]),
        )
        for _ in range(8)
    )
    return AuditInputs(
        posts,
        people,
        tuple(sorted(outcomes)),
        searches,
        CATALOGUE,
        DUTIES,
        some_declared(chance),
        ACTUALS,
    )
