"""The XLSX template of declarations: one sheet to fill in, with drop-downs, one of notes, one of choices."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from ingest.declarations.columns import load_columns, word
from ingest.declarations.models import MOST_POSTS
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Lang
from taxonomies.regions import load_regions

#: Rows with drop-downs.
_ROWS = 1000
#: The same every time, so that the same template has the same bytes.
_CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_template(lang: Lang) -> bytes:
    """Return an empty template in one language.

    The first sheet has a row of column names and nothing else, so that no example is sent in by mistake: the
    example stands among the notes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": _CREATED, "title": word("notes.title", lang)})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    entries, notes, lists = (
        book.add_worksheet(word(f"sheet.{name}", lang)) for name in ("entries", "notes", "lists")
    )
    choices = _write_lists(lists, lang, bold)
    # Months are words: as a date, 2027-01 would become the first day of a month in somebody's format.
    as_text = book.add_format({"num_format": "@"})
    for place, column in enumerate(_shown()):
        star = "*" if column.is_required else ""
        is_month = column.key.endswith("_month")
        entries.set_column(place, place, column.width, as_text if is_month else None)
        entries.write_string(0, place, column.header.within(lang) + star, bold)
        rule = _rule(column.key, choices)
        rule |= {"input_title": column.header.within(lang)[:32]}
        rule |= {"input_message": column.note.within(lang)[:255]}
        entries.data_validation(1, place, _ROWS, place, rule)
    entries.freeze_panes(1, 0)
    _write_notes(notes, lang, bold, wrapped)
    book.close()
    return buffer.getvalue()


def role_choice(number: int, title: str) -> str:
    """Return how a role stands in the drop-down: one title stands in two fields, so with its row."""
    return f"{number} {title}"


def _shown() -> list[Any]:
    return [column for column in load_columns() if column.width]


def _write_lists(sheet: Any, lang: Lang, bold: Any) -> dict[str, str]:
    """Write the choices and return the range of each."""
    held = {
        "role": [role_choice(r.number, r.title.within(lang)) for r in load_catalogue().roles],
        "regions": [
            f"{code} {region.label.within(lang)}"
            for code, region in load_regions().items()
            if not region.valid_until
        ],
        "education": [level.label.within(lang) for level in load_education()],
    }
    ranges = {}
    name = word("sheet.lists", lang)
    for place, (key, values) in enumerate(held.items()):
        sheet.set_column(place, place, 40)
        sheet.write_string(0, place, word(f"list.{key}", lang), bold)
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, place, value)
        letter = "ABC"[place]
        ranges[key] = f"='{name}'!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _rule(key: str, choices: dict[str, str]) -> dict[str, Any]:
    """Return what a column takes; the reader judges again, so nothing here need be airtight."""
    match key:
        case "role" | "education":
            return {"validate": "list", "source": choices[key]}
        case "regions":
            # Several places are written by hand, so another value is no error.
            return {"validate": "list", "source": choices[key], "show_error": False}
        case "headcount":
            return {
                "validate": "integer",
                "criteria": "between",
                "minimum": 1,
                "maximum": MOST_POSTS,
            }
        case "years":
            return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 60}
        case _:
            return {"validate": "any"}


def _write_notes(sheet: Any, lang: Lang, bold: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 3, 60)
    sheet.write_string(0, 0, word("notes.title", lang), bold)
    for row, key in enumerate(("row", "privacy", "fair"), start=1):
        sheet.write_string(row, 0, word(f"notes.{key}", lang))
    for place, key in enumerate(("column", "required", "how", "example")):
        sheet.write_string(5, place, word(f"notes.{key}", lang), bold)
    for row, column in enumerate(_shown(), start=6):
        required = "required.yes" if column.is_required else "required.no"
        cells = (
            column.header.within(lang),
            word(required, lang),
            column.note.within(lang),
            word(f"example.{column.key}", lang),
        )
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, wrapped)
