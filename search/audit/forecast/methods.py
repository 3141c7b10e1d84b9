"""The two methods: exponential smoothing, and the naive forecast that it has to beat.

Exponential smoothing is fitted in `exponential`; the naive methods repeat the last month or the last year.
Their interval is sd * sqrt(k + 1), k whole seasons passed (Hyndman & Athanasopoulos, Forecasting: Principles
and Practice, 3rd ed., section 5.5). Openings are never negative, so neither is any forecast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from search.audit.forecast.exponential import smooth

YEAR = 12
#: Months from which a season can be told from chance at all: each month of the year was seen twice.
SEASONAL_FROM = 2 * YEAR
#: Fewest months that the start values of exponential smoothing can be found from.
FEWEST_TRAINED = 10


@dataclass(frozen=True, slots=True)
class Projection:
    """What a method expects of the months to come; all three as long as the horizon, none negative.

    Attributes:
        form: `ETS(A,N,N)`, `ETS(A,Ad,N)`, `ETS(A,Ad,A)`, `constant`, `mean`, `naive`, `seasonal naive`.
        expected, low, high: posts a month.
        notes: `not_converged` (the best form's parameters are not settled), `fit_failed` (no form could
            be fitted and the mean stands instead).
    """

    form: str
    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    notes: tuple[str, ...] = ()


def season_of(months: int) -> int:
    """Return the season of both methods for so many months of data: 12, or 1 where they are few."""
    return YEAR if months >= SEASONAL_FROM else 1


def naive(series: Sequence[float], horizon: int, level: float) -> Projection:
    """Repeat the last year, or the last month where there are less than 24 months.

    Args:
        series: posts a month, two months at least.
        horizon: months to forecast.
        level: of the interval, between 0 and 1.
    """
    season = season_of(len(series))
    last = series[-season:]
    expected = [last[step % season] for step in range(horizon)]
    errors = [later - earlier for earlier, later in zip(series, series[season:], strict=False)]
    spread = math.sqrt(fmean(error * error for error in errors))
    widths = [spread * math.sqrt(step // season + 1) for step in range(horizon)]
    return _projection("naive" if season == 1 else "seasonal naive", expected, widths, level)


def smoothed(series: Sequence[float], horizon: int, level: float) -> Projection:
    """Forecast by exponential smoothing; a series that never changes goes on as it is.

    Args:
        series: posts a month, at least `FEWEST_TRAINED` months.
        horizon: months to forecast.
        level: of the interval, between 0 and 1.
    """
    if len(set(series)) == 1:
        return _projection("constant", [series[0]] * horizon, [0.0] * horizon, level)
    # Scaled, since the fit's start values and stopping rule know no unit: 3 posts or 30,000.
    scale = fmean(series)
    found = smooth([value / scale for value in series], horizon, level, season_of(len(series)))
    if found is None:
        spread = math.sqrt(fmean((value - scale) ** 2 for value in series))
        return _projection("mean", [scale] * horizon, [spread] * horizon, level, ("fit_failed",))
    return Projection(
        form=found.form,
        expected=tuple(max(value * scale, 0.0) for value in found.mean),
        low=tuple(max(value * scale, 0.0) for value in found.low),
        high=tuple(max(value * scale, 0.0) for value in found.high),
        notes=() if found.is_settled else ("not_converged",),
    )


def _projection(
    form: str,
    expected: Sequence[float],
    spreads: Sequence[float],
    level: float,
    notes: tuple[str, ...] = (),
) -> Projection:
    reach = NormalDist().inv_cdf((1 + level) / 2)
    pairs = list(zip(expected, spreads, strict=True))
    return Projection(
        form,
        tuple(float(mean) for mean in expected),
        tuple(max(mean - reach * spread, 0.0) for mean, spread in pairs),
        tuple(mean + reach * spread for mean, spread in pairs),
        notes,
    )
