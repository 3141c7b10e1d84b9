"""Makes sheets for tests: CSV and XLSX of rows, and the words that files are written in."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from functools import cache
from pathlib import Path

import xlsxwriter

from api.wording import LOCALES, Wording
from ingest.tables.checking import check
from ingest.tables.opening import read_table

ROOT = Path(__file__).parents[3]


@cache
def words_in(lang):
    entries = json.loads((LOCALES / f"{lang}.json").read_text(encoding="utf-8"))
    # Words that stand beside the locale files until they are merged into them.
    for path in sorted(ROOT.glob(f"locales_*.{lang}.json")):
        entries |= json.loads(path.read_text(encoding="utf-8"))
    return Wording(lang, entries)


def csv_of(rows, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return text.getvalue().encode(encoding)


def xlsx_of(rows, name="Data", more=()):
    """Return a workbook; `more` are names of further, empty sheets."""
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for to, cell in enumerate(row):
            match cell:
                case None:
                    pass
                case bool():
                    sheet.write_boolean(at, to, cell)
                case int() | float():
                    sheet.write_number(at, to, cell)
                case date() | datetime():
                    sheet.write_datetime(at, to, cell, day)
                case _:
                    sheet.write_string(at, to, cell)
    for other in more:
        book.add_worksheet(other)
    book.close()
    return file.getvalue()


def rezipped(data, change, *, compression=zipfile.ZIP_DEFLATED):
    """Return an archive whose entries (name to bytes) were changed in place by `change`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    change(entries)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def rows_of(data):
    return [row.cells for row in read_table(data).rows()]


def results(rows, kind, mapping=None, *, make=csv_of, **options):
    return list(check(read_table(make(rows)), kind, mapping, **options))


def only(rows, kind, mapping=None, **options):
    """Return the one record of a sheet; whatever else it gives fails the test."""
    (result,) = results(rows, kind, mapping, **options)
    assert result.faults == ()
    return result.record


def faults_of(rows, kind, **options):
    """Return row, column, reason and fix of every fault."""
    return [
        (fault.row, fault.column, fault.reason.code, fault.fix.code)
        for result in results(rows, kind, **options)
        for fault in result.faults
    ]
