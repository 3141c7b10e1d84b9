"""Golden relevance: the figures of the development set, of the held-back set, and the issue's own queries.

The command that gives the same figures:
    bole evaluate --queries tests/relevance/queries.jsonl --target roles --qrels tests/relevance/qrels.tsv
(with BOLE_EMBEDDING_MODEL=static for the static model)
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.assembly import Bole
from api.settings import Settings
from search.embedding.choice import OWN_MODELS
from search.evaluation.measures import evaluate
from search.evaluation.queries import read_queries
from search.evaluation.trec import ScoredDoc, read_qrels
from search.models import Target
from search.ranking.results import SearchRequest
from search.text.reading import read

HERE = Path(__file__).parent
EXPECTED = HERE / "expected.json"
#: Figures may move this far by another library version before somebody has to look.
TOLERANCE = 0.015
#: What the issue asks of the development set.
NDCG_AT_LEAST = 0.80


def answers(bole, text, limit=92):
    return bole.search.search(SearchRequest(read(text), Target.ROLES, limit=limit))


def measure(bole, folder):
    queries = list(read_queries(folder / "queries.jsonl"))
    results = {query.qid: answers(bole, query.text) for query in queries}
    run = [
        ScoredDoc(qid, hit.doc_id.removeprefix("role:"), hit.score - hit.rank * 1e-6)
        for qid, result in results.items()
        for hit in result.hits
    ]
    groups = evaluate(queries, read_qrels(folder / "qrels.tsv"), run)
    figures = {g.name: {name: round(v, 4) for name, v in g.means.items()} for g in groups}
    said = {True: [], False: []}
    for query in queries:
        said[query.kind == "no-match"].append(not results[query.qid].has_match)
    figures["no match"] = {
        "rightly": round(sum(said[True]) / len(said[True]), 4),
        "wrongly": round(sum(said[False]) / len(said[False]), 4),
    }
    return figures


@pytest.fixture(scope="module", params=OWN_MODELS)
def encoder(request):
    return request.param


@pytest.fixture(scope="module")
def figures(encoder, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp(encoder), embedding_model=encoder)
    with Bole(settings) as bole:
        return {
            "development": measure(bole, HERE),
            "held back": measure(bole, HERE / "holdout"),
        }


def test_the_figures_are_the_golden_ones(figures, encoder, request):
    expected = json.loads(EXPECTED.read_text())
    if request.config.getoption("--update-expected"):
        expected[encoder] = figures
        EXPECTED.write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
    for part, groups in expected[encoder].items():
        for group, means in groups.items():
            assert figures[part][group] == pytest.approx(means, abs=TOLERANCE), (part, group)


def test_the_development_set_reaches_its_goal(figures):
    assert figures["development"]["all"]["nDCG@10"] >= NDCG_AT_LEAST


def test_queries_held_back_do_as_well(figures):
    assert figures["held back"]["all"]["nDCG@10"] >= NDCG_AT_LEAST


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("做过模拟电路和流片的工程师", {8}),
        ("analog IC layout", {9}),
        ("qianduan", {6}),
        ("5年Spring Boot微服务", {1}),
        ("量子密钥分发", {68}),
        ("嵌入式软件工程师", {4, 38}),
    ],
)
def test_first_come_the_rows_that_a_recruiter_expects(catalogue_bole, text, numbers):
    result = answers(catalogue_bole, text, limit=len(numbers))
    assert result.has_match
    assert {int(hit.doc_id.removeprefix("role:")) for hit in result.hits} == numbers


def test_a_nursery_teacher_has_no_match(catalogue_bole):
    assert not answers(catalogue_bole, "幼儿园教师").has_match


def test_every_quote_stands_where_its_span_says(catalogue_bole):
    for query in list(read_queries(HERE / "queries.jsonl"))[:60]:
        for hit in answers(catalogue_bole, query.text, limit=5).hits:
            for evidence in hit.evidence:
                if evidence.quote:
                    part = hit.passages[evidence.source]
                    assert part[evidence.span.start : evidence.span.end] == evidence.quote
