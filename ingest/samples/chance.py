"""Seeded chance: one generator a record, and draws from fixed distributions."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

#: Larger seeds would not fit into a record's key.
LARGEST_SEED = 2**63 - 1


def record_chance(kind: str, seed: int, index: int) -> Random:
    """Return the generator of one record, which owes nothing to the records before it."""
    # A string seed is hashed with SHA-512, so that neighbouring indices give unrelated streams.
    return Random(f"{kind}/{seed}/{index}")


def check_request(n: int, seed: int) -> None:
    """Refuse a request that cannot be met.

    Raises:
        ValueError: `n` is negative, or `seed` does not fit into a key.
    """
    if n < 0:
        raise ValueError(f"{n} sample records were asked for; ask for 0 or more")
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed {seed} was given; use a whole number from 0 to {LARGEST_SEED}")


class Weighted(Generic[T]):
    """Items drawn in proportion to their weights.

    Raises:
        ValueError: there is nothing to draw.
    """

    def __init__(self, items: Sequence[T], weights: Iterable[float]) -> None:
        self.items = tuple(items)
        self._bounds = tuple(accumulate(weights))
        self._last = len(self.items) - 1
        if not self.items or len(self._bounds) != len(self.items) or self._bounds[-1] <= 0:
            raise ValueError(f"{len(self.items)} items need as many weights, with a sum above 0")
        self._total = self._bounds[-1]

    def draw(self, chance: Random) -> T:
        """Draw one item."""
        # The upper limit keeps a point that rounding puts on the end.
        return self.items[bisect(self._bounds, chance.random() * self._total, 0, self._last)]


def zipf(items: Sequence[T]) -> Weighted[T]:
    """Return items drawn by the Zipf-Mandelbrot law: rank r in proportion to 1 / (r + 1).

    Source: B. Mandelbrot (1953), An informational theory of the statistical structure of language.
    The shift of 1 keeps the first word of a list out of every single document.
    """
    return Weighted(items, (1 / (rank + 1) for rank in range(1, len(items) + 1)))
