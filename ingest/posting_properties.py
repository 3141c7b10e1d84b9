"""Properties of a schema.org JobPosting as our fields; what is not understood is left open, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from ingest.linked_data import plain_text
from ingest.tables.days import read_date
from ingest.tables.lists import split_names
from ingest.tables.places import region_code
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import read_education, read_employment, read_years
from search.records.models import EducationLevel

#: Months that a unit of pay covers; hours, days and weeks have no fixed number of them.
_MONTHS = {"month": 1, "mon": 1, "monthly": 1, "year": 12, "ann": 12, "annual": 12, "yearly": 12}
_KEY = re.compile(r"[A-Za-z0-9._-]{1,64}")
_EMPLOYMENT = {
    "FULL_TIME": "full-time",
    "PART_TIME": "part-time",
    "CONTRACTOR": "contract",
    "TEMPORARY": "contract",
    "PER_DIEM": "contract",
    "INTERN": "internship",
}
#: schema.org's credential categories, by our levels.
_CREDENTIALS = {
    "high school": "upper-secondary",
    "associate degree": "associate",
    "bachelor degree": "bachelor",
    "postgraduate degree": "master",
    "professional certificate": None,
}
#: Texts of one property that are tried.
_TRIED = 3

Value = TypeVar("Value")


def description(node: Mapping[str, Any]) -> str:
    """Return the texts of a posting, each once, a line for each block."""
    names = ("description", "responsibilities", "qualifications", "experienceRequirements")
    texts = [
        plain_text(text)
        for name in names
        for text in _texts(node.get(name))
        if name != "experienceRequirements" or not re.fullmatch(r"[\d.]+", text.strip())
    ]
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _texts(value: object) -> list[str]:
    """Return the texts of a property that may be a text, a node or a list of either."""
    texts = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            texts.append(each)
        elif isinstance(each, dict):
            found = next((each[name] for name in ("name", "description") if each.get(name)), None)
            texts += [found] if isinstance(found, str) else []
    return texts


def first_text(value: object) -> str:
    """Return the first text of a property; "" where it has none."""
    return next((text for text in _texts(value) if text.strip()), "")


def name(value: object) -> str:
    """Return the name of a thing; "" where it has none."""
    return plain_text(first_text(value))


def key(value: object) -> str | None:
    """Return an identifier: a text or number, or the value of a PropertyValue."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("value")
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _KEY.fullmatch(text) else None


def skills(value: object) -> list[str]:
    """Return the names of skills, each once."""
    names = (name for text in _texts(value) for name in split_names(plain_text(text)))
    return list(dict.fromkeys(names))


def whole(value: object) -> int | None:
    """Return a whole number from 1, or None."""
    number = _number(value)
    return int(number) if number is not None and number >= 1 and number.is_integer() else None


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < 1e12 else None


def years(value: object) -> float | None:
    """Return years of an OccupationalExperienceRequirements in months, or of a text that states them."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            months = _number(each.get("monthsOfExperience"))
            if months is not None and 0 <= months <= 720:
                return round(months / 12, 2)
    return _read(read_years, _texts(value))


def education(value: object) -> EducationLevel | None:
    """Return the first level that is named, by schema.org's categories or by a name that we know."""
    texts: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            texts += _texts(each.get("credentialCategory"))
        texts += _texts(each)
    named = [_CREDENTIALS.get(text.strip().lower()) or text for text in texts]
    return _read(read_education, named)


def employment(value: object) -> str | None:
    """Return the first form of employment that is known."""
    for text in _texts(value):
        known = _EMPLOYMENT.get(text.rpartition("/")[2].strip().upper().replace("-", "_"))
        if known or (known := _read(read_employment, [text])):
            return known
    return None


def _read(reader: Callable[[str], Value | None], texts: Iterable[str]) -> Value | None:
    for text in islice(texts, _TRIED):
        try:
            found = reader(text)
        except ValueFaultError:
            continue
        if found is not None:
            return found
    return None


def day(value: object) -> date | None:
    """Return a day, or None where none can be read."""
    return _read(read_date, _texts(value))


def region(value: object) -> str | None:
    """Return the nearest place that is known, of a Place, its address, or a text; the first of several."""
    for each in value if isinstance(value, list) else [value]:
        address = each.get("address", each) if isinstance(each, dict) else each
        if isinstance(address, str) and (code := region_code(address)):
            return code
        if isinstance(address, dict):
            parts = [
                first_text(address.get(name))
                for name in ("addressRegion", "addressLocality", "streetAddress")
            ]
            for texts in ([*parts[:2]], [parts[1]], [parts[0]]):
                code = region_code(" ".join(filter(None, texts)))
                if code is not None:
                    return code
    return None


def monthly_pay(value: object) -> tuple[int | None, int | None]:
    """Return monthly yuan of a MonetaryAmount in CNY by month or year; nothing is guessed."""
    if not isinstance(value, dict) or str(value.get("currency", "")).upper() not in {"CNY", "RMB"}:
        return None, None
    amount = value.get("value")
    amount = amount if isinstance(amount, dict) else {"value": amount}
    months = _MONTHS.get(str(amount.get("unitText") or value.get("unitText") or "").lower())
    if months is None:
        return None, None
    single = _number(amount.get("value"))
    low, high = (_number(amount.get(name)) for name in ("minValue", "maxValue"))
    low, high = (single, single) if low is None and high is None else (low, high)
    if any(each is not None and not 0 <= each / months <= 10_000_000 for each in (low, high)):
        return None, None
    if low is not None and high is not None and low > high:
        return None, None
    return (
        None if low is None else round(low / months),
        None if high is None else round(high / months),
    )
