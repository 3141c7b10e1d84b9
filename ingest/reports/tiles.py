"""Where each city of the province stands in the map of tiles; our own drawing, no survey's."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from ingest.reports.content import Missing, ReportColumn, ReportTable, Tile, TileMap
from taxonomies.models import Text
from taxonomies.regions import load_regions

_PLACES = Path(__file__).with_name("tiles.csv")


def city_tiles(values: Mapping[str, int | float | Missing]) -> tuple[Tile, ...]:
    """Return a tile for each city of the province.

    Args:
        values: city code to figure; a city that is not there gets `not_recorded`.
    """
    regions = load_regions()
    with _PLACES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Tile(
            code=row["code"],
            name=_short(regions[row["code"]].label, regions[row["code"]].aliases_zh),
            column=int(row["column"]),
            row=int(row["row"]),
            value=values.get(row["code"], Missing("not_recorded")),
        )
        for row in rows
    )


def _short(label: Text, aliases_zh: tuple[str, ...]) -> Text:
    """Return a name without the word for city: the first alias in Chinese, where there is one."""
    return Text(aliases_zh[0] if aliases_zh else label.zh, label.en)


def tile_table(tiles: TileMap) -> ReportTable:
    """Return the figures of a map as a table, a region a row, by national code."""
    return ReportTable(
        id=tiles.id,
        caption=tiles.caption,
        columns=(
            ReportColumn("region", "report.column.region", "text"),
            ReportColumn("value", tiles.label_key, tiles.kind),
        ),
        rows=tuple(
            (tile.name, tile.value) for tile in sorted(tiles.tiles, key=lambda tile: tile.code)
        ),
    )
