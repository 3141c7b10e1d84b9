"""Tables that a reader cannot tell from the true one: whole numbers that fit all that left.

Where both dimensions have two levels or one, the system is a network and every corner of its
polytope is whole; elsewhere a corner can be broken, and the slower whole-number solver is asked.
Every table handed out has been checked with whole numbers, so no conclusion rests on a tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from search.audit.disclosure.system import CellSystem, Floats, Ints

_NEAR_WHOLE = 1e-6


@dataclass(frozen=True)
class Limits:
    """What is known of each cell: (n) fewest and (n) most persons, infinite where hidden."""

    low: Floats
    high: Floats


def _whole(objective: Floats, matrix: csr_array, rows: Limits, variables: Limits) -> Ints | None:
    for whole in (0, 1):
        found = milp(
            objective,
            integrality=np.full(len(objective), whole),
            bounds=Bounds(variables.low, variables.high),
            constraints=LinearConstraint(matrix, rows.low, rows.high),
        )
        if found.x is None:
            return None
        table = np.rint(found.x).astype(np.int64)
        sums = matrix @ table
        if (
            np.abs(found.x - table).max() < _NEAR_WHOLE
            and (sums >= rows.low).all()
            and (sums <= rows.high).all()
            and (table >= variables.low).all()
            and (table <= variables.high).all()
        ):
            whole_table: Ints = table
            return whole_table
    return None


def scattered(index: Ints) -> Floats:
    """Return fixed weights of 1 to 2, scattered over the index (Knuth's multiplicative hashing)."""
    return 1 + (index * 2_654_435_761 % 1024) / 1024


def lowest(system: CellSystem, known: Limits, weight: Floats) -> Ints | None:
    """Return a feasible table (n) with the least `weight @ x`; weights are 0 or more."""
    return _whole(weight, system.matrix, Limits(system.row_low, system.row_high), known)


def highest(
    system: CellSystem, known: Limits, of: csr_array, weight: Floats, enough: Ints
) -> Ints | None:
    """Return a feasible table (n) with the most `weight @ minimum(of @ x, enough)`.

    Args:
        system: the sums that hold.
        known: limits of the cells.
        of: (q, n) what to make large, e.g. one row per hidden cell.
        weight: (q) above 0; unequal ones make corners that fill some rows rather than all a bit.
        enough: (q) more than this gains nothing; less, also below 0, still counts.
    """
    size, wanted = len(known.low), of.shape[0]
    matrix = vstack(
        [
            hstack([system.matrix, csr_array((system.matrix.shape[0], wanted), dtype=np.int64)]),
            hstack([of, -eye_array(wanted, dtype=np.int64)]),
        ],
        format="csr",
    )
    table = _whole(
        np.concatenate([np.zeros(size), -weight]),
        matrix,
        Limits(
            np.concatenate([system.row_low, np.zeros(wanted)]),
            np.concatenate([system.row_high, np.full(wanted, np.inf)]),
        ),
        Limits(
            np.concatenate([known.low, np.full(wanted, -np.inf)]),
            np.concatenate([known.high, enough.astype(float)]),
        ),
    )
    return None if table is None else table[:size]


def least_breach(
    system: CellSystem, known: Limits, reach: csr_array, level: int, cost: Floats
) -> Ints | None:
    """Return a table with `reach @ x >= level` that breaks what was released at least cost.

    Fischetti and Salazar, "Models and algorithms for the 2-dimensional cell suppression problem
    in statistical disclosure control" (1999), solve for the cheapest set of cells to hide; this
    is the usual linear relaxation: each person that a released cell would have to be off by costs
    `cost` of that cell.

    Args:
        system: the sums that hold.
        known: limits of the cells.
        reach: (1, n) what must be reached.
        level: the least it must be.
        cost: (n) price per person outside the limits; infinite where limits may not be broken.
    """
    size = len(cost)
    loose = np.flatnonzero(np.isfinite(cost) & np.isfinite(known.high))
    place = csr_array(
        (np.ones(len(loose), dtype=np.int64), (np.arange(len(loose)), loose)),
        shape=(len(loose), size),
    )
    slack = eye_array(len(loose), dtype=np.int64)
    none = csr_array((len(loose), len(loose)), dtype=np.int64)
    blank = csr_array((system.matrix.shape[0], 2 * len(loose)), dtype=np.int64)
    matrix = vstack(
        [
            hstack([system.matrix, blank]),
            hstack([place, slack, none]),
            hstack([place, none, -slack]),
            hstack([reach, csr_array((1, 2 * len(loose)), dtype=np.int64)]),
        ],
        format="csr",
    )
    endless = np.full(len(loose), np.inf)
    low, high = known.low.copy(), known.high.copy()
    low[loose], high[loose] = 0, np.inf
    table = _whole(
        np.concatenate([np.zeros(size), cost[loose], cost[loose]]),
        matrix,
        Limits(
            np.concatenate([system.row_low, known.low[loose], -endless, [level]]),
            np.concatenate([system.row_high, endless, known.high[loose], [np.inf]]),
        ),
        Limits(
            np.concatenate([low, np.zeros(2 * len(loose))]),
            np.concatenate([high, endless, endless]),
        ),
    )
    return None if table is None else table[:size]
