"""A table or a map, with its chart, as the template `_chart.html` shows it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from api.charts.bars import bar_chart
from api.charts.line_band import LineWords, line_band
from api.charts.tile_map import MapTile, tile_map
from api.web.templating import text_lang
from ingest.reports.content import Cell, Kind, Missing, ReportTable, TileMap
from ingest.reports.drawn import Drawn, drawn
from ingest.reports.tiles import tile_table
from ingest.reports.words import ReportWords

_TAGS = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class CellView:
    """A cell as it is written.

    Attributes:
        text: what it says.
        css: class, or "".
        heads_row: whether it names its row.
        href: where the records behind the row are, or None.
        lang: language tag where it is not the page's, or None.
    """

    text: str
    css: str
    heads_row: bool
    href: str | None
    lang: str | None


@dataclass(frozen=True)
class FigureView:
    """A chart followed by its data.

    Attributes:
        id: of the element.
        caption: of the table.
        svg: the chart, or None where there is none.
        note: how much of the table is drawn, or None.
        chart_label: of the frame in which the chart scrolls.
        table_label: of the frame in which the table scrolls.
        columns: headings, each with its class.
        rows: the cells.
    """

    id: str
    caption: str
    svg: Markup | None
    note: str | None
    chart_label: str
    table_label: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[CellView, ...], ...]


def table_view(table: ReportTable, words: ReportWords, *, linked: bool = True) -> FigureView:
    """Return a table with its chart.

    Args:
        table: what to show.
        words: in the language of the page.
        linked: whether rows lead to their records; not in a file.
    """
    drawing = drawn(table, words)
    note = None
    if drawing and drawing.total > len(drawing.labels):
        note = words.text("report.chart.first", n=len(drawing.labels), total=drawing.total)
    return _view(table, words, chart_of(f"{table.id}_chart", drawing, words), note, linked)


def map_view(tiles: TileMap, words: ReportWords) -> FigureView:
    """Return a map with its figures."""
    measure = words.text(tiles.label_key)
    svg = tile_map(
        f"{tiles.id}_chart",
        f"{words.said(tiles.caption)} \u00b7 {measure}",
        words.text("report.chart.tiles", n=len(tiles.tiles)),
        [
            MapTile(
                words.said(tile.name),
                tile.column,
                tile.row,
                None if isinstance(tile.value, Missing) else float(tile.value),
                words.cell(tile.value, tiles.kind),
            )
            for tile in tiles.tiles
        ],
        lambda figure: words.cell(figure, tiles.kind),
    )
    return _view(tile_table(tiles), words, svg, None, False)


def chart_of(id: str, drawing: Drawn | None, words: ReportWords) -> str | None:
    """Return a chart as SVG, or None where there is nothing to draw.

    Args:
        id: of the image; unique on the page.
        drawing: what is drawn.
        words: in the language of the page.
    """
    if drawing is None:
        return None
    labels, series, kind = drawing.labels, drawing.series, drawing.kind
    description = words.text(f"report.chart.{drawing.spec.kind}", n=len(labels))

    def mark(figure: float) -> str:
        return words.cell(figure, kind)

    if drawing.spec.kind == "line-band":
        said = LineWords(words.text("report.chart.interval"), words.text("report.chart.broken"))
        return line_band(
            id, drawing.title, description, labels, series, drawing.broken, mark, said,
            whole=kind == "int",
        )  # fmt: skip
    return bar_chart(id, drawing.title, description, labels, series, mark, whole=kind == "int")


def _view(
    table: ReportTable, words: ReportWords, svg: str | None, note: str | None, linked: bool
) -> FigureView:
    caption = words.said(table.caption)
    links = table.row_links if linked and table.row_links else (None,) * len(table.rows)
    naming = table.naming_column
    colon = words.text("colon")
    return FigureView(
        id=table.id,
        caption=caption,
        # Nothing of it is a person's markup: ElementTree wrote every letter.
        svg=None if svg is None else Markup(svg),
        note=note,
        chart_label=f"{caption}{colon}{words.text('report.chart.scroll')}",
        table_label=f"{caption}{colon}{words.text('report.table.scroll')}",
        columns=tuple(
            (words.text(column.label_key), _css(column.kind)) for column in table.columns
        ),
        rows=tuple(
            tuple(
                _cell(cell, column.kind, words, at == naming, link)
                for at, (cell, column) in enumerate(zip(row, table.columns, strict=True))
            )
            for row, link in zip(table.rows, links, strict=True)
        ),
    )


def _cell(
    cell: Cell, kind: Kind, words: ReportWords, heads_row: bool, link: str | None
) -> CellView:
    text = words.cell(cell, kind)
    css = f"{_css(kind)} missing".strip() if isinstance(cell, Missing) else _css(kind)
    other = isinstance(cell, str) and text_lang(text) != words.lang
    tag = _TAGS[text_lang(text)] if other else None
    return CellView(text, css, heads_row, link if heads_row else None, tag)


def _css(kind: Kind) -> str:
    match kind:
        case "text":
            return ""
        case "date":
            return "date"
        case _:
            return "number"
