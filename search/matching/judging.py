"""Whether a candidate meets a requirement: met, missing or unknown, and how far. Unknown is not missing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import NamedTuple

from search.matching.requirements import Requirement
from search.matching.sides import Supply
from search.models import Aspect, Strength
from search.ranking.conditions import education_rank
from search.ranking.results import State
from search.text.normalise import writes_han
from taxonomies.regions import UnknownRegionError, lineage
from taxonomies.skills import ancestors, descendants

#: Takes a part of a supply.
_Part = Callable[[Supply], Hashable]


#: How far what is not said counts: less than met, more than anything that is known to fall short.
UNKNOWN = 0.4
#: Who has a broader skill only (a database, for MySQL) has this much of it, and does not meet it.
BROADER = 0.3
#: How far fewer years, or a level too low, count at most.
SHORT = 0.3


class Judgement(NamedTuple):
    """How a requirement stands. A tuple, for a match makes thousands of them.

    Attributes:
        requirement: it.
        state: `found` (met), `missing` or `unknown`.
        value: 0-1, how far it is met; 1 for met, `UNKNOWN` for unknown.
        by: the value of ours that meets it: a skill id, a region code, a number; or "".
    """

    requirement: Requirement
    state: State
    value: float
    by: str = ""


def judge(requirement: Requirement, supply: Supply) -> Judgement:
    """Judge one requirement. A banned one is met by not having what it names."""
    found = _judged(requirement, supply)
    if requirement.strength is not Strength.BANNED:
        return found
    if found.state is State.FOUND:
        return Judgement(requirement, State.MISSING, 0.0, found.by)
    return Judgement(requirement, State.FOUND, 1.0)


class Judge:
    """Judges many candidates by the same requirements.

    What a requirement says of a candidate follows from a small part of the supply, which most
    candidates have in common (none of the skills in question, a bachelor's degree): it is judged once.

    Args:
        requirements: of one vacancy.
    """

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._asked: list[tuple[Requirement, _Part, dict[Hashable, Judgement]]] = [
            (requirement, _part_of_interest(requirement), {}) for requirement in requirements
        ]

    def all(self, supply: Supply) -> list[Judgement]:
        """Return what `judge` says of each requirement."""
        found = []
        for requirement, part_of, known in self._asked:
            part = part_of(supply)
            judgement = known.get(part)
            if judgement is None:
                judgement = known[part] = judge(requirement, supply)
            found.append(judgement)
        return found


@lru_cache(maxsize=1024)
def around(codes: tuple[str, ...]) -> frozenset[str]:
    """Return the regions that these lie in, themselves included."""
    return frozenset(above for code in codes for above in _lineage(code))


def fails(judgement: Judgement) -> bool:
    """Say whether this excludes: a required thing known to be missing, or a banned one that is there."""
    return judgement.state is State.MISSING and judgement.requirement.is_hard


def _part_of_interest(requirement: Requirement) -> _Part:
    """Return what takes from a supply all that a requirement looks at."""
    match requirement.aspect:
        case Aspect.SKILL if requirement.values:
            looked_for = _with_kin(requirement.values)
            return lambda supply: looked_for & supply.skills
        case Aspect.SKILL:
            return lambda supply: supply.text
        case Aspect.YEARS:
            return lambda supply: supply.years
        case Aspect.EDUCATION:
            return lambda supply: supply.education
        case Aspect.PLACE:
            return lambda supply: supply.regions
        case Aspect.LANGUAGE:
            return lambda supply: supply.languages
        case Aspect.TITLE:
            return lambda supply: supply.roles


@lru_cache(maxsize=4096)
def _with_kin(skills: tuple[str, ...]) -> frozenset[str]:
    kin = (near for skill in skills for near in (*descendants(skill), *ancestors(skill)))
    return frozenset((*skills, *kin))


def _judged(requirement: Requirement, supply: Supply) -> Judgement:
    match requirement.aspect:
        case Aspect.SKILL:
            return _skill(requirement, supply)
        case Aspect.YEARS:
            return _level(requirement, supply.years, float(requirement.values[0]))
        case Aspect.EDUCATION:
            rank = float(education_rank(requirement.values[0]))
            return _level(requirement, supply.education, rank)
        case Aspect.PLACE:
            return _place(requirement, supply)
        case Aspect.LANGUAGE:
            return _one_of(requirement, supply.languages)
        case Aspect.TITLE:
            return _title(requirement, supply)


def _skill(requirement: Requirement, supply: Supply) -> Judgement:
    if not requirement.values:
        return _words(requirement, supply)
    skills = supply.skills
    for value in requirement.values:
        if value in skills:
            return Judgement(requirement, State.FOUND, 1.0, value)
    for value in requirement.values:
        narrower = descendants(value)
        if not narrower.isdisjoint(skills):
            return Judgement(requirement, State.FOUND, 1.0, min(narrower & skills))
    for value in requirement.values:
        for above in ancestors(value):
            if above in skills:
                return Judgement(requirement, State.MISSING, BROADER, above)
    return Judgement(requirement, State.MISSING, 0.0)


def _words(requirement: Requirement, supply: Supply) -> Judgement:
    """Judge a skill that the taxonomy does not know by its words, in the language they are written in."""
    if requirement.words in supply.text:
        return Judgement(requirement, State.FOUND, 1.0)
    if writes_han(requirement.words) != writes_han(supply.text):
        return Judgement(requirement, State.UNKNOWN, UNKNOWN)
    return Judgement(requirement, State.MISSING, 0.0)


def _level(requirement: Requirement, held: float | None, wanted: float) -> Judgement:
    if held is None:
        return Judgement(requirement, State.UNKNOWN, UNKNOWN)
    if held >= wanted:
        return Judgement(requirement, State.FOUND, 1.0, f"{held:g}")
    return Judgement(requirement, State.MISSING, SHORT * held / wanted, f"{held:g}")


def _place(requirement: Requirement, supply: Supply) -> Judgement:
    for value in requirement.values:
        if value in supply.regions:
            return Judgement(requirement, State.FOUND, 1.0, value)
    # Of somebody in the province no more is known than of somebody who does not say.
    if supply.regions <= around(requirement.values):
        return Judgement(requirement, State.UNKNOWN, UNKNOWN)
    return Judgement(requirement, State.MISSING, 0.0)


def _one_of(requirement: Requirement, held: frozenset[str]) -> Judgement:
    if not held:
        return Judgement(requirement, State.UNKNOWN, UNKNOWN)
    for value in requirement.values:
        if value in held:
            return Judgement(requirement, State.FOUND, 1.0, value)
    return Judgement(requirement, State.MISSING, 0.0)


def _title(requirement: Requirement, supply: Supply) -> Judgement:
    by = next((value for value in requirement.values if value in supply.roles), "")
    state = State.FOUND if by else State.MISSING
    return Judgement(requirement, state, float(bool(by)), by)


def _lineage(code: str) -> tuple[str, ...]:
    try:
        return lineage(code)
    except UnknownRegionError:
        return (code,)
