"""Forecasts are shown beside a baseline, with errors that anyone can work out again; too little is said."""

from __future__ import annotations

import math
from datetime import date
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.forecast.backtest import MOST_ORIGINS, origins_of
from search.audit.forecast.forecasting import (
    DemandForecast,
    Minimum,
    TooLittleData,
    forecast_roles,
    forecast_series,
)
from search.audit.forecast.methods import naive, smoothed
from search.audit.forecast.openings import MonthlyOpenings
from search.audit.months import shifted

LAST = date(2026, 10, 1)
LEVEL = 0.8


def seasonal(months: int, seed: int = 1) -> list[int]:
    """A year's swing of 12 around a level of 30 that grows, with the noise of counts."""
    t = np.arange(months)
    means = 30 + 12 * np.sin(t * math.pi / 6) + 0.2 * t
    return [int(value) for value in np.random.default_rng(seed).poisson(means)]


def forecast(series, **options) -> DemandForecast:
    found = forecast_series(7, series, LAST, **options)
    assert isinstance(found, DemandForecast)
    return found


def test_a_planted_season_is_found_and_beats_repeating_the_year() -> None:
    found = [forecast(seasonal(60, seed)) for seed in range(5)]
    assert {one.smoothing.form for one in found} == {"ETS(A,Ad,A)"}
    assert {one.naive.form for one in found} == {"seasonal naive"}
    ours = np.mean([one.backtest.smoothing.mase for one in found])
    assert ours < np.mean([one.backtest.naive.mase for one in found])


@pytest.mark.parametrize("seed", range(4))
def test_what_did_better_is_stated_and_the_other_is_still_there(seed: int) -> None:
    found = forecast(seasonal(40, seed))
    scores = found.backtest
    is_ours = scores.smoothing.mae < scores.naive.mae
    assert scores.better == ("smoothing" if is_ours else "naive")
    assert found.stated is (found.smoothing if is_ours else found.naive)
    assert len(found.smoothing.expected) == len(found.naive.expected) == 6


def test_noise_alone_does_not_always_beat_the_baseline_and_that_is_said() -> None:
    found = [
        forecast([int(v) for v in np.random.default_rng(seed).poisson(5, 30)]) for seed in range(8)
    ]
    assert {one.backtest.better for one in found} == {"smoothing", "naive"}


def test_a_constant_series_goes_on_without_doubt() -> None:
    found = forecast([3] * 30)
    assert found.smoothing.form == "constant"
    assert found.smoothing.expected == found.smoothing.low == found.smoothing.high == (3.0,) * 6
    assert found.backtest.smoothing.mae == found.backtest.naive.mae == 0
    assert found.backtest.scale is None
    assert found.backtest.smoothing.mase is found.backtest.naive.mase is None
    assert found.backtest.better == "neither"
    assert found.stated is found.naive


def test_the_months_forecast_follow_the_last_one_known() -> None:
    found = forecast(seasonal(36), horizon=12)
    assert found.months[0] == date(2026, 11, 1)
    assert found.months[-1] == date(2027, 10, 1)


@pytest.mark.parametrize(
    ("series", "lacking"),
    [
        ([], ("months", "posts")),
        ([9] * 11, ("months",)),
        ([0] * 40, ("posts",)),
        ([1] * 23, ("posts",)),
        ([20] * 1 + [0], ("months", "posts")),
    ],
)
def test_too_little_data_says_what_is_needed(series: list[int], lacking: tuple[str, ...]) -> None:
    found = forecast_series(7, series, LAST)
    assert isinstance(found, TooLittleData)
    assert found.lacking == lacking
    assert (found.months, found.posts) == (len(series), sum(series))
    assert (found.needed.months, found.needed.posts) == (12, 24)


def test_twelve_months_and_two_dozen_posts_are_just_enough() -> None:
    found = forecast([2] * 12)
    assert found.naive.form == "naive"
    assert found.backtest.origins == (10, 11)


@pytest.mark.parametrize("horizon", [0, 13])
def test_a_horizon_out_of_range_is_refused(horizon: int) -> None:
    with pytest.raises(
        ValueError, match=f"horizon of {horizon} months was asked for; give 1 to 12"
    ):
        forecast_series(7, [3] * 30, LAST, horizon=horizon)


def test_other_arguments_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        forecast_series(7, [3] * 30, LAST, level=1.0)
    with pytest.raises(ValueError, match="role 7: -1 openings"):
        forecast_series(7, [-1] * 30, LAST)
    with pytest.raises(ValueError, match="give 12 months or more"):
        Minimum(months=11)


