"""`bole bench-audit`: how long an audit takes, in full and after some records changed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random
from time import process_time
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.bench_measures import Clock, peak_megabytes

if TYPE_CHECKING:
    from search.audit.inputs import AuditInputs, RequiredCondition, SeekerFact, VacancyFact

#: The day of the audit; generated facts lie before it.
AS_OF = date(2026, 6, 30)
_PAY = (6_000, 8_000, 10_000, 12_000, 15_000, 18_000, 20_000, 25_000, 30_000, 40_000, 50_000)
_LEVELS = (("associate", 2.0), ("bachelor", 3.0), ("master", 4.0))


def bench_audit(
    seekers: Annotated[int, typer.Option(min=1, help="Generated seekers.")] = 100_000,
    vacancies: Annotated[int, typer.Option(min=1, help="Generated vacancies.")] = 10_000,
    changed: Annotated[int, typer.Option(min=0, help="Records of each kind that change.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Seed of the generator.")] = 7,
    records: Annotated[
        bool, typer.Option("--records", help="Store and index records first, and read them.")
    ] = False,
) -> None:
    """Time a full audit, the same after some records changed, and drilling down; print peak memory."""
    if records:
        from api.commands.bench_audit_records import bench_records

        bench_records(seekers, vacancies, changed, seed)
        return
    from api.commands.output import write_line
    from search.audit.counted import counted
    from search.audit.drill import Measure, drill
    from search.audit.period import Period
    from search.audit.prepared import Changes, prepare, prepare_again
    from search.audit.running import audit_prepared
    from search.audit.snapshot import freeze
    from search.audit.thresholds import Thresholds

    chance, period = Random(seed), Period(AS_OF - timedelta(days=90), AS_OF)
    inputs = _inputs(chance, seekers, vacancies)
    write_line(f"generated: {seekers} seekers, {vacancies} vacancies; {peak_megabytes():.0f} MiB")
    with Clock() as full:
        begun = process_time()
        prepared = prepare(inputs, AS_OF, Thresholds())
        figures = audit_prepared(prepared, period)
        busy = process_time() - begun
    pairs = seekers * len(prepared.qualification.posts)
    write_line(
        f"full audit: {full.s:.1f} s, {busy:.1f} s of them on a core "
        f"({pairs / full.s / 1e6:.0f} million pairs/s)"
    )
    few, some = min(changed, seekers), min(changed, vacancies)
    cases = {
        "seekers": Changes(seekers=tuple(_seeker(chance, n) for n in range(few))),
        "vacancies": Changes(vacancies=tuple(_vacancy(chance, n) for n in range(some))),
        "seekers and vacancies": Changes(
            seekers=tuple(_seeker(chance, n) for n in range(few)),
            vacancies=tuple(_vacancy(chance, n) for n in range(some)),
        ),
    }
    for name, changes in cases.items():
        with Clock() as clock:
            begun = process_time()
            again = prepare_again(prepared, changes)
            audit_prepared(again, period)
            busy = process_time() - begun
        write_line(
            f"incremental, {changed} {name} changed, figures included: {clock.s:.1f} s, "
            f"{busy:.1f} s of them on a core"
        )
    data = counted(prepared, period)
    with Clock() as clock:
        drill(data, figures.rows[0].role, "", Measure.QUALIFIED)
    write_line(f"drilling into who qualifies for a role: {clock.s * 1000:.0f} ms")
    with Clock() as clock:
        snapshot = freeze(figures)
    write_line(
        f"snapshot: {clock.s:.1f} s, {len(snapshot) / 1e6:.1f} MB, {len(figures.rows)} lines"
    )
    write_line(f"peak resident memory of this process: {peak_megabytes():.0f} MiB")


def _inputs(chance: Random, seekers: int, vacancies: int) -> AuditInputs:
    from search.audit.from_records import catalogue_duties, catalogue_roles
    from search.audit.inputs import AuditInputs, Outcome, OutcomeStage, SearchEvent

    def day() -> date:
        return AS_OF - timedelta(days=chance.randrange(120))

    def role() -> int:
        return chance.randint(1, 92)

    outcomes = {
        Outcome(
            f"v{chance.randrange(vacancies):06}",
            f"c{chance.randrange(seekers):07}",
            chance.choice(list(OutcomeStage)),
            day(),
        )
        for _ in range(vacancies)
    }
    return AuditInputs(
        vacancies=tuple(_vacancy(chance, number) for number in range(vacancies)),
        seekers=tuple(_seeker(chance, number) for number in range(seekers)),
        outcomes=tuple(sorted(outcomes)),
        searches=tuple(
            SearchEvent(day(), role(), _region(chance), "candidates", chance.choice((0, 3, 20)))
            for _ in range(vacancies)
        ),
        catalogue=catalogue_roles(),
        duties=catalogue_duties(),
    )


def _seeker(chance: Random, number: int) -> SeekerFact:
    from search.audit.inputs import SeekerFact
    from taxonomies.skills import ancestors

    roles = tuple(chance.sample(range(1, 93), chance.choice((1, 1, 1, 2, 3))))
    held = [skill for role in roles for skill in _skills_of(role) if chance.random() < 0.7]
    held += chance.sample(_all_skills(), 4)
    return SeekerFact(
        id=f"c{number:07}",
        owner="bench",
        roles=roles if chance.random() < 0.7 else (),
        held_roles=roles,
        region=_region(chance),
        wished_regions=(_region(chance),) if chance.random() < 0.3 else (),
        pay_wish=chance.choice(_PAY) if chance.random() < 0.7 else None,
        education_rank=chance.choice((None, 1, 2, 3, 3, 3, 4, 4, 5)),
        years=chance.choice((None, *map(float, range(16)))),
        skills=frozenset(value for skill in held for value in (skill, *ancestors(skill))),
        languages=frozenset({"english"}) if chance.random() < 0.5 else frozenset(),
        active=chance.random() < 0.9,
        last_confirmed=AS_OF - timedelta(days=chance.randrange(200)),
    )


def _vacancy(chance: Random, number: int) -> VacancyFact:
    from search.audit.inputs import VacancyFact

    role, pay = chance.randint(1, 92), chance.choice(_PAY)
    return VacancyFact(
        id=f"v{number:06}",
        owner=f"employer-{chance.randrange(500)}",
        role=role if chance.random() < 0.9 else None,
        region=_region(chance),
        headcount=chance.choice((None, 1, 1, 2, 3, 5, 10)),
        posted=AS_OF - timedelta(days=chance.randrange(200)),
        pay_from=pay // 2,
        pay_to=pay,
        required=_required(chance, role),
        flags=("no_text",) if chance.random() < 0.05 else (),
        title=_title(chance),
        terms=tuple(sorted(chance.sample(_terms(), 60))),
    )


def _required(chance: Random, role: int) -> tuple[RequiredCondition, ...]:
    from search.audit.inputs import ConditionAspect, RequiredCondition

    skills = _skills_of(role)
    named = chance.sample(skills, min(len(skills), chance.randint(1, 4)))
    named += chance.sample(_all_skills(), chance.choice((0, 0, 0, 1)))
    found = [RequiredCondition(ConditionAspect.SKILL, (skill,)) for skill in named]
    years = float(chance.choice((1, 2, 3, 5, 8)))
    found.append(RequiredCondition(ConditionAspect.YEARS, (f"{years:g}",), years))
    level, rank = chance.choice(_LEVELS)
    found.append(RequiredCondition(ConditionAspect.EDUCATION, (level,), rank))
    if chance.random() < 0.2:
        found.append(RequiredCondition(ConditionAspect.LANGUAGE, ("english",)))
    if chance.random() < 0.1:
        found.append(RequiredCondition(ConditionAspect.PLACE, (_region(chance),)))
    return tuple(dict.fromkeys(found))


def _title(chance: Random) -> str:
    """Return a title that no row has, of two rows' titles."""
    from taxonomies.catalogue import load_catalogue

    one, other = chance.sample(load_catalogue().roles, 2)
    return one.title.zh[: chance.randint(1, 4)] + other.title.zh


@cache
def _terms() -> tuple[str, ...]:
    """Return all terms of the catalogue's duties."""
    from search.audit.from_records import catalogue_duties

    return tuple(sorted({term for _, terms in catalogue_duties() for term in terms}))


def _region(chance: Random) -> str:
    from taxonomies.regions import load_regions

    return chance.choice(list(load_regions()))


def _skills_of(role: int) -> list[str]:
    from taxonomies.catalogue import load_catalogue

    return [link.skill for link in load_catalogue().roles[role - 1].skills]


def _all_skills() -> list[str]:
    from taxonomies.skills import load_skills

    return list(load_skills())
