"""Kinship of catalogue rows."""

import numpy as np

from search.ranking.kinship import kin_support


def test_support_is_the_best_of_the_kin():
    matrix = np.array([[0, 0.5, 0.1], [0.5, 0, 0], [0.1, 0, 0]], np.float32)
    chances = np.array([0.9, 0.2, 0.4], np.float32)
    np.testing.assert_allclose(
        kin_support(chances, matrix), [0.5 * 0.2, 0.5 * 0.9, 0.1 * 0.9], rtol=1e-6
    )


def test_a_row_does_not_support_itself():
    assert kin_support(np.array([1.0], np.float32), np.zeros((1, 1), np.float32))[0] == 0
