"""The workbook read back by another library: every figure a number, every text a text, no formula."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ingest.reports.content import Missing, ReportColumn, ReportTable
from ingest.reports.csv_table import csv_table
from ingest.reports.printable import shortened
from ingest.reports.tiles import tile_table
from ingest.reports.xlsx_report import xlsx_report
from taxonomies.models import Text
from tests.ingest.reports.sample import sample_report
from tests.report_words import report_words

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x")',
    "{=1}",
    "http://x.example",
)


@pytest.fixture(scope="module")
def files():
    report = sample_report()
    return {lang: xlsx_report(report, report_words(lang)) for lang in ("zh", "en")}


def read(file):
    return CalamineWorkbook.from_filelike(io.BytesIO(file))


def expected(cell, words):
    match cell:
        case Missing() | str() | Text():
            return words.cell(cell, "text")
        case date():
            return cell
        case _:
            return float(cell)


def test_every_figure_is_the_reports(report, words, files):
    book = read(files[words.lang])
    for table in (*report.tables, tile_table(report.map)):
        rows = book.get_sheet_by_name(shortened(words.said(table.caption), 31)).to_python()
        assert rows[0] == [words.text(column.label_key) for column in table.columns]
        assert rows[1:] == [[expected(cell, words) for cell in row] for row in table.rows]


def test_notes_come_first(report, words, files):
    book = read(files[words.lang])
    assert book.sheet_names[0] == words.text("report.sheet.notes")
    said = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
    for text in (report.title, report.header_warning, report.period_label):
        assert words.said(text) in said
    for note in report.notes:
        assert {words.said(note.name), words.said(note.formula), words.said(note.source)} <= said
    assert {"zhejiang-2017", "static-1", words.day(report.as_of)} <= said


def test_headings_stay_in_sight_can_be_filtered_and_are_printed_on_every_page(report, words, files):
    book = openpyxl.load_workbook(io.BytesIO(files[words.lang]))
    for table in report.tables:
        sheet = book[shortened(words.said(table.caption), 31)]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
    formats = [
        cell.number_format for cell in book[shortened(words.said(report.tables[0].caption), 31)][20]
    ]
    assert formats[2:6] == ["#,##0"] * 3 + ["#,##0.00"]


def test_charts_are_native_and_a_gap_is_empty(report, files):
    package = zipfile.ZipFile(io.BytesIO(files["en"]))
    charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    data = read(files["en"]).get_sheet_by_name("Chart data").to_python()
    gaps = [row for row in data if "(suppressed)" in str(row[0])]
    assert gaps
    assert all(row[2] == "" for row in gaps)


def test_the_same_report_gives_the_same_bytes(report, words, files):
    assert xlsx_report(report, words) == files[words.lang]


def sheets_of(file):
    """Return the sheets as they are written, XML."""
    package = zipfile.ZipFile(io.BytesIO(file))
    names = [name for name in package.namelist() if "worksheets/sheet" in name]
    return [package.read(name).decode() for name in names]


def with_words(report, text):
    table = dataclasses.replace(
        report.tables[0],
        caption=text,
        rows=tuple((row[0], text, *row[2:]) for row in report.tables[0].rows[:3]),
        row_links=(),
    )
    chart = dataclasses.replace(table.chart, title=text)
    table = dataclasses.replace(table, chart=chart)
    finding = dataclasses.replace(
        report.proposals[0].evidence[0], value=text, kind="text", label=text
    )
    proposal = dataclasses.replace(report.proposals[0], subject=text, evidence=(finding,))
    return dataclasses.replace(report, title=text, tables=(table,), proposals=(proposal,))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_label_stays_text(report, text):
    file = xlsx_report(with_words(report, text), report_words("en"))
    package = zipfile.ZipFile(io.BytesIO(file))
    sheets = sheets_of(file)
    assert sheets
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    rows = read(file).get_sheet_by_index(1).to_python()
    assert [row[1] for row in rows[1:]] == [text] * 3
    if text[0] in "=+-@\t":
        assert 'quotePrefix="1"' in package.read("xl/styles.xml").decode()
        cell = openpyxl.load_workbook(io.BytesIO(file)).worksheets[1]["B2"]
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
    charts = [package.read(name).decode() for name in package.namelist() if "xl/charts/" in name]
    assert not any("<c:strRef><c:f>cmd" in chart for chart in charts)


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60))
@example(text="\U00020bb7" * 40)
@example(text="'" + "a" * 30 + "'a")
def test_any_words_make_a_workbook(text):
    report = sample_report()
    file = xlsx_report(with_words(report, text), report_words("en"))
    assert not any("<f>" in sheet for sheet in sheets_of(file))
    rows = read(file).get_sheet_by_index(1).to_python()
    assert [row[2] for row in rows[1:]] == [float(row[2]) for row in report.tables[0].rows[:3]]


def test_sheets_of_the_same_name_are_told_apart(report):
    words = report_words("en")
    column = ReportColumn("a", "report.column.demand", "int")
    tables = tuple(
        ReportTable(id, caption, (column,), ())
        for id, caption in (("a", "X" * 40), ("b", "x" * 40), ("c", "[]:*?/\\"), ("d", "History"), ("e", "'a'"))
    )  # fmt: skip
    book = read(xlsx_report(dataclasses.replace(report, tables=tables, map=None), words))
    names = [name.lower() for name in book.sheet_names]
    assert len(set(names)) == len(names)
    assert all(1 <= len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert "history" not in names


def test_a_table_as_csv(report, words):
    table = report.tables[0]
    lines = csv_table(table, words).decode("utf-8-sig").split("\r\n")
    assert csv_table(table, words).startswith(b"\xef\xbb\xbf")
    assert lines[0].split(",")[0] == words.text("report.column.rank")
    assert len(lines) == len(table.rows) + 2
    assert lines[-2].split(",")[4] == str(table.rows[-1][4])


@pytest.mark.parametrize("text", [*HOSTILE[:5], " =1", "\uff1d1"])
def test_a_hostile_label_of_a_csv_gets_an_apostrophe(text):
    column = ReportColumn("a", "report.column.occupation", "text")
    number = ReportColumn("b", "report.column.gap", "int")
    file = csv_table(ReportTable("t", "c", (column, number), ((text, -5),)), report_words("en"))
    line = file.decode("utf-8-sig").split("\r\n")[1]
    assert line.lstrip('"').startswith("'")
    assert line.endswith(",-5")
