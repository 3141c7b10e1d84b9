"""Days as people and spreadsheet programs write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from ingest.tables.model import Cell
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import cell_text, says_nothing
from ingest.tables.vocabulary import date_words, plain

#: Day 0 of spreadsheet programs; day 60 is the 29 February 1900 that never was, so this holds from 61 on.
_EPOCH = date(1899, 12, 30)
#: Whole numbers that are taken for days: 1980 to 2099.
_SERIAL = range(29_221, 73_051)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})-?(?:[t ]+\d{1,2}:\d{2}\S*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ENGLISH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?|([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?)"
    r",?\s+(\d{4})"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def read_date(cell: Cell) -> date | None:
    """Return a day: 2026-11-30, 2026/11/30, with the Chinese words, 20261130, "30 Nov 2026", day numbers.

    Raises:
        ValueFaultError: `not_a_date`, or `ambiguous_date` where day and month could be either.
    """
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case bool():
            raise ValueFaultError("not_a_date", "write_date")
        case int() | float() if 0 < cell < _SERIAL.stop and int(cell) in _SERIAL:
            return _EPOCH + timedelta(days=int(cell))
    text = cell_text(cell)
    if says_nothing(text):
        return None
    normal = plain(text)
    for word, mark in date_words().items():
        normal = normal.replace(word, mark)
    normal = re.sub(r"\s*([-/.])\s*", r"\1", normal).strip()
    return _parsed(normal)


def _parsed(text: str) -> date:
    if re.fullmatch(r"\d{5}", text) and int(text) in _SERIAL:
        return _EPOCH + timedelta(days=int(text))
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _ENGLISH.fullmatch(text):
        month = (match[2] or match[3])[:3]
        if month in _MONTHS:
            return _day(int(match[5]), _MONTHS.index(month) + 1, int(match[1] or match[4]))
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first <= 12 and second <= 12 and first != second:
            raise ValueFaultError("ambiguous_date", "write_date")
        return _day(year, first, second) if first <= 12 else _day(year, second, first)
    raise ValueFaultError("not_a_date", "write_date")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueFaultError("not_a_date", "write_date") from None
