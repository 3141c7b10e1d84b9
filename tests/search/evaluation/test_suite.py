from __future__ import annotations

import numpy as np
import pytest

from search.backends.base import ScoredDoc
from search.evaluation.suite import NO_MATCH, Task, auc, per_query, run_of, table

QRELS = {"a": {"1": 1, "2": 1}, "b": {"3": 1}}


def run(**rankings: str) -> dict[str, list[ScoredDoc]]:
    return {query: [ScoredDoc(doc, 1.0) for doc in ranking] for query, ranking in rankings.items()}


def test_average_precision_by_hand():
    found = per_query(run(a="132", b="123"), QRELS, ["a", "b"], ["MAP"])
    assert found["MAP"] == pytest.approx([(1 / 1 + 2 / 3) / 2, 1 / 3])


def test_the_order_of_equal_scores_is_that_of_the_list():
    found = per_query(run(a="312", b="3"), QRELS, ["a", "b"], ["R@1"])
    assert found["R@1"] == [0.0, 1.0]


def test_a_query_that_the_run_lacks_counts_0():
    assert per_query(run(b="3"), QRELS, ["a", "b"], ["MAP"])["MAP"] == [0.0, 1.0]


def test_a_matrix_becomes_a_run_with_ties_in_order():
    found = run_of(["q"], ["x", "y", "z"], np.array([[1, 2, 2]], np.float32))
    assert [doc.doc_id for doc in found["q"]] == ["y", "z", "x"]


def test_auc_by_hand():
    assert auc([3, 2], [1, 2]) == pytest.approx((1 + 1 + 1 + 0.5) / 4)


def test_a_table_shows_every_figure_and_the_interval():
    task = Task("titles", ("MAP", NO_MATCH), QRELS, ["a", "b", "none"])
    task.add("one", run(a="312", b="123", none="1"))
    best = {
        query: [ScoredDoc(doc.doc_id, 9.0) for doc in docs]
        for query, docs in run(a="12", b="3").items()
    }
    task.add("two", {**best, "none": [ScoredDoc("1", 2.0)]})
    lines = table([task], ["one", "two"]).splitlines()
    assert len(lines) == 4
    assert "| titles | 2 | MAP |" in lines[2]
    assert "**1.000**" in lines[2]
    assert "+0." in lines[2]
    assert "| no-match AUC | 0.500 | **1.000** |" in lines[3]
