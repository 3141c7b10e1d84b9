"""`bole evaluate suite`: every judged collection under every system, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.assembly import Bole
    from api.settings import Settings
    from search.backends.base import ScoredDoc
    from search.embedding.base import Encoder
    from search.evaluation.collections import Collection
    from search.evaluation.suite import Task
    from search.models import Target

_BM25, _SPELLING, _BASE = "BM25", "character TF-IDF", "untouched base"
_DENSE, _HYBRID, _WHOLE = "dense", "hybrid", "hybrid + re-rank"
#: How far runs go: measures look at the whole list.
_DEPTH = 20_000


def suite(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Folder of judged collections.")
    ],
    relevance: Annotated[
        Path, typer.Option(help="Folder with queries.jsonl and qrels.tsv over catalogue rows.")
    ] = Path("tests/relevance"),
    base: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="ONNX folder of the untouched base model."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="So many queries of each collection only.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures as JSON.")] = False,
) -> None:
    """Measure BM25, spelling, dense, hybrid and the whole ranker on judged collections."""
    import sys

    from api.commands.output import write_json, write_line
    from search.evaluation.suite import table

    systems = [_BM25, _SPELLING, *([_BASE] if base else []), _DENSE, _HYBRID, _WHOLE]
    tasks = []
    for task in tasks_of(folder, relevance, base, sample):
        sys.stderr.write(f"{task.name}\n")
        tasks.append(task)
    if as_json:
        write_json(
            {
                task.name: {
                    system: {name: round(task.figure(system, name), 4) for name in task.measures}
                    for system in systems
                }
                for task in tasks
            }
        )
    else:
        write_line(table(tasks, systems))


def tasks_of(
    folder: Path, relevance: Path, base: Path | None, sample: int | None
) -> Iterator[Task]:
    """Yield each collection, measured under every system."""
    from api.settings import Settings
    from search.embedding.onnx_encoder import OnnxEncoder
    from search.evaluation.collections import read_collections

    settings = Settings()
    untouched = OnnxEncoder(base) if base else None
    for collection in read_collections(folder):
        chosen = collection.sample(sample) if sample else collection
        yield measured(settings, chosen, untouched)
    for name in (relevance, relevance / "holdout"):
        if (name / "queries.jsonl").is_file():
            yield _over_roles(settings, name, untouched)


def measured(settings: Settings, collection: Collection, base: Encoder | None = None) -> Task:
    """Return a collection measured under every system."""
    from api.commands.scratch import opened
    from search.evaluation.suite import Task
    from search.models import Target

    measures = ("MAP",) if collection.measure == "MAP" else ("R@1", "R@10")
    task = Task(collection.name, measures, collection.qrels, list(collection.queries))
    with opened(settings, collection) as (bole, ids):
        _arms(task, bole, Target.VACANCIES, collection.queries, ids)
    texts = {
        name: f"{title}\n{text}".strip() for name, (title, text) in collection.documents.items()
    }
    _spelling(task, collection.queries, texts)
    if base:
        _dense(task, base, collection.queries, texts)
    return task


def _over_roles(settings: Settings, folder: Path, base: Encoder | None) -> Task:
    from api.assembly import Bole
    from search.evaluation.queries import read_queries
    from search.evaluation.suite import NO_MATCH, Task
    from search.evaluation.trec import read_qrels
    from search.models import Target
    from search.text.roles import role_text
    from taxonomies.catalogue import load_catalogue

    queries = {query.qid: query.text for query in read_queries(folder / "queries.jsonl")}
    qrels: dict[str, dict[str, int]] = {}
    for row in read_qrels(folder / "qrels.tsv"):
        if row.relevance > 0:
            qrels.setdefault(row.query_id, {})[row.doc_id] = row.relevance
    name = "relevance" if folder.name == "relevance" else f"relevance, {folder.name}"
    task = Task(name, ("nDCG@10", "P@1", NO_MATCH), qrels, list(queries))
    inner = settings.model_copy(
        update={"data_dir": settings.data_dir / "suite/roles", "database_url": ""}
    )
    with Bole(inner) as bole:
        _ = bole.backend
        roles = load_catalogue().roles
        ids = {f"role:{role.number}": str(role.number) for role in roles}
        _arms(task, bole, Target.ROLES, queries, ids)
    texts = {str(role.number): role_text(role) for role in load_catalogue().roles}
    _spelling(task, queries, texts)
    if base:
        _dense(task, base, queries, texts)
    return task


def _arms(
    task: Task, bole: Bole, target: Target, queries: Mapping[str, str], ids: dict[str, str]
) -> None:
    from api.access import Access
    from search.accounts.principal import OPERATOR
    from search.ranking.results import SearchRequest
    from search.ranking.service import SearchService
    from search.text.reading import read

    passages = Access(bole, OPERATOR).passages
    service = SearchService(
        bole.backend, bole.encoder, bole.frequencies, bole.geometry, passages, depth=_DEPTH
    )
    runs: dict[str, dict[str, list[ScoredDoc]]] = {
        name: {} for name in (_BM25, _DENSE, _HYBRID, _WHOLE)
    }
    for query, text in queries.items():
        request = SearchRequest(read(text), target)
        arms = service.arms(request)
        for name, arm in ((_BM25, "words"), (_DENSE, "meaning"), (_HYBRID, "fused")):
            runs[name][query] = _named(arms.get(arm, []), ids)
        # What a search answers with: the re-ranked pool and nothing after it.
        runs[_WHOLE][query] = _named(bole.search.rank(request), ids)
    for name, run in runs.items():
        task.add(name, run)


def _named(found: list[ScoredDoc], ids: dict[str, str]) -> list[ScoredDoc]:
    from search.backends.base import ScoredDoc

    return [ScoredDoc(ids[doc.doc_id], doc.score) for doc in found if doc.doc_id in ids]


def _spelling(task: Task, queries: Mapping[str, str], texts: dict[str, str]) -> None:
    from search.evaluation.character_tfidf import rank
    from search.evaluation.suite import run_of

    scores = rank(list(queries.values()), list(texts.values()))
    task.add(_SPELLING, run_of(list(queries), list(texts), scores))


def _dense(task: Task, encoder: Encoder, queries: Mapping[str, str], texts: dict[str, str]) -> None:
    from search.evaluation.suite import run_of

    vectors = encoder.encode_documents(list(texts.values()))
    scores = encoder.encode_queries(list(queries.values())) @ vectors.T
    task.add(_BASE, run_of(list(queries), list(texts), scores))
