"""How far forecasts were off: the measures shown beside every forecast.

    MAE      = mean |y_t - f_t|
    MASE     = MAE / scale,  scale = mean |y_t - y_(t-m)| over the training months
    coverage = share of the y_t that lie within the interval forecast for them

MASE: Hyndman & Koehler (2006), "Another look at measures of forecast accuracy", International
Journal of Forecasting 22(4), section 3 (m = 1); with season m as in Hyndman & Athanasopoulos,
Forecasting: Principles and Practice, 3rd ed., section 5.8. Below 1 it is better than repeating what was
m months before did within the training months.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean


def mean_absolute_error(actual: Sequence[float], forecast: Sequence[float]) -> float:
    """Return the MAE in posts; both hold as many months, and at least one.

    Raises:
        ValueError: they do not.
    """
    return fmean(abs(y - f) for y, f in zip(actual, forecast, strict=True))


def naive_scale(training: Sequence[float], season: int) -> float | None:
    """Return the MAE of the seasonal naive method within the training months.

    None where no two months lie `season` apart, or every month repeats exactly: nothing to scale by.
    """
    differences = [
        abs(later - earlier) for earlier, later in zip(training, training[season:], strict=False)
    ]
    return fmean(differences) or None if differences else None


def coverage(actual: Sequence[float], low: Sequence[float], high: Sequence[float]) -> float:
    """Return the share, 0 to 1, of values that lie within their intervals, ends included.

    Raises:
        ValueError: the three are empty or of different lengths.
    """
    return fmean(lo <= y <= hi for y, lo, hi in zip(actual, low, high, strict=True))
