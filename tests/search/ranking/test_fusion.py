"""Reciprocal rank fusion against the paper's formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.fusion import reciprocal_rank_fusion

RUNS = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)


def test_a_score_is_the_sum_of_reciprocal_ranks():
    fused = dict(reciprocal_rank_fusion([["x", "y", "z"], ["z"]]))
    assert fused["z"] == pytest.approx(1 / (60 + 3) + 1 / (60 + 1))
    assert fused["x"] == pytest.approx(1 / (60 + 1))


@given(RUNS)
def test_the_order_of_the_lists_does_not_matter(runs):
    forward, backward = reciprocal_rank_fusion(runs), reciprocal_rank_fusion(runs[::-1])
    assert [doc for doc, _ in forward] == [doc for doc, _ in backward]


@given(RUNS)
def test_ties_are_broken_by_id(runs):
    fused = reciprocal_rank_fusion(runs)
    assert fused == sorted(fused, key=lambda item: (-item[1], item[0]))


def test_a_weight_multiplies_what_a_place_counts():
    fused = dict(reciprocal_rank_fusion([["x", "y"], ["y"]], [1.0, 3.0]))
    assert fused["x"] == pytest.approx(1 / 61)
    assert fused["y"] == pytest.approx(1 / 62 + 3 / 61)
