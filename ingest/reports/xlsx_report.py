"""A report as a workbook: how it came about first, then a sheet a table, with real figures and dates.

Text is written as text whatever it begins with, so that nothing a person typed is ever run (ASVS
5.0, 1.2.10); what looks like a formula also carries the mark that keeps it text when edited.
"""

from __future__ import annotations

import io

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ingest.reports.content import Report, ReportTable
from ingest.reports.drawn import drawn
from ingest.reports.office_charts import office_chart, write_chart_data
from ingest.reports.summary import facts
from ingest.reports.tiles import tile_table
from ingest.reports.words import ReportWords
from ingest.reports.xlsx_book import Book

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def xlsx_report(report: Report, words: ReportWords) -> bytes:
    """Return a report as an xlsx file; the same report gives the same bytes.

    Args:
        report: what to say.
        words: in the language of the reader.
    """
    memory = io.BytesIO()
    with Workbook(memory, _OPTIONS) as workbook:
        workbook.set_properties(
            {
                "title": words.said(report.title),
                "created": report.generated_at.replace(tzinfo=None),
            }
        )
        book = Book(workbook, words)
        notes = book.sheet(words.text("report.sheet.notes"))
        sheets = [(table, book.table(table)) for table in report.tables]
        if report.map:
            book.table(tile_table(report.map))
        if report.proposals:
            _write_proposals(book, report)
        _write_charts(book, sheets)
        _write_notes(book, notes, report, sheets)
    return memory.getvalue()


def _write_charts(book: Book, sheets: list[tuple[ReportTable, Worksheet]]) -> None:
    drawings = [(sheet, table, drawn(table, book.words)) for table, sheet in sheets]
    if not any(drawing for _, _, drawing in drawings):
        return
    # Last, for it only serves the charts.
    data = book.sheet(book.words.text("report.sheet.chart_data"))
    data.set_column(0, 0, 30)
    free = 0
    for sheet, table, drawing in drawings:
        if drawing is None:
            continue
        chart = office_chart(book.workbook, data, drawing, free)
        free = write_chart_data(data, drawing, free)
        options = {"description": drawing.title}
        sheet.insert_chart(1, len(table.columns) + 1, chart, options)


def _write_notes(
    book: Book, sheet: Worksheet, report: Report, sheets: list[tuple[ReportTable, Worksheet]]
) -> None:
    words = book.words
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    book.write(sheet, 0, 0, report.title, "text", book.title)
    sheet.merge_range(1, 0, 1, 1, words.said(report.header_warning), book.warning)
    sheet.set_row(1, 48)
    row = 3
    for label, value in facts(report, words):
        row = _pair(book, sheet, row, label, value)
    row = _pair(book, sheet, row, words.text("report.missing"), words.text("report.missing.text"))
    row = _heading(book, sheet, row + 1, "report.sheets")
    for table, own in sheets:
        row = _pair(book, sheet, row, own.name, words.said(table.caption))
    row = _heading(book, sheet, row + 1, "report.notes")
    for note in report.notes:
        book.write(sheet, row, 0, note.name, "text", book.bold)
        row = _pair(
            book, sheet, row + 1, words.text("report.note.formula"), words.said(note.formula)
        )
        row = _pair(book, sheet, row, words.text("report.note.source"), words.said(note.source))
        row = _pair(book, sheet, row, words.text("report.note.text"), words.said(note.text)) + 1


def _heading(book: Book, sheet: Worksheet, row: int, key: str) -> int:
    book.write(sheet, row, 0, book.words.text(key), "text", book.title)
    return row + 1


def _pair(book: Book, sheet: Worksheet, row: int, label: str, value: str) -> int:
    book.write(sheet, row, 0, label, "text", book.top)
    book.write(sheet, row, 1, value, "text", book.wrapped)
    return row + 1


def _write_proposals(book: Book, report: Report) -> None:
    words = book.words
    sheet = book.sheet(words.text("report.proposals"))
    keys = (
        "report.proposal.action",
        "report.proposal.subject",
        "report.proposal.wording",
        "report.proposal.reason",
        "report.evidence.label",
        "report.evidence.value",
        "report.evidence.source",
    )
    book.header(sheet, [words.text(key) for key in keys])
    row = 0
    for proposal in report.proposals:
        action = words.text(f"report.action.{proposal.action}")
        for finding in proposal.evidence:
            row += 1
            said = (action, proposal.subject, proposal.wording, proposal.reason, finding.label)
            for column, text in enumerate(said):
                book.write(sheet, row, column, text, "text", book.wrapped)
            book.write(sheet, row, 5, finding.value, finding.kind)
            book.write(sheet, row, 6, finding.source, "text", book.wrapped)
    sheet.autofilter(0, 0, row, len(keys) - 1)
    for column, width in enumerate((14, 26, 40, 40, 30, 18, 30)):
        sheet.set_column(column, column, width)
