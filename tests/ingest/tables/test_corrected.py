"""The faulty rows come back as they were, with why and what to do, and can be imported again."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from ingest.tables.checking import check
from ingest.tables.columns import plan_columns
from ingest.tables.corrected import write_corrected
from ingest.tables.opening import read_table
from tests.ingest.tables.sheets import csv_of, xlsx_of

ROWS = [
    ["招聘需求表"],
    ["职位名称", "招聘人数", "没见过的列", "截止日期", "性别要求", "备注=1"],
    ["架构师", 3, "x", date(2026, 11, 30), None, "=1+1"],
    ["前端", "很多", "=cmd|' /C calc'!A0", date(2026, 11, 30), None, None],
    ["测试", 2, None, "明天", "男", "+1"],
    ["后端", 1, None, None, None, None],
]


def corrected(rows, words, make=xlsx_of, kind="vacancy"):
    table = read_table(make(rows))
    faults = [fault for result in check(table, kind) for fault in result.faults]
    return write_corrected(table, plan_columns(table, kind), faults, words)


@pytest.mark.parametrize("make", [csv_of, xlsx_of], ids=["csv", "xlsx"])
def test_it_has_the_faulty_rows_with_all_their_columns(make, words):
    table = read_table(corrected(ROWS, words, make))
    header, *rows = [row.cells for row in table.rows()]
    assert header == (*ROWS[1], words("table.corrected.reason"), words("table.corrected.fix"))
    assert [row[0] for row in rows] == ["前端", "测试"]
    assert rows[0][2] == "=cmd|' /C calc'!A0"
    assert all(isinstance(cell, str) and cell for row in rows for cell in row[-2:])


def test_faults_are_coloured_and_say_it_in_a_comment(words):
    sheet = openpyxl.load_workbook(io.BytesIO(corrected(ROWS, words))).worksheets[0]
    marked = {
        cell.coordinate
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFCE4D6"
    }
    commented = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert marked == commented == {"B2", "D3", "E3"}
    assert sheet.freeze_panes == "A2"
    assert words("table.fix.write_number", least=1, most=100000) in sheet["B2"].comment.text


def test_nothing_in_it_is_a_formula(words):
    sheet = openpyxl.load_workbook(io.BytesIO(corrected(ROWS, words))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }


def test_put_right_it_is_imported_and_its_own_columns_are_passed_over(words):
    book = openpyxl.load_workbook(io.BytesIO(corrected(ROWS, words)))
    sheet = book.worksheets[0]
    sheet["B2"], sheet["D3"], sheet["E3"] = 5, date(2026, 12, 1), None
    file = io.BytesIO()
    book.save(file)
    table = read_table(file.getvalue())
    assert plan_columns(table, "vacancy").unknown == ("没见过的列", "备注=1")
    found = list(check(table, "vacancy"))
    assert [(each.record.title, each.record.headcount) for each in found] == [
        ("前端", 5),
        ("测试", 2),
    ]


def test_not_put_right_it_says_the_same_again_and_grows_no_wider(words):
    once = corrected(ROWS, words)
    table = read_table(once)
    faults = [fault for result in check(table, "vacancy") for fault in result.faults]
    again = read_table(write_corrected(table, plan_columns(table, "vacancy"), faults, words))
    assert [row.cells for row in again.rows()] == [row.cells for row in table.rows()]


def test_a_missing_value_is_marked_too(words):
    sheet = openpyxl.load_workbook(
        io.BytesIO(corrected([["职位", "人数"], ["", 1]], words))
    ).worksheets[0]
    assert sheet["A2"].comment and sheet["A2"].value is None


def test_without_faults_there_is_a_header_only(words):
    table = read_table(corrected([["职位"], ["a"]], words))
    assert len(list(table.rows())) == 1
