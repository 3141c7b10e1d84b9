"""Hard requirements as filters of the index, so that they bind in every arm before anything is ranked.

Each says the same as `search.matching.judging.fails` of the same requirement; a test compares them.
A required skill that the taxonomy does not know has no filter: it is judged on the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from search.backends.filters import And, Filter, Not, Or, Range, Term
from search.matching.judging import around
from search.matching.requirements import Requirement
from search.matching.sides import Supply
from search.models import Aspect, Strength
from search.ranking.conditions import holds, stated
from taxonomies.regions import load_elsewhere, load_regions
from taxonomies.skills import ancestors, descendants, load_skills


def requirement_filter(requirement: Requirement) -> Filter | None:
    """Return what a candidate must pass; None where a requirement excludes nobody or has no filter."""
    if not requirement.is_hard or not requirement.values:
        return None
    holds = _holds(requirement)
    if requirement.strength is Strength.BANNED:
        return Not(holds)
    unknown = _unknown(requirement)
    return holds if unknown is None else Or((holds, unknown))


def within_reach(supply: Supply) -> Filter:
    """Return what a vacancy must pass so that a candidate fails none of its declared requirements."""
    parts: list[Filter] = []
    for field, held in (("years", supply.years), ("education", supply.education)):
        if held is not None:
            parts.append(Or((Range(field, at_most=held), Not(Range(field)))))
    met = supply.skills.union(*(ancestors(skill) for skill in supply.skills))
    parts.append(Not(Term("must_skill", tuple(sorted(load_skills().keys() - met)))))
    return And(tuple(parts))


def _holds(requirement: Requirement) -> Filter:
    values = requirement.values
    if requirement.aspect is Aspect.SKILL:
        # A narrower concept meets a broader one.
        values = _sorted((*values, *(below for value in values for below in descendants(value))))
    return holds(requirement.aspect, values)


def _unknown(requirement: Requirement) -> Filter | None:
    """Return what passes because it is not known; None where not saying so is not having it."""
    match requirement.aspect:
        case Aspect.YEARS | Aspect.EDUCATION | Aspect.LANGUAGE:
            return Not(stated(requirement.aspect))
        case Aspect.PLACE:
            # Somebody in the province, city unknown, may be in the city.
            return Not(Term("region", _sorted(_regions() - around(requirement.values))))
        case Aspect.SKILL | Aspect.TITLE:
            return None


@cache
def _regions() -> frozenset[str]:
    return frozenset((*load_regions(), *load_elsewhere()))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
