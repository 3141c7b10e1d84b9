"""The scale of cosines and the kinship of catalogue rows."""

import numpy as np
import pytest

from search.ranking.geometry import Scale, kin_support, open_geometry


def test_support_is_the_best_of_the_kin():
    matrix = np.array([[0, 0.5, 0.1], [0.5, 0, 0], [0.1, 0, 0]], np.float32)
    chances = np.array([0.9, 0.2, 0.4], np.float32)
    np.testing.assert_allclose(
        kin_support(chances, matrix), [0.5 * 0.2, 0.5 * 0.9, 0.1 * 0.9], rtol=1e-6
    )


def test_a_row_does_not_support_itself():
    assert kin_support(np.array([1.0], np.float32), np.zeros((1, 1), np.float32))[0] == 0


@pytest.mark.parametrize(("cosine", "place"), [(0.8, 0), (0.85, 0.5), (0.9, 1), (1, 2), (-1, 0)])
def test_a_cosine_is_read_by_unrelated_and_related(cosine, place):
    assert Scale(0.8, 0.9).place(cosine) == pytest.approx(place)


def test_titles_lie_nearer_to_their_own_role_than_to_others(catalogue_bole, tmp_path):
    geometry = open_geometry(tmp_path, catalogue_bole.encoder)
    assert geometry.scale.related > geometry.scale.unrelated + 0.1
    assert geometry.kinship.shape == (92, 92)
    assert not geometry.kinship.diagonal().any()
    assert geometry.kinship.min() >= 0
    assert geometry.kinship.max() <= 1


def test_the_geometry_is_kept(catalogue_bole, tmp_path):
    first = open_geometry(tmp_path, catalogue_bole.encoder)
    again = open_geometry(tmp_path, catalogue_bole.encoder)
    assert first.scale == again.scale
    np.testing.assert_array_equal(first.kinship, again.kinship)
