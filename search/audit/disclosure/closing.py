"""Complementary suppression: hide more until no hidden count can be worked out.

A hidden cell is safe once two tables are known that both fit everything released and that are at
least `need` persons apart in that cell. The tables are the proof, so nothing rests on a bound of a
relaxation. Hiding more only adds tables that fit: what was proved stays proved, every repair hides
at least one cell more or proves one more, and a system with all cells hidden is safe; so it ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from search.audit.disclosure.feasible import Limits, highest, least_breach, lowest, scattered
from search.audit.disclosure.system import CellSystem, Floats, Ints

Mask = NDArray[np.bool_]


def close(
    system: CellSystem,
    released: Limits,
    hidden: Mask,
    needs: Ints,
    maybe_none: Mask,
    costs: Floats,
    k: int,
) -> Mask:
    """Return `hidden` with the cells that have to be hidden besides.

    Args:
        system: cells and sums; its true counts fit `released`.
        released: (n) limits of each cell if it is released.
        hidden: (n) cells below a threshold.
        needs: (n) how uncertain each cell must stay when hidden, persons, above 0.
        maybe_none: (n) cells that must besides stay possible to be 0 when hidden.
        costs: (n) price per person of making a released cell uncertain; infinite where a figure
            has left before and cannot be taken back.
        k: where persons can count several times, the persons in one released cell and not in
            another inside it must not be known to be fewer than this.
    """
    search = _Closing(system, released, hidden.copy(), needs, maybe_none, costs, k)
    while search.open_targets().any():
        if not search.prove_many():
            for target in np.flatnonzero(search.open_targets()):
                if search.open_targets()[target]:
                    search.settle(int(target))
    return search.hidden


class _Closing:
    """The state of one search. Targets are the n cells, then the p nested pairs."""

    def __init__(
        self,
        system: CellSystem,
        released: Limits,
        hidden: Mask,
        needs: Ints,
        maybe_none: Mask,
        costs: Floats,
        k: int,
    ) -> None:
        size, pairs = len(needs), len(system.nested)
        self.system, self.released, self.hidden, self.costs = system, released, hidden, costs
        self.maybe_none = np.concatenate([maybe_none, np.zeros(pairs, dtype=bool)])
        self.needs = np.concatenate([needs, np.full(pairs, k)])
        outer, inner = system.nested[:, 0], system.nested[:, 1]
        self.targets = csr_array(
            (
                np.concatenate([np.ones(size + pairs), -np.ones(pairs)]).astype(np.int64),
                (
                    np.concatenate([np.arange(size + pairs), size + np.arange(pairs)]),
                    np.concatenate([np.arange(size), outer, inner]),
                ),
            ),
            shape=(size + pairs, size),
        )
        self.least = self.targets @ system.persons
        self.most = self.least.copy()
        # "Nobody but them" is a disclosure as well: a difference is measured from zero.
        self.least[size:] = 0
        self.beyond_help = np.zeros(size + pairs, dtype=bool)

    def open_targets(self) -> Mask:
        """Return which targets are not proved yet."""
        shown = ~self.hidden
        outer, inner = self.system.nested[:, 0], self.system.nested[:, 1]
        wanted = np.concatenate([self.hidden, shown[outer] & shown[inner]])
        narrow = self.most - self.least < self.needs
        some = self.maybe_none & (self.least > 0)
        opened: Mask = wanted & (narrow | some) & ~self.beyond_help
        return opened

    def known(self) -> Limits:
        """Return what is known of each cell now."""
        return Limits(
            np.where(self.hidden, 0, self.released.low),
            np.where(self.hidden, np.inf, self.released.high),
        )

    def note(self, table: Ints | None) -> None:
        """Widen what each target is known to range over."""
        if table is not None:
            values = self.targets @ table
            self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)
            self.least[len(self.hidden) :] = 0

    def prove_many(self) -> bool:
        """Look for tables that prove several targets at once; return whether any was proved."""
        before = np.flatnonzero(self.open_targets())
        cells = before[before < len(self.hidden)]
        if self.least[cells].any():
            weight = np.zeros(len(self.hidden))
            weight[cells] = scattered(cells)
            self.note(lowest(self.system, self.known(), weight))
        self.note(
            highest(
                self.system,
                self.known(),
                self.targets[before],
                scattered(before),
                self.least[before] + self.needs[before],
            )
        )
        return bool(self.open_targets()[before].sum() < len(before))

    def settle(self, target: int) -> None:
        """Prove one target, hiding what stands in the way."""
        if target < len(self.hidden) and self.least[target]:
            weight = np.zeros(len(self.hidden))
            weight[target] = 1
            self.note(lowest(self.system, self.known(), weight))
        row = self.targets[[target]]
        if self.maybe_none[target] and self.least[target]:
            self._reach(target, -row, 0)
        self._reach(target, row, int(self.least[target] + self.needs[target]))

    def _reach(self, target: int, row: csr_array, level: int) -> None:
        """Find a table with `row @ x >= level`; hide what it breaks."""
        table = least_breach(self.system, self.known(), row, level, self._prices())
        if table is None:
            # Only what left before stands in the way, so hiding all the rest adds nothing to it.
            self.beyond_help[target] = True
            self.hidden |= np.isfinite(self.costs)
            return
        table = self._with_fewer_breaches(row, level, table)
        self.hidden |= self._breached(table)
        self.note(table)

    def _breached(self, table: Ints) -> Mask:
        known = self.known()
        return (table < known.low) | (table > known.high)

    def _with_fewer_breaches(self, row: csr_array, level: int, table: Ints) -> Ints:
        """Return a table that breaks a minimal set of the cells that the given one breaks.

        The relaxation likes to break many cells a little; the dearest are spared where possible.
        """
        tried = np.zeros(len(self.hidden), dtype=bool)
        while True:
            breached = self._breached(table)
            left = np.flatnonzero(breached & ~tried)
            if not len(left) or breached.sum() == 1:
                return table
            spared = left[np.argmax(self.costs[left])]
            tried[spared] = True
            allowed = breached.copy()
            allowed[spared] = False
            prices = np.where(allowed, self.costs, np.inf)
            found = least_breach(self.system, self.known(), row, level, prices)
            table = table if found is None else found

    def _prices(self) -> Floats:
        return np.where(self.hidden, np.inf, self.costs)
