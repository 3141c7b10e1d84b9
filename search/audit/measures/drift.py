"""Catalogue drift: where the catalogue and the live market have grown apart."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.audit.inputs import CatalogueRole, VacancyFact


@dataclass(frozen=True, slots=True)
class UnlinkedTitle:
    """Demand that no row of the catalogue stands for, by title."""

    title: str
    posts: int
    vacancies: int


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How much the duty of a row resembles the live postings that count for it; 0-1."""

    role: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What the catalogue misses, and what the market does not ask for.

    Attributes:
        without_role: open demand with no row, largest first.
        without_demand: rows with no open post.
        unlike: rows whose duty resembles its live postings less than the threshold, least first.
        not_compared: rows with open posts of which no similarity was given.
    """

    without_role: tuple[UnlinkedTitle, ...]
    without_demand: tuple[int, ...]
    unlike: tuple[Resemblance, ...]
    not_compared: tuple[int, ...]


def unlinked_titles(vacancies: Iterable[VacancyFact]) -> tuple[UnlinkedTitle, ...]:
    """Return open demand with no row by title, most posts first; titles that differ in case or width are one.

    Source: features (c) 3, "demand with no catalogue role".

    >>> unlinked_titles([VacancyFact("a", "x", headcount=2, title="Chef"), VacancyFact("b", "x", title="chef ")])
    (UnlinkedTitle(title='Chef', posts=3, vacancies=2),)
    """
    groups: defaultdict[str, list[VacancyFact]] = defaultdict(list)
    for vacancy in vacancies:
        groups[unicodedata.normalize("NFKC", vacancy.title).strip().casefold()].append(vacancy)
    found = [
        UnlinkedTitle(
            min(vacancy.title.strip() for vacancy in held),
            sum(vacancy.posts for vacancy in held),
            len(held),
        )
        for held in groups.values()
    ]
    return tuple(sorted(found, key=lambda one: (-one.posts, one.title)))


def drift(
    unlinked: Iterable[VacancyFact],
    posts_by_role: Mapping[int, int],
    catalogue: Iterable[CatalogueRole],
    similarity: Mapping[int, float],
    least: float,
) -> Drift:
    """Return where catalogue and market have grown apart.

    Source: features (c) 3 (demand with no role; roles with no demand; duty text that no longer
    resembles live posts).

    >>> rows = [CatalogueRole(1, "a"), CatalogueRole(2, "b"), CatalogueRole(3, "c")]
    >>> found = drift([], {1: 4, 2: 5}, rows, {1: 0.2}, 0.35)
    >>> found.without_demand, found.unlike, found.not_compared
    ((3,), (Resemblance(role=1, similarity=0.2),), (2,))
    """
    numbers = sorted(role.number for role in catalogue)
    live = [number for number in numbers if posts_by_role.get(number, 0)]
    unlike = [
        Resemblance(number, similarity[number])
        for number in live
        if number in similarity and similarity[number] < least
    ]
    return Drift(
        without_role=unlinked_titles(unlinked),
        without_demand=tuple(number for number in numbers if number not in set(live)),
        unlike=tuple(sorted(unlike, key=lambda one: (one.similarity, one.role))),
        not_compared=tuple(number for number in live if number not in similarity),
    )
