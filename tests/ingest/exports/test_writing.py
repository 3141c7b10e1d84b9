"""What an export looks like: days are days, the header stays, notes say where it is from."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import openpyxl
import pytest

from ingest.exports.columns import CANDIDATE_COLUMNS, VACANCY_COLUMNS, Column, column
from ingest.exports.records import candidate_cells, vacancy_cells
from ingest.exports.workbook import LONGEST_CELL
from ingest.exports.writing import MEDIA_TYPES, write, write_to
from search.records.models import Candidate, Vacancy
from tests.ingest.tables.sheets import words_in

#: As spreadsheets have it: without a time zone.
MOMENT = datetime.fromisoformat("2026-11-30T08:15")
COLUMNS = [column("table.field.vacancy", name) for name in ("title", "headcount", "posted")]
ROWS = [
    {"title": "架构师", "headcount": 3, "posted": date(2026, 11, 30)},
    {"title": "x\ny", "headcount": None, "posted": MOMENT},
]


def exported(format, rows=ROWS, columns=COLUMNS, notes=None, lang="zh"):
    return b"".join(write(rows, columns, format, notes or {}, words_in(lang)))


def book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_a_workbook_has_days_a_header_in_view_and_filters(words):
    data = b"".join(write(ROWS, COLUMNS, "xlsx", {}, words))
    sheet = book(data).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [words(each.name_key) for each in COLUMNS]
    assert (
        sheet["C2"].value == datetime.fromisoformat("2026-11-30")
        and sheet["C2"].number_format == "yyyy-mm-dd"
    )
    assert sheet["C3"].value == MOMENT
    assert sheet["B2"].value == 3 and sheet["B2"].data_type == "n"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")


def test_notes_say_who_when_and_how_many(words):
    notes = {"who": "office", "when": MOMENT, "criteria": "=杭州"}
    data = b"".join(write(iter(ROWS), COLUMNS, "xlsx", notes, words))
    sheet = book(data).worksheets[1]
    assert sheet.title == words("table.sheet.notes")
    found = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert found == {**notes, words("table.notes.rows"): 2}


def test_json_lines_have_fields_by_name():
    lines = [json.loads(line) for line in exported("jsonl").splitlines()]
    assert lines[0] == {"title": "架构师", "headcount": 3, "posted": "2026-11-30"}
    assert lines[1]["headcount"] is None


def test_csv_is_utf8_with_a_mark_and_line_ends_of_windows():
    data = exported("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n")[1] == '"架构师",3,"2026-11-30"'


@pytest.mark.parametrize("format", MEDIA_TYPES)
def test_nothing_to_list_is_a_list_of_nothing(format):
    data = exported(format, rows=[])
    assert data == (b"" if format == "jsonl" else data) and isinstance(data, bytes)


@pytest.mark.parametrize("format", MEDIA_TYPES)
def test_rows_are_taken_one_by_one(format):
    rows = ({"title": f"a{number}"} for number in range(2000))
    file = io.BytesIO()
    write_to(file, rows, COLUMNS, format, {}, words_in("en"))
    assert (
        file.getvalue() == exported(format, ({"title": f"a{n}"} for n in range(2000)), lang="en")
        or format == "xlsx"
    )
    assert len(file.getvalue()) > 2000


@pytest.mark.parametrize("format", MEDIA_TYPES)
@pytest.mark.parametrize("text", ["\ud800", "\0", "\ufffe\uffff", "_x0041_", "\x01\x1f"], ids=ascii)
def test_any_character_can_be_sent(format, text):
    assert exported(format, [{"title": f"a{text}b"}])


def test_a_text_longer_than_a_cell_is_cut_and_said_to_be():
    data = exported("xlsx", [{"title": "a" * 40_000}])
    value = book(data).worksheets[0]["A2"].value
    assert len(value) == LONGEST_CELL and value.endswith("…")
    assert 1 in [row[1].value for row in book(data).worksheets[1].iter_rows()]
    notes = {row[0].value for row in book(data).worksheets[1].iter_rows()}
    assert words_in("zh")("table.notes.cut") in notes


@pytest.mark.parametrize(
    "day",
    [
        date(1, 1, 1),
        date(1900, 1, 1),
        date(9999, 12, 31),
        datetime.fromisoformat("0001-01-01T01:01"),
    ],
)
def test_days_that_a_workbook_cannot_hold_are_text(day):
    assert str(book(exported("xlsx", [{"posted": day}])).worksheets[0]["C2"].value).startswith(
        str(day)[:10]
    )


def test_numbers_that_a_workbook_cannot_hold_are_text():
    for number in (10**300, float("inf"), float("nan"), 10**16):
        assert book(exported("xlsx", [{"headcount": number}])).worksheets[0]["B2"].value == str(
            number
        )


def test_a_column_may_say_what_it_likes():
    shout = Column("table.field.vacancy.title", lambda row: str(row["title"]).upper())
    assert json.loads(exported("jsonl", [{"title": "dba"}], [shout])) == {"title": "DBA"}


def test_every_field_of_a_record_has_a_column(words):
    candidate = candidate_cells(Candidate(headline="a"), None, words)
    vacancy = vacancy_cells(Vacancy(title="a"), words)
    assert set(candidate) == {each.field for each in CANDIDATE_COLUMNS}
    assert set(vacancy) == {each.field for each in VACANCY_COLUMNS}


def test_without_a_contact_nobody_is_named(words):
    cells = candidate_cells(Candidate(headline="a"), None, words)
    assert {cells[name] for name in ("name", "phone", "email")} == {None}
