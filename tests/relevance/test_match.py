"""Matching on our own judged set: how good the order is, and that who fails a requirement is left out."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from search.evaluation.measures import evaluate
from search.evaluation.queries import Query
from search.evaluation.trec import ScoredDoc, read_qrels

FOLDER = Path(__file__).parent / "match"
#: docs/relevance.md says which these are; a new one is a regression.
VIOLATIONS_AT_MOST = 9
LOST_AT_MOST = 11


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> list[ScoredDoc]:
    """Return the answers of `bole evaluate match`, as a user makes them."""
    folder = tmp_path_factory.mktemp("match")
    files = [
        "--vacancies", str(FOLDER / "vacancies.jsonl"),
        "--candidates", str(FOLDER / "candidates.jsonl"),
        "--out", str(folder / "run"),
    ]  # fmt: skip
    result = CliRunner().invoke(
        app, ["evaluate", "match", *files], env={"BOLE_DATA_DIR": str(folder)}
    )
    assert result.exit_code == 0, result.output
    lines = (line.split() for line in (folder / "run").read_text(encoding="utf-8").splitlines())
    return [ScoredDoc(jid, pid, float(score)) for jid, _, pid, _, score, _ in lines]


def ndcg(run: list[ScoredDoc], jids: list[str]) -> float:
    queries = [Query(jid, jid) for jid in jids]
    answers = [row for row in run if row.query_id in set(jids)]
    qrels = [row for row in read_qrels(FOLDER / "qrels.tsv") if row.query_id in set(jids)]
    return evaluate(queries, qrels, answers)[0].means["nDCG@10"]


def test_the_order_is_good(run: list[ScoredDoc]) -> None:
    split = json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))
    assert ndcg(run, split["development"] + split["holdout"]) >= 0.93
    for half in split.values():
        assert ndcg(run, half) >= 0.91


def test_who_fails_a_requirement_is_left_out(run: list[ScoredDoc]) -> None:
    failures = defaultdict(list)
    for line in (FOLDER / "failures.tsv").read_text(encoding="utf-8").splitlines():
        jid, pid, requirement = line.split("\t")
        failures[jid, pid].append(requirement)
    assert len(failures) > 5_000
    violations = {
        (row.query_id, row.doc_id): failures[row.query_id, row.doc_id]
        for row in run
        if (row.query_id, row.doc_id) in failures
    }
    assert len(violations) <= VIOLATIONS_AT_MOST, violations


def test_hardly_anybody_who_fits_is_left_out(run: list[ScoredDoc]) -> None:
    answered = {(row.query_id, row.doc_id) for row in run}
    fitting = [row for row in read_qrels(FOLDER / "qrels.tsv") if row.relevance > 0]
    lost = [row for row in fitting if (row.query_id, row.doc_id) not in answered]
    assert len(fitting) > 250
    assert len(lost) <= LOST_AT_MOST, lost
