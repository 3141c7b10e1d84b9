"""Native charts for Excel and Word, drawn by XlsxWriter over plain columns of figures.

Excel draws a text in a range of figures as 0. So a chart never points at the printed table: its
figures stand in columns of their own, where a missing one is an empty cell and its label says why.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from ingest.reports.content import Kind
from ingest.reports.drawn import Drawn

NUMBER_FORMATS: dict[Kind, str] = {
    "int": "#,##0",
    "decimal": "#,##0.00",
    "percent": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "date": "yyyy-mm-dd",
}

#: Dark and pale in turn, hatched from the second on: told apart in print and without colour.
_FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#0F4C5C"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#8A5A00", "bg_color": "#FDF3DC"}},
    {"pattern": {"pattern": "percent_25", "fg_color": "#1C6B3C", "bg_color": "#E5F3EA"}},
    {"pattern": {"pattern": "narrow_horizontal", "fg_color": "#55616B", "bg_color": "#FFFFFF"}},
)
_LINES: tuple[dict[str, Any], ...] = (
    {"color": "#0F4C5C", "width": 2.25},
    {"color": "#55616B", "width": 1.25, "dash_type": "dash"},
    {"color": "#55616B", "width": 1.25, "dash_type": "dash"},
)
#: Pixels: the width of a page's text, and the height of a bar with its gap.
WIDTH = 600
_BAR = 22


def write_chart_data(sheet: Worksheet, drawn: Drawn, top: int) -> int:
    """Write a chart's columns under each other and return the first free row.

    Args:
        sheet: where to.
        drawn: the chart.
        top: the row of the headings, from 0.
    """
    sheet.write_string(top, 0, drawn.title)
    for offset, series in enumerate(drawn.series, start=1):
        sheet.write_string(top, offset, series.name)
    for number, label in enumerate(drawn.labels):
        gaps = {
            series.shown[number]
            for series in drawn.series[: len(drawn.spec.series)]
            if series.values[number] is None
        }
        sheet.write_string(top + 1 + number, 0, " ".join([label, *(f"({why})" for why in gaps)]))
        for offset, series in enumerate(drawn.series, start=1):
            value = series.values[number]
            if value is not None:
                sheet.write_number(top + 1 + number, offset, value)
    return top + len(drawn.labels) + 2


def office_chart(workbook: Workbook, sheet: Worksheet, drawn: Drawn, top: int) -> Chart:
    """Return the chart of columns that `write_chart_data` wrote.

    Args:
        workbook: what the chart belongs to.
        sheet: where its columns stand.
        drawn: the chart.
        top: the row of the headings, from 0.
    """
    line = drawn.spec.kind == "line-band"
    chart = workbook.add_chart({"type": "line" if line else "bar"})
    first, last = top + 1, top + len(drawn.labels)
    number_format = NUMBER_FORMATS[drawn.kind]
    for offset, _ in enumerate(drawn.series, start=1):
        chart.add_series(
            {
                "name": [sheet.name, top, offset],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, offset, last, offset],
                "gap": 40,
                **(_drawn_as_line(offset) if line else _drawn_as_bar(offset, number_format)),
            }
        )
    # By the cell it stands in: XlsxWriter would take some titles for references themselves.
    chart.set_title({"name": [sheet.name, top, 0], "name_font": {"size": 12}})
    chart.set_legend({"none": True} if len(drawn.series) == 1 else {"position": "bottom"})
    chart.show_blanks_as("gap")
    axis = {
        "num_format": number_format,
        "major_gridlines": {"visible": True, "line": {"color": "#DCDFDD"}},
    }
    # A lying bar chart counts from the bottom; the first row of the table belongs at the top.
    chart.set_x_axis(axis if not line else {})
    chart.set_y_axis(axis if line else {"reverse": True, "label_position": "low"})
    chart.set_size({"width": WIDTH, "height": chart_height(drawn)})
    return chart


def chart_height(drawn: Drawn) -> int:
    """Return how high a chart is drawn, in pixels."""
    if drawn.spec.kind == "line-band":
        return 320
    return 90 + _BAR * len(drawn.labels) * max(1, round(len(drawn.series) * 0.8))


def chart_parts(drawn: Drawn) -> tuple[bytes, bytes]:
    """Return a chart as DrawingML and, for editing it, the workbook with its figures."""
    memory = io.BytesIO()
    with Workbook(memory, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("data")
        write_chart_data(sheet, drawn, 0)
        sheet.insert_chart(0, len(drawn.series) + 2, office_chart(workbook, sheet, drawn, 0))
    with zipfile.ZipFile(memory) as package:
        return package.read("xl/charts/chart1.xml"), memory.getvalue()


def _drawn_as_bar(offset: int, number_format: str) -> dict[str, Any]:
    look = _FILLS[(offset - 1) % len(_FILLS)]
    labels = {"value": True, "num_format": number_format, "font": {"size": 8}}
    return {**look, "border": {"color": "#1D2730", "width": 0.5}, "data_labels": labels}


def _drawn_as_line(offset: int) -> dict[str, Any]:
    marker = {"type": "circle", "size": 5} if offset == 1 else {"type": "none"}
    return {"line": _LINES[(offset - 1) % len(_LINES)], "marker": marker}
