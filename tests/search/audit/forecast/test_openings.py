"""Openings are posts by the month of the posting; what cannot be counted is said."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.forecast.openings import monthly_openings
from search.audit.months import last_whole_month, months_between, shifted
from search.records.models import Vacancy


def vacancy(role: int | None, posted: date | None, headcount: int | None = 1) -> Vacancy:
    return Vacancy(title="Engineer", role=role, posted=posted, headcount=headcount)


def test_posts_are_counted_by_month_with_zeros_between() -> None:
    found = monthly_openings(
        [
            vacancy(1, date(2026, 1, 31), 3),
            vacancy(1, date(2026, 1, 1), 2),
            vacancy(1, date(2026, 4, 30), None),
            vacancy(2, date(2026, 2, 5)),
        ],
        date(2026, 4, 30),
    )
    assert found.months == tuple(date(2026, month, 1) for month in (1, 2, 3, 4))
    assert found.series(1) == (5, 0, 0, 1)
    assert found.series(2) == (0, 1, 0, 0)
    assert found.series(3) == (0, 0, 0, 0)
    assert found.assumed == 1


def test_a_month_that_is_not_over_is_left_out() -> None:
    facts = [vacancy(1, date(2026, 3, 2)), vacancy(1, date(2026, 4, 2))]
    found = monthly_openings(facts, date(2026, 4, 29))
    assert found.months == (date(2026, 3, 1),)
    assert found.outside == 1


def test_what_cannot_be_counted_is_said() -> None:
    facts = [
        vacancy(1, None),
        vacancy(None, date(2026, 3, 2)),
        vacancy(1, date(2027, 1, 1)),
        vacancy(1, date(2025, 12, 31)),
    ]
    found = monthly_openings(facts, date(2026, 6, 30), since=date(2026, 1, 15))
    assert (found.undated, found.unlinked, found.outside) == (1, 1, 2)
    assert len(found.months) == 6
    assert not found.by_role


def test_nothing_at_all() -> None:
    assert monthly_openings([], date(2026, 6, 15)).months == ()


days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
facts = st.builds(
    vacancy,
    st.none() | st.integers(1, 3),
    st.none() | days,
    st.none() | st.integers(1, 100),
)


@settings(deadline=None)
@given(st.lists(facts, max_size=30), days)
def test_every_vacancy_is_counted_once_or_said_to_be_left_out(found, upto) -> None:
    openings = monthly_openings(found, upto)
    posts = sum(sum(series) for _, series in openings.by_role)
    left = openings.undated + openings.unlinked + openings.outside
    counted = [
        fact
        for fact in found
        if fact.role and fact.posted and shifted(fact.posted.replace(day=1), 0) in openings.months
    ]
    assert posts == sum(fact.headcount or 1 for fact in counted)
    assert left == len(found) - len(counted)


@settings(deadline=None)
@given(days, st.integers(-200, 200))
def test_months_are_shifted_and_counted_alike(day, by) -> None:
    month = day.replace(day=1)
    assert months_between(month, shifted(month, by)) == by
    assert months_between(last_whole_month(day), month) in (0, 1)
