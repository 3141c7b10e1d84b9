"""What the record models and the code lists find wrong, told by column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ingest.tables.reading import RowReading
from ingest.tables.rows import Remark
from ingest.tables.vacancy_rows import SKILLS, TEXTS
from search.records.models import Candidate, Vacancy
from search.records.references import unknown_references


def note_invalid(
    reading: RowReading,
    error: ValidationError,
    parts: Mapping[str, Any],
    sources: Mapping[str, str],
) -> None:
    """Note what a model refused; a field that has a fault already is not told twice.

    Args:
        reading: the row.
        error: of its model.
        parts: what the model was given.
        sources: path of the part, such as `wishes.roles`, to field, where they differ.
    """
    told = {fault.column for fault in reading.faults}
    for entry in error.errors(include_url=False, include_input=False):
        field = _field(entry["loc"], parts, sources)
        column = reading.columns.get(field)
        header = column.header if column else ""
        if header in told:
            continue
        told.add(header)
        reading.add(field, *_remarks(str(entry["type"]), entry.get("ctx", {})))


def note_unknown(
    reading: RowReading, record: Candidate | Vacancy, sources: Mapping[str, str]
) -> None:
    """Note codes that no list in force has."""
    for entry in unknown_references(record):
        path = tuple(entry.field.split("."))
        field = _field(path, {}, sources)
        fix = "write_role" if "role" in path[-1] or "roles" in path else "write_region"
        most = {"most": 999} if fix == "write_role" else {}
        reading.add(field, Remark(fix.replace("write", "unknown")), Remark(fix, most))


def _field(loc: tuple[int | str, ...], parts: Mapping[str, Any], sources: Mapping[str, str]) -> str:
    head = str(loc[0]) if loc else ""
    path = ".".join(str(part) for part in loc[:2] if isinstance(part, str))
    if head == "skills" and len(loc) > 1:
        strength = parts["skills"][int(loc[1])].get("strength")
        for field, meant in SKILLS.items():
            if meant == strength:
                return field
    return sources.get(path, sources.get(head, head))


def _remarks(kind: str, about: Mapping[str, Any]) -> tuple[Remark, Remark]:
    match kind:
        case "string_too_long":
            most = {"most": int(about.get("max_length", 0))}
            return Remark("too_long", most), Remark("shorten", most)
        case "too_long":
            most = {"most": int(about.get("max_length", 0))}
            return Remark("too_many", most), Remark("fewer", most)
        case "string_too_short" | "missing":
            return Remark("missing"), Remark("fill_in")
        case "greater_than_equal" | "less_than_equal":
            return Remark("not_allowed"), Remark("write_smaller")
        case "string_unicode" | "string_type":
            return Remark("bad_characters"), Remark("retype")
    return Remark("not_allowed"), Remark("write_other")


def text_field(reading: RowReading, quote: str) -> str:
    """Return which of the columns that make up a vacancy's text has these words."""
    for field in TEXTS:
        if quote in reading.text(field):
            return field
    return TEXTS[0]
