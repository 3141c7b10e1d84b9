"""What proposals count of demand."""

from __future__ import annotations

from collections.abc import Iterable

from search.audit.catalogue_demand import Demand

#: Records named as evidence, at most; the counts are of all.
MOST_EXAMPLES = 20


def posts_of(items: Iterable[Demand]) -> int:
    """Return the posts of demand."""
    return sum(item.posts for item in items)


def employers_of(items: Iterable[Demand]) -> int:
    """Return how many different employers ask; an unnamed one could be one of the named ones."""
    return len({item.employer.strip().casefold() for item in items if item.employer})


def examples_of(weights: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return ids of records, heaviest first."""
    heaviest: dict[str, int] = {}
    for id, weight in weights:
        heaviest[id] = max(weight, heaviest.get(id, 0))
    return tuple(sorted(heaviest, key=lambda id: (-heaviest[id], id)))[:MOST_EXAMPLES]
