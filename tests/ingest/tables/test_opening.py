"""What can be read is read; what is harmful or no table is refused, each for its own reason."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from functools import cache

import pytest
import xlsxwriter

from ingest.tables.archives import MOST_ENTRIES, check_archive
from ingest.tables.delimited import sniff_delimiter
from ingest.tables.model import MOST_COLUMNS, MOST_ROWS, TableError
from ingest.tables.opening import MOST_BYTES, read_table
from ingest.tables.workbooks import read_workbook
from tests.ingest.tables.sheets import csv_of, rezipped, rows_of, xlsx_of

ROWS = [["职位名称", "招聘人数"], ["Java工程师", "3"], ["架构师", "1"]]
READ = [tuple(row) for row in ROWS]


def refusal(data, read=read_table):
    with pytest.raises(TableError) as caught:
        read(data)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_programs_write_it(encoding, delimiter):
    assert rows_of(csv_of(ROWS, encoding, delimiter)) == READ


def test_the_mark_inside_quotes_is_no_delimiter():
    assert sniff_delimiter('a;b\n"1,2,3,4";2\n"5,6,7,8";3\n') == ";"


def test_a_sheet_of_one_column_is_read():
    assert rows_of("职位名称\nJava工程师\n".encode()) == [("职位名称",), ("Java工程师",)]


def test_rows_are_numbered_as_a_spreadsheet_program_shows_them():
    table = read_table(b'a,b\n"x\ny",1\n\n,,\nz,2\n')
    assert [row.number for row in table.rows()] == [1, 2, 5]
    table = read_table(xlsx_of([[], ["a"], [], ["b"]]))
    assert [row.number for row in table.rows()] == [2, 4]


def test_a_table_can_be_read_again_and_again():
    table = read_table(xlsx_of(ROWS))
    assert list(table.rows()) == list(table.rows())


def test_cells_of_a_workbook_keep_their_types():
    moment = datetime.fromisoformat("2026-11-30T08:15")
    row = ["x", 1.5, True, date(2026, 11, 30), None, moment]
    assert rows_of(xlsx_of([row])) == [tuple(row)]


def test_formulas_are_values_and_text_like_them_is_text():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_string(0, 1, "=1+1")
    book.close()
    assert rows_of(file.getvalue()) == [(2.0, "=1+1")]


def test_the_first_visible_sheet_with_content_is_read():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    hidden, empty, full = (book.add_worksheet(name) for name in ("hidden", "empty", "full"))
    hidden.write_string(0, 0, "no")
    full.write_string(0, 0, "yes")
    full.set_first_sheet()
    full.activate()
    hidden.hide()
    assert empty is not None
    book.close()
    table = read_table(file.getvalue())
    assert (table.sheet, [row.cells for row in table.rows()]) == ("full", [("yes",)])


def with_entry(name, content=b"x"):
    return rezipped(xlsx_of(ROWS), lambda entries: entries.update({name: content}))


def encrypted_flag():
    """Return a workbook whose entries say that they are encrypted, in both places."""
    data = bytearray(xlsx_of(ROWS))
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = -1
        while (place := data.find(sign, place + 1)) >= 0:
            data[place + at] |= 1
    return bytes(data)


def compound(content=b""):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + content + bytes(600)


def ratio_bomb():
    return with_entry("xl/media/image1.png", bytes(50 * 1024 * 1024))


def size_bomb():
    # Each part alone is within the ratio; together they are too much.
    part = bytes(range(256)) * 4 * 1024 * 55

    def grow(entries):
        entries.update({"xl/a.bin": part, "xl/b.bin": part})

    return rezipped(xlsx_of(ROWS), grow, compression=zipfile.ZIP_DEFLATED)


def overlapping():
    """Return an archive in which 400 names share the bytes of one entry."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"a" * 200_000)
        archive.writestr("[Content_Types].xml", b"")
    data = file.getvalue()
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    entry = data[start : data.index(b"PK\x01\x02", start + 4)]
    copies = b"".join(
        entry.replace(b"xl/workbook.xml", f"xl/work{number:04}.xml".encode())
        for number in range(400)
    )
    directory = copies + data[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 402, 402, len(directory), start, 0)
    return data[:start] + directory + tail