@pytest.mark.parametrize(("months", "horizon"), [(60, 6), (30, 6), (25, 6), (14, 3), (27, 12)])
def test_the_figures_of_the_backtest_can_be_worked_out_again(months: int, horizon: int) -> None:
    series = seasonal(months)
    found = forecast(series, horizon=horizon).backtest
    assert found.origins == origins_of(months, horizon)
    m = 12 if found.origins[0] >= 24 else 1
    training = np.array(series[: found.origins[0]], dtype=float)
    scale = np.abs(training[m:] - training[:-m]).mean()
    assert found.scale == pytest.approx(scale)
    for method, score in ((smoothed, found.smoothing), (naive, found.naive)):
        errors, inside = [], []
        for origin in found.origins:
            projection = method(series[:origin], horizon, LEVEL)
            for step, actual in enumerate(series[origin : origin + horizon]):
                errors.append(abs(actual - projection.expected[step]))
                inside.append(projection.low[step] <= actual <= projection.high[step])
        assert len(errors) == found.errors
        assert score.mae == pytest.approx(np.mean(errors))
        assert score.mase == pytest.approx(np.mean(errors) / scale)
        assert score.coverage == pytest.approx(np.mean(inside))


def test_the_naive_forecast_and_its_interval_are_those_of_the_book() -> None:
    series = [*range(10, 22), *range(13, 25)]
    found = naive(series, 12, LEVEL)
    assert found.expected == tuple(float(value) for value in range(13, 25))
    reach = NormalDist().inv_cdf(0.9) * 3
    assert found.high[0] == pytest.approx(13 + reach)
    assert naive(series[:20], 3, LEVEL).expected == (20.0, 20.0, 20.0)
    widths = np.array(naive([1, 3, 1, 3], 4, LEVEL).high) - 3
    assert widths == pytest.approx(NormalDist().inv_cdf(0.9) * 2 * np.sqrt([1, 2, 3, 4]))


def test_the_test_says_where_it_had_no_season() -> None:
    assert not forecast(seasonal(25)).backtest.is_alike
    assert forecast(seasonal(27)).backtest.is_alike
    assert forecast(seasonal(20)).backtest.is_alike


def test_the_interval_holds_about_what_it_promises() -> None:
    shares = [forecast(seasonal(48, seed)).backtest.smoothing.coverage for seed in range(12)]
    assert 0.65 <= np.mean(shares) <= 0.95


@settings(deadline=None)
@given(months=st.integers(11, 200), horizon=st.integers(1, 12))
def test_every_origin_leaves_something_to_check(months: int, horizon: int) -> None:
    origins = origins_of(months, horizon)
    assert 1 <= len(origins) <= MOST_ORIGINS
    assert list(origins) == sorted(set(origins))
    assert origins[0] >= 10 and origins[-1] < months


counts = st.one_of(
    st.lists(st.integers(0, 3), min_size=12, max_size=40),
    st.lists(st.sampled_from([0, 0, 0, 1, 100_000]), min_size=12, max_size=40),
    st.lists(st.integers(0, 10_000_000), min_size=12, max_size=40),
)


@settings(max_examples=25, deadline=None)
@given(series=counts, horizon=st.integers(1, 12))
def test_no_series_breaks_it(series: list[int], horizon: int) -> None:
    found = forecast_series(1, series, LAST, horizon=horizon, minimum=Minimum(posts=0))
    assert isinstance(found, DemandForecast)
    for method in (found.smoothing, found.naive):
        columns = (method.low, method.expected, method.high)
        assert {len(column) for column in columns} == {horizon}
        for low, expected, high in zip(*columns, strict=True):
            assert 0 <= low <= expected <= high < math.inf
    for score in (found.backtest.smoothing, found.backtest.naive):
        assert 0 <= score.mae < math.inf
        assert 0 <= score.coverage <= 1
        assert (score.mase is None) == (found.backtest.scale is None)


def test_the_same_series_gives_the_same_forecast() -> None:
    assert forecast(seasonal(30)) == forecast(seasonal(30))


def test_all_roles_of_a_catalogue() -> None:
    months = tuple(shifted(LAST, step) for step in range(-11, 1))
    openings = MonthlyOpenings(months, {2: (3,) * 12}, 0, 0, 0, 0)
    found = list(forecast_roles(openings, [1, 2]))
    assert [type(one) for one in found] == [TooLittleData, DemandForecast]
    assert [one.role for one in found] == [1, 2]
    nothing = MonthlyOpenings((), {}, 0, 0, 0, 0)
    assert isinstance(next(forecast_roles(nothing, [1])), TooLittleData)
