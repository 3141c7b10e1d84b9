"""The cities of the province as a map of tiles, each with a figure."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.reports.content import Missing, ReportColumn, ReportTable, Tile, TileMap
from taxonomies.models import Text
from taxonomies.regions import load_regions
from taxonomies.tiles import load_tiles


def city_tiles(values: Mapping[str, int | float | Missing]) -> tuple[Tile, ...]:
    """Return a tile for each city of the province.

    Args:
        values: city code to figure; a city that is not there gets `not_recorded`.
    """
    regions = load_regions()
    return tuple(
        Tile(
            code=place.region,
            name=_short(regions[place.region].label, regions[place.region].aliases_zh),
            column=place.column - 1,
            row=place.row - 1,
            value=values.get(place.region, Missing("not_recorded")),
        )
        for place in load_tiles()
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
