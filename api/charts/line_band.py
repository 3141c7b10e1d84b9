"""A line over periods, with the interval of what is estimated around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from api.charts.drawing import Drawing
from api.charts.lettering import lines_of, width_of
from api.charts.scale import Scale, scale
from ingest.reports.drawn import DrawnSeries

_WIDTH, _HEIGHT = 720.0, 330.0
_TOP, _BOTTOM, _RIGHT = 44.0, 290.0, 700.0
_SIZE = 12.0
_LABEL_AT_MOST = 96.0


@dataclass(frozen=True)
class LineWords:
    """What the drawing says besides its figures.

    Attributes:
        interval: of the shaded band.
        broken: where the series is broken.
    """

    interval: str
    broken: str


def line_band(
    id: str,
    title: str,
    description: str,
    labels: Sequence[str],
    series: Sequence[DrawnSeries],
    broken: Sequence[bool],
    mark: Callable[[float], str],
    words: LineWords,
    *,
    whole: bool = False,
) -> str:
    """Return a line as SVG; what has an interval around it is dashed, for it is an estimate.

    The line is not drawn across a period without a figure, and never across a break.

    Args:
        id: unique on the page.
        title: what is shown.
        description: for those who hear it.
        labels: of the periods, in order; as many are written as there is room for.
        series: the figures; then, or not at all, lower and upper bounds.
        broken: for each period, whether the series is broken there.
        mark: how a mark of the axis is written.
        words: what else is said.
        whole: whether the figures are counts.
    """
    drawing = Drawing(id, title, description, _WIDTH, _HEIGHT)
    figures = [value for entry in series for value in entry.values if value is not None]
    axis = scale(figures, _BOTTOM, _TOP, whole=whole)
    left = 16 + max(width_of(mark(figure), _SIZE) for figure in axis.marks)
    for figure in axis.marks:
        drawing.line("grid", left, axis(figure), _RIGHT, axis(figure))
        drawing.text(left - 6, axis(figure) + 4, mark(figure), _SIZE, "end", "mark")
    inner = (_RIGHT - left) / max(1, len(labels))
    places = [left + inner * (number + 0.5) for number in range(len(labels))]
    bounds = _bounds(series)
    _band(drawing, axis, places, series[0].values, bounds)
    for number, is_broken in enumerate(broken):
        if is_broken:
            drawing.line("break", places[number], _TOP, places[number], _BOTTOM)
            drawing.text(places[number] + 4, _TOP + 12, words.broken, _SIZE, css="missing")
    _line(drawing, axis, places, series[0], bounds, labels)
    _periods(drawing, places, labels, inner)
    drawing.line("axis", left, axis(0), _RIGHT, axis(0))
    _legend(drawing, left, series[0].name, words.interval if any(bounds) else "")
    return drawing.markup()


def _bounds(series: Sequence[DrawnSeries]) -> list[tuple[float, float] | None]:
    if len(series) < 3:
        return [None] * len(series[0].values)
    pairs = zip(series[1].values, series[2].values, strict=True)
    return [(a, b) if a is not None and b is not None else None for a, b in pairs]


def _runs(present: Sequence[bool]) -> Iterator[list[int]]:
    """Yield the numbers of neighbours that are all there."""
    for there, group in groupby(range(len(present)), key=lambda number: present[number]):
        if there:
            yield list(group)


def _band(
    drawing: Drawing, axis: Scale, places: Sequence[float], values: Sequence[float | None],
    bounds: Sequence[tuple[float, float] | None],
) -> None:  # fmt: skip
    for run in _runs([pair is not None for pair in bounds]):
        edges = [(places[n], *pair) for n in run if (pair := bounds[n]) is not None]
        before = values[run[0] - 1] if run[0] else None
        if before is not None:
            # What was counted has no interval: the band opens from there.
            edges.insert(0, (places[run[0] - 1], before, before))
        upper = [(x, axis(high)) for x, _, high in edges]
        lower = [(x, axis(low)) for x, low, _ in reversed(edges)]
        drawing.path("band", upper + lower, closed=True)


def _line(
    drawing: Drawing, axis: Scale, places: Sequence[float], series: DrawnSeries,
    bounds: Sequence[tuple[float, float] | None], labels: Sequence[str],
) -> None:  # fmt: skip
    for run in _runs([value is not None for value in series.values]):
        points = [
            (n, places[n], axis(value)) for n in run if (value := series.values[n]) is not None
        ]
        for (_, *begin), (number, *end) in pairwise(points):
            css = "line" if bounds[number] is None else "line estimated"
            drawing.path(css, [(begin[0], begin[1]), (end[0], end[1])])
        for number, x, y in points:
            css = "point" if bounds[number] is None else "point estimated"
            drawing.circle(css, x, y, 4, f"{labels[number]} \u00b7 {series.shown[number]}")


def _periods(
    drawing: Drawing, places: Sequence[float], labels: Sequence[str], inner: float
) -> None:
    widest = max((min(width_of(label, _SIZE), _LABEL_AT_MOST) for label in labels), default=0.0)
    every = max(1, -int(-(widest + 8) // inner))
    # The last period is always named; the others are counted back from it.
    for number in range(len(labels) - 1, -1, -every):
        (line, *_) = lines_of(labels[number], _LABEL_AT_MOST, _SIZE, 1) or ("",)
        hint = "" if line == labels[number] else labels[number]
        drawing.text(places[number], _BOTTOM + 20, line, _SIZE, "middle", hint=hint)


def _legend(drawing: Drawing, left: float, name: str, interval: str) -> None:
    drawing.line("line", left, 18, left + 26, 18)
    drawing.circle("point", left + 13, 18, 4)
    (shown, *_) = lines_of(name, 260, 13, 1) or ("",)
    drawing.text(left + 34, 23, shown, 13, hint=name)
    if interval:
        x = left + 60 + width_of(shown, 13)
        drawing.rect("band", x, 10, 26, 16)
        drawing.line("line estimated", x, 18, x + 26, 18)
        (shown, *_) = lines_of(interval, 200, 13, 1) or ("",)
        drawing.text(x + 34, 23, shown, 13, hint=interval)
