"""S: active seekers, who chose a role (declared) or who meet every required condition (qualified)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Supply:
    """Active seekers of one role.

    Attributes:
        people: full count: who seeks or qualifies for several roles counts in each.
        fractional: each counts 1/k, k being the number of the person's roles.
        stale: of `people`, those who have not confirmed for longer than the threshold says.
        reachable: who lives in the place or would work there; not a sum over places. For the whole
            province the same as `people`.
    """

    people: int
    fractional: float
    stale: int
    reachable: int


def fractional(people_by_roles: Mapping[int, int]) -> float:
    """Return the sum over people of 1/k, from how many people have k roles.

    Official tables give each seeker one target occupation; who names k counts 1/k in each, so that
    the sum over all roles is the number of people. Source: features (d), "multi-role people"; fractional
    counting as in bibliometrics.

    Two people with one role and three people with two:

    >>> fractional({1: 2, 2: 3})
    3.5
    """
    held = sorted(people_by_roles.items())
    return sum((people / roles for roles, people in held if people), start=0.0)
