"""Everything that lines are made of, counted once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search.audit.causes import PostCauses, post_causes
from search.audit.inputs import VacancyFact
from search.audit.lines import Lines, lines_of
from search.audit.measures.supply import Supply
from search.audit.measures.unmet import is_unmet
from search.audit.people import declared_sets, people_of, qualified_sets
from search.audit.period import Period
from search.audit.prepared import Prepared

Supplies = Mapping[str, Supply]


@dataclass(frozen=True, eq=False)
class Counted:
    """All that lines are made of.

    Attributes:
        prepared: the inputs, judged.
        period: of outcomes and searches.
        lines: the records of each line.
        declared, qualified: supply by role and place.
        causes: of posts in trouble, by vacancy id.
        fields: field to its rows.
        declared_of_field, qualified_of_field: supply by field and place.
    """

    prepared: Prepared
    period: Period
    lines: Lines = field(repr=False)
    declared: Mapping[int, Supplies] = field(repr=False)
    qualified: Mapping[int, Supplies] = field(repr=False)
    causes: Mapping[str, PostCauses] = field(repr=False)
    fields: Mapping[str, tuple[int, ...]]
    declared_of_field: Mapping[str, Supplies] = field(repr=False)
    qualified_of_field: Mapping[str, Supplies] = field(repr=False)


def counted(prepared: Prepared, period: Period) -> Counted:
    """Count people by role, field and place, and find the causes of posts in trouble."""
    qualification, thresholds = prepared.qualification, prepared.thresholds
    population, day = qualification.population, prepared.as_of
    declared = people_of(population, declared_sets(population), day, thresholds.stale_days)
    qualified = people_of(population, qualified_sets(qualification), day, thresholds.stale_days)
    lines = lines_of(prepared)
    roles = _roles(prepared, lines, [*declared.sets, *qualified.sets])
    fields: defaultdict[str, list[int]] = defaultdict(list)
    for role in sorted(prepared.inputs.catalogue):
        if role.field:
            fields[role.field].append(role.number)
    return Counted(
        prepared=prepared,
        period=period,
        lines=lines,
        declared={role: declared.supplies(role) for role in roles},
        qualified={role: qualified.supplies(role) for role in roles},
        causes=post_causes(qualification, day, thresholds),
        fields={name: tuple(numbers) for name, numbers in sorted(fields.items())},
        declared_of_field={name: declared.supplies_of(held) for name, held in fields.items()},
        qualified_of_field={name: qualified.supplies_of(held) for name, held in fields.items()},
    )


def unmet_vacancies(data: Counted, vacancies: Iterable[VacancyFact]) -> list[VacancyFact]:
    """Return those that are open for long and that fewer than k people qualify for."""
    thresholds, qualification = data.prepared.thresholds, data.prepared.qualification
    return [
        vacancy
        for vacancy in vacancies
        if is_unmet(
            vacancy,
            int(qualification.counts.qualified[qualification.rows[vacancy.id]]),
            data.prepared.as_of,
            long_days=thresholds.long_days,
            enough=thresholds.enough,
        )
    ]


def _roles(prepared: Prepared, lines: Lines, of_people: Iterable[int]) -> list[int]:
    named = {role.number for role in prepared.inputs.catalogue} | set(of_people)
    for held in (lines.open, lines.advertised, lines.searches):
        named |= {role for role, _ in held if role is not None}
    return sorted(named)