def many_entries(lie=False):
    def grow(entries):
        entries.update({f"xl/media/{number}": b"" for number in range(MOST_ENTRIES)})

    data = bytearray(rezipped(xlsx_of(ROWS), grow))
    if lie:
        # The end record counts five; the directory is as long as before.
        struct.pack_into("<2H", data, data.rindex(b"PK\x05\x06") + 8, 5, 5)
    return bytes(data)


def document(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(name, "<x/>")
    return file.getvalue()


def sheet_with(xml):
    def change(entries):
        entries["xl/worksheets/sheet1.xml"] = xml.encode()

    return rezipped(xlsx_of(ROWS), change)


HOSTILE = {
    "nothing": (b"", "empty"),
    "a mark and blanks": (b"\xef\xbb\xbf \r\n\t", "empty"),
    "zeros": (bytes(100), "empty"),
    "commas only": (b",,,\n,,\n", "empty"),
    "a workbook without cells": (xlsx_of([]), "empty"),
    "too large": (b"a," * (MOST_BYTES // 2 + 1), "too_large"),
    "encrypted by the Office way": (compound("EncryptedPackage".encode("utf-16-le")), "encrypted"),
    "encrypted by the ZIP way": (encrypted_flag(), "encrypted"),
    "an .xls": (compound(), "old_workbook"),
    "macros": (with_entry("xl/vbaProject.bin"), "macros"),
    "macros elsewhere": (with_entry("other/VBAPROJECT.BIN"), "macros"),
    "a macro sheet": (with_entry("xl/macrosheets/sheet1.xml"), "macros"),
    "a binary workbook": (document("xl/workbook.bin"), "binary_workbook"),
    "a DOCX": (document("word/document.xml"), "wrong_type"),
    "an ODS": (document("mimetype"), "wrong_type"),
    "a ZIP": (document("readme.txt"), "wrong_type"),
    "a PDF": (b"%PDF-1.7\n", "wrong_type"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), "wrong_type"),
    "a program": (b"MZ\x90\x00", "wrong_type"),
    "a page": (b"\xef\xbb\xbf\n<!DOCTYPE html><table><tr><td>1", "wrong_type"),
    "XML": (b'<?xml version="1.0"?><a/>', "wrong_type"),
    "a ratio of a thousand": (ratio_bomb(), "unpacks_too_much"),
    "more than 100 MB": (size_bomb(), "unpacks_too_large"),
    "names that share their bytes": (overlapping(), "unpacks_too_much"),
    "too many parts": (many_entries(), "too_many_entries"),
    "too many parts, said to be few": (many_entries(lie=True), "too_many_entries"),
    "a workbook within": (with_entry("xl/embeddings/inner.xlsx"), "nested_archive"),
    "a ZIP within": (with_entry("x.ZIP"), "nested_archive"),
    "a name that climbs": (with_entry("../../etc/passwd"), "unsafe_names"),
    "a name from the root": (with_entry("/etc/passwd"), "unsafe_names"),
    "a name of a drive": (with_entry("C:/x"), "unsafe_names"),
    "a name with backslashes": (with_entry("xl\\..\\..\\x"), "unsafe_names"),
    "half a workbook": (xlsx_of(ROWS)[:2000], "broken_archive"),
    "a beginning only": (b"PK\x03\x04", "broken_archive"),
    "an empty archive": (b"PK\x05\x06" + bytes(18), "wrong_type"),
    "bytes": (b"\x00\x01\x02abc", "not_text"),
    "no known encoding": (b"a,b\n\xff\xff\xff,1", "unknown_encoding"),
    "UTF-16 cut in half": ("表,1\n".encode("utf-16")[:-1], "unknown_encoding"),
    "quotes that never end": (b'a,b\n1,2\n"x,3\n4,5\n', "broken_quotes"),
    "a long cell": (b'a,b\n"' + b"x" * 120_000 + b'",1', "cell_too_long"),
    "a longer cell": (b'a,b\n"' + b"x" * 200_000 + b'",1', "cell_too_long"),
    "many rows in CSV": (b"a\n" * (MOST_ROWS + 20), "too_many_rows"),
    "many columns in CSV": (b"a," * MOST_COLUMNS + b"a", "too_many_columns"),
    "many rows": (xlsx_of([["a"]] * (MOST_ROWS + 20)), "too_many_rows"),
    "many columns": (xlsx_of([["a"] * (MOST_COLUMNS + 1)]), "too_many_columns"),
    "a sheet that is no XML": (sheet_with("<worksheet><sheetData><row"), "broken_workbook"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_is_refused_for_its_reason(name):
    data, code = HOSTILE[name]
    assert refusal(data) == code


def test_each_reason_of_a_file_was_tried(words):
    tried = {code for _, code in HOSTILE.values()}
    tried |= {"took_too_long", "took_too_much_memory"}  # below
    tried |= {"no_header", "missing_column", "duplicate_columns", "unknown_field"}  # of headers
    tried |= {"mapped_header_missing"}
    said = {key.rpartition(".")[2] for key in words._entries if key.startswith("table.refused.")}
    assert tried == said


def test_a_refusal_can_be_said(words):
    for data, code in HOSTILE.values():
        with pytest.raises(TableError) as caught:
            read_table(data)
        assert "{" not in words(f"table.refused.{code}", **caught.value.params)


XXE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>
</sheetData></worksheet>"""
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><worksheet xmlns="
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("xml", [XXE, LAUGHS], ids=["external entity", "billion laughs"])
def test_entities_are_not_followed(xml):
    try:
        read = rows_of(sheet_with(xml))
    except TableError as error:
        read = [(error.code,)]
    assert "root:" not in str(read) and len(str(read)) < 1000


def test_a_far_corner_costs_an_answer_and_no_more():
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )
    assert refusal(sheet_with(xml)) in {
        "too_many_rows",
        "took_too_much_memory",
        "took_too_long",
    }


def test_a_directory_that_lies_about_its_sizes_costs_an_answer_and_no_more():
    data = bytearray(rezipped(xlsx_of(ROWS), lambda entries: entries.update(
        {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 300_000_000}
    )))  # fmt: skip
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        if struct.unpack_from("<L", data, place + 24)[0] > 1_000_000:
            struct.pack_into("<L", data, place + 24, 1_000_000)
    check_archive(bytes(data))  # it looks harmless
    assert refusal(bytes(data)) in {
        "empty",
        "broken_workbook",
        "took_too_much_memory",
        "took_too_long",
    }


def test_reading_ends_with_its_time():
    data = xlsx_of([["x" * 50] * 12] * 20_000)
    assert refusal(data, lambda each: read_workbook(each, seconds=0.2)) == "took_too_long"


@cache
def wide_sheet():
    return xlsx_of([["x" * 500] * 30] * 10_000)


@pytest.mark.parametrize("megabytes", [90, 150, 250])
def test_reading_without_memory_is_a_refusal(megabytes):
    # Which one depends on who asks last: Python says so, libraries of other languages fall over.
    data = wide_sheet()
    assert refusal(data, lambda each: read_workbook(each, megabytes=megabytes))


def test_more_text_than_is_taken_is_refused():
    assert refusal(wide_sheet(), read_workbook) == "took_too_much_memory"


def test_a_broken_workbook_is_told_from_a_broken_archive():
    def change(entries):
        entries["xl/workbook.xml"] = b"<workbook><sheets><sheet"

    assert refusal(rezipped(xlsx_of(ROWS), change)) == "broken_workbook"
