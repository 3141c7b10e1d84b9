"""D: open posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.audit.inputs import VacancyFact


@dataclass(frozen=True, slots=True)
class Demand:
    """Open posts.

    Attributes:
        posts: D.
        vacancies: postings that they stand in.
        without_headcount: postings that do not say how many posts, and count 1 each.
    """

    posts: int
    vacancies: int
    without_headcount: int


def demand(vacancies: Iterable[VacancyFact]) -> Demand:
    """Return D = sum of the headcounts of open vacancies; a missing headcount counts 1 and is flagged.

    Source: shared terms "D open posts (headcount, not ads)"; JobTech's `number_of_vacancies`; a vacancy
    is a paid post that the employer actively seeks to fill (Eurostat, job vacancy statistics, jvs_esms).

    >>> demand([VacancyFact("a", "x", headcount=3), VacancyFact("b", "x")])
    Demand(posts=4, vacancies=2, without_headcount=1)
    """
    held = list(vacancies)
    return Demand(
        posts=sum(vacancy.posts for vacancy in held),
        vacancies=len(held),
        without_headcount=sum(vacancy.headcount is None for vacancy in held),
    )
