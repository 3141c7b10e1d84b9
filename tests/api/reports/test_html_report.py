"""The report as one file: every figure, nothing from elsewhere, nothing that runs."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.reports.html_report import html_report
from api.reports.views import map_view, table_view
from ingest.reports.content import ChartSpec, ReportColumn, ReportTable
from ingest.reports.tiles import tile_table
from tests.ingest.reports.sample import sample_report
from tests.report_words import report_words

#: What the template and the charts consist of; whatever else were there, someone's words made it.
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "dl", "div", "dt", "dd",
    "nav", "ol", "li", "a", "main", "section", "article", "span", "table", "caption", "thead", "tbody", "tr", "th",
    "td", "svg", "desc", "defs", "pattern", "rect", "line", "circle", "path", "text",
}  # fmt: skip


class Page(HTMLParser):
    """What a page consists of: elements, attributes, and the tables as lists of texts."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.tables, self.language = set(), [], {}, None
        self._row, self._caption, self._in_caption = None, "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs
        match tag:
            case "html":
                self.language = dict(attrs)["lang"]
            case "caption":
                self._in_caption, self._caption = True, ""
            case "tr":
                self._row = []
            case "td" | "th":
                self._row.append("")

    def handle_endtag(self, tag):
        match tag:
            case "caption":
                self._in_caption = False
            case "tr":
                self.tables.setdefault(self._caption, []).append(self._row)
                self._row = None

    def handle_data(self, data):
        if self._in_caption:
            self._caption += data
        elif self._row:
            self._row[-1] += data


@pytest.fixture(scope="module")
def report():
    return sample_report()


@pytest.fixture(params=["zh", "en"])
def words(request):
    return report_words(request.param)


def test_every_figure_is_the_reports(report, words):
    page = Page(html_report(report, words))
    for table in (*report.tables, tile_table(report.map)):
        kinds = [column.kind for column in table.columns]
        heading = [words.text(column.label_key) for column in table.columns]
        rows = [
            [words.cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)]
            for row in table.rows
        ]
        assert page.tables[words.said(table.caption)] == [heading, *rows]
    assert len(page.tables[words.text("report.evidence")]) == 2 + 3 + 1


def test_methods_versions_and_the_warning_are_there(report, words):
    html = html_report(report, words)
    for text in (report.title, report.header_warning, report.jurisdiction, report.period_label):
        assert words.said(text) in html
    for note in report.notes:
        assert words.said(note.formula) in html
    assert "zhejiang-2017" in html
    assert words.day(report.as_of) in html


def test_it_needs_nothing_and_forbids_the_rest(report, words):
    html = html_report(report, words)
    page = Page(html)
    assert page.elements == ELEMENTS
    assert page.language == {"zh": "zh-CN", "en": "en"}[words.lang]
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "style", "action", "srcset", "integrity"}
    assert not any(name.startswith("on") for name in names)
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    assert "@import" not in style
    assert "url(" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.replace("&#39;", "'")


def test_the_same_report_gives_the_same_text(report, words):
    assert html_report(report, words) == html_report(report, words)


HOSTILE = '</style></title><script>alert(1)</script><img src=x onerror="alert(1)">{{ 7*7 }}'


def hostile(report, text):
    table = report.tables[1]
    table = dataclasses.replace(
        table,
        caption=text,
        rows=((text, text, *table.rows[0][2:]),),
        chart=dataclasses.replace(table.chart, title=text),
    )
    tiles = tuple(dataclasses.replace(tile, name=text) for tile in report.map.tiles)
    note = dataclasses.replace(report.notes[0], name=text, formula=text, source=text, text=text)
    return dataclasses.replace(
        report,
        title=text,
        jurisdiction=text,
        header_warning=text,
        versions={text: text},
        tables=(table,),
        map=dataclasses.replace(report.map, caption=text, tiles=tiles),
        notes=(note,),
        proposals=(dataclasses.replace(report.proposals[0], subject=text, reason=text),),
    )


def test_nothing_that_anyone_wrote_becomes_markup(report):
    html = html_report(hostile(report, HOSTILE), report_words("en"))
    assert Page(html).elements <= ELEMENTS
    assert "{{ 7*7 }}" in html


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=40))
def test_any_words_make_a_page(text):
    report = sample_report()
    html = html_report(hostile(report, text), report_words("en"))
    html.encode()
    assert Page(html).elements <= ELEMENTS


def test_rows_lead_to_their_records_on_pages_only(report, words):
    linked = table_view(report.tables[0], words)
    links = [cell.href for row in linked.rows for cell in row if cell.href]
    assert tuple(links) == report.tables[0].row_links
    assert all(cell.heads_row for row in linked.rows for cell in row if cell.href)
    assert "/v1/audit" not in html_report(report, words)


def test_the_note_says_how_much_is_drawn(report, words):
    first, _, forecast = (table_view(table, words) for table in report.tables)
    assert first.note == words.text("report.chart.first", n=15, total=92)
    assert forecast.note is None


def test_words_of_the_other_language_are_marked(words):
    column = ReportColumn("a", "report.column.occupation", "text")
    view = table_view(ReportTable("t", "c", (column,), (("算法工程师",), ("Engineer",))), words)
    assert [row[0].lang for row in view.rows] == {"zh": [None, "en"], "en": ["zh-CN", None]}[
        words.lang
    ]


def test_a_table_without_rows_has_no_chart(words):
    columns = (
        ReportColumn("a", "report.column.occupation", "text"),
        ReportColumn("b", "report.column.gap", "int"),
    )
    spec = ChartSpec("bars", "title", "a", ("b",))
    view = table_view(ReportTable("t", "c", columns, (), spec), words)
    assert view.svg is None
    assert view.rows == ()


def test_the_map_says_each_city_and_figure(report, words):
    view = map_view(report.map, words)
    for tile in report.map.tiles:
        assert f">{words.cell(tile.value, 'decimal')}</text>" in re.sub(
            r"<title>.*?</title>", "", view.svg
        )
        assert words.said(tile.name) in view.svg


def test_no_two_elements_have_the_same_id(report, words):
    tables = tuple(
        dataclasses.replace(report.tables[0], id=id)
        for id in ("contents", "a", "a-chart", "a-section", "report-notes")
    )
    page = Page(html_report(dataclasses.replace(report, tables=tables), words))
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    targets = {value[1:] for name, value in page.attributes if name == "href"}
    assert targets <= set(ids)
