"""Values as people write them: years, levels, choices, phone numbers; each sensible format is taken.

Every reader takes a cell and returns its value, None where the cell says nothing, or raises
`ValueFaultError` with the reason and the way out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TypeVar, cast

from ingest.tables.model import Cell
from ingest.tables.rows import ValueFaultError
from ingest.tables.vocabulary import compact, meanings, plain, words
from search.records.models import EducationLevel, Employment
from search.text.numbers import Years, find_years
from taxonomies.levels import load_education

#: Nobody sees these, so they may not keep a value from being read.
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f]")
_YEARS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:年|years?|yrs?|y)?\s*(?:\+|以上|及以上|or more|plus)?")
#: A longer text is prose, not a length of experience.
_LONGEST_YEARS = 40
#: Longer than any name of a level or a form of employment.
_LONGEST_WORD = 100
_FORMULA_ERRORS = frozenset(
    {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#calc!"}
)

Choice = TypeVar("Choice", bound=str)


def cell_text(cell: Cell) -> str:
    """Return what a cell shows, without blanks and invisible marks at its ends."""
    match cell:
        case None:
            return ""
        case str():
            text = cell.strip()
            # Most texts have none; the ends alone are cleaned, within a text they may join an emoji.
            while text and INVISIBLE.match(text[0]):
                text = text[1:].lstrip()
            while text and INVISIBLE.match(text[-1]):
                text = text[:-1].rstrip()
            return text
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime():
            midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
            return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
    return str(cell)


def says_nothing(text: str) -> bool:
    """Say whether a cell is empty or says that nothing is asked or known."""
    return not text or (len(text) <= 20 and plain(text) in _nothing())


def read_number(cell: Cell, least: float, most: float) -> float | None:
    """Return a number within its range.

    Raises:
        ValueFaultError: `not_a_number` or `out_of_range`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None
    _refuse_formula_error(text)
    digits = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain(text))
    match = re.fullmatch(r"([-+]?\d+(?:\.\d+)?(?:e[-+]?\d{1,2})?)\s*[人名个位]?", digits)
    if match is None:
        raise ValueFaultError(
            "not_a_number", "write_number", least=_short(least), most=_short(most)
        )
    return _within(float(match[1]), least, most)


def read_whole(cell: Cell, least: int, most: int) -> int | None:
    """Return a whole number within its range.

    Raises:
        ValueFaultError: `not_a_number`, `not_whole` or `out_of_range`.
    """
    number = read_number(cell, least, most)
    if number is not None and not number.is_integer():
        raise ValueFaultError("not_whole", "write_number", least=least, most=most)
    return None if number is None else int(number)


def read_years(cell: Cell) -> float | None:
    """Return years of experience: 3, 3.5, "3 years", "3+"; of a range its lower end.

    Raises:
        ValueFaultError: `not_years` or `out_of_range`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None
    _refuse_formula_error(text)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _within(float(cell), 0, 60)
    if match := _YEARS.fullmatch(text):
        return _within(float(match[1]), 0, 60)
    normal = plain(text)
    if normal in words("years", "zero") or normal in words("years", "less_than_one"):
        return 0.0
    if match := _YEARS.fullmatch(normal):
        return _within(float(match[1]), 0, 60)
    if re.fullmatch(r"\d(?:\.\d+)?e-\d{1,3}", normal):
        return _within(float(normal), 0, 60)
    # A bare range needs its unit to be told from other numbers.
    candidates = [normal, f"{normal}年"] if re.search(r"\d$", normal) else [normal]
    for each in candidates:
        found = list(find_years(each)) if len(each) <= _LONGEST_YEARS else []
        if len(found) == 1 and not _other_digits(each, found[0]):
            return _within(found[0].at_least, 0, 60)
    raise ValueFaultError("not_years", "write_years")


def read_education(cell: Cell) -> EducationLevel | None:
    """Return a level by its id, its label or another name, with or without "or above".

    Raises:
        ValueFaultError: `unknown_education`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None
    _refuse_formula_error(text)
    if len(text) > _LONGEST_WORD:
        raise ValueFaultError("unknown_education", "write_education")
    form = compact(text)
    suffixes = sorted((compact(each) for each in words("education", "suffixes")), key=len)
    for ending in ("", *reversed(suffixes)):
        level = _education_names().get(form.removesuffix(ending))
        if level is not None and form.endswith(ending):
            return level
    raise ValueFaultError("unknown_education", "write_education")


def read_employment(cell: Cell) -> Employment | None:
    """Return a form of employment.

    Raises:
        ValueFaultError: `unknown_employment`.
    """
    return cast(
        Employment | None,
        _chosen(cell, meanings("employment"), "unknown_employment", "write_employment"),
    )


def read_status(cell: Cell, kind: str) -> str | None:
    """Return a status of a candidate or vacancy.

    Raises:
        ValueFaultError: `unknown_status`.
    """
    return _chosen(cell, meanings("status", kind), "unknown_status", f"write_status_{kind}")


def _chosen(cell: Cell, known: Mapping[str, str], reason: str, fix: str) -> str | None:
    text = cell_text(cell)
    if says_nothing(text):
        return None
    _refuse_formula_error(text)
    value = known.get(compact(text)) if len(text) <= _LONGEST_WORD else None
    if value is None:
        raise ValueFaultError(reason, fix)
    return value


def _other_digits(text: str, years: Years) -> bool:
    return any(map(str.isdigit, text[: years.start] + text[years.end :]))


def _refuse_formula_error(text: str) -> None:
    if text.startswith("#") and text.lower() in _FORMULA_ERRORS:
        raise ValueFaultError("formula_error", "repair_formula")


def _within(number: float, least: float, most: float) -> float:
    if not least <= number <= most:
        raise ValueFaultError(
            "out_of_range", "write_number", least=_short(least), most=_short(most)
        )
    return number


def _short(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


@cache
def _nothing() -> frozenset[str]:
    return frozenset(words("nothing"))


@cache
def _education_names() -> dict[str, EducationLevel]:
    return {
        compact(name): cast(EducationLevel, level.id)
        for level in load_education()
        for name in (level.id, level.label.zh, level.label.en, *level.aliases_zh, *level.aliases_en)
    }
