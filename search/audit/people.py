"""S by role and place: sets of people into counts by where they live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from search.audit.bits import Words, count, pack, unpack
from search.audit.inputs import ConditionAspect, RequiredCondition
from search.audit.masks import met
from search.audit.measures.supply import Supply, fractional
from search.audit.places import OUTSIDE, UNKNOWN_PLACE, WHOLE, city_of
from search.audit.population import ACTIVE, Population
from search.audit.qualification import Qualification

Sets = Mapping[int, Words]


@dataclass(frozen=True, eq=False)
class People:
    """Sets of active people by role, ready to be counted by place.

    Attributes:
        population: all seekers.
        sets: row number to who counts.
        regions: places that anybody lives in or would work in, sorted.
        seats: (slots,): where each lives, as a place in `regions`.
        stale: who has not confirmed for long, (words,).
        roles_held: (slots,): how many of the sets each is in.
    """

    population: Population
    sets: Sets = field(repr=False)
    regions: tuple[str, ...]
    seats: NDArray[np.int64] = field(repr=False)
    stale: Words = field(repr=False)
    roles_held: NDArray[np.int64] = field(repr=False)

    def supplies(self, role: int) -> dict[str, Supply]:
        """Return the supply of a role by place, the whole included; places without people are absent."""
        return self._supplies([role])

    def supplies_of(self, roles: Iterable[int]) -> dict[str, Supply]:
        """Return the supply of a field by place: each person once, its fractions those of its roles."""
        return self._supplies([role for role in roles if role in self.sets])

    def _supplies(self, roles: list[int]) -> dict[str, Supply]:
        sets = [self.sets[role] for role in roles if role in self.sets]
        if not sets:
            return {WHOLE: Supply(0, 0.0, 0, 0)}
        words = np.bitwise_or.reduce(np.stack(sets), axis=0)
        people = self._by_seat(words)
        stale = self._by_seat(words & self.stale)
        shares = sum(self._by_seat_and_roles(one) for one in sets)
        places = {WHOLE: slice(None)} | {
            region: slice(place, place + 1) for place, region in enumerate(self.regions)
        }
        found = {}
        for region, rows in places.items():
            total = int(people[rows].sum())
            reach = total if region in _NO_CITY else self._reach(words, region)
            if total or reach or region == WHOLE:
                of_k = dict(enumerate(np.asarray(shares)[rows].sum(axis=0).tolist()))
                found[region] = Supply(total, fractional(of_k), int(stale[rows].sum()), reach)
        return found

    def _by_seat(self, words: Words) -> NDArray[np.int64]:
        slots = np.flatnonzero(unpack(words, len(self.population)))
        return np.bincount(self.seats[slots], minlength=len(self.regions))

    def _by_seat_and_roles(self, words: Words) -> NDArray[np.int64]:
        slots = np.flatnonzero(unpack(words, len(self.population)))
        wide = int(self.roles_held.max(initial=0)) + 1
        pairs = self.seats[slots] * wide + self.roles_held[slots]
        return np.bincount(pairs, minlength=len(self.regions) * wide).reshape(-1, wide)

    def _reach(self, words: Words, city: str) -> int:
        return int(count(words & reach(self.population, city)))


_NO_CITY = frozenset({WHOLE, UNKNOWN_PLACE, OUTSIDE})


def declared_sets(population: Population) -> dict[int, Words]:
    """Return, by row number, the active people who declared that they look for it."""
    active = population.held(ACTIVE)
    return {
        int(value): population.held((kind, value)) & active
        for kind, value in sorted(population.rows)
        if kind == "declared"
    }


def qualified_sets(qualification: Qualification) -> Sets:
    """Return, by row number, the active people who qualify for at least one of its open posts."""
    return qualification.by_role


def stale_set(population: Population, as_of: date, stale_days: int) -> Words:
    """Return who last confirmed more than `stale_days` before a day; whose day is not known is not in it."""
    return pack(as_of.toordinal() - population.numbers["confirmed"] > stale_days)


def reach(population: Population, city: str) -> Words:
    """Return who lives in a city or would work there."""
    return met(population, RequiredCondition(ConditionAspect.PLACE, (city,)))


def people_of(population: Population, sets: Sets, as_of: date, stale_days: int) -> People:
    """Make sets ready to be counted."""
    kept = {role: words for role, words in sets.items() if count(words)}
    # Somebody may look for work where nobody lives.
    wished = {city_of(value) for kind, value in population.rows if kind == "place"}
    seats = sorted(wished | {value for kind, value in population.rows if kind == "seat"})
    seat = np.zeros(len(population), np.int64)
    for place, value in enumerate(seats):
        seat[unpack(population.held(("seat", value)), len(population))] = place
    held = np.zeros(len(population), np.int64)
    for words in kept.values():
        held += unpack(words, len(population))
    stale = stale_set(population, as_of, stale_days)
    return People(population, kept, tuple(seats) or (UNKNOWN_PLACE,), seat, stale, held)
