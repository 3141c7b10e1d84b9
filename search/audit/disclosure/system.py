"""What a reader can add up: the cells of one or several tables as a linear system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.tables import Cell, CellKey, CountTable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NO_LIMIT = np.inf


@dataclass(frozen=True)
class CellSystem:
    """Unknowns `x` (persons per cell) with `row_low <= matrix @ x <= row_high`, `x >= 0`.

    Attributes:
        position: column of a cell, by who is counted in it; tables share their common cells.
        cells: (n) true counts.
        matrix: (m, n), one row per sum that holds between cells.
        row_low: (m) lower limits.
        row_high: (m) upper limits.
        nested: (p, 2) columns of a cell and of one inside it, where people can count several
            times: only there is the difference of the two not itself made of cells.
    """

    position: Mapping[CellKey, int]
    cells: tuple[Cell, ...]
    matrix: csr_array
    row_low: Floats
    row_high: Floats
    nested: Ints

    @property
    def persons(self) -> Ints:
        """Return the (n) true counts of persons."""
        return np.array([cell.persons for cell in self.cells], dtype=np.int64)


def cell_system(tables: Sequence[CountTable]) -> CellSystem:
    """Return the joint system of tables that count the same persons.

    Raises:
        DisclosureError: when two tables count a common cell differently.
    """
    position: dict[CellKey, int] = {}
    cells: list[Cell] = []
    rows: list[dict[int, int]] = []
    limits: list[tuple[float, float]] = []
    nested: set[tuple[int, int]] = set()
    for table in tables:
        where: dict[tuple[str, ...], int] = {}
        for coordinates, cell in table.cells.items():
            column = position.setdefault(table.key(coordinates), len(cells))
            if column == len(cells):
                cells.append(cell)
            elif cells[column].persons != cell.persons:
                raise DisclosureError(
                    f"{dict(table.key(coordinates)) or 'the total'} counts {cell.persons} persons "
                    f"here and {cells[column].persons} in another table of the same day: count "
                    "both from the same records"
                )
            where[coordinates] = column
        for link in table.sums():
            parent, parts = where[link.parent], [where[part] for part in link.parts]
            rows.append({parent: -1, **dict.fromkeys(parts, 1)})
            limits.append((0, NO_LIMIT if link.overlapping else 0))
            if link.overlapping:
                rows.extend({parent: 1, part: -1} for part in parts)
                limits.extend((0, NO_LIMIT) for _ in parts)
        nested |= _overlapping_pairs(table, where)
    entries = [
        (row, column, sign) for row, terms in enumerate(rows) for column, sign in terms.items()
    ]
    at, of, signs = zip(*entries, strict=True)
    low, high = zip(*limits, strict=True)
    return CellSystem(
        position,
        tuple(cells),
        csr_array((signs, (at, of)), shape=(len(rows), len(cells)), dtype=np.int64),
        np.array(low, dtype=float),
        np.array(high, dtype=float),
        np.array(sorted(nested), dtype=np.int64).reshape(-1, 2),
    )


def _overlapping_pairs(
    table: CountTable, where: Mapping[tuple[str, ...], int]
) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    if not any(dimension.overlapping for dimension in table.dimensions):
        return pairs
    for inner in table.cells:
        wider = [
            (value, *dimension.larger(value))
            for dimension, value in zip(table.dimensions, inner, strict=True)
        ]
        for outer in product(*wider):
            if any(
                dimension.overlapping and mine != theirs
                for dimension, mine, theirs in zip(table.dimensions, inner, outer, strict=True)
            ):
                pairs.add((where[outer], where[inner]))
    return pairs
