"""Exponential smoothing: three forms are fitted with statsmodels, one is chosen.

The innovations state space model with additive errors (Hyndman, Koehler, Ord & Snyder 2008, Forecasting with
Exponential Smoothing: The State Space Approach, chapters 2 and 5); of these the form with the least
AICc = -2 log L + 2k + 2k(k + 1) / (n - k - 1) (chapter 7), k the smoothing parameters and the variance:

    ETS(A,N,N)   level only
    ETS(A,Ad,N)  level and damped trend (Gardner & McKenzie 1985)
    ETS(A,Ad,A)  the same with an additive season, where there is one

The first level, trend and season are found by rule (section 2.6.1) and not fitted, hence not in k. They
cost degrees of freedom all the same, hence the interval, exact for normal errors (table 6.2), is widened:
variance = SSE / (n - q), q the parameters and the first states.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

#: A fit that needs more steps than this is cut off, and said not to have converged.
_MOST_STEPS = 100
_ALONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Smoothed:
    """The chosen form and its forecast, in the unit of the series.

    Attributes:
        form: `ETS(A,N,N)`, `ETS(A,Ad,N)` or `ETS(A,Ad,A)`.
        mean, low, high: one value for each month of the horizon.
        is_settled: the search for its parameters converged.
    """

    form: str
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    is_settled: bool


def smooth(series: Sequence[float], horizon: int, level: float, season: int) -> Smoothed | None:
    """Fit the forms and forecast with the best; None where none can be fitted.

    Args:
        series: one value a month, 10 at least, not all alike.
        horizon: months to forecast.
        level: of the interval, between 0 and 1.
        season: months after which the season repeats (the series holds two at least), or 1.
    """
    # Loading this takes a second and more; most commands need none of it.
    import numpy as np
    import pandas as pd
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from threadpoolctl import threadpool_limits

    values = pd.Series(series, dtype=float)
    best: tuple[float, str, ETSModel, np.ndarray, bool] | None = None
    # The matrices are small: several threads of BLAS only wait for each other. Their number is the process's,
    # and so is what becomes of warnings, so one fit goes at a time.
    with (
        _ALONE,
        threadpool_limits(limits=1, user_api="blas"),
        warnings.catch_warnings(record=True) as said,
    ):
        # Each is looked at below or spoilt a figure that is checked; none may reach a log or stop a run.
        warnings.simplefilter("always")
        for name, has_trend, is_seasonal in _forms(season):
            said.clear()
            try:
                model = ETSModel(
                    values,
                    trend="add" if has_trend else None,
                    damped_trend=has_trend,
                    seasonal="add" if is_seasonal else None,
                    seasonal_periods=season if is_seasonal else None,
                    initialization_method="heuristic",
                )
                found = model.fit(maxiter=_MOST_STEPS, disp=False, return_params=True)
                criterion = _aicc(float(model.loglike(found)), len(found) + 1, len(series))
            except (ValueError, ArithmeticError, np.linalg.LinAlgError):
                continue
            is_settled = not any(issubclass(one.category, ConvergenceWarning) for one in said)
            if math.isfinite(criterion) and (best is None or criterion < best[0]):
                best = criterion, name, model, found, is_settled
        if best is None:
            return None
        _, name, model, found, is_settled = best
        first = len(series)
        frame = (
            model.smooth(found)
            .get_prediction(start=first, end=first + horizon - 1)
            .summary_frame(alpha=1 - level)
        )
    states = 1 + bool(model.has_trend) + (season - 1 if model.has_seasonal else 0)
    widened = math.sqrt(first / max(first - len(found) - states, 1))
    mean = [float(value) for value in frame["mean"]]
    reach = [float(high) - m for high, m in zip(frame["pi_upper"], mean, strict=True)]
    if not all(math.isfinite(value) for value in [*mean, *reach]):
        return None
    return Smoothed(
        form=name,
        mean=tuple(mean),
        low=tuple(m - widened * r for m, r in zip(mean, reach, strict=True)),
        high=tuple(m + widened * r for m, r in zip(mean, reach, strict=True)),
        is_settled=is_settled,
    )


def _forms(season: int) -> list[tuple[str, bool, bool]]:
    """Return name, whether it has a trend, whether a season."""
    forms = [("ETS(A,N,N)", False, False), ("ETS(A,Ad,N)", True, False)]
    return [*forms, ("ETS(A,Ad,A)", True, True)] if season > 1 else forms


def _aicc(log_likelihood: float, parameters: int, months: int) -> float:
    k, n = parameters, months
    return -2 * log_likelihood + 2 * k + 2 * k * (k + 1) / (n - k - 1)
