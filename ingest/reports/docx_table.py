"""Tables of a Word document: widths set, headings repeated, figures to the right."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table

from ingest.reports.content import ReportTable
from ingest.reports.docx_page import TABLE_TEXT
from ingest.reports.docx_parts import describe, keep_whole, repeat_heading
from ingest.reports.printable import shown_width
from ingest.reports.words import ReportWords

#: Half ems of text that a column asks for at most, and what the edges of a cell take.
_TEXT_AT_MOST = 24
_EDGES = 4
_SHADE = "E4EFF1"


def add_table(document: Document, table: ReportTable, words: ReportWords, width_mm: int) -> None:
    """Append a table of a report.

    Args:
        document: where to.
        table: what to write.
        words: in the language of the reader.
        width_mm: of the page's text, in millimetres.
    """
    kinds = [column.kind for column in table.columns]
    heading = [words.text(column.label_key) for column in table.columns]
    rows = [
        [words.cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)]
        for row in table.rows
    ]
    widths = _widths(heading, rows, width_mm)
    grid = add_grid(
        document, rows, widths, heading, [kind not in ("text", "date") for kind in kinds]
    )
    describe(grid, words.said(table.caption))


def _widths(heading: list[str], rows: list[list[str]], width_mm: int) -> list[int]:
    """Share out a page's width by what the columns hold; headings may take three lines."""
    asked = [
        _EDGES
        + max(
            -(-shown_width(label) // 3) + 1,
            *(min(_TEXT_AT_MOST, shown_width(row[at])) for row in rows),
            2,
        )
        for at, label in enumerate(heading)
    ]
    return [width_mm * share // sum(asked) for share in asked]


def add_grid(
    document: Document,
    rows: Sequence[Sequence[str]],
    widths_mm: Sequence[int],
    heading: Sequence[str] = (),
    to_the_right: Sequence[bool] = (),
) -> Table:
    """Append a plain table of texts.

    Args:
        document: where to.
        rows: of as many texts as there are widths.
        widths_mm: of the columns, in millimetres.
        heading: of the columns; empty for a list of pairs.
        to_the_right: for each column, whether it holds figures.
    """
    lines = [heading, *rows] if heading else list(rows)
    table: Table = document.add_table(len(lines), len(widths_mm), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _set_margins(table)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    style = document.styles[TABLE_TEXT].style_id
    for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        keep_whole(row)
        is_heading = bool(heading) and number == 0
        if is_heading:
            repeat_heading(row)
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths_mm[at])
            paragraph = cell.paragraphs[0]
            # By id: python-docx searches all styles for a name, cell after cell.
            paragraph._p.style = style
            paragraph.add_run(text).bold = is_heading or (not heading and at == 0)
            if is_heading:
                _shade(cell._tc.get_or_add_tcPr())
            if to_the_right and to_the_right[at]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    # Two tables that touch would become one.
    document.add_paragraph()
    return table


def _set_margins(table: Table) -> None:
    """Give cells a millimetre at either side, so that more of the page is left to words."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(1).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _shade(properties: object) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), _SHADE)
    properties.append(shade)  # type: ignore[attr-defined]
