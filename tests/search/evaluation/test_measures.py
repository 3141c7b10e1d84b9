"""Measures against hand-computed values."""

import math

import pytest

from search.evaluation.measures import evaluate
from search.evaluation.queries import Query
from search.evaluation.trec import Qrel, ScoredDoc

QUERIES = [
    Query("a", "x", "title", "zh"),
    Query("b", "y", "title", "en"),
    Query("n", "z", "no-match", "zh"),
]
QRELS = [Qrel("a", "1", 3), Qrel("a", "2", 1), Qrel("b", "5", 2)]


def means(run, name="all"):
    return next(group for group in evaluate(QUERIES, QRELS, run) if group.name == name)


def test_ndcg_is_the_linear_gain_variant():
    run = [ScoredDoc("a", "2", 2.0), ScoredDoc("a", "1", 1.0), ScoredDoc("b", "5", 1.0)]
    expected = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert means(run, "lang=zh").means["nDCG@10"] == pytest.approx(expected, abs=1e-6)
    assert means(run, "lang=zh").means["MRR@10"] == 0.5


def test_a_judged_query_that_the_run_lacks_counts_with_0():
    group = means([ScoredDoc("a", "1", 1.0)])
    assert group.queries == 2
    assert group.means["P@1"] == 0.5


def test_queries_without_judgements_are_left_out():
    assert {group.name for group in evaluate(QUERIES, QRELS, [])} == {
        "all",
        "kind=title",
        "lang=zh",
        "lang=en",
    }
