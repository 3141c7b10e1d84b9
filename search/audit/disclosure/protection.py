"""Protect a table: which figures may leave, rounded, and which stay.

What is guaranteed, to whom: see `protect`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

import numpy as np

from search.audit.disclosure.closing import close
from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.feasible import Limits
from search.audit.disclosure.rule import Publication, Rule
from search.audit.disclosure.system import cell_system
from search.audit.disclosure.tables import Cell, CellKey, Coordinates, CountTable

Reason = Literal["few-persons", "few-employers", "withheld", "complementary"]


@dataclass(frozen=True)
class ProtectedTable:
    """What may leave of a table, and why the rest stays.

    Attributes:
        dimensions: what the coordinates mean.
        rule: the thresholds that were applied.
        values: each cell's figure, None where suppressed. Only this may leave.
        reasons: why a cell is suppressed. Stays inside: a reader who knows that a cell was
            hidden for few persons knows that it counts fewer than k.
        held: cells that show the figure of an earlier day (`ReleaseLedger`).
    """

    dimensions: tuple[Dimension, ...]
    rule: Rule
    values: Mapping[Coordinates, int | None]
    reasons: Mapping[Coordinates, Reason]
    held: frozenset[Coordinates] = frozenset()

    @property
    def suppressed(self) -> frozenset[Coordinates]:
        """Return the cells without a figure."""
        return frozenset(self.reasons)


@dataclass(frozen=True)
class Before:
    """What earlier releases decided about cells of the same day, and of other days.

    Attributes:
        fixed: figures that have left for this day; they cannot be taken back.
        withheld: cells of this day that were hidden before and stay so.
        held: figures of other days to repeat.
    """

    fixed: Mapping[CellKey, Publication] = field(default_factory=dict)
    withheld: frozenset[CellKey] = frozenset()
    held: Mapping[CellKey, Publication] = field(default_factory=dict)


def protect(
    table: CountTable, rule: Rule | None = None, withheld: Collection[Coordinates] = ()
) -> ProtectedTable:
    """Return the figures of a table that may leave.

    A cell leaves rounded when it counts at least `k_persons` persons from at least `k_employers`
    employers and no hidden cell could be worked out with it.

    Zero is hidden like 1 to 9. Zero tells something about everybody in the group ("no one there
    qualifies"), and where zeros are shown every hidden cell is known to count somebody. UK LLC,
    user guide, "Statistical disclosure control" (2025-07-07) rules the same: counts below 10,
    zero among them, do not leave.

    Guaranteed, against a reader who knows every released figure, the sums between cells, that
    counts are whole and not negative, the rule and this program, but no single record:

    1. For each hidden cell two tables fit everything released that differ in it by at least
       `k_persons` (for one hidden for its few employers by `employer_margin` of it, if more).
    2. So no set of persons made of cells (a union of regions less one of them, a total less some
       roles) that counts fewer than k can be bounded below k: each cell in it is hidden, and the
       set counts at least as many as that cell can. Over an overlapping dimension, where
       differences are not made of cells, each pair of nested released cells is checked itself.
    3. Where employers are counted, knowing the program adds nothing to 1 (exactly so with
       `employer_margin` 0, else for counts below `k_persons / employer_margin`): any table that
       fits, with fewer than `k_employers` employers in each hidden cell, gives the same release,
       for then nothing needs to be hidden besides.

    4. Where they are not (seekers), a count below k can besides always be 0: to find out by other
       means that this one cell was hidden for few persons tells "0 to 9" and no more.

    Not guaranteed: against somebody who knows the records of several of the persons or employers
    counted; without employers, against a reader who runs the program on every table that fits and
    so learns of several cells at once that they are small; across dimensions that count the same
    groups under other names; across days and tables (`ReleaseLedger` does that).

    Args:
        table: the true counts.
        rule: the thresholds; the house rule where None.
        withheld: cells to hide for reasons of the caller's.

    Returns:
        Figures and reasons, the same for the same arguments.
    """
    keys = frozenset(table.key(coordinates) for coordinates in withheld)
    return protect_beside((table,), rule or Rule(), Before(withheld=keys))


def protect_beside(tables: Sequence[CountTable], rule: Rule, before: Before) -> ProtectedTable:
    """Protect the last of several tables of the same persons and day; the others have left.

    Raises:
        DisclosureError: when the tables count a common cell differently.
    """
    system = cell_system(tables)
    size = len(system.cells)
    keys = {column: key for key, column in system.position.items()}
    figures: list[Publication | None] = []
    reasons: dict[int, Reason] = {}
    costs, needs = np.zeros(size), np.full(size, rule.k_persons)
    for column, cell in enumerate(system.cells):
        key = keys[column]
        figure = before.fixed.get(key)
        reason = None if figure else _reason(cell, rule, key in before.withheld)
        if reason:
            reasons[column] = reason
            if reason == "few-employers":
                margin = ceil(rule.employer_margin * cell.persons)
                needs[column] = max(rule.k_persons, margin)
        elif figure:
            costs[column] = np.inf
        else:
            figure = before.held.get(key) or rule.published(cell.persons)
            costs[column] = np.log2(1 + figure.value)
        figures.append(figure)
    hidden = np.array([column in reasons for column in range(size)])
    limits = Limits(
        np.array([figure.low if figure else 0 for figure in figures], dtype=float),
        np.array([figure.high if figure else np.inf for figure in figures], dtype=float),
    )
    maybe_none = np.array(
        [
            reasons.get(column) == "few-persons" and cell.employers is None
            for column, cell in enumerate(system.cells)
        ]
    )
    closed = close(system, limits, hidden, needs, maybe_none, costs, rule.k_persons)
    table = tables[-1]
    values: dict[Coordinates, int | None] = {}
    why: dict[Coordinates, Reason] = {}
    held: set[Coordinates] = set()
    for coordinates in table.cells:
        key = table.key(coordinates)
        column = system.position[key]
        figure = figures[column]
        if closed[column] or figure is None:
            values[coordinates] = None
            why[coordinates] = reasons.get(column, "complementary")
        else:
            values[coordinates] = figure.value
            if key in before.held:
                held.add(coordinates)
    return ProtectedTable(table.dimensions, rule, values, why, frozenset(held))


def _reason(cell: Cell, rule: Rule, withheld: bool) -> Reason | None:
    if cell.persons < rule.k_persons:
        return "few-persons"
    if cell.employers is not None and cell.employers < rule.k_employers:
        return "few-employers"
    return "withheld" if withheld else None
