"""A row of the catalogue as something that one can fit: its linked skills are what it asks for."""

from __future__ import annotations

from functools import cache

from search.matching.requirements import Requirement
from search.models import Aspect, Strength
from taxonomies.catalogue import load_catalogue


@cache
def role_requirements(number: int) -> tuple[Requirement, ...]:
    """Return the skills of a row: essential ones favoured, the others optional; none excludes.

    The catalogue prints duties and no requirements; the links are ours (docs/data.md).
    """
    role = load_catalogue().role(number)
    if role is None:
        raise KeyError(f"the catalogue has no row {number}")
    found = [
        Requirement(
            Aspect.SKILL,
            (link.skill,),
            Strength.FAVOURED if link.relation == "essential" else Strength.OPTIONAL,
            source="skills",
        )
        for link in role.skills
    ]
    return tuple(sorted(found, key=lambda requirement: requirement.strength is Strength.OPTIONAL))
