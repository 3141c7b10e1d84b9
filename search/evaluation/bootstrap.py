"""How sure a difference between two systems is: the paired bootstrap over queries.

Source: Sakai (SIGIR 2006), "Evaluating Evaluation Metrics based on the Bootstrap", section 3; the interval is
the percentile one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 2000
_SEED = 20261124


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean difference of two systems over the same queries, with its interval.

    Attributes:
        mean: of second minus first.
        low: lower end of the 95 % interval.
        high: upper end.
    """

    mean: float
    low: float
    high: float


def paired(first: Sequence[float], second: Sequence[float], rounds: int = ROUNDS) -> Difference:
    """Return the difference second - first; the same for the same values.

    Args:
        first: value of each query under the first system.
        second: the same queries in the same order under the second.
        rounds: resamples.

    Raises:
        ValueError: the two are not of one length, or empty.
    """
    if len(first) != len(second) or not first:
        raise ValueError(
            f"two systems over the same queries were to be compared; there are {len(first)} and "
            f"{len(second)} values"
        )
    differences = np.asarray(second, float) - np.asarray(first, float)
    random = np.random.default_rng(_SEED)
    chosen = random.integers(0, len(differences), (rounds, len(differences)))
    means = differences[chosen].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Difference(float(differences.mean()), float(low), float(high))


def interval(values: Sequence[float], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the 95 % interval of a mean over queries."""
    difference = paired([0.0] * len(values), values, rounds)
    return difference.low, difference.high
