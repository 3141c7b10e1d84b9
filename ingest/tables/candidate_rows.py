"""A row of a sheet of candidates as the parts of a record, and the contact beside it."""

from __future__ import annotations

from typing import Any

from ingest.tables.contact_values import read_email, read_phone
from ingest.tables.days import read_date
from ingest.tables.history_cells import read_stages, read_work
from ingest.tables.lists import split_names
from ingest.tables.model import Cell
from ingest.tables.pay import read_single_pay
from ingest.tables.places import read_region, read_regions, read_wished_roles
from ingest.tables.reading import RowReading
from ingest.tables.skill_cells import read_skills
from ingest.tables.values import (
    cell_text,
    read_employment,
    read_status,
    read_years,
    says_nothing,
)
from search.accounts.contacts import Contact

#: Where each part of the record comes from, for what the model finds wrong.
FIELD_OF = {
    "wishes.roles": "wished_roles",
    "wishes.titles": "wished_roles",
    "wishes.regions": "wished_regions",
    "wishes.pay_monthly_yuan": "wished_pay",
    "wishes.employment": "wished_employment",
}
LONGEST_NAME = 100


def candidate_parts(reading: RowReading) -> dict[str, Any]:
    """Return what `Candidate` validates, the key left out; what cannot be read is noted in `reading`."""
    roles, titles = reading.read("wished_roles", read_wished_roles) or ((), ())
    return {
        "headline": reading.text("headline"),
        "summary": reading.text("summary"),
        "skills": read_skills(reading.text("skills")),
        "work": reading.read("work", lambda cell: read_work(cell_text(cell))) or (),
        "education": _education(reading),
        "years_experience": reading.read("years_experience", read_years),
        "region": reading.read("region", read_region),
        "wishes": {
            "roles": roles,
            "titles": titles,
            "regions": reading.read("wished_regions", read_regions) or (),
            "pay_monthly_yuan": _wished_pay(reading),
            "employment": reading.read("wished_employment", _employments) or (),
        },
        "languages": _names(reading, "languages"),
        "certificates": _names(reading, "certificates"),
        "talent_tier": reading.text("talent_tier") or None,
        "available_from": reading.read("available_from", read_date),
        "status": reading.read("status", lambda cell: read_status(cell, "candidate")) or "active",
    }


def contact_of(reading: RowReading) -> Contact:
    """Return who the row is about; what cannot be read is noted in `reading`."""
    phone, email = reading.read("phone", read_phone), reading.read("email", read_email)
    return Contact(reading.text("name")[:LONGEST_NAME], phone or "", email or "")


def _education(reading: RowReading) -> list[dict[str, Any]]:
    stages = reading.read("education", lambda cell: read_stages(cell_text(cell))) or []
    # Columns of their own tell of the highest level, which is the first said.
    if stages:
        for name in ("school", "subject"):
            stages[0][name] = reading.text(name) or stages[0][name]
    return stages


def _wished_pay(reading: RowReading) -> int | None:
    monthly = reading.read(
        "wished_pay", lambda cell: read_single_pay(cell, reading.unit("wished_pay"))
    )
    if monthly is not None:
        return monthly
    return reading.read(
        "wished_pay_yearly",
        lambda cell: read_single_pay(cell, reading.unit("wished_pay_yearly"), yearly=True),
    )


def _employments(cell: Cell) -> tuple[str, ...]:
    found = (read_employment(part) for part in split_names(cell_text(cell)))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _names(reading: RowReading, field: str) -> tuple[str, ...]:
    text = reading.text(field)
    # CET-4/6 is one certificate.
    return () if says_nothing(text) else split_names(text, slash=False)
