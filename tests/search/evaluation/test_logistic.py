from __future__ import annotations

import numpy as np
import pytest

from search.evaluation.logistic import order, regress, sigmoid
from search.evaluation.reliability import bins, expected_error, table


def test_the_weights_that_made_the_chances_are_found():
    random = np.random.default_rng(1)
    x = random.normal(size=(4000, 2))
    y = sigmoid(x @ np.array([1.5, -0.7]) + 0.3)
    found = regress(x, y, np.full(len(x), 1 / len(x)), evidence=1, ridge=0.0)
    assert found == pytest.approx([1.5, -0.7, 0.3], abs=0.01)


def test_evidence_never_counts_against():
    x = np.array([[1.0], [0.0]])
    found = regress(x, np.array([0.0, 1.0]), np.array([0.5, 0.5]), evidence=1)
    assert found[0] == 0


def test_a_true_chance_has_no_calibration_error():
    random = np.random.default_rng(2)
    chances = random.random(20_000)
    curve = bins(chances, (random.random(20_000) < chances).astype(float))
    assert sum(part.pairs for part in curve) == 20_000
    assert expected_error(curve) < 0.02
    assert len(table(curve).splitlines()) == 12


def test_a_score_that_is_always_sure_is_found_out():
    curve = bins(np.ones(10), np.array([1.0, 0.0] * 5))
    assert expected_error(curve) == pytest.approx(0.5)


def test_the_feature_that_finds_the_relevant_one_gets_the_weight():
    random = np.random.default_rng(3)
    rows = random.random((60, 20, 2))
    relevant = (rows[:, :, 1] == rows[:, :, 1].max(axis=1, keepdims=True)).astype(float)
    useless, useful = order(rows, relevant, np.full(60, 1 / 60))
    assert useful > 10 * useless
    assert useless >= 0


def test_short_lists_and_queries_without_an_answer_are_no_harm():
    rows = np.array([[[0.0], [1.0], [np.nan]], [[1.0], [0.0], [0.5]]])
    relevant = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    (weight,) = order(rows, relevant, np.array([0.5, 0.5]))
    assert weight > 1
