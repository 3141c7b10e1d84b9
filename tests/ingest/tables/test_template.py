"""A template can be filled in and imported; its example may stay."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ingest.tables.checking import EXAMPLE_KEY, check
from ingest.tables.columns import plan_columns
from ingest.tables.opening import read_table
from ingest.tables.template import write_template
from tests.ingest.tables.sheets import faults_of

KINDS = pytest.mark.parametrize("kind", ["candidate", "vacancy"])


@KINDS
def test_its_example_is_not_imported(kind, words):
    assert list(check(read_table(write_template(kind, words)), kind)) == []


@KINDS
def test_its_example_is_right(kind, words):
    book = openpyxl.load_workbook(io.BytesIO(write_template(kind, words)))
    sheet = book.worksheets[0]
    assert sheet["A2"].value == EXAMPLE_KEY
    sheet["A2"] = "mine"
    file = io.BytesIO()
    book.save(file)
    (result,) = check(read_table(file.getvalue()), kind)
    assert result.faults == () and result.record.key == "mine"


@KINDS
def test_every_header_is_known_and_explained(kind, words):
    data = write_template(kind, words)
    plan = plan_columns(read_table(data), kind)
    assert plan.unknown == ()
    assert len(plan.columns) == len(plan.headers)
    notes = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    explained = {row[0].value: row[2].value for row in notes.iter_rows(min_row=2)}
    for header in plan.headers:
        assert explained[header.removesuffix(" *")]


@KINDS
def test_the_header_stays_in_view_and_choices_drop_down(kind, words):
    sheet = openpyxl.load_workbook(io.BytesIO(write_template(kind, words))).worksheets[0]
    assert sheet.freeze_panes == "A2"
    lists = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    assert len(lists) == 3
    # What can be chosen is what is read: a row for each choice.
    header = [cell.value for cell in sheet[1]]
    rows = [header]
    for each in lists:
        (place,) = each.sqref.ranges
        for choice in each.formula1.strip('"').split(","):
            row = [None] * len(header)
            row[header.index(f"{needed(kind, words)} *")] = f"title {len(rows)}"
            row[place.min_col - 1] = choice
            rows.append(row)
    assert len(rows) == 1 + 6 + 4 + 2
    assert faults_of(rows, kind) == []


def needed(kind, words):
    return words(f"table.field.{kind}.{'headline' if kind == 'candidate' else 'title'}")
