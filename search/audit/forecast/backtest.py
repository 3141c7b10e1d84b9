"""Rolling-origin evaluation: both methods forecast months whose openings are known.

From each of several months (the origins) both are given what was known then and forecast what followed;
errors are pooled over origins and steps (Tashman 2000, "Out-of-sample tests of forecasting accuracy",
International Journal of Forecasting 16(4); FPP3, section 5.10).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from search.audit.forecast.accuracy import coverage, mean_absolute_error, naive_scale
from search.audit.forecast.methods import (
    FEWEST_TRAINED,
    SEASONAL_FROM,
    Projection,
    naive,
    season_of,
    smoothed,
)

#: Origins at most, so that all roles of a catalogue take seconds and not minutes.
MOST_ORIGINS = 6
#: Months to test on, for which the longer training that a season needs is asked for.
_FEWEST_TESTED = 3

Better = Literal["smoothing", "naive", "neither"]


@dataclass(frozen=True, slots=True)
class Score:
    """How one method did.

    Attributes:
        mae: mean absolute error, posts a month.
        mase: the same on the scale of the backtest; None where there is none.
        coverage: share of months, 0 to 1, within the interval forecast for them.
        forms: the forms that were used, in order of first use.
    """

    mae: float
    mase: float | None
    coverage: float
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """Both methods on the same months, side by side.

    Attributes:
        origins: for each origin, how many months were known then.
        errors: forecasts compared, over all origins and steps.
        scale: what MAE is divided by for MASE: error of the naive method within the months known at the
            first origin; None where those repeat exactly.
        season: of that scale, 12 or 1.
        smoothing, naive: the scores.
        is_alike: the methods had the season that they have in the forecast; False where the months
            are too few to hold any back and still see each month of the year twice.
        better: the one with the smaller MAE (on one scale, with the smaller MASE).
        notes: of the fits; see `Projection`.
    """

    origins: tuple[int, ...]
    errors: int
    scale: float | None
    season: int
    smoothing: Score
    naive: Score
    is_alike: bool
    better: Better
    notes: tuple[str, ...]


def origins_of(months: int, horizon: int) -> tuple[int, ...]:
    """Return the origins for a series: how many months are known at each, ascending.

    Those from which the whole horizon can be checked; where there is none, those from which some can.

    Args:
        months: length of the series, more than `FEWEST_TRAINED`.
        horizon: months forecast.
    """
    is_long = months >= SEASONAL_FROM + _FEWEST_TESTED
    possible = range(SEASONAL_FROM if is_long else FEWEST_TRAINED, months)
    whole = [origin for origin in possible if origin + horizon <= months]
    return tuple((whole or list(possible))[-MOST_ORIGINS:])


def backtest(series: Sequence[float], horizon: int, level: float) -> Backtest:
    """Evaluate both methods on a series.

    Args:
        series: posts a month, more than `FEWEST_TRAINED` months.
        horizon: months forecast from each origin.
        level: of the intervals, between 0 and 1.
    """
    origins = origins_of(len(series), horizon)
    season = season_of(origins[0])
    scale = naive_scale(series[: origins[0]], season)
    notes: set[str] = set()

    def score(method: Callable[[Sequence[float], int, float], Projection]) -> Score:
        actual: list[float] = []
        expected: list[float] = []
        low: list[float] = []
        high: list[float] = []
        forms: list[str] = []
        for origin in origins:
            known = series[origin : origin + horizon]
            projection = method(series[:origin], len(known), level)
            actual += known
            expected += projection.expected
            low += projection.low
            high += projection.high
            forms.append(projection.form)
            notes.update(projection.notes)
        mae = mean_absolute_error(actual, expected)
        return Score(
            mae=mae,
            mase=None if scale is None else mae / scale,
            coverage=coverage(actual, low, high),
            forms=tuple(dict.fromkeys(forms)),
        )

    ours, baseline = score(smoothed), score(naive)
    better: Better = "smoothing" if ours.mae < baseline.mae else "naive"
    return Backtest(
        origins=origins,
        errors=sum(min(horizon, len(series) - origin) for origin in origins),
        scale=scale,
        season=season,
        smoothing=ours,
        naive=baseline,
        is_alike=season == season_of(len(series)),
        better="neither" if ours.mae == baseline.mae else better,
        notes=tuple(sorted(notes)),
    )
