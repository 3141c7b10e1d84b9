"""What of a table a chart draws: labels, figures and gaps, the same for pages and for office files."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.reports.content import ChartSpec, Kind, Missing, ReportTable
from ingest.reports.words import ReportWords


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """One series of a chart.

    Attributes:
        name: the heading of its column.
        values: the figures, None where there is none; then no bar and no line is drawn.
        shown: the figures as they are printed, or the reason why there is none.
    """

    name: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart's content in one language.

    Attributes:
        spec: what was asked for.
        title: in words.
        kind: how the figures are written.
        labels: of the bars or periods.
        series: the series, then both bounds where there are bounds.
        broken: for each label, whether the series is broken there.
        total: how many rows the table has, of which the first are drawn.
    """

    spec: ChartSpec
    title: str
    kind: Kind
    labels: tuple[str, ...]
    series: tuple[DrawnSeries, ...]
    broken: tuple[bool, ...]
    total: int


def drawn(table: ReportTable, words: ReportWords) -> Drawn | None:
    """Return what a table's chart draws; None where the table has no chart or no rows.

    Args:
        table: the table.
        words: in the language of the reader.
    """
    spec = table.chart
    if spec is None or not table.rows:
        return None
    rows = table.rows[: spec.first]
    at = table.position(spec.label)
    bounds = [name for name in (spec.lower, spec.upper) if name is not None]
    return Drawn(
        spec=spec,
        title=words.said(spec.title),
        kind=table.columns[table.position(spec.series[0])].kind,
        labels=tuple(words.cell(row[at], table.columns[at].kind) for row in rows),
        series=tuple(_series(table, name, words) for name in (*spec.series, *bounds)),
        broken=tuple(
            row[table.position(name)] == Missing("series_broken")
            for row in rows
            for name in spec.series[:1]
        ),
        total=len(table.rows),
    )


def _series(table: ReportTable, name: str, words: ReportWords) -> DrawnSeries:
    at = table.position(name)
    column = table.columns[at]
    cells = [row[at] for row in table.rows[: table.chart.first if table.chart else None]]
    return DrawnSeries(
        name=words.text(column.label_key),
        values=tuple(float(c) if isinstance(c, int | float) else None for c in cells),
        shown=tuple(words.cell(cell, column.kind) for cell in cells),
    )
