"""A row of a sheet of vacancies as the parts of a record."""

from __future__ import annotations

from typing import Any

from ingest.tables.days import read_date
from ingest.tables.lists import split_names
from ingest.tables.model import Cell
from ingest.tables.pay import Range, read_pay, read_single_pay
from ingest.tables.places import read_region, read_role
from ingest.tables.reading import RowReading
from ingest.tables.rows import Remark
from ingest.tables.skill_cells import read_skills
from ingest.tables.values import (
    read_education,
    read_employment,
    read_status,
    read_whole,
    read_years,
    says_nothing,
)

#: Where each part of the record comes from, for what the model finds wrong.
FIELD_OF = {"pay_monthly_yuan_from": "pay_from", "pay_monthly_yuan_to": "pay_to"}
#: Columns that make up the text, in its order.
TEXTS = ("text", "duties", "requirements")
#: Columns of skills and how strongly they are asked for.
SKILLS = {"required_skills": "required", "skills": "favoured", "optional_skills": "optional"}
_MOST_POSTS = 100_000


def vacancy_parts(reading: RowReading) -> dict[str, Any]:
    """Return what `Vacancy` validates, the key left out; what cannot be read is noted in `reading`."""
    low, high = _pay(reading)
    posted = reading.read("posted", read_date)
    valid_through = reading.read("valid_through", read_date)
    if posted is not None and valid_through is not None and valid_through < posted:
        reading.add("valid_through", Remark("dates_reversed"), Remark("swap_dates"))
    return {
        "title": reading.text("title"),
        "text": "\n".join(filter(None, map(reading.text, TEXTS))),
        "employer": reading.text("employer") or None,
        "role": reading.read("role", read_role),
        "headcount": reading.read("headcount", _headcount),
        "skills": [
            {**skill, "strength": strength}
            for field, strength in SKILLS.items()
            if not says_nothing(text := reading.text(field))
            for skill in read_skills(text)
        ],
        "years_at_least": reading.read("years_at_least", read_years),
        "education_at_least": reading.read("education_at_least", read_education),
        "region": reading.read("region", read_region),
        "pay_monthly_yuan_from": low,
        "pay_monthly_yuan_to": high,
        "employment": reading.read("employment", read_employment),
        "languages": _languages(reading),
        "posted": posted,
        "valid_through": valid_through,
        "status": reading.read("status", lambda cell: read_status(cell, "vacancy")) or "open",
    }


def _pay(reading: RowReading) -> Range:
    low = reading.read("pay_from", lambda cell: read_single_pay(cell, reading.unit("pay_from")))
    high = reading.read("pay_to", lambda cell: read_single_pay(cell, reading.unit("pay_to")))
    for field in ("pay", "pay_yearly"):
        if low is None and high is None:
            low, high = _range(reading, field)
    if low is not None and high is not None and low > high:
        reading.add("pay_to", Remark("pay_reversed"), Remark("swap_pay"))
    return low, high


def _range(reading: RowReading, field: str) -> Range:
    unit, yearly = reading.unit(field), field == "pay_yearly"
    found = reading.read(field, lambda cell: read_pay(cell, unit, yearly=yearly))
    return found or (None, None)


def _headcount(cell: Cell) -> int | None:
    return read_whole(cell, 1, _MOST_POSTS)


def _languages(reading: RowReading) -> tuple[str, ...]:
    text = reading.text("languages")
    return () if says_nothing(text) else split_names(text, slash=False)
