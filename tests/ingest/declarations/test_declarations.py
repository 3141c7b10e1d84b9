"""A declaration table goes out as a template and comes back row by row, each fault with its cell and way out."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.declarations.columns import load_columns, word
from ingest.declarations.models import Declaration
from ingest.declarations.reading import DeclarationTable, read_declarations
from ingest.declarations.template import role_choice, write_template
from ingest.declarations.workbook import MOST_BYTES, WorkbookError, read_sheets
from taxonomies.catalogue import load_catalogue

# A spreadsheet's days have no zone.
LAST_OF_MARCH = datetime(2027, 3, 31, 23, 59, tzinfo=UTC).replace(tzinfo=None)
HEADERS = {column.key: column.header.en for column in load_columns()}
GOOD: dict[str, object] = {
    "employer": "Example Ltd",
    "role": "1 Java高级软件工程师",
    "headcount": 3,
    "regions": "330100 杭州市；宁波",
    "education": "本科",
    "years": 2.5,
    "skills": "Java、Spring Boot",
    "reason": "Open for six months",
    "from_month": "2027-01",
    "until_month": "2027-12",
}


def workbook(*rows: dict[str, object], headers: dict[str, str] = HEADERS, sheet="Sheet1") -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": LAST_OF_MARCH})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm"})
    for place, (key, header) in enumerate(headers.items()):
        page.write_string(0, place, header)
        for at, row in enumerate(rows, start=1):
            value = row.get(key, "")
            if isinstance(value, datetime):
                page.write_datetime(at, place, value, day)
            else:
                page.write(at, place, value)
    book.close()
    return buffer.getvalue()


def read(*rows: dict[str, object], **options) -> DeclarationTable:
    return read_declarations(workbook(*rows), **options)


def test_a_sound_row() -> None:
    found = read(GOOD)
    assert found.faults == ()
    (row,) = found.rows
    assert row.row == 2
    assert row.declaration == Declaration(
        employer="Example Ltd",
        role=1,
        headcount=3,
        regions=("330100", "330200"),
        education_at_least="bachelor",
        years_at_least=2.5,
        skills=("Java", "Spring Boot"),
        reason="Open for six months",
        from_month="2027-01",
        until_month="2027-12",
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_comes_back_when_filled_in(lang) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template(lang)))
    assert book.sheetnames == [word(f"sheet.{key}", lang) for key in ("entries", "notes", "lists")]
    page = book.worksheets[0]
    headers = [cell.value for cell in page[1]]
    shown = [column for column in load_columns() if column.width]
    assert [header.removesuffix("*") for header in headers] == [
        column.header.within(lang) for column in shown
    ]
    for place, column in enumerate(shown, start=1):
        page.cell(2, place, GOOD.get(column.key, ""))
    role = load_catalogue().roles[0]
    page.cell(2, 2, role_choice(role.number, role.title.within(lang)))
    buffer = io.BytesIO()
    book.save(buffer)
    found = read_declarations(buffer.getvalue())
    assert (found.faults, found.ignored) == ((), ())
    assert found.rows == read(GOOD).rows


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_offers_every_choice_and_asks_for_no_contact(lang) -> None:
    content = write_template(lang)
    book = openpyxl.load_workbook(io.BytesIO(content))
    entries, _, lists = book.worksheets
    rules = {str(rule.sqref): rule for rule in entries.data_validations.dataValidation}
    ranges = [rule.formula1 for rule in rules.values() if rule.type == "list"]
    assert len(ranges) == 3
    assert f"'{lists.title}'!$A$2:$A$93" in ranges
    assert len([cell for cell in lists["A"] if cell.value]) == 93
    assert {rule.type for rule in rules.values()} >= {"list", "whole", "decimal"}
    contact = next(column for column in load_columns() if column.key == "contact")
    assert contact.header.within(lang) not in [cell.value for cell in entries[1]]
    assert write_template(lang) == content
    assert entries.max_row == 1
    assert read_declarations(content) == DeclarationTable((), ())


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"employer": ""}, "employer", "empty"),
        ({"employer": "x" * 301}, "employer", "too_long"),
        ({"role": ""}, "role", "no_role"),
        ({"title": "Tailor"}, "role", "role_and_title"),
        ({"role": "93"}, "role", "unknown_role"),
        ({"role": "0"}, "role", "unknown_role"),
        ({"role": "裁缝"}, "role", "unknown_role"),
        ({"role": "2 Java高级软件工程师"}, "role", "role_differs"),
        ({"role": "嵌入式软件工程师"}, "role", "ambiguous_role"),
        ({"headcount": ""}, "headcount", "empty"),
        ({"headcount": "some"}, "headcount", "not_whole_number"),
        ({"headcount": 2.5}, "headcount", "not_whole_number"),
        ({"headcount": True}, "headcount", "not_whole_number"),
        ({"headcount": 0}, "headcount", "out_of_range"),
        ({"headcount": 100_001}, "headcount", "out_of_range"),
        ({"regions": "杭州市、Atlantis"}, "regions", "unknown_region"),
        ({"regions": "999999"}, "regions", "unknown_region"),
        ({"education": "clever"}, "education", "unknown_education"),
        ({"years": "many"}, "years", "not_a_number"),
        ({"years": 61}, "years", "out_of_range"),
        ({"skills": "、".join(map(str, range(51)))}, "skills", "too_many"),
        ({"reason": "x" * 501}, "reason", "too_long"),
        ({"from_month": ""}, "from_month", "empty"),
        ({"from_month": "2027-13"}, "from_month", "not_a_month"),
        ({"from_month": "soon"}, "from_month", "not_a_month"),
        ({"from_month": "20271"}, "from_month", "not_a_month"),
        ({"until_month": "2026-12"}, "until_month", "until_before_from"),
        ({"reason": "限男性，35岁以下"}, "reason", "asks_protected"),
    ],
)
def test_a_fault_names_cell_and_reason_and_the_rest_is_read(changed, column, reason) -> None:
    found = read(GOOD, GOOD | changed | {"skills": changed.get("skills", "C++")})
    assert [row.row for row in found.rows] == [2]
    assert (3, column, reason) in [(one.row, one.column, one.reason) for one in found.faults]
    assert all(fault.row == 3 and fault.fix for fault in found.faults)
    assert len({fault.column for fault in found.faults}) == 1


@pytest.mark.parametrize(
    ("changed", "field", "expected"),
    [
        ({"role": 1}, "role", 1),
        ({"role": "1"}, "role", 1),
        ({"role": "Java高级软件工程师"}, "role", 1),
        ({"role": "", "title": " 裁缝 "}, "title", "裁缝"),
        ({"headcount": "1,000"}, "headcount", 1000),
        ({"headcount": "３"}, "headcount", 3),
        ({"years": "3年"}, "years_at_least", 3),
        ({"years": ""}, "years_at_least", None),
        ({"education": "Master's degree"}, "education_at_least", "master"),
        ({"education": "本科及以上"}, "education_at_least", "bachelor"),
        ({"regions": ""}, "regions", ()),
        ({"regions": "Hangzhou; 西湖区"}, "regions", ("330100", "330106")),
        ({"from_month": "2027年3月"}, "from_month", "2027-03"),
        ({"from_month": "2027-12-31"}, "from_month", "2027-12"),
        ({"from_month": 202703}, "from_month", "2027-03"),
        ({"from_month": "2027/3/1"}, "from_month", "2027-03"),
        ({"from_month": LAST_OF_MARCH}, "from_month", "2027-03"),
        ({"until_month": ""}, "until_month", None),
    ],
)
def test_what_people_write_is_understood(changed, field: str, expected) -> None:
    found = read(GOOD | changed)
    assert found.faults == ()
    assert getattr(found.rows[0].declaration, field) == expected


def test_contacts_are_neither_read_nor_kept_nor_shown() -> None:
    headers = HEADERS | {"contact": "联系电话", "wage": "Wage"}
    rows = (
        GOOD | {"contact": "13800000000", "wage": 1},
        GOOD | {"reason": "call 13800000000"},
        GOOD | {"reason": "write to hr@example.com"},
    )
    found = read_declarations(workbook(*rows, headers=headers))
    assert found.has_contacts and found.ignored == ("Wage",)
    assert [(fault.row, fault.column, fault.reason) for fault in found.faults] == [
        (3, "reason", "has_contact"),
        (4, "reason", "has_contact"),
    ]
    assert "138" not in repr(found) and "example.com" not in repr(found)
    assert "contact" not in Declaration.model_fields


def test_a_sender_speaks_for_one_employer() -> None:
    found = read(
        GOOD, GOOD | {"employer": ""}, GOOD | {"employer": "Other"}, employer="example ltd"
    )
    assert [row.declaration.employer for row in found.rows] == ["example ltd"]
    assert [(fault.row, fault.reason) for fault in found.faults] == [
        (3, "duplicate"),
        (4, "other_employer"),
    ]


def test_the_same_row_twice_and_empty_rows_between() -> None:
    found = read(GOOD, {}, GOOD, GOOD | {"headcount": 4})
    assert [row.row for row in found.rows] == [2, 5]
    assert [(fault.row, fault.reason, fault.expected) for fault in found.faults] == [
        (4, "duplicate", "2")
    ]


def test_a_missing_column() -> None:
    headers = {key: name for key, name in HEADERS.items() if key != "headcount"}
    found = read_declarations(workbook(GOOD, headers=headers))
    assert [(fault.row, fault.column, fault.reason) for fault in found.faults] == [
        (1, "headcount", "no_column")
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_xlsx"),
        (b"employer,role", "not_xlsx"),
        (b"PK\x03\x04 and no more", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, reason: str) -> None:
    found = read_declarations(content)
    assert [(fault.row, fault.reason, fault.fix) for fault in found.faults] == [
        (1, reason, "use_template")
    ]


def test_a_sheet_without_column_names() -> None:
    found = read_declarations(workbook({}, headers={"a": "one", "b": "two"}))
    assert [fault.reason for fault in found.faults] == ["no_header"]


def repacked(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            held = source.read(name)
            if name == part:
                assert old in held
                held = held.replace(old, new)
            target.writestr(name, held, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'r="A1"', b'r="XFD1"', "too_many_rows"),
        (b'r="A1"', b"r = 'A1048576'", "too_many_rows"),
        (b"<sheetData>", b" " * (65 * 1024 * 1024) + b"<sheetData>", "too_large"),
        (b"<sheetData>", b"\0<sheetData>", "not_xlsx"),
    ],
)
def test_a_file_made_to_exhaust_the_reader_is_refused(old, new, problem) -> None:
    content = repacked(workbook(GOOD), SHEET, old, new)
    with pytest.raises(WorkbookError) as caught:
        read_sheets(content)
    assert caught.value.problem == problem


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_altered_file_breaks_it(data) -> None:
    content = bytearray(workbook(GOOD))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read_declarations(bytes(content)), DeclarationTable)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(GOOD)),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
            st.floats(allow_nan=False, allow_infinity=False),
            st.booleans(),
            st.integers(-40_000, 60_000).map(lambda days: LAST_OF_MARCH + timedelta(days)),
        ),
    )
)
def test_no_cell_breaks_it(row) -> None:
    found = read(GOOD | row)
    assert len(found.rows) + bool(found.faults) == 1 or not any(map(str, (GOOD | row).values()))


@pytest.mark.parametrize(
    "changed",
    [
        {"role": 1, "title": "x"},
        {"role": None},
        {"until_month": "2026-12"},
        {"headcount": 0},
        {"contact": "x"},
        {"from_month": "2027-1"},
        {"reason": "0571-88888888"},
        {"regions": ("Hangzhou",)},
    ],
)
def test_the_model_itself_refuses_what_does_not_fit(changed) -> None:
    facts = {"employer": "E", "role": 1, "headcount": 1, "from_month": "2027-01"}
    assert Declaration.model_validate(facts)
    with pytest.raises(ValidationError):
        Declaration.model_validate(facts | changed)
