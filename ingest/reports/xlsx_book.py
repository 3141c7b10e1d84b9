"""A workbook whose every cell is written as what it is: text as text, figures and dates as such."""

from __future__ import annotations

import re
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ingest.reports.content import Cell, Kind, Missing, ReportTable
from ingest.reports.office_charts import NUMBER_FORMATS
from ingest.reports.printable import shortened, shown_width
from ingest.reports.words import ReportWords
from taxonomies.models import Text

#: What Excel holds: characters in a cell, in the name of a sheet, in the head of a printed page.
_CELL_AT_MOST = 32_767
_NAME_AT_MOST = 31
_HEAD_AT_MOST = 100
#: Half ems: no column narrower or wider.
_NARROWEST, _WIDEST = 9, 42
_A4 = 9
#: What a spreadsheet may take for the beginning of a formula once someone edits the cell.
_LIKE_A_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


class Book:
    """A workbook being written.

    Args:
        workbook: where to.
        words: in the language of the reader.
    """

    def __init__(self, workbook: Workbook, words: ReportWords) -> None:
        self.workbook = workbook
        self.words = words
        self.bold = workbook.add_format({"bold": True})
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.top = workbook.add_format({"valign": "top", "font_color": "#55616B"})
        self.wrapped = workbook.add_format({"valign": "top", "text_wrap": True})
        self.warning = workbook.add_format(
            {"text_wrap": True, "valign": "vcenter", "bg_color": "#FDF3DC", "border": 1}
        )
        self._header = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E4EFF1", "bottom": 1}
        )  # fmt: skip
        self._missing = workbook.add_format({"align": "right", "font_color": "#55616B"})
        self._text = workbook.add_format({})
        self._figures: dict[Kind, Format] = {
            kind: workbook.add_format({"num_format": code}) for kind, code in NUMBER_FORMATS.items()
        }
        wrapped = {"valign": "top", "text_wrap": True, "quote_prefix": True}
        self._kept_as_text: dict[Format, Format] = {
            self._text: workbook.add_format({"quote_prefix": True}),
            self.wrapped: workbook.add_format(wrapped),
        }

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet, under a name that Excel takes and no other sheet has."""
        plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip().strip("'") or "-"
        taken = {sheet.name.lower() for sheet in self.workbook.worksheets()}
        unique, number = shortened(plain, _NAME_AT_MOST), 1
        while unique.lower() in taken or unique.lower() == "history":
            number += 1
            unique = f"{shortened(plain, _NAME_AT_MOST - 4)} {number}"
        sheet = self.workbook.add_worksheet(unique)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def table(self, table: ReportTable) -> Worksheet:
        """Write a table as a sheet of its own: frozen heading, filters, figures that add up."""
        caption = self.words.said(table.caption)
        sheet = self.sheet(caption)
        sheet.set_header("&C" + shortened(caption, _HEAD_AT_MOST).replace("&", "&&"))
        self.header(sheet, [self.words.text(column.label_key) for column in table.columns])
        for row, cells in enumerate(table.rows, start=1):
            for column, (spec, cell) in enumerate(zip(table.columns, cells, strict=True)):
                self.write(sheet, row, column, cell, spec.kind)
        for column, spec in enumerate(table.columns):
            shown = [self.words.cell(row[column], spec.kind) for row in table.rows]
            label = self.words.text(spec.label_key)
            # The heading's button for filters takes about three.
            asked = max([shown_width(label) + 3, *(shown_width(text) + 1 for text in shown)])
            sheet.set_column(column, column, max(_NARROWEST, min(_WIDEST, asked)))
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        # A chart beside the table would shrink it on paper; documents print charts.
        sheet.print_area(0, 0, len(table.rows), len(table.columns) - 1)
        return sheet

    def header(self, sheet: Worksheet, labels: list[str]) -> None:
        """Write the row of headings: in sight when scrolling, on every page when printed."""
        for column, label in enumerate(labels):
            self.write(sheet, 0, column, label, "text", self._header)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_row(0, 32)

    def write(
        self, sheet: Worksheet, row: int, column: int, cell: Cell, kind: Kind, look: Format | None = None
    ) -> None:  # fmt: skip
        """Write one cell.

        Args:
            sheet: where to.
            row: from 0.
            column: from 0.
            cell: what.
            kind: how a figure is written.
            look: of a text; by default plain.
        """
        match cell:
            case Missing():
                sheet.write_string(row, column, self.words.missing(cell.reason), self._missing)
            case str() | Text():
                text = shortened(self.words.said(cell), _CELL_AT_MOST)
                chosen = look or self._text
                if _LIKE_A_FORMULA.match(text):
                    chosen = self._kept_as_text.get(chosen, chosen)
                sheet.write_string(row, column, text, chosen)
            case date():
                sheet.write_datetime(row, column, cell, self._figures["date"])
            case _:
                sheet.write_number(row, column, cell, self._figures[kind])
