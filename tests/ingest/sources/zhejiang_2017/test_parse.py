"""Annex 1 of the 2017 plan: what the parser reads is what the catalogue release holds."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ingest.sources.zhejiang_2017.parse import END, START, AnnexLayoutError, CatalogueRow, parse

DATA = Path(__file__).parents[4] / "taxonomies" / "data"
SOURCE = DATA / "sources" / "2026.11" / "000_b3e2d36d63e4fadf.txt"
ROLES = DATA / "catalogue" / "zhejiang-2017" / "roles.csv"
COLUMNS = ("number", "domain", "field", "order", "title", "duty")


@pytest.fixture(scope="module")
def document() -> str:
    return SOURCE.read_bytes().decode("utf-8")


@pytest.fixture(scope="module")
def rows(document: str) -> list[CatalogueRow]:
    return parse(document)


def as_csv(rows: list[CatalogueRow]) -> bytes:
    """Write rows the way the release holds them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8")


def test_the_committed_rows_are_what_the_parser_reads(rows: list[CatalogueRow]) -> None:
    assert as_csv(rows) == ROLES.read_bytes()


def test_92_rows_2_domains_19_fields(rows: list[CatalogueRow]) -> None:
    assert [row.number for row in rows] == list(range(1, 93))
    assert len({row.domain for row in rows}) == 2
    assert len({(row.domain, row.field) for row in rows}) == 19


def test_order_counts_within_the_field(rows: list[CatalogueRow]) -> None:
    fields: dict[str, list[int]] = {}
    for row in rows:
        fields.setdefault(row.field, []).append(row.order)
    assert all(orders == list(range(1, len(orders) + 1)) for orders in fields.values())


def test_one_title_stands_in_two_fields(rows: list[CatalogueRow]) -> None:
    twice = [row for row in rows if row.title == "嵌入式软件工程师"]
    assert [row.number for row in twice] == [4, 38]
    assert len({row.field for row in twice}) == 2
    assert len({row.title for row in rows}) == 91


def test_every_cell_is_verbatim(rows: list[CatalogueRow], document: str) -> None:
    for row in rows:
        for cell in (row.domain, row.field, row.title, row.duty):
            assert cell
            assert cell in document, row.number


class TestDamagedAnnex:
    def test_another_document(self) -> None:
        with pytest.raises(AnnexLayoutError, match="was not found; is this the 2017 plan"):
            parse("关于加快推进集成电路产业发展的实施意见")

    def test_the_end_stands_before_the_start(self) -> None:
        with pytest.raises(AnnexLayoutError, match="was not found"):
            parse(END + START)

    def test_another_header(self, document: str) -> None:
        with pytest.raises(AnnexLayoutError, match="the header should read"):
            parse(document.replace("紧缺人才类别", "紧缺岗位"))

    def test_a_row_is_missing(self, document: str, rows: list[CatalogueRow]) -> None:
        start = document.index(START)
        title = document.index(rows[1].title, start)
        duty_ends = document.index(rows[1].duty, start) + len(rows[1].duty)
        before = document.rindex("\n\n", start, title)
        with pytest.raises(AnnexLayoutError, match="should hold 92 rows, 91 were read"):
            parse(document[:before] + document[duty_ends:])

    def test_a_row_without_a_duty(self, document: str, rows: list[CatalogueRow]) -> None:
        start = document.index(START)
        at = document.index(rows[1].duty, start)
        with pytest.raises(AnnexLayoutError, match="should end in title and duty"):
            parse(document[:at] + document[at + len(rows[1].duty) :])

    @pytest.mark.parametrize("rest", ["", "\n", "\n\n\n"])
    def test_an_empty_annex(self, rest: str) -> None:
        with pytest.raises(AnnexLayoutError):
            parse(START + rest + END)
