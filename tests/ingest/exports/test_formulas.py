"""Sixty texts that a spreadsheet program would run, and every export: none is a formula, none is lost."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.exports.columns import column
from ingest.exports.formulas import neutralised, restored
from ingest.exports.writing import write
from ingest.tables.opening import read_table
from tests.ingest.tables.sheets import words_in

_STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\u3000=",
    "\u200b=",
    "\ufeff=",
]
_ENDS = ["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://example.com","x")', "SUM(A1:A9)*2"]
PAYLOADS = [start + end for start in _STARTS for end in _ENDS]
COLUMN = column("table.field.vacancy", "title")


def exported(text, format):
    rows = [{"title": text}, {"title": "plain"}]
    return b"".join(write(rows, [COLUMN], format, {"=who": text}, words_in("zh")))


def test_there_are_sixty():
    assert len(set(PAYLOADS)) == 60


@pytest.mark.parametrize("text", PAYLOADS, ids=ascii)
def test_in_csv_it_is_neutral_and_comes_back(text):
    data = exported(text, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'" + text]
    assert b'"' + ("'" + text).replace('"', '""').encode() + b'"' in data
    assert [row.cells for row in read_table(data).rows()][1] == (text,)


def test_in_xlsx_each_is_text_and_comes_back():
    rows = [{"title": text} for text in PAYLOADS]
    notes = {f"={number}": text for number, text in enumerate(PAYLOADS)}
    data = b"".join(write(rows, [COLUMN], "xlsx", notes, words_in("zh")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"<f>" not in content and b"<f " not in content and b"<hyperlink" not in content
            assert "externalLink" not in name
    book = openpyxl.load_workbook(io.BytesIO(data))
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "n", "inlineStr"}
    assert [row.cells for row in read_table(data).rows()][1:] == [(text,) for text in PAYLOADS]


@pytest.mark.parametrize("text", ["1", "a=b", "5 - 3", "'tis", "", "x\n=1", "'"])
def test_what_is_harmless_stays(text):
    assert neutralised(text) == text


@given(st.text(st.one_of(st.sampled_from("'=+-@ \t\n＝"), st.characters()), max_size=20))
def test_whatever_is_neutralised_is_restored(text):
    assert restored(neutralised(text)) == text
    assert not neutralised(text).startswith(
        ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    )


def test_numbers_stay_numbers():
    rows = [{"title": -5}, {"title": 2.5}, {"title": True}]
    data = b"".join(write(rows, [COLUMN], "csv", {}, words_in("en")))
    assert data.decode("utf-8-sig").splitlines()[1:] == ["-5", "2.5", '"TRUE"']
    data = b"".join(write(rows, [COLUMN], "xlsx", {}, words_in("en")))
    assert [row.cells for row in read_table(data).rows()][1:] == [(-5.0,), (2.5,), (True,)]
