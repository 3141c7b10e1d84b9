"""Lying bars, one series or several: the figure stands at the end of its bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.charts.drawing import Drawing
from api.charts.lettering import lines_of, width_of
from api.charts.scale import Scale, scale
from ingest.reports.drawn import DrawnSeries

_WIDTH = 720.0
_LABEL_AT_MOST = 240.0
_SIZE = 13.0
_LINE = 16.0
_GAP = 10.0
_LEGEND = 30.0


def bar_chart(
    id: str,
    title: str,
    description: str,
    labels: Sequence[str],
    series: Sequence[DrawnSeries],
    mark: Callable[[float], str],
    *,
    whole: bool = False,
) -> str:
    """Return bars as SVG.

    A figure that is missing has no bar: the reason stands in its place.

    Args:
        id: unique on the page.
        title: what is shown.
        description: for those who hear it.
        labels: of the bars, from the top; long ones take two lines, then an ellipsis.
        series: one to four, each with a figure a label; told apart by pattern.
        mark: how a mark of the axis is written.
        whole: whether the figures are counts.
    """
    thick = 18.0 if len(series) == 1 else 14.0
    step = max(thick * len(series), 2 * _LINE) + _GAP
    top = _LEGEND if len(series) > 1 else 6.0
    bottom = top + step * len(labels)
    drawing = Drawing(id, title, description, _WIDTH, bottom + 24)
    room = min(_LABEL_AT_MOST, max((width_of(label, _SIZE) for label in labels), default=0) + 4)
    axis = _axis(series, room + 10, whole)
    if len(series) > 1:
        _legend(drawing, series, room + 10)
    for figure in axis.marks:
        drawing.line("grid", axis(figure), top, axis(figure), bottom)
        drawing.text(axis(figure), bottom + 16, mark(figure), 12, "middle", "mark")
    for number, label in enumerate(labels):
        y = top + number * step
        _label(drawing, label, room, y + step / 2)
        begin = y + (step - thick * len(series)) / 2
        for order, entry in enumerate(series):
            _bar(drawing, axis, entry, number, order, begin + order * thick, thick, label)
    drawing.line("axis", axis(0), top, axis(0), bottom)
    return drawing.markup()


def _axis(series: Sequence[DrawnSeries], left: float, whole: bool) -> Scale:
    figures = [value for entry in series for value in entry.values if value is not None]
    shown = [
        text
        for entry in series
        for text, value in zip(entry.shown, entry.values, strict=True)
        if value is not None
    ]
    room = min(130.0, 12 + max((width_of(text, _SIZE) for text in shown), default=0))
    below = room if any(value < 0 for value in figures) else 0.0
    return scale(figures, left + below, _WIDTH - room, whole=whole)


def _label(drawing: Drawing, label: str, room: float, middle: float) -> None:
    lines = lines_of(label, room, _SIZE)
    abridged = bool(lines) and lines[-1].endswith("…") and not label.endswith("…")
    for number, line in enumerate(lines):
        y = middle + _SIZE * 0.36 + (number - (len(lines) - 1) / 2) * _LINE
        drawing.text(room, y, line, _SIZE, "end", hint=label if abridged else "")


def _bar(
    drawing: Drawing, axis: Scale, series: DrawnSeries, number: int, order: int, y: float,
    thick: float, label: str,
) -> None:  # fmt: skip
    value, shown = series.values[number], series.shown[number]
    baseline = y + thick / 2 + _SIZE * 0.36
    if value is None:
        drawing.text(axis(0) + 6, baseline, shown, _SIZE, css="missing")
        return
    left, right = sorted((axis(0), axis(value)))
    hint = f"{label} \u00b7 {series.name} \u00b7 {shown}"
    drawing.rect(f"series-{order + 1}", left, y + 1, right - left, thick - 2, hint)
    if value < 0:
        drawing.text(left - 6, baseline, shown, _SIZE, "end", "figure")
    else:
        drawing.text(right + 6, baseline, shown, _SIZE, css="figure")


def _legend(drawing: Drawing, series: Sequence[DrawnSeries], x: float) -> None:
    room = (_WIDTH - x) / len(series)
    for order, entry in enumerate(series):
        drawing.rect(f"series-{order + 1}", x, 5, 18, 14)
        (name, *_) = lines_of(entry.name, room - 30, _SIZE, 1) or ("",)
        drawing.text(x + 24, 17, name, _SIZE, hint=entry.name)
        x += min(room, width_of(name, _SIZE) + 44)
