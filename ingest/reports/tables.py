"""A table of a report, its columns, and which of them are drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.reports.cells import Cell, Kind, ReportError, Said, require_id, require_kind


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a table.

    Attributes:
        id: plain name, unique within the table.
        label_key: key of the heading among the words.
        kind: `percent` and `change` are shares of 1 (0.125 is 12.5 %); `change` carries its sign.
    """

    id: str
    label_key: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Which columns of a table are drawn, and how.

    Attributes:
        kind: `bars` (one series, lying), `grouped-bars` (two to four series, lying), `line-band`
            (one series over periods, with an interval around what is estimated).
        title: what the drawing shows.
        label: the column that names each bar or period; of kind text or date.
        series: the columns drawn; one for `bars` and `line-band`.
        lower: for `line-band`, the column of the interval's lower bounds, or None.
        upper: the same for its upper bounds.
        first: how many rows are drawn, from the top; the table below has all.
    """

    kind: Literal["bars", "grouped-bars", "line-band"]
    title: Said
    label: str
    series: tuple[str, ...]
    lower: str | None = None
    upper: str | None = None
    first: int = 20


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table with its caption, and the drawing of it if it has one.

    Attributes:
        id: plain name, unique within the report.
        caption: what the table holds.
        columns: its columns; the first of kind text names the row.
        rows: as many cells a row as there are columns.
        chart: what is drawn of it, or None.
        row_links: where the records behind a row are listed, a path of this site or None for each
            row; empty where nothing is linked. Files carry no links, for they lead nowhere there.
    """

    id: str
    caption: Said
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: ChartSpec | None = None
    row_links: tuple[str | None, ...] = ()

    def __post_init__(self) -> None:
        require_id(self.id)
        names = [column.id for column in self.columns]
        if not names or len(set(names)) != len(names):
            raise ReportError(f"table {self.id}: the columns are {names}; give each its own id")
        for number, row in enumerate(self.rows, start=1):
            _require_row(self, number, row)
        if self.row_links and len(self.row_links) != len(self.rows):
            raise ReportError(
                f"table {self.id} has {len(self.rows)} rows and {len(self.row_links)} links; "
                "give each row one, or none at all"
            )
        for link in self.row_links:
            _require_local(self.id, link)
        if self.chart:
            _require_drawable(self, self.chart)

    def position(self, column: str) -> int:
        """Return which column has this id, from 0."""
        return [entry.id for entry in self.columns].index(column)

    @property
    def naming_column(self) -> int:
        """The position of the column that names each row: the first of kind text, else the first."""
        kinds = [column.kind for column in self.columns]
        return kinds.index("text") if "text" in kinds else 0


def _require_row(table: ReportTable, number: int, row: tuple[Cell, ...]) -> None:
    if len(row) != len(table.columns):
        raise ReportError(
            f"table {table.id}, row {number} has {len(row)} cells for {len(table.columns)} columns"
        )
    for column, cell in zip(table.columns, row, strict=True):
        require_kind(f"table {table.id}, row {number}, column {column.id}", column.kind, cell)


def _require_local(table: str, link: str | None) -> None:
    if link is not None and not re.fullmatch(r"/(?![/\\])[^\s\x00-\x1f]*", link):
        raise ReportError(f"table {table}: a link should be a path of this site, not {link!r}")


def _require_drawable(table: ReportTable, chart: ChartSpec) -> None:
    kinds = {column.id: column.kind for column in table.columns}
    bounds = [name for name in (chart.lower, chart.upper) if name is not None]
    if kinds.get(chart.label) not in ("text", "date") or chart.first < 1:
        raise ReportError(
            f"table {table.id}: the chart's label should be a column of kind text or date, and "
            f"`first` at least 1; found {chart.label!r} and {chart.first}"
        )
    drawn = [*chart.series, *bounds]
    if {kinds.get(name) for name in drawn} - {"int", "decimal", "percent", "change"}:
        raise ReportError(f"table {table.id}: a chart draws columns of figures, not {drawn}")
    if len({kinds[name] for name in drawn}) > 1:
        raise ReportError(f"table {table.id}: one axis has one unit, {drawn} have several")
    most = 4 if chart.kind == "grouped-bars" else 1
    if not 1 <= len(chart.series) <= most or len(bounds) == 1:
        raise ReportError(
            f"table {table.id}: a chart of kind {chart.kind} has 1 to {most} series, and both "
            f"bounds or none; found {chart.series} and {bounds}"
        )
