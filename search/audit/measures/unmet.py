"""Unmet demand: posts open for long that hardly anybody qualifies for, and searches that found nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.audit.inputs import SearchEvent, VacancyFact
from search.audit.period import Period


@dataclass(frozen=True, slots=True)
class Unmet:
    """Demand that nobody meets.

    Attributes:
        posts: see `is_unmet`.
        vacancies: postings that they stand in.
        empty_searches: searches of the period that found nothing.
    """

    posts: int
    vacancies: int
    empty_searches: int


def is_unmet(
    vacancy: VacancyFact, qualified: int, as_of: date, *, long_days: int, enough: int
) -> bool:
    """Say whether a vacancy is open for more than `long_days` and fewer than `enough` (k) qualify.

    Where the first day is not known, it is not said to be open for long. Source: features (d), "unmet demand
    = posts open > 90 days with fewer than k qualified people, plus zero-result searches"; after the
    duration and applicants-per-vacancy indicators of Germany and Australia.

    >>> old = VacancyFact("a", "x", posted=date(2026, 1, 1))
    >>> is_unmet(old, 4, date(2026, 6, 30), long_days=90, enough=5)
    True
    >>> is_unmet(old, 5, date(2026, 6, 30), long_days=90, enough=5)
    False
    """
    days = vacancy.days_open(as_of)
    return days is not None and days > long_days and qualified < enough


def empty_searches(searches: Iterable[SearchEvent], period: Period) -> int:
    """Return how many searches of a period found nothing.

    Source: zero-result search events, after the event log of aides-territoires (`results_count`).

    >>> quarter = Period(date(2026, 4, 1), date(2026, 6, 30))
    >>> empty_searches([SearchEvent(date(2026, 5, 1), 9, None, "candidates", 0)], quarter)
    1
    """
    return sum(search.result_count == 0 and search.on in period for search in searches)
