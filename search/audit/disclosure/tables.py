"""A table of counts with every margin: the true figures, which stay inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from types import MappingProxyType

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError

Coordinates = tuple[str, ...]
CellKey = tuple[tuple[str, str], ...]
MOST_CELLS = 200_000


@dataclass(frozen=True)
class Cell:
    """A count: persons (or posts), and the distinct employers behind it.

    `employers` is None where nobody's employer stands behind the figure (job seekers).
    """

    persons: int
    employers: int | None = None

    def __post_init__(self) -> None:
        if self.persons < 0 or (self.employers is not None and self.employers < 0):
            raise DisclosureError(f"a count is 0 or more, not {self.persons}, {self.employers}")


@dataclass(frozen=True)
class Sum:
    """A parent and its parts along one dimension, as coordinates."""

    parent: Coordinates
    parts: tuple[Coordinates, ...]
    overlapping: bool


@dataclass(frozen=True)
class CountTable:
    """Counts for every combination of values of the dimensions, totals included.

    Make one with `count_table`, which fills in what follows from the rest.

    Raises:
        DisclosureError: when a combination is missing or unknown, or a parent contradicts its
            parts.
    """

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Coordinates, Cell]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", MappingProxyType(dict(self.cells)))
        _check_lattice(self.dimensions, self.cells)
        if len(self.cells) != prod(len(dimension.values) for dimension in self.dimensions):
            raise DisclosureError("a table needs every combination of values: use count_table")
        for link in self.sums():
            parts = [self.cells[part].persons for part in link.parts]
            total = self.cells[link.parent].persons
            fewest = max(parts) if link.overlapping else sum(parts)
            if not fewest <= total <= sum(parts):
                raise DisclosureError(
                    f"{link.parent} counts {total} persons, its {len(parts)} parts make {fewest}"
                    f" to {sum(parts)}: count both from the same records"
                )

    def sums(self) -> Iterator[Sum]:
        """Yield every parent with its parts: what a reader can add up."""
        for place, dimension in enumerate(self.dimensions):
            others = [other.values for other in self.dimensions]
            for parent, parts in dimension.children.items():
                others[place] = (parent,)
                for coordinates in product(*others):
                    around = coordinates[:place], coordinates[place + 1 :]
                    yield Sum(
                        coordinates,
                        tuple((*around[0], part, *around[1]) for part in parts),
                        dimension.overlapping,
                    )

    def key(self, coordinates: Coordinates) -> CellKey:
        """Return who is counted in a cell, the same in every table: its values but the totals."""
        return tuple(
            sorted(
                (dimension.name, value)
                for dimension, value in zip(self.dimensions, coordinates, strict=True)
                if value != dimension.root
            )
        )


def _check_lattice(dimensions: tuple[Dimension, ...], cells: Mapping[Coordinates, Cell]) -> None:
    names = [dimension.name for dimension in dimensions]
    if not names or len(set(names)) != len(names):
        raise DisclosureError(f"a table needs dimensions with names of their own, found {names}")
    size = prod(len(dimension.values) for dimension in dimensions)
    if size > MOST_CELLS:
        raise DisclosureError(
            f"{size} cells are too many to protect (at most {MOST_CELLS}): leave a dimension out"
        )
    known = [set(dimension.values) for dimension in dimensions]
    for coordinates in cells:
        if len(coordinates) != len(known) or any(
            value not in values for value, values in zip(coordinates, known, strict=True)
        ):
            raise DisclosureError(
                f"{coordinates} is no cell of {names}: only values of the dimensions can be "
                "counted, no group made for one question"
            )


def count_table(dimensions: tuple[Dimension, ...], cells: Mapping[Coordinates, Cell]) -> CountTable:
    """Return the table with all its margins.

    Args:
        dimensions: what the coordinates mean, in their order.
        cells: counts of the finest cells; margins where they are known. A finest cell that is
            not given counts nobody. A margin that is not given is the sum of its parts; its
            employers are then taken as the most of any part, since the same employer may stand
            behind several: too few rather than too many.

    Raises:
        DisclosureError: when a margin over an overlapping dimension is missing (no sum gives the
            number of distinct persons), or the figures contradict each other.
    """
    _check_lattice(dimensions, cells)
    counted = any(cell.employers is not None for cell in cells.values())
    known = dict(cells)

    def fill(coordinates: Coordinates) -> Cell:
        if coordinates in known:
            return known[coordinates]
        margins = [
            (place, dimension)
            for place, dimension in enumerate(dimensions)
            if coordinates[place] in dimension.children
        ]
        place, dimension = next(
            ((place, margin) for place, margin in margins if not margin.overlapping), (-1, None)
        )
        if margins and dimension is None:
            raise DisclosureError(
                f"{coordinates} counts distinct persons over {margins[0][1].name!r}, where one "
                "person can count several times: count this margin from the records"
            )
        if dimension is None:
            cell = Cell(0, 0 if counted else None)
        else:
            parts = [
                fill((*coordinates[:place], part, *coordinates[place + 1 :]))
                for part in dimension.children[coordinates[place]]
            ]
            employers = [part.employers for part in parts if part.employers is not None]
            cell = Cell(sum(part.persons for part in parts), max(employers, default=None))
        known[coordinates] = cell
        return cell

    lattice = product(*(dimension.values for dimension in dimensions))
    return CountTable(dimensions, {coordinates: fill(coordinates) for coordinates in lattice})
