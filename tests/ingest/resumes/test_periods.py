"""Periods in the ways in which people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.resumes.periods import find_periods


@pytest.mark.parametrize(
    ("line", "begins", "ends"),
    [
        ("2019.07–至今", "2019-07", None),
        ("2019.07 至今", "2019-07", None),
        ("2019/07-2021/03", "2019-07", "2021-03"),
        ("2019年7月—2021年3月", "2019-07", "2021-03"),
        ("2019-07 ~ 2021-03", "2019-07", "2021-03"),
        ("2019.7.1-2021.3.31", "2019-07", "2021-03"),
        ("2019年7月至2021年3月", "2019-07", "2021-03"),
        ("Jul 2019 – Present", "2019-07", None),
        ("July 2019 to March 2021", "2019-07", "2021-03"),
        ("Sept. 2019 - Mar. 2021", "2019-09", "2021-03"),
        ("07/2019 – 03/2021", "2019-07", "2021-03"),
        ("2019 - 2021", None, None),
    ],
)
def test_a_period_is_read(line, begins, ends):
    (period,) = find_periods(f"甲公司 {line} 工程师")
    assert (period.begins, period.ends) == (begins, ends)


@pytest.mark.parametrize(
    "line", ["2019.07", "版本 2019.13-2020.99.1", "13800138000", "1-2", "2019 employees"]
)
def test_what_is_no_period_is_not(line):
    assert list(find_periods(line)) == []


@given(
    years=st.tuples(st.integers(1950, 2049), st.integers(1950, 2049)),
    months=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    form=st.sampled_from(["{}.{:02}", "{}/{}", "{}年{}月", "{}-{:02}"]),
    dash=st.sampled_from(["-", " – ", "至", "~", " to "]),
)
def test_every_month_comes_back(years, months, form, dash):
    line = dash.join(form.format(year, month) for year, month in zip(years, months, strict=True))
    (period,) = find_periods(line)
    assert (period.begins, period.ends) == tuple(
        f"{y}-{m:02}" for y, m in zip(years, months, strict=True)
    )
