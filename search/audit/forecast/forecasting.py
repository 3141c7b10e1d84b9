"""Demand forecast of a role: the months to come by both methods, with how well each did before.

Both are always shown. What `stated` gives is the one that did better in the backtest; where neither did, the
naive one, which is the simpler. Too little data is said with what is missing, and nothing is forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from search.audit.forecast.backtest import Backtest, backtest
from search.audit.forecast.methods import Projection, naive, smoothed
from search.audit.forecast.openings import MonthlyOpenings
from search.audit.months import shifted

#: Months forecast, and at most.
HORIZON = 6
LONGEST_HORIZON = 12
#: Of the interval: four months in five should lie within.
LEVEL = 0.8


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a series must have before anything is forecast from it.

    Attributes:
        months: whole months observed; not below 12.
        posts: openings in them, all together.
    """

    months: int = 12
    posts: int = 24

    def __post_init__(self) -> None:
        if self.months < 12 or self.posts < 0:
            raise ValueError(
                f"a minimum of {self.months} months and {self.posts} posts was asked for; "
                "give 12 months or more and no negative number of posts"
            )


@dataclass(frozen=True, slots=True)
class TooLittleData:
    """No forecast, and what is needed for one.

    Attributes:
        role: row of the catalogue.
        months: whole months observed.
        posts: openings in them.
        needed: what would be enough.
        lacking: `months`, `posts` or both.
    """

    role: int
    months: int
    posts: int
    needed: Minimum
    lacking: tuple[Literal["months", "posts"], ...]


@dataclass(frozen=True, slots=True)
class DemandForecast:
    """The months to come by both methods, side by side.

    Attributes:
        role: row of the catalogue.
        observed: posts of each month known.
        last: the last month known, as its first day.
        months: the months forecast, as their first days.
        level: of the intervals, 0 to 1: what coverage is to be compared with.
        smoothing, naive: what each method expects.
        backtest: how each did on months that are known.
    """

    role: int
    observed: tuple[int, ...]
    last: date
    months: tuple[date, ...]
    level: float
    smoothing: Projection
    naive: Projection
    backtest: Backtest

    @property
    def stated(self) -> Projection:
        """The method that did better in the backtest; the naive one where neither did."""
        return self.smoothing if self.backtest.better == "smoothing" else self.naive

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the fits, as codes: of the forecast and of the backtest."""
        return tuple(sorted({*self.smoothing.notes, *self.backtest.notes}))


def forecast_series(
    role: int,
    series: Sequence[int],
    last: date,
    *,
    horizon: int = HORIZON,
    level: float = LEVEL,
    minimum: Minimum | None = None,
) -> DemandForecast | TooLittleData:
    """Forecast one series.

    Args:
        role: row of the catalogue.
        series: posts of each month, without a gap, none negative.
        last: the last of these months.
        horizon: months to forecast, 1 to 12.
        level: of the intervals, between 0 and 1.
        minimum: what the series must have.

    Raises:
        ValueError: horizon, level or a count is out of range.
    """
    minimum = minimum or Minimum()
    _check(role, series, horizon, level)
    lacking: list[Literal["months", "posts"]] = []
    if len(series) < minimum.months:
        lacking.append("months")
    if sum(series) < minimum.posts:
        lacking.append("posts")
    if lacking:
        return TooLittleData(role, len(series), sum(series), minimum, tuple(lacking))
    return DemandForecast(
        role=role,
        observed=tuple(series),
        last=last,
        months=tuple(shifted(last, step) for step in range(1, horizon + 1)),
        level=level,
        smoothing=smoothed(series, horizon, level),
        naive=naive(series, horizon, level),
        backtest=backtest(series, horizon, level),
    )


def forecast_roles(
    openings: MonthlyOpenings,
    roles: Iterable[int],
    *,
    horizon: int = HORIZON,
    level: float = LEVEL,
    minimum: Minimum | None = None,
) -> Iterator[DemandForecast | TooLittleData]:
    """Yield the forecast of each role as it is ready, so that progress can be shown.

    Args:
        openings: counts of all roles.
        roles: rows of the catalogue, in the order wanted.
        horizon: months to forecast, 1 to 12.
        level: of the intervals, between 0 and 1.
        minimum: what a series must have.

    Raises:
        ValueError: horizon or level is out of range.
    """
    for role in roles:
        series = openings.series(role)
        last = openings.months[-1] if openings.months else date.min
        yield forecast_series(role, series, last, horizon=horizon, level=level, minimum=minimum)


def _check(role: int, series: Sequence[int], horizon: int, level: float) -> None:
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ValueError(
            f"a horizon of {horizon} months was asked for; give 1 to {LONGEST_HORIZON}"
        )
    if not 0 < level < 1:
        raise ValueError(f"an interval of level {level} was asked for; give one between 0 and 1")
    if min(series, default=0) < 0:
        raise ValueError(
            f"role {role}: {min(series)} openings in a month; no month has less than 0"
        )
