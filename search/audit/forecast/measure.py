"""Measure the forecast on generated series of known make: errors of both methods, coverage, time.

    python -m search.audit.forecast.measure [MONTHS]

Every kind has 23 series, so that all together are the 92 rows of a catalogue.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import fmean

from search.audit.forecast.forecasting import DemandForecast, forecast_series

SERIES = 23
MONTHS = 48


def kinds() -> dict[str, Callable[[int], float]]:
    """Return what each kind expects in month t, from 0; counts are drawn around it (Poisson)."""
    return {
        "level": lambda t: 15 + 0 * t,
        "growth": lambda t: 8 + 0.4 * t,
        "season": lambda t: 25 + 12 * math.sin(t * math.pi / 6),
        "season and growth": lambda t: (15 + 0.4 * t) * (1 + 0.5 * math.sin(t * math.pi / 6)),
    }


def measured(months: int) -> Iterator[str]:
    """Yield a table row for each kind, then the time taken.

    Args:
        months: length of the series, 12 at least.
    """
    import numpy as np

    yield "| series | better: smoothing / naive | MASE smoothing | MASE naive | coverage of 80 % |"
    yield "|---|---|---|---|---|"
    begun, used = time.perf_counter(), time.process_time()
    for name, expected in kinds().items():
        generator = np.random.default_rng(len(name))
        found = [
            forecast_series(
                number,
                [int(generator.poisson(expected(t))) for t in range(months)],
                date(2026, 10, 1),
            )
            for number in range(1, SERIES + 1)
        ]
        tests = [one.backtest for one in found if isinstance(one, DemandForecast)]
        better = [test.better for test in tests]
        yield (
            f"| {name} | {better.count('smoothing')} / {better.count('naive')} "
            f"| {fmean(test.smoothing.mase or 0 for test in tests):.2f} "
            f"| {fmean(test.naive.mase or 0 for test in tests):.2f} "
            f"| {fmean(test.smoothing.coverage for test in tests):.2f} |"
        )
    took = time.perf_counter() - begun
    core = time.process_time() - used
    yield f"{SERIES * len(kinds())} series of {months} months: {took:.1f} s, {core:.1f} s of one core"


def main() -> None:
    """Print the table."""
    months = int(sys.argv[1]) if len(sys.argv) > 1 else MONTHS
    for line in measured(months):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
