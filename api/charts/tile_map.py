"""Regions as equal tiles in about the right place; every tile has its name and figure written on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.charts.drawing import Drawing
from api.charts.lettering import lines_of, width_of

_STEPS = 5
_TILE_WIDTH, _TILE_HEIGHT, _GAP = 128.0, 84.0, 8.0
_LEGEND_ROW = 26.0


@dataclass(frozen=True)
class MapTile:
    """A region on the map.

    Attributes:
        name: of the region.
        column: from 0, west to east.
        row: from 0, north to south.
        value: the figure; None where there is none.
        shown: the figure as printed, or why there is none.
    """

    name: str
    column: int
    row: int
    value: float | None
    shown: str


def tile_map(
    id: str,
    title: str,
    description: str,
    tiles: Sequence[MapTile],
    figure: Callable[[float], str],
) -> str:
    """Return a map of tiles as SVG: the more, the darker; hatched where there is no figure.

    Tiles are shaded in five steps of about as many regions each (quintiles); equal figures share a
    step. The steps and what they span stand below.

    Args:
        id: unique on the page.
        title: what is shown.
        description: for those who hear it.
        tiles: the regions.
        figure: how a figure is written.
    """
    steps = _steps([tile.value for tile in tiles if tile.value is not None])
    columns = 1 + max((tile.column for tile in tiles), default=0)
    rows = 1 + max((tile.row for tile in tiles), default=0)
    width = columns * (_TILE_WIDTH + _GAP) + _GAP
    bottom = rows * (_TILE_HEIGHT + _GAP) + _GAP
    spans = _spans(steps, figure)
    missing = sorted({tile.shown for tile in tiles if tile.value is None})
    entries = [*spans, *(("tile-missing", why) for why in missing)]
    lines = _legend_lines(entries, width)
    drawing = Drawing(id, title, description, width, bottom + 8 + _LEGEND_ROW * len(lines))
    for tile in tiles:
        _draw(drawing, tile, steps)
    for number, line in enumerate(lines):
        x, y = _GAP, bottom + 4 + _LEGEND_ROW * number
        for css, text in line:
            drawing.rect(css, x, y, 22, 16)
            drawing.text(x + 28, y + 13, text, 13)
            x += _entry_width(text)
    return drawing.markup()


def _steps(values: list[float]) -> dict[float, int]:
    """Return the step of each figure, from 1 (least) to 5."""
    ordered = sorted(values)
    first = {value: number for number, value in reversed(list(enumerate(ordered)))}
    return {value: 1 + _STEPS * number // len(ordered) for value, number in first.items()}


def _spans(steps: dict[float, int], figure: Callable[[float], str]) -> list[tuple[str, str]]:
    spans = []
    for step in sorted(set(steps.values())):
        within = [value for value, own in steps.items() if own == step]
        low, high = figure(min(within)), figure(max(within))
        spans.append((f"tile-{step}", low if low == high else f"{low} \u2013 {high}"))
    return spans


def _draw(drawing: Drawing, tile: MapTile, steps: dict[float, int]) -> None:
    x = _GAP + tile.column * (_TILE_WIDTH + _GAP)
    y = _GAP + tile.row * (_TILE_HEIGHT + _GAP)
    hint = f"{tile.name} \u00b7 {tile.shown}"
    step = None if tile.value is None else steps[tile.value]
    drawing.rect(
        "tile-missing" if step is None else f"tile-{step}", x, y, _TILE_WIDTH, _TILE_HEIGHT, hint
    )
    ground = "on-dark" if step is not None and step >= 4 else "on-pale"
    middle = x + _TILE_WIDTH / 2
    if step is None:
        # Words are not read across hatching.
        drawing.rect("plate", x + 6, y + 14, _TILE_WIDTH - 12, _TILE_HEIGHT - 28)
    (name, *_) = lines_of(tile.name, _TILE_WIDTH - 12, 15, 1) or ("",)
    drawing.text(middle, y + 36, name, 15, "middle", ground, hint)
    size = 16.0 if tile.value is not None else 12.0
    for number, line in enumerate(lines_of(tile.shown, _TILE_WIDTH - 12, size)):
        drawing.text(middle, y + 58 + number * size, line, size, "middle", ground, hint)


def _entry_width(text: str) -> float:
    return width_of(text, 13) + 52


def _legend_lines(entries: list[tuple[str, str]], width: float) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    taken = _GAP
    for css, text in entries:
        if lines[-1] and taken + _entry_width(text) > width:
            lines.append([])
            taken = _GAP
        lines[-1].append((css, text))
        taken += _entry_width(text)
    return lines
