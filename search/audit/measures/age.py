"""Vacancy age: for how long open vacancies have been open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from search.audit.inputs import VacancyFact


@dataclass(frozen=True, slots=True)
class VacancyAge:
    """How old open vacancies are.

    Attributes:
        known: vacancies whose first day is known; only these count.
        median_days: of them; None where there are none.
        share_long: of them, the share open for longer than the threshold; None where there are none.
    """

    known: int
    median_days: float | None
    share_long: float | None


def vacancy_age(vacancies: Iterable[VacancyFact], as_of: date, long_days: int) -> VacancyAge:
    """Return median of (as_of − posted) and the share above `long_days`, over vacancies of known first day.

    Source: median vacancy duration (Vakanzzeit), Engpassanalyse of the Bundesagentur für Arbeit; we take
    the age of open ones, since the day of closing is seldom told.

    >>> ages = [VacancyFact("a", "x", posted=date(2026, 6, 20)), VacancyFact("b", "x", posted=date(2026, 1, 1))]
    >>> vacancy_age(ages, date(2026, 6, 30), 90)
    VacancyAge(known=2, median_days=95.0, share_long=0.5)
    """
    days = [age for vacancy in vacancies if (age := vacancy.days_open(as_of)) is not None]
    if not days:
        return VacancyAge(0, None, None)
    return VacancyAge(len(days), float(median(days)), sum(d > long_days for d in days) / len(days))
