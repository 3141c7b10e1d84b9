"""A report that does not fit together is refused, with what to do; figures and dates are worded alike."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

from ingest.reports.content import (
    ChartSpec,
    Missing,
    Proposal,
    ReportColumn,
    ReportError,
    ReportTable,
    Tile,
    TileMap,
)
from ingest.reports.printable import shortened
from ingest.reports.tiles import city_tiles, tile_table
from taxonomies.models import Text
from taxonomies.regions import load_regions
from tests.report_words import report_words

NAME = ReportColumn("name", "report.column.occupation", "text")
COUNT = ReportColumn("count", "report.column.demand", "int")
RATIO = ReportColumn("ratio", "report.column.ratio", "decimal")


def table(*rows, columns=(NAME, COUNT), **others):
    return ReportTable("t", "caption", columns, rows, **others)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("a",), "1 cells for 2"),
        (("a", 1, 2), "3 cells for 2"),
        (("a", 1.5), "kind int"),
        (("a", True), "kind int"),
        (("a", "1"), "kind int"),
        (("a", 10**16), "1e\\+15"),
        ((1, 1), "kind text"),
    ],
)
def test_a_row_fits_its_columns(row, said):
    with pytest.raises(ReportError, match=said):
        table(row)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), "2", None])
def test_a_figure_is_a_finite_number(value):
    with pytest.raises(ReportError, match="Missing with the reason"):
        table(("a", value), columns=(NAME, RATIO))


def test_a_moment_is_not_a_date():
    column = ReportColumn("day", "report.as_of", "date")
    table((date(2026, 1, 1),), columns=(column,))
    with pytest.raises(ReportError, match="kind date"):
        table((datetime(2026, 1, 1, tzinfo=UTC),), columns=(column,))


@pytest.mark.parametrize("id", ["", "A", "1a", "a b", "a" * 41, "a\n", "a_b"])
def test_an_id_is_plain(id):
    with pytest.raises(ReportError, match="id should be"):
        ReportTable(id, "caption", (NAME,), ())


@pytest.mark.parametrize(
    "spec",
    [
        ChartSpec("bars", "t", "count", ("count",)),
        ChartSpec("bars", "t", "name", ("name",)),
        ChartSpec("bars", "t", "name", ("elsewhere",)),
        ChartSpec("bars", "t", "name", ()),
        ChartSpec("bars", "t", "name", ("count", "count")),
        ChartSpec("grouped-bars", "t", "name", ("count", "ratio")),
        ChartSpec("line-band", "t", "name", ("count",), lower="count"),
        ChartSpec("bars", "t", "name", ("count",), first=0),
    ],
)
def test_a_chart_draws_figures_of_one_unit(spec):
    with pytest.raises(ReportError):
        table(columns=(NAME, COUNT, RATIO), chart=spec)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "//elsewhere", "/\\elsewhere", "a", "/a b"]
)
def test_a_row_leads_to_a_page_of_this_site(link):
    table(("a", 1), row_links=("/roles/9?as_of=2026-11-24",))
    with pytest.raises(ReportError, match="path of this site"):
        table(("a", 1), row_links=(link,))


def test_every_row_or_none_has_a_link():
    with pytest.raises(ReportError, match="1 rows and 2 links"):
        table(("a", 1), row_links=("/a", "/b"))


def test_parts_have_ids_of_their_own(report):
    with pytest.raises(ReportError, match="own id"):
        dataclasses.replace(report, tables=(report.tables[0], report.tables[0]))


def test_a_report_says_in_which_time_zone(report):
    with pytest.raises(ReportError, match="time zone"):
        dataclasses.replace(report, generated_at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_proposal_rests_on_something():
    with pytest.raises(ReportError, match="no evidence"):
        Proposal("p", "add", "a", "", "because", ())


def test_tiles_do_not_overlap():
    tiles = (Tile("330100", "a", 0, 0, 1), Tile("330200", "b", 0, 0, 2))
    with pytest.raises(ReportError, match="place of its own"):
        TileMap("m", "c", "report.column.demand", "int", tiles)


def test_every_city_of_the_province_has_a_tile_beside_another():
    tiles = city_tiles({"330100": 2.5})
    cities = {code for code, region in load_regions().items() if region.level == "city"}
    assert {tile.code for tile in tiles} == cities
    places = {(tile.column, tile.row) for tile in tiles}
    assert len(places) == len(cities)
    steps = ((1, 0), (-1, 0), (0, 1), (0, -1))
    assert all(any((x + dx, y + dy) in places for dx, dy in steps) for x, y in places)
    assert {tile.value for tile in tiles if tile.code != "330100"} == {Missing("not_recorded")}


def test_the_table_of_a_map_has_its_figures(report):
    rows = tile_table(report.map).rows
    assert dict(rows) == {tile.name: tile.value for tile in report.map.tiles}


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (1234567, "int", "1,234,567"),
        (-3, "int", "-3"),
        (2.675, "decimal", "2.67"),
        (1234, "decimal", "1,234.00"),
        (0.4127, "percent", "41.3%"),
        (0.125, "change", "+12.5%"),
        (-0.03, "change", "-3.0%"),
        (0, "change", "0.0%"),
        (-0.0001, "change", "0.0%"),
        (Text("一", "one"), "text", "one"),
        (date(2026, 11, 22), "date", "22 Nov 2026"),
        (Missing("no_seekers"), "decimal", "no seekers"),
    ],
)
def test_a_cell_is_worded(value, kind, shown):
    assert report_words("en").cell(value, kind) == shown


def test_chinese_words():
    words = report_words("zh")
    assert words.day(date(2026, 11, 22)) == "2026年11月22日"
    assert words.cell(Missing("no_seekers"), "decimal") == "无求职者"
    assert words.said("a\x00\ud800b") == "ab"


def test_a_missing_figure_is_never_a_nought(words):
    reasons = (
        "suppressed",
        "not_assessable",
        "no_seekers",
        "not_recorded",
        "series_broken",
        "not_applicable",
    )
    said = [words.missing(reason) for reason in reasons]
    assert len(set(said)) == len(said)
    assert not any(any(letter.isdigit() for letter in text) for text in said)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("𠮷𠮷", 3, "𠮷…"), ("a𠮷𠮷", 4, "a𠮷…")],
)
def test_texts_are_cut_as_excel_counts(text, most, short):
    assert shortened(text, most) == short
