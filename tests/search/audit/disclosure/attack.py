"""A reader who works out hidden counts, written from the definition of what is known to readers.

It shares no code with search.audit.disclosure and sees what leaves only: which cells add up others,
the figures (None where hidden), k and the rounding base. Unknowns are the counts of the finest cells
(or of kinds of persons); every cell is the sum of some of them.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


def finest_under(parents, value):
    """Values without parts that are, or are part of, `value`."""
    with_parts = set(parents.values())
    found = set()
    for candidate in set(parents) | with_parts:
        if candidate in with_parts:
            continue
        step = candidate
        while step != value and step in parents:
            step = parents[step]
        if step == value:
            found.add(candidate)
    return found


def counts_behind(figure, k, base):
    """Fewest and most persons that are shown as `figure`: at least k, and no multiple nearer."""
    fitting = [
        n
        for n in range(max(k, figure - base), figure + base + 1)
        if all(
            abs(n - figure) < abs(n - other)
            or (abs(n - figure) == abs(n - other) and figure > other)
            for other in (figure - base, figure + base)
        )
    ]
    return min(fitting), max(fitting)


def cells_of_trees(trees):
    """For every cell the finest cells in it; one tree (parents by value) per dimension."""
    finest = [sorted(finest_under(tree, top(tree))) for tree in trees]
    unknown = {cell: i for i, cell in enumerate(itertools.product(*finest))}
    under = [{v: sorted(finest_under(t, v)) for v in set(t) | {top(t)}} for t in trees]
    return {
        cell: [
            unknown[part]
            for part in itertools.product(
                *(values[value] for values, value in zip(under, cell, strict=True))
            )
        ]
        for cell in itertools.product(*under)
    }


class Reader:
    """Sees `figures` (None where hidden); `members` says which unknown counts a cell adds up."""

    def __init__(self, members, figures, k, base):
        self.k, self.members, self.figures = k, members, figures
        self.size = 1 + max(max(parts) for parts in members.values())
        rows, lows, highs = [], [], []
        for cell, figure in figures.items():
            if figure is not None:
                low, high = counts_behind(figure, k, base)
                row = np.zeros(self.size)
                row[members[cell]] = 1
                rows.append(row)
                lows.append(low)
                highs.append(high)
        self.constraints = LinearConstraint(np.array(rows), lows, highs) if rows else ()

    def most(self, members):
        return self._extreme(members, -1)

    def fewest(self, members):
        return self._extreme(members, 1)

    def _extreme(self, members, sign):
        found = self._solve(members, sign)
        return np.inf if found is None else round(found[list(members)].sum())

    def counts_with_at_least(self, members, persons):
        """Counts (whole numbers) that fit everything seen, with so many persons in `members`."""
        found = self._solve(members, 1, at_least=persons)
        return np.rint(found).astype(int)

    def _solve(self, members, sign, at_least=0):
        weight = np.zeros(self.size)
        weight[list(members)] = sign
        known = [self.constraints] if self.constraints else []
        for whole in (0, 1):  # a whole corner of the relaxation is the whole-number optimum
            found = milp(
                weight,
                integrality=np.full(self.size, whole),
                bounds=Bounds(0, np.inf),
                constraints=[*known, LinearConstraint(np.abs(weight), at_least, np.inf)],
            )
            if found.status in (3, 4) and found.x is None and sign < 0:  # unbounded
                return None
            assert found.status == 0, found.message
            if np.abs(found.x - np.rint(found.x)).max() < 1e-9:
                break
        return found.x

    def small(self, members):
        """Whether the persons in these finest cells are known to be some, and fewer than k."""
        return self.most(members) < self.k and self.fewest(members) >= 1

    def recovered(self):
        """Hidden cells whose count is known exactly, or known to be 1 to k - 1."""
        found = []
        for cell, figure in self.figures.items():
            if figure is None:
                most = self.most(self.members[cell])
                if most < np.inf:
                    fewest = self.fewest(self.members[cell])
                    if most == fewest or 1 <= fewest <= most < self.k:
                        found.append(cell)
        return found


def top(tree):
    (root,) = set(tree.values()) - set(tree)
    return root
