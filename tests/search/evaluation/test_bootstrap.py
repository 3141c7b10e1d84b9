from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.bootstrap import interval, paired

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(VALUES)
def test_a_system_does_not_differ_from_itself(values):
    assert paired(values, values, rounds=50) == paired([0.0], [0.0], rounds=50)


@given(VALUES)
def test_the_mean_lies_in_its_interval_or_at_its_edge(values):
    found = paired([0.0] * len(values), values, rounds=200)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_a_constant_gain_is_certain():
    found = paired([0.1, 0.5, 0.9], [0.3, 0.7, 1.1])
    assert (found.mean, found.low, found.high) == pytest.approx((0.2, 0.2, 0.2))


def test_more_queries_narrow_the_interval():
    few, many = [0.0, 1.0] * 5, [0.0, 1.0] * 500
    assert interval(many)[1] - interval(many)[0] < (interval(few)[1] - interval(few)[0]) / 5


def test_the_same_values_give_the_same_interval():
    assert paired([0, 1, 0, 0.5], [1, 1, 0, 0]) == paired([0, 1, 0, 0.5], [1, 1, 0, 0])


@pytest.mark.parametrize(("first", "second"), [([], []), ([1.0], [1.0, 0.0])])
def test_values_that_are_no_pairs_are_refused(first, second):
    with pytest.raises(ValueError, match="were to be compared"):
        paired(first, second)
