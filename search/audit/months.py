"""Calendar months, each written as its first day."""

from __future__ import annotations

import calendar
from datetime import date


def month_of(day: date) -> date:
    """Return the month that a day lies in."""
    return day.replace(day=1)


def shifted(month: date, by: int) -> date:
    """Return the month some months later, or earlier where `by` is negative.

    Raises:
        ValueError: it would lie outside the years 1 to 9999.
    """
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)


def months_between(first: date, last: date) -> int:
    """Return how many months lead from one to the other; negative where `last` is earlier."""
    return (last.year - first.year) * 12 + last.month - first.month


def last_whole_month(day: date) -> date:
    """Return the last month that is over at the end of a day."""
    month = month_of(day)
    is_over = day.day == calendar.monthrange(day.year, day.month)[1]
    return month if is_over else shifted(month, -1)
