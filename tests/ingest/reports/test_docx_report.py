"""The Word document read back: every figure, real headings, headings of tables repeated, native charts."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reports.content import ReportColumn
from ingest.reports.docx_report import docx_report
from ingest.reports.drawn import drawn
from ingest.reports.tiles import tile_table
from tests.ingest.reports.sample import sample_report
from tests.report_words import report_words

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def files():
    report = sample_report()
    return {lang: docx_report(report, report_words(lang)) for lang in ("zh", "en")}


@pytest.fixture
def read(files, words):
    return docx.Document(io.BytesIO(files[words.lang]))


def captioned(document):
    """Return the tables that have a caption for those who hear them, by that caption."""
    found = {}
    for table in document.tables:
        caption = table._tbl.tblPr.find(qn("w:tblCaption"))
        if caption is not None:
            found[caption.get(qn("w:val"))] = table
    return found


def millimetres(length):
    return round(length / Mm(1))


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_every_figure_is_the_reports(report, words, read):
    tables = captioned(read)
    for table in (*report.tables, tile_table(report.map)):
        kinds = [column.kind for column in table.columns]
        expected = [[words.text(column.label_key) for column in table.columns]] + [
            [words.cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)]
            for row in table.rows
        ]
        assert texts(tables[words.said(table.caption)]) == expected


def test_the_ministrys_columns_come_first(read, words):
    table = next(iter(captioned(read).values()))
    heading = [cell.text for cell in table.rows[0].cells]
    names = (
        "rank",
        "occupation",
        "demand",
        "seekers",
        "gap",
        "ratio",
        "change_quarter",
        "change_year",
    )
    assert heading == [words.text(f"report.column.{name}") for name in names]


def test_headings_of_tables_are_repeated_and_rows_whole(read):
    for table in captioned(read).values():
        properties = [row._tr.trPr for row in table.rows]
        assert [p.find(qn("w:tblHeader")) is not None for p in properties] == (
            [True] + [False] * (len(properties) - 1)
        )
        assert all(p.find(qn("w:cantSplit")) is not None for p in properties)


def test_what_stands_around_the_tables(report, words, read):
    styles = {}
    for paragraph in read.paragraphs:
        styles.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert styles["Title"] == [words.said(report.title)]
    assert styles["Intense Quote"] == [words.said(report.header_warning)]
    expected = [words.said(table.caption) for table in report.tables]
    assert styles["Heading 1"][: len(expected)] == expected
    numbers = [words.text("report.table_number", n=n) for n in range(1, len(expected) + 2)]
    captions = zip(styles["Caption"], numbers, strict=True)
    assert all(caption.startswith(number) for caption, number in captions)
    for note in report.notes:
        assert words.said(note.name) in styles["Heading 2"]
        assert any(words.said(note.formula) in text for text in styles["Normal"])
    proposal = report.proposals[0]
    assert any(words.said(proposal.subject) in text for text in styles["Heading 2"])
    found = [
        [words.said(entry.label), words.cell(entry.value, entry.kind), words.said(entry.source)]
        for entry in proposal.evidence
    ]
    assert any(texts(table)[1:] == found for table in read.tables)


def test_pages_are_a4_and_numbered(read):
    for section in read.sections:
        assert sorted(map(millimetres, (section.page_width, section.page_height))) == [210, 297]
    footer = ElementTree.tostring(read.sections[0].footer._element, encoding="unicode")
    assert " PAGE " in footer
    assert " NUMPAGES " in footer


def test_a_wide_table_stands_on_a_page_that_lies(report, words):
    columns = tuple(ReportColumn(f"c{n}", "report.column.demand", "int") for n in range(12))
    wide = dataclasses.replace(
        report.tables[0], columns=columns, rows=((1,) * 12,), chart=None, row_links=()
    )
    document = docx.Document(
        io.BytesIO(docx_report(dataclasses.replace(report, tables=(wide,)), words))
    )
    widths = [millimetres(section.page_width) for section in document.sections]
    assert widths == [210, 297, 210]


def test_charts_have_the_figures_and_nothing_for_a_gap(report, words, files):
    drawings = [drawing for table in report.tables if (drawing := drawn(table, words))]
    package = zipfile.ZipFile(io.BytesIO(files[words.lang]))
    for number, drawing in enumerate(drawings, start=1):
        root = ElementTree.fromstring(package.read(f"word/charts/chart{number}.xml"))
        series = list(root.iter(f"{CHART}ser"))
        assert len(series) == len(drawing.series)
        for found, expected in zip(series, drawing.series, strict=True):
            points = {
                int(point.get("idx")): float(point.find(f"{CHART}v").text)
                for point in found.find(f"{CHART}val").iter(f"{CHART}pt")
            }
            values = {n: v for n, v in enumerate(expected.values) if v is not None}
            assert points == values
        assert root.find(f"{CHART}chart/{CHART}dispBlanksAs").get("val") == "gap"
        for labels in root.iter(f"{CHART}dLbls"):
            said = {part.tag.removeprefix(CHART): part.get("val") for part in labels}
            assert said["showVal"] == "1"
            assert said["showSerName"] == said["showCatName"] == said["showLegendKey"] == "0"
        relation = root.find(f"{CHART}externalData")
        assert relation is not None
        assert f"word/embeddings/figures{number}.xlsx" in package.namelist()
    assert any(None in series.values for drawing in drawings for series in drawing.series)


@settings(max_examples=20, deadline=None)
@given(text=st.text(max_size=40))
def test_any_words_make_a_document(text):
    report = sample_report()
    words = report_words("en")
    table = dataclasses.replace(
        report.tables[2],
        caption=text,
        rows=((text, 1, 2, 3),),
        chart=dataclasses.replace(report.tables[2].chart, title=text),
    )
    small = dataclasses.replace(report, title=text, tables=(table,), map=None, proposals=())
    document = docx.Document(io.BytesIO(docx_report(small, words)))
    (found,) = captioned(document).values()
    assert [cell.text for cell in found.rows[1].cells][1:] == ["1", "2", "3"]
