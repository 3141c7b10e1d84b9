"""Query, run and judgement files."""

import pytest

from search.evaluation.queries import QueryFileError, read_queries
from search.evaluation.trec import ScoredDoc, TrecFileError, read_qrels, write_run


def test_a_run_has_the_six_columns_of_trec(tmp_path):
    path = tmp_path / "run"
    rows = [ScoredDoc("q1", "9", 2.0), ScoredDoc("q1", "8", 1.0), ScoredDoc("q2", "1", 3.0)]
    assert write_run(path, rows, "bole") == 3
    assert (
        path.read_text()
        == "q1 Q0 9 1 2.000000 bole\nq1 Q0 8 2 1.000000 bole\nq2 Q0 1 1 3.000000 bole\n"
    )


def test_qrels_accept_blanks_and_tabs(tmp_path):
    path = tmp_path / "qrels"
    path.write_text("q1 0 9 3\nq1\t0\t8\t1\n\n")
    assert [(row.doc_id, row.relevance) for row in read_qrels(path)] == [("9", 3), ("8", 1)]


def test_a_bad_qrels_line_is_named(tmp_path):
    path = tmp_path / "qrels"
    path.write_text("q1 0 9 3\nq1 9 3\n")
    with pytest.raises(TrecFileError, match="line 2"):
        list(read_qrels(path))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"qid": "a"}',
        '{"text": "x"}',
        '{"qid": "a b", "text": "x"}',
        "[]",
        '{"qid": "a", "text": 3}',
    ],
)
def test_a_bad_query_line_is_named(tmp_path, line):
    path = tmp_path / "queries"
    path.write_text('{"qid": "ok", "text": "x"}\n' + line + "\n")
    with pytest.raises(QueryFileError, match="line 2"):
        list(read_queries(path))


def test_a_qid_may_stand_once(tmp_path):
    path = tmp_path / "queries"
    path.write_text('{"qid": "a", "text": "x"}\n' * 2)
    with pytest.raises(QueryFileError, match="twice"):
        list(read_queries(path))
