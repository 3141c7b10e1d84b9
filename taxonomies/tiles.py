"""A tile map of the cities: each on one square of a grid, roughly as they lie.

All squares are of one size, so that a figure of a small city is as easy to see as that of a large one
(the tile grid map of cartography). Columns count from the west, rows from the north, both from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from taxonomies.releases import open_release


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a city stands on the map.

    Attributes:
        region: code of the city.
        column: 1 is the westernmost.
        row: 1 is the northernmost.
    """

    region: str
    column: int
    row: int


@cache
def load_tiles() -> tuple[Tile, ...]:
    """Return the tiles, row by row from the north, each from the west.

    Raises:
        ReleaseError: the file is missing or altered.
        ValueError: a cell is no number.
    """
    tiles = (
        Tile(row["region"], int(row["column"]), int(row["row"]))
        for row in open_release("tiles").rows("tiles.csv")
    )
    return tuple(sorted(tiles, key=lambda tile: (tile.row, tile.column)))
