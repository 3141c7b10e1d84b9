from __future__ import annotations

import numpy as np
import pytest

from search.evaluation.character_tfidf import rank


def test_the_same_text_is_nearest_with_a_cosine_of_1():
    texts = ["焊工", "电焊工", "护士", "software tester", "software testing engineer"]
    scores = rank(texts, texts)
    assert scores.argmax(axis=1).tolist() == list(range(len(texts)))
    assert np.diag(scores) == pytest.approx(1, abs=1e-5)
    assert np.allclose(scores, scores.T, atol=1e-6)


def test_spelling_decides():
    (row,) = rank(["tester"], ["testing engineer", "nurse"])
    assert row[0] > 3 * row[1]


def test_nothing_shared_is_0_and_nothing_fails():
    assert rank(["xyz"], ["护士"]).tolist() == [[0.0]]
    assert rank([""], ["护士"]).tolist() == [[0.0]]
    assert rank([], ["护士"]).shape == (0, 1)
