"""Invented tables of the shape of the audit: role -> field -> all, city -> province."""

from __future__ import annotations

import numpy as np

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.tables import Cell, count_table
from tests.search.audit.disclosure.attack import cells_of_trees


def dimensions(roles, fields, cities):
    role = Dimension(
        "role",
        {f"role{i}": f"field{i % fields}" for i in range(roles)}
        | {f"field{i}": "all" for i in range(fields)},
    )
    return role, Dimension.flat("region", [f"city{i}" for i in range(cities)], root="province")


def table(random, roles, fields, cities, mean, employers=True):
    """Counts with a few large roles and cities, many small: what makes suppression needed."""
    axes = dimensions(roles, fields, cities)
    size = random.gamma(1.5, 1 / 1.5, (roles, 1)) * random.gamma(1.5, 1 / 1.5, (1, cities))
    persons = random.poisson(mean * size)
    cells = {}
    for (i, j), n in np.ndenumerate(persons):
        behind = min(int(n), int(random.integers(1, 12))) if employers else None
        cells[f"role{i}", f"city{j}"] = Cell(int(n), behind)
    return count_table(axes, cells)


def random_table(random, employers=True):
    fields = int(random.integers(1, 4))
    roles = fields * int(random.integers(2, 4))
    mean = float(random.choice([15, 30, 60, 120]))
    return table(random, roles, fields, int(random.integers(2, 6)), mean, employers)


def members(counted):
    return cells_of_trees([dict(dimension.parents) for dimension in counted.dimensions])


def without_complementary(counted, k=10, k_employers=3, base=5):
    """What leaves when only cells below a threshold are hidden: the plain 10-5 rule."""
    return {
        place: None
        if cell.persons < k or (cell.employers is not None and cell.employers < k_employers)
        else int(base * np.floor(cell.persons / base + 0.5))
        for place, cell in counted.cells.items()
    }
