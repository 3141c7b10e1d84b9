"""An empty sheet to fill in: headers, drop-downs, one example, and a sheet that explains each column."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import get_args

import xlsxwriter

from ingest.exports.columns import (
    CANDIDATE_COLUMNS,
    CANDIDATE_FIELDS,
    VACANCY_COLUMNS,
    VACANCY_FIELDS,
    Cells,
)
from ingest.exports.records import candidate_cells, vacancy_cells
from ingest.exports.words import Words
from ingest.exports.workbook import CellWriter, write_header
from ingest.tables.checking import EXAMPLE_KEY
from ingest.tables.columns import REQUIRED
from ingest.tables.model import MOST_ROWS
from ingest.tables.vocabulary import Kind
from search.accounts.contacts import Contact
from search.records.models import Candidate, Employment, Vacancy
from taxonomies.levels import load_education

#: A drop-down may hold this many characters, commas included.
_LONGEST_LIST = 255


def write_template(kind: Kind, words: Words) -> bytes:
    """Return an XLSX file to fill in.

    The example has the key `EXAMPLE`; an import passes it over, so it may stay.

    Args:
        kind: what its rows are to be.
        words: the language of headers, drop-downs and notes.
    """
    widths = CANDIDATE_FIELDS if kind == "candidate" else VACANCY_FIELDS
    columns = CANDIDATE_COLUMNS if kind == "candidate" else VACANCY_COLUMNS
    names = {field: words(f"table.field.{kind}.{field}") for field in widths}
    example = _example(kind, words)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(words(f"table.sheet.{kind}"))
    starred = [name + (" *" if field in REQUIRED[kind] else "") for field, name in names.items()]
    write_header(book, sheet, starred)
    grey = {"italic": True, "font_color": "#595959", "valign": "top"}
    look = book.add_format(grey)
    day_look = book.add_format({**grey, "num_format": "yyyy-mm-dd"})
    writer = CellWriter(book, sheet)
    choices = _choices(kind, words)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        cell = column.value(example)
        writer.write(1, at, cell, day_look if isinstance(cell, date) else look)
        if column.field in choices:
            sheet.data_validation(1, at, MOST_ROWS, at, _drop_down(choices[column.field], words))
    _write_notes(book, kind, names, words)
    book.close()
    return file.getvalue()


def _drop_down(choices: list[str], words: Words) -> Mapping[str, object]:
    if len(",".join(choices)) > _LONGEST_LIST:
        raise ValueError(f"a drop-down holds {_LONGEST_LIST} characters; shorten {choices}")
    # Other words for the same are read too, so the list warns and does not forbid.
    return {
        "validate": "list",
        "source": choices,
        "error_type": "warning",
        "error_title": words("table.template.choice_title"),
        "error_message": words("table.template.choice"),
    }


def _choices(kind: Kind, words: Words) -> dict[str, list[str]]:
    levels = [level.label.within(words.lang) for level in load_education()]
    employment = [words(f"employment.{each}") for each in get_args(Employment)]
    if kind == "candidate":
        status = [words(f"table.status.candidate.{each}") for each in ("active", "paused")]
        return {"education": levels, "wished_employment": employment, "status": status}
    status = [words(f"table.status.vacancy.{each}") for each in ("open", "closed")]
    return {"education_at_least": levels, "employment": employment, "status": status}


def _write_notes(
    book: xlsxwriter.Workbook, kind: Kind, names: Mapping[str, str], words: Words
) -> None:
    sheet = book.add_worksheet(words("table.sheet.notes"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 90)
    heads = ("table.template.column", "table.template.required", "table.template.what")
    write_header(book, sheet, [words(head) for head in heads])
    writer = CellWriter(book, sheet)
    for row, (field, name) in enumerate(names.items(), start=1):
        needed = "table.template.yes" if field in REQUIRED[kind] else "table.template.no"
        writer.write(row, 0, name)
        writer.write(row, 1, words(needed))
        writer.write(row, 2, words(f"table.note.{kind}.{field}"))
    general = ("table.template.general", "table.template.example")
    for at, key in enumerate(general):
        writer.write(len(names) + 2 + at, 0, words(key, most=MOST_ROWS, key=EXAMPLE_KEY))


def _example(kind: Kind, words: Words) -> Cells:
    """Return an invented line; what can be said in either language comes from the locale files."""

    def said(field: str) -> str:
        return words(f"table.example.{kind}.{field}")

    if kind == "candidate":
        contact = Contact(said("name"), "13800000000", "name@example.com")
        candidate = Candidate.model_validate(
            {
                "key": EXAMPLE_KEY,
                "headline": said("headline"),
                "summary": said("summary"),
                "skills": [{"name": "Java", "level": "advanced", "years": 5}, {"name": "MySQL"}],
                "work": [
                    {"title": said("headline"), "employer": said("employer"), "start": "2021-03"}
                ],
                "education": [
                    {"level": "bachelor", "school": said("school"), "subject": said("subject")}
                ],
                "years_experience": 5,
                "region": "330100",
                "wishes": {
                    "titles": [said("headline")],
                    "regions": ["330100", "330400"],
                    "pay_monthly_yuan": 20_000,
                    "employment": ["full-time"],
                },
                "languages": [said("language")],
                "certificates": [said("certificate")],
                "available_from": date(2027, 3, 1),
            }
        )
        return candidate_cells(candidate, contact, words)
    vacancy = Vacancy.model_validate(
        {
            "key": EXAMPLE_KEY,
            "title": said("title"),
            "employer": said("employer"),
            "headcount": 3,
            "text": said("text"),
            "skills": [
                {"name": "Java", "level": "advanced", "strength": "required"},
                {"name": "MySQL"},
                {"name": "Kafka", "strength": "optional"},
            ],
            "years_at_least": 3,
            "education_at_least": "bachelor",
            "region": "330100",
            "pay_monthly_yuan_from": 15_000,
            "pay_monthly_yuan_to": 25_000,
            "employment": "full-time",
            "languages": [said("language")],
            "posted": date(2026, 12, 1),
            "valid_through": date(2027, 3, 31),
        }
    )
    return vacancy_cells(vacancy, words)
